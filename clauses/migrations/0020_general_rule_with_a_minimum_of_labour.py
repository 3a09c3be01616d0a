"""The general rule's second version: what is bought rather than done gets no execution clause.

The first one stays as it was: suggestions rest on it.
"""

from datetime import datetime, timezone
from decimal import Decimal

from django.db import migrations


NOTE = "Énergie, assurances, véhicules : de grands montants et presque pas de main-d’œuvre."
SOURCE = "Usage : au-dessus des achats presque sans main-d’œuvre (2 à 5 %), sous la charpente métallique (20 %, MEF Sud 77)"


def load(apps, schema_editor):
    rules = apps.get_model("clauses", "SuggestionRule").objects
    rule = rules.filter(office=None, version=1).first()
    if rule is None or rules.filter(office=None, version=2).exists():
        return
    rule.pk, rule.version, rule.note, rule.minimum_labour_share = None, 2, NOTE, Decimal(10)
    rule.sources = {**rule.sources, "minimum_labour_share": {"text": SOURCE, "is_to_confirm": True}}
    rule.created_at = datetime(2026, 11, 25, 1, tzinfo=timezone.utc)
    rule.save()


class Migration(migrations.Migration):
    dependencies = [("clauses", "0019_minimum_labour_share")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
