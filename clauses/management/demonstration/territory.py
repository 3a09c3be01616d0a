"""The demonstration territory as data: an office, its buyers, what they buy. Every person is fictitious.

SIRETs of public bodies are made up, with a right key. Dates are told from the day of loading, so that the
demonstration always looks like a working week.
"""

from typing import NamedTuple

from accounts.roles import Role
from procurement.enums import BuyerCategory


PASSWORD = "demo-clauses-2027"  # noqa: S105  (public on purpose: interfaces.md)

OFFICE = "Maison des clauses Marne et Seine"
OTHER_OFFICE = "Facilitation Nord-Essonne"
FUNDER = "Conseil départemental – insertion"
PLATFORM = "Clausier"


class Town(NamedTuple):
    name: str
    city: str
    category: BuyerCategory
    lines: int
    """How many lines its plan holds; 0 when nothing was received."""
    maturity: str
    """« absent », « draft », « submitted » or « answered »."""


LOCAL, STATE = BuyerCategory.LOCAL, BuyerCategory.STATE

MAIN_BUYER = "Ville de Créteil"
STATE_BUYER = "Direction des achats de l’État (démonstration)"
HOSPITAL = "Groupe hospitalier du Confluent"
OTHER_BUYER = "Ville de Massy"

TOWNS = (
    Town(MAIN_BUYER, "Créteil", LOCAL, 0, "submitted"),
    Town("Ville d’Alfortville", "Alfortville", LOCAL, 9, "submitted"),
    Town("Ville de Boissy-Saint-Léger", "Boissy-Saint-Léger", LOCAL, 5, "submitted"),
    Town("Ville de Bonneuil-sur-Marne", "Bonneuil-sur-Marne", LOCAL, 7, "answered"),
    Town("Ville de Chennevières-sur-Marne", "Chennevières-sur-Marne", LOCAL, 4, "submitted"),
    Town("Ville de La Queue-en-Brie", "La Queue-en-Brie", LOCAL, 3, "draft"),
    Town("Ville du Plessis-Trévise", "Le Plessis-Trévise", LOCAL, 5, "submitted"),
    Town("Ville de Limeil-Brévannes", "Limeil-Brévannes", LOCAL, 6, "submitted"),
    Town("Ville de Mandres-les-Roses", "Mandres-les-Roses", LOCAL, 0, "absent"),
    Town("Ville de Marolles-en-Brie", "Marolles-en-Brie", LOCAL, 2, "draft"),
    Town("Ville de Noiseau", "Noiseau", LOCAL, 0, "absent"),
    Town("Ville d’Ormesson-sur-Marne", "Ormesson-sur-Marne", LOCAL, 4, "submitted"),
    Town("Ville de Périgny", "Périgny", LOCAL, 0, "absent"),
    Town("Ville de Santeny", "Santeny", LOCAL, 2, "draft"),
    Town("Ville de Sucy-en-Brie", "Sucy-en-Brie", LOCAL, 8, "answered"),
    Town("Ville de Villecresnes", "Villecresnes", LOCAL, 3, "submitted"),
    Town("EPT Marne et Seine", "Créteil", LOCAL, 12, "submitted"),
    Town("Office public de l’habitat Rives de Marne", "Créteil", LOCAL, 10, "submitted"),
    Town(HOSPITAL, "Créteil", LOCAL, 8, "submitted"),
    Town(STATE_BUYER, "Paris", STATE, 0, "submitted"),
)


class Line(NamedTuple):
    title: str
    family: str
    nature: str
    amount: int
    months: int
    department: str
    launch_in: int
    """Months from the loading day to the launch of the consultation."""
    description: str = ""
    programme: str = ""
    qpv_share: int | None = None
    lots: tuple[str, ...] = ()


PARKS = "Direction des parcs et jardins"
CLEANING = "Service entretien des bâtiments"
TOYS = "Réseau des ludothèques"
MAIL = "Secrétariat général"
RENEWAL = "Direction du renouvellement urbain"
BUILDING = "Direction de la construction"

RECYCLED_TOYS = "Jouets de réemploi, au poids"

DEPARTMENTS = (PARKS, CLEANING, TOYS, MAIL, RENEWAL, BUILDING)

# The plan of the main buyer: the segments named in the founding interview (domain.md §0 and §11).
LOCAL_PLAN = (
    Line(
        "Entretien des espaces verts des quartiers sud",
        "espaces-verts",
        "services",
        1_000_000,
        48,
        PARKS,
        4,
        "Tonte, taille et désherbage sans produit phytosanitaire, six secteurs.",
    ),
    Line("Fauchage et entretien des berges", "espaces-verts", "services", 180_000, 36, PARKS, 5),
    Line("Plantations et arrosage estival", "espaces-verts", "services", 95_000, 24, PARKS, 6),
    Line(
        "Nettoyage des écoles et des gymnases",
        "nettoyage",
        "services",
        1_400_000,
        48,
        CLEANING,
        5,
        "Reprise du personnel en place : 500 heures par mois.",
    ),
    Line("Nettoyage des vitres des équipements publics", "nettoyage", "services", 120_000, 36, CLEANING, 3),
    Line("Blanchisserie des crèches", "blanchisserie", "services", 160_000, 36, CLEANING, 7),
    Line(
        "Mise sous pli et routage du courrier municipal",
        "mise-sous-pli",
        "services",
        48_000,
        24,
        MAIL,
        3,
        "Environ 1 200 enveloppes par envoi, douze envois par an.",
    ),
    Line("Impression des supports de communication", "impression", "services", 210_000, 36, MAIL, 6),
    Line(
        "Jeux et jouets pour les trois ludothèques, dont jouets de réemploi",
        "jeux-jouets",
        "supplies",
        90_000,
        36,
        TOYS,
        4,
        "Le second lot peut être réservé à un atelier de réemploi ; prix au poids plutôt qu’à la pièce.",
        lots=("Jeux et jouets neufs", RECYCLED_TOYS),
    ),
    Line(
        "Assistance à maîtrise d’ouvrage pour le renouvellement urbain du quartier nord",
        "amo-etudes",
        "services",
        500_000,
        48,
        RENEWAL,
        5,
        "Étude urbaine et concertation.",
        "anru-npnru",
        100,
    ),
    Line(
        "Réhabilitation du groupe scolaire des Tilleuls",
        "travaux-gros-oeuvre",
        "works",
        6_200_000,
        18,
        BUILDING,
        7,
        "Consultation par lots séparés.",
        "anru-npnru",
        60,
    ),
    Line("Peinture des salles communes", "travaux-peinture", "works", 200_000, 12, BUILDING, 4),
    Line(
        "Remplacement de la charpente métallique du marché couvert",
        "travaux-couverture",
        "works",
        400_000,
        10,
        BUILDING,
        8,
    ),
    Line("Licences bureautiques", "informatique-services", "supplies", 320_000, 36, MAIL, 4),
    Line("Gardiennage des manifestations", "securite", "services", 260_000, 36, MAIL, 6),
    Line("Repas des accueils de loisirs", "restauration", "services", 880_000, 24, CLEANING, 8),
)

# What the other buyers buy, in turn.
USUAL_LINES = (
    Line(
        "Entretien des espaces verts communaux",
        "espaces-verts",
        "services",
        220_000,
        36,
        "Services techniques",
        5,
    ),
    Line("Nettoyage des bâtiments communaux", "nettoyage", "services", 340_000, 36, "Services techniques", 4),
    Line(
        "Réfection de la toiture de l’école",
        "travaux-gros-oeuvre",
        "works",
        280_000,
        6,
        "Services techniques",
        6,
    ),
    Line("Restauration scolaire", "restauration", "services", 1_150_000, 36, "Affaires scolaires", 7),
    Line("Fourniture de mobilier scolaire", "mobilier", "supplies", 85_000, 24, "Affaires scolaires", 5),
    Line(
        "Collecte et réemploi des encombrants", "dechets", "services", 145_000, 24, "Services techniques", 3
    ),
    Line("Peinture des cages d’escalier", "travaux-peinture", "works", 175_000, 12, "Patrimoine", 4),
    Line("Déménagement de services", "demenagement", "services", 60_000, 12, "Moyens généraux", 8),
    Line("Aménagement du square central", "travaux-vrd", "works", 610_000, 9, "Services techniques", 9),
    Line(
        "Assurances de la collectivité", "assurances-finance", "services", 230_000, 48, "Moyens généraux", 6
    ),
    Line("Mise sous pli des invitations", "mise-sous-pli", "services", 18_000, 12, "Moyens généraux", 2),
    Line("Location et entretien du linge", "blanchisserie", "services", 310_000, 36, "Moyens généraux", 7),
)


class Account(NamedTuple):
    email: str
    first_name: str
    last_name: str
    role: Role
    organisation: str
    job_title: str


COMPANY = "Jardins du Val (SAS fictive)"
CLEANING_COMPANY = "Propreté des Bords de Marne (SARL fictive)"
BUILDER = "Bâtisseurs de Seine (SA fictive)"
STRUCTURE = "ESAT des Deux Rives (fictif)"

ACCOUNTS = (
    Account("facilitatrice@demo.example", "Nadia", "Benali", Role.FACILITATOR, OFFICE, "Facilitatrice"),
    Account("responsable@demo.example", "Hélène", "Mercier", Role.MANAGER, OFFICE, "Responsable de l’office"),
    Account("acheteuse@demo.example", "Sophie", "Laurent", Role.BUYER, MAIN_BUYER, "Responsable des achats"),
    Account("service@demo.example", "Marc", "Dubois", Role.PRESCRIBER, MAIN_BUYER, "Directeur des parcs"),
    Account(
        "entreprise@demo.example", "Claire", "Moreau", Role.CONTRACTOR, COMPANY, "Secrétaire d’exploitation"
    ),
    Account("structure@demo.example", "Yannick", "Le Goff", Role.STRUCTURE, STRUCTURE, "Chef d’atelier"),
    Account("financeur@demo.example", "Inès", "Garnier", Role.FUNDER, FUNDER, "Chargée de mission"),
    Account("admin@demo.example", "Alex", "Roche", Role.ADMINISTRATOR, PLATFORM, "Administration"),
    Account("autre.acheteur@demo.example", "Paul", "Girard", Role.BUYER, OTHER_BUYER, "Acheteur"),
    Account(
        "autre.facilitateur@demo.example",
        "Julie",
        "Fontaine",
        Role.FACILITATOR,
        OTHER_OFFICE,
        "Facilitatrice",
    ),
)
