"""What the home page shows to whom: one module per kind of reader, each in a fixed number of queries."""
