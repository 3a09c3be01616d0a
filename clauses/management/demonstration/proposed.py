"""What was proposed to the departments this year, and how it stands."""

from typing import NamedTuple

from clauses.enums import ProvisionKind


CONDITION = ProvisionKind.EXECUTION_CONDITION


class Offer(NamedTuple):
    """What was proposed for a line of this year’s plan, and how it stands."""

    title: str
    kind: ProvisionKind
    labour_share: str
    rate: str
    days_ago: int
    state: str
    explanation: str


OFFERS = (
    Offer(
        "Entretien des espaces verts des quartiers sud",
        CONDITION,
        "0.50",
        "0.05",
        12,
        "sent",
        "Deux personnes en parcours suffisent sur la durée du marché. Celui des quartiers nord "
        "fonctionne ainsi depuis le printemps, avec trois personnes.",
    ),
    Offer(
        "Fauchage et entretien des berges",
        ProvisionKind.RESERVED_SIAE,
        "",
        "",
        12,
        "sent",
        "Deux chantiers d’insertion du territoire savent faire ce travail, et l’ont déjà fait.",
    ),
    Offer(
        "Jeux et jouets pour les trois ludothèques, dont jouets de réemploi",
        ProvisionKind.RESERVED_SIAE,
        "",
        "",
        9,
        "accepted",
        "Un lot réservé aux jouets de réemploi : un atelier les collecte, les répare et les vend au poids.",
    ),
    Offer(
        "Assistance à maîtrise d’ouvrage pour le renouvellement urbain du quartier nord",
        CONDITION,
        "0.75",
        "0.08",
        6,
        "draft",
        "À comparer : 5 ou 8 % ; un taux de 8 % reste à la portée d’un bureau d’études.",
    ),
    Offer(
        "Nettoyage des écoles et des gymnases",
        CONDITION,
        "0.80",
        "0.10",
        20,
        "rework",
        "Part élevée de main-d’œuvre ; le personnel à reprendre est déduit du calcul.",
    ),
    Offer(
        "Peinture des salles communes",
        CONDITION,
        "0.70",
        "0.05",
        25,
        "refused",
        "Un marché court, mais très riche en main-d’œuvre.",
    ),
    Offer(
        "Nettoyage des vitres des équipements publics",
        CONDITION,
        "0.80",
        "0.05",
        30,
        "accepted",
        "Une personne à mi-temps pendant la durée du marché.",
    ),
)
