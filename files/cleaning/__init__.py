"""Checks of files nobody trusts. Runs in a process of its own (process.py) and knows nothing of Django."""
