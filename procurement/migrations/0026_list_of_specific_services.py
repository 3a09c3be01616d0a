"""The list of social and other specific services, and the thresholds of defence markets.

None of these rows could be read in the text itself: all are to be confirmed.
"""

from datetime import date

from django.db import migrations


LIST = "Directive 2014/24/UE, annexe XIV ; avis du 31 mars 2019 (services sociaux et autres services spécifiques)"
STARTS = date(2019, 4, 1)

# label, first CPV code, last CPV code
SERVICES = [
    ("Hôtellerie et restauration", "55100000", "55410000"),
    ("Restauration et traiteur", "55510000", "55524000"),
    ("Services postaux", "64000000", "64122000"),
    ("Maréchalerie", "71550000", "71550000"),
    ("Administration générale, sécurité sociale et collectivité", "75000000", "75131000"),
    ("Services à la collectivité", "75200000", "75231000"),
    ("Justice, prisons et réinsertion", "75231100", "75231240"),
    ("Ordre public et secours", "75240000", "75252000"),
    ("Sécurité sociale obligatoire et prestations", "75300000", "75340000"),
    ("Services juridiques", "79100000", "79140000"),
    ("Mise à disposition de personnel à domicile", "79611000", "79611000"),
    ("Mise à disposition de personnel de maison", "79622000", "79622000"),
    ("Mise à disposition de personnel soignant", "79624000", "79625000"),
    ("Gardiennage, enquêtes et sécurité", "79700000", "79723000"),
    ("Expositions, foires et congrès", "79950000", "79956000"),
    ("Gestion de bibliothèques et d’archives", "79995000", "79995200"),
    ("Enseignement et formation", "80000000", "80660000"),
    ("Santé et action sociale", "85000000", "85323000"),
    ("Loisirs, culture et sport", "92000000", "92700000"),
    ("Services collectifs, associatifs et religieux", "98000000", "98000000"),
    ("Services d’adhésion", "98113100", "98133110"),
    ("Équipement de collectivités", "98200000", "98200000"),
    ("Ménages employeurs", "98500000", "98514000"),
    ("Organisations internationales", "98900000", "98910000"),
]

DEFENCE = "Code de la commande publique, deuxième partie, livre III ; avis annexé au code"
CEILING = "Article R. 2322-14 du code de la commande publique, à vérifier"
ENTITIES = "Directive 2014/25/UE, article 15 : seuil des services sociaux des entités adjudicatrices, à vérifier"
Y2022, Y2024, Y2026, Y2028 = date(2022, 1, 1), date(2024, 1, 1), date(2026, 1, 1), date(2028, 1, 1)

# effect, category, nature, amount, from, to, source
THRESHOLDS = [
    ("formal", "", "defence", 431000, Y2022, Y2024, DEFENCE),
    ("formal", "", "defence", 443000, Y2024, Y2026, DEFENCE),
    ("formal", "", "defence", 432000, Y2026, Y2028, DEFENCE),
    ("formal", "", "defence_works", 5382000, Y2022, Y2024, DEFENCE),
    ("formal", "", "defence_works", 5538000, Y2024, Y2026, DEFENCE),
    ("formal", "", "defence_works", 5404000, Y2026, Y2028, DEFENCE),
    ("dispensed", "", "defence", 100000, Y2022, None, CEILING),
    ("dispensed", "", "defence_works", 100000, Y2022, None, CEILING),
    ("formal", "entity", "social_services", 1000000, Y2022, None, ENTITIES),
]


def add(apps, schema_editor):
    apps.get_model("procurement", "SpecificService").objects.bulk_create(
        apps.get_model("procurement", "SpecificService")(
            label=label, cpv_from=first, cpv_to=last, valid_from=STARTS, source=LIST, is_to_confirm=True
        )
        for label, first, last in SERVICES
    )
    apps.get_model("procurement", "LegalThreshold").objects.bulk_create(
        apps.get_model("procurement", "LegalThreshold")(
            effect=effect, category=category, nature=nature, amount=amount, valid_from=start, valid_to=end,
            source=source, is_to_confirm=True,
        )
        for effect, category, nature, amount, start, end, source in THRESHOLDS
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("procurement", "0025_defence_and_specific_services")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
