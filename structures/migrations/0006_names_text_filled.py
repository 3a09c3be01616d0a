from django.db import migrations

from structures.rules.searching import names_text


BATCH = 1000


def fill(apps, schema_editor):
    Structure = apps.get_model("structures", "Structure")
    rows = list(Structure.objects.filter(names_text="").only("pk", "brand", "name", "activities"))
    for row in rows:
        row.names_text = names_text(row.brand, row.name, row.activities)
    Structure.objects.bulk_update(rows, ["names_text"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("structures", "0005_networks_and_labels")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
