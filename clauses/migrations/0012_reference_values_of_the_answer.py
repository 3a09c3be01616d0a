"""How soon an office answers, and how long before a launch it calibrates."""

from datetime import date
from decimal import Decimal

from django.db import migrations


INTERVIEW = "Entretien avec un acheteur pilote, clause sociale de formation (lab110bis), 6 février 2020"
USAGE = "Usage, sans source lisible"

# code, label, value, unit, source, to confirm
VALUES = [
    ("answer-days", "Délai de réponse à l’acheteur", 28, "jours", INTERVIEW, False),
    ("answer-days-urgent", "Délai de réponse pour un marché urgent", 7, "jours", USAGE, True),
    ("calibration-months-from", "Début du calibrage avant le lancement", 4, "mois", INTERVIEW, False),
    ("calibration-months-to", "Fin du calibrage avant le lancement", 3, "mois", INTERVIEW, False),
]  # fmt: skip


def load(apps, schema_editor):
    value = apps.get_model("clauses", "ReferenceValue")
    known = set(value.objects.values_list("code", flat=True))
    value.objects.bulk_create(
        value(
            code=code, label=label, value=Decimal(number), unit=unit, valid_from=date(2021, 1, 1),
            source=source, is_to_confirm=is_to_confirm,
        )
        for code, label, number, unit, source, is_to_confirm in VALUES
        if code not in known
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("clauses", "0011_first_clause_texts")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
