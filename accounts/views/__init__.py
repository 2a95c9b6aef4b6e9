"""The pages of people and agencies, one module per actor."""
