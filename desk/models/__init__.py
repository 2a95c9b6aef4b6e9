"""Every table of this app."""
