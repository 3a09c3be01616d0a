"""How long a line launched without a verdict still counts as late."""

from datetime import date
from decimal import Decimal

from django.db import migrations


def load(apps, schema_editor):
    apps.get_model("clauses", "ReferenceValue").objects.get_or_create(
        code="past-launch-days",
        valid_from=date(2021, 1, 1),
        defaults={
            "label": "Lancement passé sans avis : compté en retard pendant",
            "value": Decimal(60),
            "unit": "jours",
            "source": "Usage, sans source lisible",
            "is_to_confirm": True,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("clauses", "0016_suggestions_name_their_rule")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
