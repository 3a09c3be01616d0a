"""The trades that structures do, with the words people have for them: a start that an administrator edits.

The cut follows the sectors of Le Marché de l’inclusion (GitHub gip-inclusion/le-marche, 21/08/2026); the
labels and the other words are our own, from usage; NAF codes come from the nomenclature (INSEE, revision 2).
"""

import csv
from pathlib import Path

from django.db import migrations


SECTORS = {
    "green": "Espaces verts, nature et agriculture",
    "cleaning": "Propreté et entretien du linge",
    "textile": "Textile",
    "building": "Bâtiment et travaux publics",
    "waste": "Déchets, réemploi et réparation",
    "digital": "Numérique et données",
    "office": "Services administratifs et façonnage",
    "food": "Alimentation et restauration",
    "transport": "Transport, déménagement et logistique",
    "people": "Services aux personnes, culture et sécurité",
    "industry": "Industrie et artisanat",
    "staff": "Personnel mis à disposition",
}


def load(apps, schema_editor):
    Sector, Trade = (apps.get_model("structures", name) for name in ("Sector", "Trade"))
    families = dict(apps.get_model("procurement", "Family").objects.values_list("code", "pk"))
    Sector.objects.bulk_create(Sector(code=code, label=label) for code, label in SECTORS.items())
    sectors = dict(Sector.objects.values_list("code", "pk"))
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        Trade.objects.bulk_create(
            Trade(
                code=row["code"],
                label=row["label"],
                sector_id=sectors[row["sector"]],
                family_id=families.get(row["family"]),
                synonyms=row["synonyms"],
                naf_prefixes=row["naf_prefixes"],
            )
            for row in csv.DictReader(file, delimiter=";")
        )


class Migration(migrations.Migration):
    dependencies = [
        ("structures", "0003_trades_offers_capacities_and_contacts"),
        ("procurement", "0008_trades_of_the_families_filled"),
    ]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
