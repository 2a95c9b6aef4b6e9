from django.db import migrations, models


def link(apps, schema_editor):
    """What was sent before names its files by digest only."""
    StoredFile = apps.get_model("files", "StoredFile")
    for sent in apps.get_model("proposals", "Submission").objects.iterator():
        digests = {each["sha256"] for each in sent.payload.get("documents", [])}
        sent.files.set(StoredFile.objects.filter(sha256__in=digests))


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0002_usage'),
        ('proposals', '0003_eligibility'),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='files',
            field=models.ManyToManyField(help_text='those the payload names: kept for as long as the row', related_name='+', to='files.storedfile'),
        ),
        migrations.RunPython(link, migrations.RunPython.noop),
    ]
