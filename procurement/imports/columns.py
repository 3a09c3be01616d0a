"""What each column means, under the titles that real plans give it.

Sources: the purchase template of Le Marché de l’inclusion, a follow-up workbook of the AFPA, the State’s
APProch platform (English names), and usual French headers (domain.md §9.2).
"""

import re

from config.lib.intake import Aliases, normalise


_MONEY = (
    "", " ht", " €", " € ht", " en €", " en € ht", " en euros", " en euros ht", " h t", " hors taxes", " eur",
)  # fmt: skip


_SCALED = {
    "thousands": ("k€", "keur", "keuros", "k euros", "milliers d’euros", "milliers €"),
    "millions": ("m€", "meur", "meuros", "m euros", "millions d’euros", "millions €"),
}
_TAX = ("", " ht", " hors taxes")
_UNITS = {
    field: [
        f"{before}{joint}{unit}{after}"
        for joint in (" ", " en ")
        for unit in units
        for before, after in [*(("", tax) for tax in _TAX), *((tax, "") for tax in _TAX[1:])]
    ]
    for field, units in _SCALED.items()
}
AMOUNT_TITLES = (
    "montant estimé", "montant", "montant prévisionnel", "montant prévisionnel du marché", "estimation",
    "budget prévisionnel", "budget", "montant maximum", "montant max", "montant total", "montant estimatif",
    "valeur estimée", "montant du marché", "estimation financière", "marketestimatedamount", "enveloppe",
    "montant global", "montant total estimé",
)  # fmt: skip


ALIASES: Aliases = {
    "url": ("url", "lien approch", "adresse du projet"),
    "reference": (
        "référence", "reference", "réf", "ref", "référence du marché", "référence interne", "n°", "no",
        "numéro",
        "n° de marché", "n° marché", "numéro de marché", "n° projet", "n° de projet", "id projet", "idprojet",
        "identifiant", "id", "n° ligne", "n° de ligne", "numéro de procédure", "numéro de procédure afpa",
        "code projet", "référence procédure",
    ),
    "title": (
        "titre du projet", "titre", "intitulé", "intitulé du marché", "intitulé du projet",
        "intitulé de la consultation", "objet", "objet du marché", "objet de la consultation", "objet court",
        "objet du projet", "libellé", "libellé du marché", "libellé du projet", "désignation", "label",
        "nom du marché", "nom du projet", "nom de la procédure", "titre du dossier", "projet",
        "projet d’achat",
        "marché", "consultation", "besoin",
    ),
    "description": (
        "description", "descriptif", "description du besoin", "contenu", "détail", "détails",
        "description du projet", "nature des prestations", "prestations",
    ),
    "department": (
        "service prescripteur", "prescripteur", "direction prescriptrice", "service demandeur", "service",
        "direction", "direction / service", "direction ou service", "client interne", "service concerné",
        "service gestionnaire", "direction concernée", "pôle",
    ),
    "contact_name": (
        "référent", "référent du projet", "acheteur", "acheteur référent", "interlocuteur", "contact",
        "chargé de marché", "responsable du marché", "nom du référent", "pilote",
    ),
    "nature": (
        "nature", "nature du marché", "type", "type de marché", "type d’achat", "type de prestation",
        "t/f/s", "t f s", "nature (t/f/s)", "purchasingcategory", "catégorie de marché",
    ),
    "family": (
        "famille", "famille d’achat", "famille d’achats", "famille achat", "famille achat principale",
        "catégorie achat", "catégorie d’achat", "catégorie", "secteur", "secteur d’activité", "segment",
        "segment d’achat", "domaine", "domaine d’achat", "sous-famille",
    ),
    "cpv_code": (
        "code cpv", "cpv", "code cpv principal", "cpv principal", "cpvprimary", "nomenclature cpv", "n° cpv",
    ),
    "procedure": (
        "procédure", "type de procédure", "procédure envisagée", "mode de passation",
        "procédure de passation",
        "proceduretype", "forme de la procédure",
    ),
    "estimated_amount": [title + unit for title in AMOUNT_TITLES for unit in _MONEY],
    "thousands": [title + unit for title in AMOUNT_TITLES for unit in _UNITS["thousands"]],
    "millions": [title + unit for title in AMOUNT_TITLES for unit in _UNITS["millions"]],
    "amount_origin": (
        "origine du montant", "origine du montant pour le calcul de l’économie", "source du montant",
    ),
    "launch_on": (
        "date de lancement", "lancement", "date de lancement de la consultation", "lancement prévisionnel",
        "date prévisionnelle de lancement", "date de lancement prévisionnelle", "publicationtargetdate",
        "date de publication", "date prévisionnelle de publication", "publication", "période de lancement",
        "mois de lancement", "date de lancement prévue", "lancement de la consultation",
        "trimestre de lancement",
        "calendrier", "échéance de lancement", "date prévisionnelle", "période",
    ),
    "starts_on": (
        "début", "date de début", "début d’exécution", "date de début d’exécution", "date de démarrage",
        "démarrage", "date de déploiement", "date de déploiement prévisionnelle du marché",
        "date de début du marché", "début du marché",
    ),
    "duration": (
        "durée en mois", "durée du marché en mois", "durée (mois)", "durée", "durée du marché",
        "marketmaxduration", "durée totale", "durée maximale", "durée ferme", "durée prévisionnelle",
        "durée max",
    ),
    "duration_years": ("durée en années", "durée (années)", "durée (ans)", "durée en ans", "nombre d’années"),
    "renewals": ("nombre de reconductions", "reconductions", "nb reconductions", "nombre de renouvellements"),
    "place": (
        "lieu d’exécution", "lieu", "localisation", "commune", "ville", "collectivité concernée",
        "territoire",
        "site", "sites", "lieux d’exécution", "departments", "départements", "zone géographique", "adresse",
    ),
    "is_renewal": (
        "renouvellement", "renouvellement de marché", "marché récurrent", "récurrent",
        "nouveau / renouvellement",
        "renouvellement ou nouveau marché", "reconduction d’un marché",
    ),
    "incumbent": (
        "titulaire sortant", "titulaire actuel", "titulaire", "prestataire actuel", "ancien titulaire",
    ),
    "previous_ends_on": (
        "échéance du marché en cours", "date de fin du marché en cours", "fin du marché en cours",
        "date de fin du précédent", "date d’échéance du marché", "échéance", "fin du marché actuel",
        "date de fin du marché actuel", "date d’échéance",
    ),
    "progress_label": (
        "statut", "statut du dossier", "avancement", "état", "état d’avancement", "status",
        "statut du projet",
    ),
    "social_intent": (
        "considération sociale", "considérations sociales", "clause sociale", "clauses sociales",
        "dispo sociales", "dispositions sociales", "clause d’insertion", "insertion",
        "socialconsiderationsconcerned", "achat social", "considération sociale envisagée",
    ),
    "external_url": ("lien", "adresse de publication", "url de publication", "lien de publication"),
    "remarks": (
        "observations", "observation", "remarques", "remarque", "commentaires", "commentaire", "notes",
        "note",
        "commentaire général sur le projet", "précisions",
    ),
    "lots": ("nombre de lots", "nb de lots", "nb lots", "lots", "allotissement"),
    "labour_share": ("part de main d’œuvre", "part main d’œuvre", "taux de main d’œuvre", "% main d’œuvre"),
    "qpv_share": ("part en qpv", "part qpv", "% qpv", "qpv"),
}  # fmt: skip

REQUIRED = ("title",)
# The fields that say the amount, each in its unit.
AMOUNTS = ("estimated_amount", "thousands", "millions")
# What a bare number counts in.
SCALES = {"estimated_amount": "", "thousands": "k", "millions": "m"}
_SAYS_UNIT = {
    field: re.compile(rf"\b(?:{'|'.join(map(re.escape, map(normalise, units)))})(?![a-z])")
    for field, units in _SCALED.items()
}


def unit_of(title: str) -> str:
    """The amount field whose unit this title gives: « Coût (M€) » counts in millions."""
    said = normalise(title)
    return next((field for field, unit in _SAYS_UNIT.items() if unit.search(said)), "estimated_amount")


# The meaning given to a column, shown above it in the preview.
MEANINGS = {
    "url": "Référence (adresse du projet)",
    "reference": "Référence",
    "title": "Objet du marché",
    "description": "Description",
    "department": "Service prescripteur",
    "contact_name": "Référent",
    "nature": "Nature",
    "family": "Famille d’achats",
    "cpv_code": "Code CPV",
    "procedure": "Procédure",
    "estimated_amount": "Montant estimé (€ HT)",
    "thousands": "Montant estimé (milliers d’€ HT)",
    "millions": "Montant estimé (millions d’€ HT)",
    "amount_origin": "Origine du montant",
    "launch_on": "Lancement",
    "starts_on": "Début d’exécution",
    "duration": "Durée (mois)",
    "duration_years": "Durée (années)",
    "renewals": "Reconductions",
    "place": "Lieu d’exécution",
    "is_renewal": "Renouvellement",
    "incumbent": "Titulaire sortant",
    "previous_ends_on": "Échéance du marché en cours",
    "progress_label": "Avancement",
    "social_intent": "Considération sociale",
    "external_url": "Adresse de publication",
    "remarks": "Observations",
    "lots": "Nombre de lots",
    "labour_share": "Part de main-d’œuvre",
    "qpv_share": "Part en QPV",
}

# Columns of the State’s platform that are kept as they are, in words.
EXTRA_MEANINGS = {
    "dlro": "Date limite de remise des offres",
    "environmentalConsiderationsConcerned": "Considération environnementale",
    "consultationLink": "Adresse de la consultation",
    "keywords": "Mots clés",
    "messagingActive": "Messagerie ouverte",
    "createdAt": "Créé le",
    "updatedAt": "Modifié le",
    "purchasingEntity": "Entité acheteuse",
    "purchasingEntitySiret": "SIRET de l’entité acheteuse",
    "reservedPublicMarkets": "Marché réservé",
}
