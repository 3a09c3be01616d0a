"""The kinds of social provision of the Code de la commande publique, one entry each."""

from dataclasses import dataclass

from clauses.enums import ProvisionFamily, ProvisionKind


CLAUSE, CRITERION, RESERVED = "Clause sociale", "Critère social", "Marché réservé"
NOTHING = "Pas de considération sociale"

FORMULA = ("amount", "labour_share", "rate", "hourly_cost", "hours_due")
FLAT = ("amount", "hours_due")
RESERVATION = ("amount", "reserved_share")


@dataclass(frozen=True)
class Provision:
    """`change` and `pitch` speak to the department: what it will notice, why we propose it (to edit).

    `terms` may be recorded, `required` must be; `decp` is the value of the official declaration.
    """

    family: ProvisionFamily
    article: str
    sentence: str
    change: str
    pitch: str
    terms: tuple[str, ...]
    required: tuple[str, ...] = ()
    decp: tuple[str, ...] = (NOTHING,)
    former_articles: str = ""


_NOTHING_TECHNICAL = "Rien dans vos besoins techniques."
_OFFICE_HELPS = "Notre équipe aide le titulaire à trouver les personnes et suit les heures pour vous."

PROVISIONS: dict[ProvisionKind, Provision] = {
    ProvisionKind.EXECUTION_CONDITION: Provision(
        ProvisionFamily.EXECUTION,
        "Article L. 2112-2",
        "Le titulaire, quel qu’il soit, fait réaliser une part du travail par des personnes éloignées de "
        "l’emploi.",
        f"{_NOTHING_TECHNICAL} {_OFFICE_HELPS}",
        "Ce marché demande de la main-d’œuvre : il peut donner du travail à des personnes du "
        "territoire qui en sont éloignées. L’effort demandé reste mesuré ; l’entreprise choisit "
        "comment elle l’atteint (embauche, mise à disposition, sous-traitance) et nous "
        "l’accompagnons.",
        FORMULA,
        ("hours_due",),
        (CLAUSE,),
        "article 14 (codes de 2001 et 2006), article 38-I (ordonnance de 2015)",
    ),
    ProvisionKind.RESERVED_DISABILITY: Provision(
        ProvisionFamily.RESERVATION,
        "Article L. 2113-12",
        "La consultation n’est ouverte qu’aux entreprises adaptées (EA), aux ESAT et à leurs équivalents.",
        "Vous travaillez avec un établissement qui emploie des personnes handicapées ; le besoin et le prix "
        "restent les vôtres.",
        "Des établissements du territoire qui emploient des personnes handicapées savent réaliser "
        "cette prestation. Réserver le lot leur ouvre un débouché durable, à un prix que la "
        "consultation permet de vérifier.",
        RESERVATION,
        ("reserved_share",),
        (RESERVED,),
    ),
    ProvisionKind.RESERVED_SIAE: Provision(
        ProvisionFamily.RESERVATION,
        "Article L. 2113-13",
        "Seules des structures d’insertion par l’activité économique (SIAE) ou leurs équivalents répondent "
        "à la consultation.",
        "Vous travaillez avec une structure d’insertion du territoire ; le besoin et le prix restent les "
        "vôtres.",
        "Des structures d’insertion du territoire savent réaliser cette prestation. Réserver le lot "
        "leur ouvre un débouché durable, à un prix que la consultation permet de vérifier.",
        RESERVATION,
        ("reserved_share",),
        (RESERVED,),
    ),
    ProvisionKind.RESERVED_MIXED: Provision(
        ProvisionFamily.RESERVATION,
        "Article L. 2113-14",
        "La consultation est ouverte à la fois aux structures du handicap et à celles de l’insertion, et à "
        "elles seules.",
        "Vous élargissez le choix entre structures du handicap et de l’insertion ; le besoin et le prix "
        "restent les vôtres.",
        "Des structures du handicap et de l’insertion savent réaliser cette prestation. Ouvrir le lot"
        " aux deux familles assure une vraie concurrence.",
        RESERVATION,
        ("reserved_share",),
        (RESERVED,),
    ),
    ProvisionKind.RESERVED_PRISON: Provision(
        ProvisionFamily.RESERVATION,
        "Article L. 2113-13-1",
        "Seuls des opérateurs qui emploient des personnes détenues répondent à la consultation.",
        "Le travail est réalisé en établissement pénitentiaire, sous contrat d’emploi pénitentiaire.",
        "Des ateliers en établissement pénitentiaire savent réaliser cette prestation. Ce travail "
        "prépare la sortie des personnes détenues.",
        RESERVATION,
        ("reserved_share",),
        (RESERVED,),
    ),
    ProvisionKind.RESERVED_ESS: Provision(
        ProvisionFamily.RESERVATION,
        "Articles L. 2113-15 et L. 2113-16",
        "Seules des entreprises de l’économie sociale et solidaire répondent, pour certains services de "
        "santé, sociaux ou culturels.",
        "Le marché dure trois ans au plus, et le même titulaire ne peut pas l’obtenir deux fois de suite.",
        "Cette prestation figure parmi les services que la loi permet de réserver à l’économie "
        "sociale et solidaire, dont des acteurs du territoire font leur métier.",
        ("amount", "months"),
        ("months",),
        (RESERVED,),
    ),
    ProvisionKind.INSERTION_SERVICE: Provision(
        ProvisionFamily.SERVICE,
        "Article R. 2123-1, 3°",
        "L’insertion est l’objet même du marché ; le travail réalisé n’en est que le support.",
        "Vous achetez un parcours d’insertion, en procédure adaptée quel que soit le montant.",
        "Le travail à réaliser se prête à un chantier d’insertion : il est simple, utile, et se "
        "déroule près des personnes qui en ont besoin.",
        FLAT,
        (),
        (CLAUSE,),
        "article 30 (code de 2006)",
    ),
    ProvisionKind.AWARD_CRITERION: Provision(
        ProvisionFamily.CRITERION,
        "Article R. 2152-7",
        "Les offres sont aussi notées sur ce qu’elles font pour l’insertion professionnelle.",
        "Une part de la note porte sur l’insertion ; nous vous aidons à analyser cette partie des offres.",
        "Les entreprises de ce secteur ont des pratiques d’insertion inégales : les noter incite les "
        "meilleures à s’engager, et ce que le titulaire promet devient contractuel.",
        ("amount", "criterion_weight"),
        ("criterion_weight",),
        (CRITERION,),
        "article 53 (code de 2006)",
    ),
    ProvisionKind.CLAUSE_AND_CRITERION: Provision(
        ProvisionFamily.EXECUTION,
        "Articles L. 2112-2 et R. 2152-7",
        "Un minimum d’heures est exigé de tous, et ce que les offres proposent en plus est noté.",
        f"Une part de la note porte sur l’insertion. {_OFFICE_HELPS}",
        "Ce marché est assez important pour exiger un minimum d’heures et récompenser les entreprises"
        " qui s’engagent davantage.",
        (*FORMULA, "criterion_weight"),
        ("hours_due", "criterion_weight"),
        (CLAUSE, CRITERION),
    ),
    ProvisionKind.TRAINING_CLAUSE: Provision(
        ProvisionFamily.EXECUTION,
        "Article L. 2112-2",
        "Le titulaire accueille en stage un jeune de 16 à 25 ans sorti de l’école, avec l’Éducation "
        "nationale.",
        f"{_NOTHING_TECHNICAL} Le titulaire désigne un tuteur ; la mission de lutte contre le décrochage "
        "propose les jeunes.",
        "Le métier exercé sur ce marché attire des jeunes sortis de l’école : quelques semaines de "
        "stage peuvent les remettre en chemin.",
        FLAT,
        ("hours_due",),
        (CLAUSE,),
    ),
    ProvisionKind.PROGRESS_PLAN: Provision(
        ProvisionFamily.AGREEMENT,
        "Par accord avec le titulaire",
        "Le titulaire s’engage à progresser pendant le marché, selon un plan écrit avec lui.",
        "Un point annuel avec le titulaire et notre équipe.",
        "Le titulaire peut faire davantage au fil du marché : un plan écrit avec lui, sans objectif "
        "imposé, suffit souvent à le mettre en mouvement.",
        FLAT,
    ),
    ProvisionKind.AMENDMENT: Provision(
        ProvisionFamily.AGREEMENT,
        "Par avenant, avec l’accord du titulaire",
        "Une clause est ajoutée à un marché en cours, avec l’accord du titulaire.",
        f"Un avenant à signer. {_OFFICE_HELPS}",
        "Le marché court encore assez longtemps pour donner du travail à des personnes du territoire."
        " Le titulaire en est d’accord, ou nous irons le rencontrer avec vous.",
        FORMULA,
        ("hours_due",),
        (CLAUSE,),
    ),
    ProvisionKind.VOLUNTARY: Provision(
        ProvisionFamily.AGREEMENT,
        "Sans obligation",
        "Le titulaire s’engage de lui-même, hors de ses obligations contractuelles.",
        f"{_NOTHING_TECHNICAL} {_OFFICE_HELPS}",
        "Le titulaire souhaite donner du travail à des personnes du territoire. Nous l’accompagnons "
        "et comptons ces heures à part.",
        FLAT,
    ),
}
