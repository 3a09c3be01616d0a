"""How long before its end a contract is proposed into the next plan."""

from datetime import date
from decimal import Decimal

from django.db import migrations


USAGE = "Usage, sans source lisible"

# code, label, value
VALUES = [
    ("renewal-months-far", "Contrat signalé avant sa fin", 18),
    ("renewal-months-near", "Contrat à inscrire au plan avant sa fin", 12),
    ("renewal-months-launch", "Consultation à lancer avant la fin du contrat", 9),
]


def load(apps, schema_editor):
    value = apps.get_model("clauses", "ReferenceValue")
    for code, label, number in VALUES:
        value.objects.get_or_create(
            code=code,
            valid_from=date(2021, 1, 1),
            defaults={
                "label": label,
                "value": Decimal(number),
                "unit": "mois",
                "source": USAGE,
                "is_to_confirm": True,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("clauses", "0020_general_rule_with_a_minimum_of_labour")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
