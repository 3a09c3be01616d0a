"""Trades whose collective agreement often makes the next contractor keep the staff on: usage, to be confirmed."""

from django.db import migrations


CODES = ["nettoyage", "securite", "restauration", "dechets"]


def fill(apps, schema_editor):
    apps.get_model("procurement", "Family").objects.filter(code__in=CODES).update(takes_staff_over=True)


class Migration(migrations.Migration):
    dependencies = [("procurement", "0023_staff_to_keep_on")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=False)]
