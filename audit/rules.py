"""Who may read the record."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


def may_read_record(user: AbstractBaseUser | AnonymousUser) -> bool:
    """The secretariat. (This app stands below accounts and asks the person's own flag.)"""
    return user.is_active and bool(getattr(user, "is_secretariat", False))
