"""Federations and marks that cards name, with their sites.

Names and sites as Le Marché de l’inclusion lists them (GitHub gip-inclusion/le-marche, 21/08/2026).
"""

from django.db import migrations


NETWORKS = [
    ("unea", "Union nationale des entreprises adaptées (UNEA)", "https://www.unea.fr/"),
    ("hosmoz", "Hosmoz (ESAT et entreprises adaptées)", "https://www.hosmoz.fr/"),
    ("unapei", "Unapei", "https://www.unapei.org/"),
    ("unai", "Union nationale des associations intermédiaires (UNAI)", "https://unai.fr"),
    ("tissons-la-solidarite", "Tissons la solidarité", "https://www.tissonslasolidarite.fr/"),
    ("envie", "Réseau Envie", "https://www.envie.org/"),
    ("cocagne", "Réseau Cocagne", "https://www.reseaucocagne.asso.fr/"),
    ("geiq", "Fédération française des GEIQ", "https://www.lesgeiq.fr/"),
    ("entreprises-insertion", "Fédération des entreprises d’insertion", "https://www.lesentreprisesdinsertion.org/"),
    ("acteurs-solidarite", "Fédération des acteurs de la solidarité", "https://www.federationsolidarite.org/"),
    ("coorace", "Coorace", "https://www.coorace.org/"),
    ("regies-de-quartier", "Mouvement des régies (régies de quartier)", "https://www.regiedequartier.org/"),
    ("chantier-ecole", "Chantier école", "https://www.chantierecole.org/"),
]  # fmt: skip

LABELS = [
    ("rsei", "RSEi", "Responsabilité sociétale des entreprises inclusives (AFNOR)", "https://www.lesentreprisesdinsertion.org/france/label-rsei"),
    ("esus", "ESUS", "Agrément d’entreprise solidaire d’utilité sociale (article L. 3332-17-1 du code du travail)", ""),
    ("rge", "RGE", "Reconnu garant de l’environnement (ADEME)", "https://france-renov.gouv.fr/annuaire-rge"),
    ("rfar", "RFAR", "Relations fournisseurs et achats responsables", ""),
    ("b-corp", "B Corp", "Certification d’entreprise à mission (B Lab)", "https://bcorporation.fr/"),
]  # fmt: skip


def load(apps, schema_editor):
    Network, Label = (apps.get_model("structures", name) for name in ("Network", "Label"))
    Network.objects.bulk_create(
        Network(code=code, label=label, website=website) for code, label, website in NETWORKS
    )
    Label.objects.bulk_create(
        Label(code=code, label=label, description=description, website=website)
        for code, label, description, website in LABELS
    )


class Migration(migrations.Migration):
    dependencies = [("structures", "0004_trades")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
