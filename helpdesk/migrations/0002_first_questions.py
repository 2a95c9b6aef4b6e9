"""The help page of a new portal is not empty."""

import tomllib
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "first_questions.toml"


def write(apps, schema_editor):
    question = apps.get_model("helpdesk", "FrequentQuestion")
    rows = tomllib.loads(FILE.read_text())["questions"]
    for place, row in enumerate(rows, start=1):
        question.objects.create(**row, order=place * 10, is_published=True)


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0001_initial")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
