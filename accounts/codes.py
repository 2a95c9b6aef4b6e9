"""Public codes: what addresses and letters name things by, so that no primary key ever shows."""

from django.utils.crypto import get_random_string

# No vowels (no accidental words), none of 0/O, 1/I/L: read out over the telephone without mistakes.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def new_code() -> str:
    """A fresh code of LENGTH letters; 28^8 of them, so uniqueness is left to the column's constraint."""
    return get_random_string(LENGTH, ALPHABET)
