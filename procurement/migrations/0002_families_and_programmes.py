"""The purchase families of the territory and the programmes: defaults that an administrator edits.

CPV prefixes come from the nomenclature (regulation 213/2008). `is_to_confirm` marks what no readable
source could prove as a family or programme of the clauses.
"""

from django.db import migrations


CLASSIC = "Avise, entretien GPSEA du 11/05/2018 : segments classiques ; CPV : règlement 213/2008"
SEED = "Avise, entretien GPSEA du 11/05/2018 ; CPV : règlement 213/2008"
CPV = "CPV : règlement 213/2008"

# code, label, CPV prefixes, source, to confirm
FAMILIES = [
    ("nettoyage", "Nettoyage de locaux et de vitres", "9091 9092", CLASSIC, False),
    ("proprete-urbaine", "Propreté urbaine et déneigement", "906", CPV, True),
    ("espaces-verts", "Espaces verts et élagage", "773", CLASSIC, False),
    ("mise-sous-pli", "Mise sous pli, routage et courrier", "641 79571 79823", CLASSIC, False),
    ("restauration", "Restauration collective et traiteur", "553 555 15894", CPV, True),
    ("denrees", "Denrées et boissons", "03 15", CPV, True),
    ("blanchisserie", "Blanchisserie et entretien du linge", "9831", CPV, True),
    ("dechets", "Collecte, tri et valorisation des déchets", "905", CPV, True),
    ("travaux-gros-oeuvre", "Travaux : gros œuvre et maçonnerie", "4521 4522 45262", CPV, True),
    ("travaux-demolition", "Travaux : démolition, curage et désamiantage", "4511 45262660 9065", CPV, True),
    ("travaux-vrd", "Travaux : voirie et réseaux divers", "4523 4524 45112", CPV, True),
    ("travaux-couverture", "Travaux : couverture, étanchéité et charpente", "45261", CPV, True),
    ("travaux-electricite", "Travaux : électricité", "4531", CPV, True),
    ("travaux-plomberie", "Travaux : plomberie, chauffage et ventilation", "4533", CPV, True),
    ("travaux-isolation", "Travaux : isolation", "4532", CPV, True),
    ("travaux-platrerie", "Travaux : plâtrerie et cloisons", "4541", CPV, True),
    ("travaux-menuiserie", "Travaux : menuiserie et serrurerie", "4542", CPV, True),
    ("travaux-sols", "Travaux : revêtements de sols et de murs", "4543", CPV, True),
    ("travaux-peinture", "Travaux : peinture et vitrerie", "4544", CPV, True),
    ("travaux-tous-corps", "Travaux : tous corps d’état et autres", "45", CPV, True),
    ("maintenance-batiments", "Maintenance et petits travaux des bâtiments", "507", CPV, True),
    ("securite", "Sécurité, gardiennage et accueil", "797 98341140 79992", CPV, True),
    ("amo-etudes", "Études, conseil et assistance à maîtrise d’ouvrage (AMO)", "713 714 715 712 794 79311", SEED, False),
    ("informatique-services", "Services informatiques et numériques", "72 48 503", CPV, True),
    ("informatique-materiel", "Matériel informatique, réemploi et reconditionnement", "302", CPV, True),
    ("saisie-numerisation", "Saisie, numérisation et archivage", "72312 79995 72252 79999", CPV, True),
    ("impression", "Impression, reprographie et papeterie", "798 22 3019", CPV, True),
    ("mobilier", "Mobilier neuf et réemployé", "391", CPV, True),
    ("jeux-jouets", "Jeux et jouets", "375", SEED, False),
    ("vetements", "Vêtements de travail et textile", "18 395", CPV, True),
    ("demenagement", "Déménagement, transfert et manutention", "98392 631 60100", CPV, True),
    ("transport", "Transport de personnes", "601 602 63712", CPV, True),
    ("evenementiel", "Événements, culture et communication", "79952 7934 799 923", CPV, True),
    ("formation", "Formation et insertion professionnelle", "80 79634 75231240", CPV, True),
    ("social-sante", "Services sociaux et de santé", "85 98513", CPV, True),
    ("medical", "Matériel médical et produits de santé", "331 336", CPV, True),
    ("vehicules", "Véhicules, carburant et entretien", "341 343 344 501 091", CPV, True),
    ("energie-fluides", "Énergie, eau et fluides", "09 65", CPV, True),
    ("assurances-finance", "Assurances et services financiers", "66", CPV, True),
    ("autre", "Autre famille", "", "Ce que les autres familles ne disent pas", False),
]  # fmt: skip

# code, label, source, to confirm
PROGRAMMES = [
    ("anru-npnru", "ANRU – NPNRU (2014-2024 et suites)", "Charte nationale d’insertion ANRU : au moins 5 % des heures des travaux, 10 % de la gestion urbaine de proximité", False),
    ("anru-pnru", "ANRU – premier programme (PNRU)", "anru.fr : 5 % des heures, 10 % des embauches de gestion urbaine de proximité", False),
    ("gup", "Gestion urbaine de proximité", "Charte nationale d’insertion ANRU : au moins 10 % des heures", False),
    ("plie", "PLIE – plan local pour l’insertion et l’emploi", "Avise, entretien GPSEA du 11/05/2018", False),
    ("grand-paris-express", "Grand Paris Express", "sudestavenir.fr ; grandparisdurable.org, 23/06/2021 : 5 % puis 10 % depuis octobre 2020", False),
    ("paris-2024", "Paris 2024 – héritage Solideo", "affiches-parisiennes.com, article 118000 : 10 %", False),
    ("fse-plus", "FSE+", "Règlement (UE) 2021/1060", False),
    ("contrat-de-ville", "Contrat de ville", "Usage, sans source lisible", True),
]  # fmt: skip


def load(apps, schema_editor):
    family = apps.get_model("procurement", "Family")
    programme = apps.get_model("procurement", "Programme")
    family.objects.bulk_create(
        family(code=code, label=label, cpv_prefixes=prefixes, source=source, is_to_confirm=to_confirm)
        for code, label, prefixes, source, to_confirm in FAMILIES
    )
    programme.objects.bulk_create(
        programme(code=code, label=label, source=source, is_to_confirm=to_confirm)
        for code, label, source, to_confirm in PROGRAMMES
    )


def unload(apps, schema_editor):
    apps.get_model("procurement", "Family").objects.filter(code__in=[row[0] for row in FAMILIES]).delete()
    apps.get_model("procurement", "Programme").objects.filter(code__in=[row[0] for row in PROGRAMMES]).delete()


class Migration(migrations.Migration):
    dependencies = [("procurement", "0001_initial")]

    operations = [migrations.RunPython(load, unload, elidable=False)]
