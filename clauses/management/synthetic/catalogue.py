"""What towns buy, and the words it is written in."""

from typing import NamedTuple

from clauses.enums import Verdict, VerdictReason
from procurement.enums import Nature, Procedure


class Purchase(NamedTuple):
    """A family, the titles of its lines, and the range in which its figures fall."""

    family: str
    nature: Nature
    cpv_code: str
    titles: tuple[str, ...]
    # In thousands of euros, from the smallest to the largest.
    amounts: tuple[int, int]
    months: tuple[int, int]
    labour_share: int
    verdict: Verdict
    reason: str = ""


SERVICES, WORKS, SUPPLIES = Nature.SERVICES, Nature.WORKS, Nature.SUPPLIES
YES, STUDY, NO = Verdict.CLAUSABLE, Verdict.TO_STUDY, Verdict.NOT_CLAUSABLE
LABOUR, LINK, SUPPLY, SHORT = (
    VerdictReason.NO_LABOUR,
    VerdictReason.NO_LINK,
    VerdictReason.NO_SUPPLY,
    VerdictReason.SHORT_WORKS,
)

PURCHASES = (
    Purchase(
        "espaces-verts",
        SERVICES,
        "77310000",
        ("Entretien des espaces verts", "Tonte et fauchage aux abords", "Élagage des arbres"),
        (40, 1200),
        (12, 48),
        70,
        YES,
    ),
    Purchase(
        "nettoyage",
        SERVICES,
        "90910000",
        ("Nettoyage des locaux", "Nettoyage des vitres"),
        (30, 1400),
        (12, 48),
        80,
        YES,
    ),
    Purchase(
        "proprete-urbaine",
        SERVICES,
        "90610000",
        ("Propreté des voies", "Désherbage et balayage aux abords"),
        (60, 900),
        (12, 48),
        65,
        YES,
    ),
    Purchase(
        "mise-sous-pli", SERVICES, "79823000", ("Mise sous pli et routage",), (8, 90), (12, 36), 70, YES
    ),
    Purchase(
        "blanchisserie",
        SERVICES,
        "98310000",
        ("Location et entretien du linge",),
        (40, 400),
        (24, 48),
        50,
        YES,
    ),
    Purchase(
        "dechets",
        SERVICES,
        "90510000",
        ("Collecte des encombrants", "Tri et réemploi des déchets"),
        (50, 1600),
        (24, 60),
        45,
        YES,
    ),
    Purchase(
        "restauration",
        SERVICES,
        "55520000",
        ("Restauration collective", "Repas et goûters"),
        (80, 2500),
        (24, 48),
        40,
        STUDY,
    ),
    Purchase(
        "demenagement", SERVICES, "98392000", ("Déménagement et manutention",), (15, 120), (6, 24), 75, YES
    ),
    Purchase("securite", SERVICES, "79713000", ("Gardiennage et accueil",), (60, 900), (12, 48), 85, STUDY),
    Purchase(
        "impression", SERVICES, "79810000", ("Impression des supports",), (15, 260), (12, 36), 30, STUDY
    ),
    Purchase(
        "amo-etudes",
        SERVICES,
        "71300000",
        ("Assistance à maîtrise d’ouvrage", "Diagnostic et étude préalable"),
        (20, 500),
        (6, 48),
        90,
        STUDY,
    ),
    Purchase(
        "maintenance-batiments",
        SERVICES,
        "50700000",
        ("Maintenance des installations", "Petits travaux d’entretien"),
        (40, 800),
        (12, 48),
        60,
        YES,
    ),
    Purchase(
        "informatique-services",
        SERVICES,
        "72000000",
        ("Hébergement du logiciel", "Maintenance du logiciel de gestion"),
        (20, 600),
        (12, 48),
        20,
        NO,
        LABOUR,
    ),
    Purchase("assurances-finance", SERVICES, "66510000", ("Assurances",), (30, 400), (24, 60), 5, NO, LINK),
    Purchase(
        "evenementiel",
        SERVICES,
        "79952000",
        ("Sonorisation et montage des scènes", "Organisation de la fête"),
        (10, 180),
        (6, 24),
        50,
        STUDY,
    ),
    Purchase(
        "travaux-gros-oeuvre",
        WORKS,
        "45210000",
        ("Réhabilitation", "Extension", "Construction"),
        (150, 8000),
        (6, 24),
        45,
        YES,
    ),
    Purchase(
        "travaux-vrd",
        WORKS,
        "45233000",
        ("Réfection de la voirie", "Aménagement des abords"),
        (80, 2500),
        (3, 18),
        35,
        YES,
    ),
    Purchase("travaux-peinture", WORKS, "45442000", ("Travaux de peinture",), (25, 350), (3, 36), 65, YES),
    Purchase(
        "travaux-couverture",
        WORKS,
        "45261000",
        ("Réfection de la toiture", "Étanchéité des terrasses"),
        (60, 900),
        (3, 10),
        45,
        STUDY,
    ),
    Purchase(
        "travaux-electricite",
        WORKS,
        "45310000",
        ("Mise aux normes électriques",),
        (30, 500),
        (2, 5),
        50,
        NO,
        SHORT,
    ),
    Purchase(
        "travaux-plomberie", WORKS, "45330000", ("Remplacement du chauffage",), (50, 900), (3, 9), 40, STUDY
    ),
    Purchase(
        "mobilier", SUPPLIES, "39100000", ("Mobilier", "Mobilier de réemploi"), (15, 240), (12, 48), 15, STUDY
    ),
    Purchase("denrees", SUPPLIES, "15000000", ("Denrées et boissons",), (30, 700), (12, 48), 10, NO, LABOUR),
    Purchase(
        "informatique-materiel",
        SUPPLIES,
        "30200000",
        ("Postes informatiques", "Matériel reconditionné"),
        (30, 600),
        (12, 48),
        5,
        NO,
        LABOUR,
    ),
    Purchase(
        "vehicules",
        SUPPLIES,
        "34100000",
        ("Véhicules légers", "Pièces et pneumatiques"),
        (40, 700),
        (12, 48),
        5,
        NO,
        LINK,
    ),
    Purchase(
        "energie-fluides",
        SUPPLIES,
        "09310000",
        ("Fourniture d’électricité", "Fourniture de gaz"),
        (100, 4000),
        (12, 36),
        1,
        NO,
        LABOUR,
    ),
    Purchase("medical", SUPPLIES, "33140000", ("Produits de santé",), (10, 160), (12, 36), 5, NO, SUPPLY),
    Purchase("jeux-jouets", SUPPLIES, "37500000", ("Jeux et jouets",), (5, 90), (12, 36), 10, STUDY),
)

SITES = (
    "des écoles", "du gymnase", "des crèches", "de l’hôtel de ville", "de la médiathèque", "du quartier nord",
    "des quartiers sud", "du centre technique", "du stade", "du centre de loisirs", "de la piscine",
    "du conservatoire", "des logements", "du cimetière", "de la maison des associations", "du marché couvert",
    "du parc central", "de la résidence pour aînés", "du centre de santé", "des équipements sportifs",
)  # fmt: skip
DEPARTMENTS = (
    "Services techniques", "Direction des parcs et jardins", "Patrimoine bâti", "Affaires scolaires",
    "Moyens généraux", "Systèmes d’information", "Culture et vie locale", "Voirie et mobilités",
)  # fmt: skip
PROCEDURES = (Procedure.ADAPTED, Procedure.ADAPTED, Procedure.OPEN, Procedure.OPEN, Procedure.UNKNOWN)
TRADES = (
    "Jardins", "Propreté", "Peinture", "Collecte", "Couture", "Mise sous pli", "Second œuvre", "Réemploi",
    "Maraîchage", "Blanchisserie", "Logistique", "Restauration",
)  # fmt: skip
HOUSES = ("de l’Étape", "du Passage", "des Deux Rives", "de la Halte", "du Relais", "des Sources", "du Pont")
FIRST_NAMES = (
    "Aïcha", "Karim", "Nadège", "Mamadou", "Sylvie", "Idriss", "Fatou", "Luc", "Mariam", "Tom", "Leïla",
    "Youssef", "Émilie", "Bruno", "Samira", "David", "Inès", "Abdou", "Chantal", "Rayan",
)  # fmt: skip
LAST_NAMES = (
    "Aubry", "Belkacem", "Coulibaly", "Dupré", "Etienne", "Fofana", "Garnier", "Haddad", "Isoard", "Joly",
    "Keita", "Lemoine", "Mendy", "Navarro", "Ouattara", "Perrin", "Rahmani", "Sow", "Tessier", "Valente",
)  # fmt: skip
JOBS = ("Agent d’entretien", "Jardinier", "Manœuvre", "Peintre", "Agent de tri", "Opérateur de mise sous pli")
