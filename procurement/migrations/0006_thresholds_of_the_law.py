"""The thresholds of the Code de la commande publique and the motives of article L. 2112-2-1.

`is_to_confirm` marks what could not be read in a text or in two readable sources.
"""

from datetime import date

from django.db import migrations


EUROPE_2026 = "Seuils européens 2026-2027 (avis annexé au code) ; marche-public.fr, code-commande-publique.com"
EUROPE_2024 = "Seuils européens 2024-2025 (avis annexé au code) ; marche-public.fr"
EUROPE_2022 = "Seuils européens 2022-2023, à vérifier dans l’avis annexé au code"
SOCIAL = "Seuil de publicité européenne des services sociaux (directive 2014/24/UE) ; source ancienne"
DECREE = "Article R. 2122-8, décret n° 2025-1386 du 29 décembre 2025"
BEFORE = "Article R. 2122-8 avant le décret n° 2025-1386"
CLIMATE = "Article L. 2112-2-1, loi n° 2021-1104 du 22 août 2021, article 35"

STATE, LOCAL, ENTITY = "state", "local", "entity"
WORKS, GOODS, SOCIAL_SERVICES = "works", "supplies_services", "social_services"
Y2022, Y2024, Y2026, Y2028 = date(2022, 1, 1), date(2024, 1, 1), date(2026, 1, 1), date(2028, 1, 1)
DUTY_STARTS = date(2026, 8, 22)

# effect, category, nature, amount, from, to, source, to confirm
THRESHOLDS = [
    ("formal", STATE, GOODS, 140000, Y2022, Y2024, EUROPE_2022, True),
    ("formal", LOCAL, GOODS, 215000, Y2022, Y2024, EUROPE_2022, True),
    ("formal", ENTITY, GOODS, 431000, Y2022, Y2024, EUROPE_2022, True),
    ("formal", "", WORKS, 5382000, Y2022, Y2024, EUROPE_2022, True),
    ("formal", STATE, GOODS, 143000, Y2024, Y2026, EUROPE_2024, False),
    ("formal", LOCAL, GOODS, 221000, Y2024, Y2026, EUROPE_2024, False),
    ("formal", ENTITY, GOODS, 443000, Y2024, Y2026, EUROPE_2024, False),
    ("formal", "", WORKS, 5538000, Y2024, Y2026, EUROPE_2024, False),
    ("formal", STATE, GOODS, 140000, Y2026, Y2028, EUROPE_2026, False),
    ("formal", LOCAL, GOODS, 216000, Y2026, Y2028, EUROPE_2026, False),
    ("formal", ENTITY, GOODS, 432000, Y2026, Y2028, EUROPE_2026, False),
    ("formal", "", WORKS, 5404000, Y2026, Y2028, EUROPE_2026, False),
    ("formal", "", SOCIAL_SERVICES, 750000, Y2022, None, SOCIAL, True),
    ("dispensed", "", GOODS, 40000, date(2020, 1, 1), date(2026, 4, 1), BEFORE, True),
    ("dispensed", "", GOODS, 60000, date(2026, 4, 1), None, DECREE, False),
    ("dispensed", "", SOCIAL_SERVICES, 40000, date(2020, 1, 1), date(2026, 4, 1), BEFORE, True),
    ("dispensed", "", SOCIAL_SERVICES, 60000, date(2026, 4, 1), None, DECREE, False),
    ("dispensed", "", WORKS, 100000, date(2020, 12, 9), Y2026, BEFORE, True),
    ("dispensed", "", WORKS, 100000, Y2026, None, DECREE, False),
    ("social_duty", "", GOODS, None, DUTY_STARTS, None, CLIMATE, False),
    ("social_duty", "", SOCIAL_SERVICES, None, DUTY_STARTS, None, CLIMATE, False),
    ("social_duty", "", WORKS, None, DUTY_STARTS, None, CLIMATE, False),
]

# code, wording, nature, less than months
EXCEPTIONS = [
    ("immediate_solution", "Le besoin peut être satisfait par une solution immédiatement disponible.", "", None),
    ("no_link", "Une telle prise en compte n’a pas de lien suffisant avec l’objet du marché.", "", None),
    (
        "restricts",
        "Une telle prise en compte restreindrait la concurrence ou rendrait l’exécution techniquement ou "
        "économiquement difficile.",
        "",
        None,
    ),
    ("short_works", "Le marché porte sur des travaux d’une durée inférieure à six mois.", WORKS, 6),
]
MOTIVES = f"{CLIMATE} ; rédaction à vérifier dans le texte"


def add(apps, schema_editor):
    apps.get_model("procurement", "LegalThreshold").objects.bulk_create(
        apps.get_model("procurement", "LegalThreshold")(
            effect=effect, category=category, nature=nature, amount=amount, valid_from=start, valid_to=end,
            source=source, is_to_confirm=is_to_confirm,
        )
        for effect, category, nature, amount, start, end, source, is_to_confirm in THRESHOLDS
    )  # fmt: skip
    apps.get_model("procurement", "DutyException").objects.bulk_create(
        apps.get_model("procurement", "DutyException")(
            code=code, wording=wording, nature=nature, less_than_months=months, valid_from=DUTY_STARTS,
            source=MOTIVES, is_to_confirm=True,
        )
        for code, wording, nature, months in EXCEPTIONS
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("procurement", "0005_legal_thresholds")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
