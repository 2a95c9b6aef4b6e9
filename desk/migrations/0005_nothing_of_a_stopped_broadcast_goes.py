from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_back(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Broadcasts stopped before there was `withdrawn` left letters behind that could be sent again."""
    codes = apps.get_model("desk", "Broadcast").objects.exclude(stopped_at=None).values_list("code", flat=True)
    letters = apps.get_model("notifications", "Message").objects.filter(key__in=[f"desk.broadcast:{each}" for each in codes])
    letters.exclude(status="sent").update(status="withdrawn")


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_tables_by_language"), ("notifications", "0004_letters_taken_back")]

    operations = [migrations.RunPython(take_back, migrations.RunPython.noop)]
