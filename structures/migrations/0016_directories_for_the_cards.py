from django.db import migrations


LISTED = "Le Marché de l’inclusion (GitHub gip-inclusion/le-marche), relevé le 21/08/2026"
DIRECTORIES = (
    (
        "facilitateurs",
        "Annuaire national des facilitateurs de la clause sociale",
        "https://www.ville-emploi.asso.fr/",
        "Le facilitateur d’un autre territoire ; le réseau est animé par Alliance Villes Emploi.",
        "Alliance Villes Emploi, consolidation nationale des clauses ; adresse à vérifier",
    ),
    (
        "marche-inclusion",
        "Le Marché de l’inclusion",
        "https://lemarche.inclusion.gouv.fr/",
        "Le répertoire national des fournisseurs inclusifs.",
        LISTED,
    ),
    (
        "gesat",
        "Réseau Gesat",
        "https://www.reseau-gesat.com/",
        "Les ESAT et les entreprises adaptées, par métier.",
        "Nommé par le guide de la DAJ sur les aspects sociaux ; adresse à vérifier",
    ),
    (
        "handeco",
        "Handeco",
        "https://www.handeco.org/",
        "Les fournisseurs du secteur adapté et protégé.",
        "Nommé par le guide de la DAJ sur les aspects sociaux ; adresse à vérifier",
    ),
)


def load(apps, schema_editor):
    directories = apps.get_model("structures", "PublicDirectory")
    directories.objects.bulk_create(
        directories(code=code, label=label, url=url, meaning=meaning, source=source, rank=10 * rank)
        for rank, (code, label, url, meaning, source) in enumerate(DIRECTORIES, start=1)
    )
    networks = apps.get_model("structures", "Network")
    networks.objects.filter(source="").exclude(website="").update(source=LISTED)


class Migration(migrations.Migration):
    dependencies = [("structures", "0015_sources_of_the_sites")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
