"""A bracket keeps its lowest amount in a column of its own: a label that repeats it would lie once edited."""

from django.db import migrations


LABELS = {
    "training-hours-1": ("Clause de formation, moins de 100 000 €", "Clause de formation, première tranche"),
    "training-hours-2": ("Clause de formation, de 100 000 à 200 000 €", "Clause de formation, deuxième tranche"),
    "training-hours-3": ("Clause de formation, de 200 000 à 400 000 €", "Clause de formation, troisième tranche"),
    "training-hours-4": ("Clause de formation, 400 000 € et plus", "Clause de formation, quatrième tranche"),
}


def rename(apps, schema_editor):
    rows = apps.get_model("clauses", "ReferenceValue").objects
    for code, (former, label) in LABELS.items():
        rows.filter(code=code, label=former).update(label=label)


class Migration(migrations.Migration):
    dependencies = [("clauses", "0004_reference_values_of_the_calculators")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop, elidable=True)]
