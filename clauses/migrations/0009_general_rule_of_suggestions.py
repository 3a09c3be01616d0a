"""The general rule of the suggestions, and the labour shares of what is bought rather than done.

Every number is a default: an office writes its own version.
"""

from datetime import date, datetime, timezone
from decimal import Decimal

from django.db import migrations


SOURCE = (
    "Plancher de 150 h : Inserpropre ; taux de 5 % : MEF Sud 77 ; nombre de structures et dépendance de 30 % : "
    "idée de Le Marché de l’inclusion (potentiel inclusif, 21/08/2026), rapportée à un département ; "
    "autres nombres : usage"
)
USAGE = "Usage de facilitateurs, sans source lisible"

# code of the family, label, per cent
LABOUR_SHARES = [
    ("energie-fluides", "énergie et fluides", "2"),
    ("assurances-finance", "assurances et services financiers", "5"),
    ("denrees", "denrées et boissons", "10"),
    ("vehicules", "véhicules et carburant", "5"),
    ("medical", "matériel médical", "5"),
    ("informatique-materiel", "matériel informatique", "5"),
    ("jeux-jouets", "jeux et jouets", "10"),
    ("mobilier", "mobilier", "15"),
    ("vetements", "vêtements et textile", "15"),
]  # fmt: skip


def load(apps, schema_editor):
    rule, value = apps.get_model("clauses", "SuggestionRule"), apps.get_model("clauses", "ReferenceValue")
    rule.objects.create(
        office=None, version=1, minimum_hours=150, criterion_hours=70, rate=Decimal(5),
        reserve_all_structures=8, reserve_lot_structures=3, to_ask_weight=Decimal(5),
        mean_turnover=Decimal(900_000), dependency=Decimal(30), lot_dependency=Decimal(50),
        supplies_labour_share=Decimal(10), benchmark_share=Decimal(50), follows_last_verdict=True,
        service_words="insertion, chantier ecole, remobilisation, qualification professionnelle",
        source=SOURCE, is_to_confirm=True, created_at=datetime(2026, 11, 25, tzinfo=timezone.utc),
    )
    known = set(value.objects.values_list("code", flat=True))
    value.objects.bulk_create(
        value(
            code=f"labour-share-{code}", label=f"Part de main-d’œuvre, {label}", value=Decimal(share), unit="%",
            valid_from=date(2021, 1, 1), source=USAGE, is_to_confirm=True,
        )
        for code, label, share in LABOUR_SHARES
        if f"labour-share-{code}" not in known
    )


class Migration(migrations.Migration):
    dependencies = [("clauses", "0008_suggestions_and_their_rule")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
