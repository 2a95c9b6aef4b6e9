"""Small helps for tests of interviews."""

from django.db.models import Model


def reload(row: Model) -> Model:
    """The row as it is stored now."""
    return type(row).objects.get(pk=row.pk)
