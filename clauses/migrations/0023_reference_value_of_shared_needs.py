"""Within how long of each other launches of one family are said to be shared."""

from datetime import date
from decimal import Decimal

from django.db import migrations


def load(apps, schema_editor):
    apps.get_model("clauses", "ReferenceValue").objects.get_or_create(
        code="shared-need-months",
        valid_from=date(2021, 1, 1),
        defaults={
            "label": "Besoins partagés : lancements tenus pour proches",
            "value": Decimal(4),
            "unit": "mois",
            "source": "Usage, sans source lisible",
            "is_to_confirm": True,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("clauses", "0022_shared_need_notes")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
