"""The kinds of social provision: the article, what it means, what must be recorded, what may be combined."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from clauses.enums import RESERVATIONS, ProvisionFamily, ProvisionKind
from config.lib.french import format_percentage


CLAUSE, CRITERION, RESERVED = "Clause sociale", "Critère social", "Marché réservé"
NOTHING = "Pas de considération sociale"

FORMULA = ("amount", "labour_share", "rate", "hourly_cost", "hours_due")
FLAT = ("amount", "hours_due")
RESERVATION = ("amount", "reserved_share")

WHOLE = ProvisionKind.CLAUSE_AND_CRITERION
PARTS = (ProvisionKind.EXECUTION_CONDITION, ProvisionKind.AWARD_CRITERION)

LABELS = {
    "amount": "le montant",
    "labour_share": "la part de main-d’œuvre",
    "rate": "le taux d’insertion",
    "hourly_cost": "le coût horaire",
    "reserved_share": "la part minimale de travailleurs concernés",
    "criterion_weight": "la pondération du critère",
    "months": "la durée du marché",
    "hours_due": "les heures",
}


@dataclass(frozen=True)
class Provision:
    """`terms` may be recorded, `required` must be; `decp` is the value of the official declaration."""

    family: ProvisionFamily
    article: str
    sentence: str
    change: str
    terms: tuple[str, ...]
    required: tuple[str, ...] = ()
    decp: tuple[str, ...] = (NOTHING,)
    former_articles: str = ""


_NOTHING_TECHNICAL = "Rien dans vos besoins techniques."
_OFFICE_HELPS = "Notre équipe aide le titulaire à trouver les personnes et suit les heures pour vous."

PROVISIONS: dict[ProvisionKind, Provision] = {
    ProvisionKind.EXECUTION_CONDITION: Provision(
        ProvisionFamily.EXECUTION,
        "Article L. 2112-2",
        "Le titulaire, quel qu’il soit, fait réaliser une part du travail par des personnes éloignées de "
        "l’emploi.",
        f"{_NOTHING_TECHNICAL} {_OFFICE_HELPS}",
        FORMULA,
        ("hours_due",),
        (CLAUSE,),
        "article 14 (codes de 2001 et 2006), article 38-I (ordonnance de 2015)",
    ),
    ProvisionKind.RESERVED_DISABILITY: Provision(
        ProvisionFamily.RESERVATION,
        "Article L. 2113-12",
        "Seuls des entreprises adaptées (EA), des ESAT ou leurs équivalents répondent à la consultation.",
        "Vous travaillez avec un établissement qui emploie des personnes handicapées ; le besoin et le prix "
        "restent les vôtres.",
        RESERVATION,
        ("reserved_share",),
        (RESERVED,),
    ),
    ProvisionKind.RESERVED_SIAE: Provision(
        ProvisionFamily.RESERVATION,
        "Article L. 2113-13",
        "Seules des structures d’insertion par l’activité économique (SIAE) ou leurs équivalents répondent "
        "à la consultation.",
        "Vous travaillez avec une structure d’insertion du territoire ; le besoin et le prix restent les "
        "vôtres.",
        RESERVATION,
        ("reserved_share",),
        (RESERVED,),
    ),
    ProvisionKind.RESERVED_MIXED: Provision(
        ProvisionFamily.RESERVATION,
        "Article L. 2113-14",
        "La consultation est ouverte à la fois aux structures du handicap et à celles de l’insertion, et à "
        "elles seules.",
        "Vous élargissez le choix entre structures du handicap et de l’insertion ; le besoin et le prix "
        "restent les vôtres.",
        RESERVATION,
        ("reserved_share",),
        (RESERVED,),
    ),
    ProvisionKind.RESERVED_PRISON: Provision(
        ProvisionFamily.RESERVATION,
        "Article L. 2113-13-1",
        "Seuls des opérateurs qui emploient des personnes détenues répondent à la consultation.",
        "Le travail est réalisé en établissement pénitentiaire, sous contrat d’emploi pénitentiaire.",
        RESERVATION,
        ("reserved_share",),
        (RESERVED,),
    ),
    ProvisionKind.RESERVED_ESS: Provision(
        ProvisionFamily.RESERVATION,
        "Articles L. 2113-15 et L. 2113-16",
        "Seules des entreprises de l’économie sociale et solidaire répondent, pour certains services de "
        "santé, sociaux ou culturels.",
        "Le marché dure trois ans au plus, et le même titulaire ne peut pas l’obtenir deux fois de suite.",
        ("amount", "months"),
        ("months",),
        (RESERVED,),
    ),
    ProvisionKind.INSERTION_SERVICE: Provision(
        ProvisionFamily.SERVICE,
        "Article R. 2123-1, 3°",
        "L’insertion est l’objet même du marché ; le travail réalisé n’en est que le support.",
        "Vous achetez un parcours d’insertion, en procédure adaptée quel que soit le montant.",
        FLAT,
        (),
        (CLAUSE,),
        "article 30 (code de 2006)",
    ),
    ProvisionKind.AWARD_CRITERION: Provision(
        ProvisionFamily.CRITERION,
        "Article R. 2152-7",
        "Les offres sont aussi notées sur ce qu’elles font pour l’insertion professionnelle.",
        "Une part de la note porte sur l’insertion ; nous vous aidons à analyser cette partie des offres.",
        ("amount", "criterion_weight"),
        ("criterion_weight",),
        (CRITERION,),
        "article 53 (code de 2006)",
    ),
    ProvisionKind.CLAUSE_AND_CRITERION: Provision(
        ProvisionFamily.EXECUTION,
        "Articles L. 2112-2 et R. 2152-7",
        "Un minimum d’heures est exigé de tous, et ce que les offres proposent en plus est noté.",
        f"Une part de la note porte sur l’insertion. {_OFFICE_HELPS}",
        (*FORMULA, "criterion_weight"),
        ("hours_due", "criterion_weight"),
        (CLAUSE, CRITERION),
    ),
    ProvisionKind.TRAINING_CLAUSE: Provision(
        ProvisionFamily.EXECUTION,
        "Article L. 2112-2",
        "Le titulaire accueille en stage un jeune de 16 à 25 ans sorti de l’école, avec l’Éducation "
        "nationale.",
        f"{_NOTHING_TECHNICAL} Le titulaire désigne un tuteur ; la mission de lutte contre le décrochage "
        "propose les jeunes.",
        FLAT,
        ("hours_due",),
        (CLAUSE,),
    ),
    ProvisionKind.PROGRESS_PLAN: Provision(
        ProvisionFamily.AGREEMENT,
        "Par accord avec le titulaire",
        "Le titulaire s’engage à progresser pendant le marché, selon un plan écrit avec lui.",
        "Un point annuel avec le titulaire et notre équipe.",
        FLAT,
    ),
    ProvisionKind.AMENDMENT: Provision(
        ProvisionFamily.AGREEMENT,
        "Par avenant, avec l’accord du titulaire",
        "Une clause est ajoutée à un marché en cours, avec l’accord du titulaire.",
        f"Un avenant à signer. {_OFFICE_HELPS}",
        FORMULA,
        ("hours_due",),
        (CLAUSE,),
    ),
    ProvisionKind.VOLUNTARY: Provision(
        ProvisionFamily.AGREEMENT,
        "Sans obligation",
        "Le titulaire s’engage de lui-même, hors de ses obligations contractuelles.",
        f"{_NOTHING_TECHNICAL} {_OFFICE_HELPS}",
        FLAT,
    ),
}


@dataclass(frozen=True)
class Terms:
    """What one proposal says in numbers; shares and rates run from 0 to 1."""

    amount: Decimal | None = None
    labour_share: Decimal | None = None
    rate: Decimal | None = None
    hourly_cost: Decimal | None = None
    reserved_share: Decimal | None = None
    criterion_weight: Decimal | None = None
    months: int | None = None
    hours_due: Decimal | None = None

    @property
    def given(self) -> list[str]:
        return [field.name for field in fields(self) if getattr(self, field.name) is not None]


@dataclass(frozen=True)
class Bounds:
    """Numbers of the law on that day; `None` when nobody keeps them any more."""

    reserved_share_minimum: Decimal | None = None
    ess_months_maximum: int | None = None


@dataclass(frozen=True)
class Objection:
    """`field` is empty when the whole proposal is concerned."""

    field: str
    sentence: str


def objections(kind: ProvisionKind, terms: Terms, bounds: Bounds) -> list[Objection]:
    """Everything that forbids this proposal, each with the sentence its author will read."""
    provision = PROVISIONS[kind]
    return [
        *_out_of_range(terms),
        *(Objection(name, _foreign(kind, name)) for name in terms.given if name not in provision.terms),
        *(
            Objection(name, f"Indiquez {LABELS[name]}.")
            for name in provision.required
            if name not in terms.given
        ),
        *_out_of_bounds(kind, terms, bounds),
    ]


def conflicts(kind: ProvisionKind, others: Collection[ProvisionKind]) -> list[str]:
    """Why this kind may not join those that the lot already carries."""
    sentences = []
    if kind in others:
        sentences.append(f"Ce lot a déjà une proposition « {kind.label} ».")
    if kind in RESERVATIONS:
        reserved = [other for other in RESERVATIONS if other in others and other != kind]
        sentences += [_two_reservations(kind, other) for other in reserved]
    sentences += [
        f"« {WHOLE.label} » comprend déjà « {part.label} »."
        for part in PARTS
        if (kind == WHOLE and part in others) or (kind == part and WHOLE in others)
    ]
    return sentences


_SHARES: Mapping[str, str] = {
    "labour_share": "Une part de main-d’œuvre",
    "rate": "Un taux d’insertion",
    "reserved_share": "Une part de travailleurs",
    "criterion_weight": "Une pondération",
}


def _out_of_range(terms: Terms) -> list[Objection]:
    found = [
        Objection(name, f"{label} va de 0 à 100 % : {format_percentage(share * 100)} n’est pas possible.")
        for name, label in _SHARES.items()
        if (share := getattr(terms, name)) is not None and not 0 <= share <= 1
    ]
    if terms.hourly_cost is not None and terms.hourly_cost <= 0:
        found.append(Objection("hourly_cost", "Le coût horaire est supérieur à zéro."))
    if terms.amount is not None and terms.amount < 0:
        found.append(Objection("amount", "Le montant ne peut pas être négatif."))
    if terms.hours_due is not None and terms.hours_due <= 0:
        found.append(Objection("hours_due", "Le nombre d’heures est supérieur à zéro."))
    return found


def _foreign(kind: ProvisionKind, name: str) -> str:
    if kind in RESERVATIONS and name == "rate":
        return "Un marché réservé n’a pas de taux d’insertion : laissez ce champ vide."
    return f"« {kind.label} » ne demande pas {LABELS[name]} : laissez ce champ vide."


def _out_of_bounds(kind: ProvisionKind, terms: Terms, bounds: Bounds) -> list[Objection]:
    found = []
    least, most = bounds.reserved_share_minimum, bounds.ess_months_maximum
    if (
        least is not None
        and "reserved_share" in PROVISIONS[kind].terms
        and terms.reserved_share is not None
        and terms.reserved_share < least
    ):
        sentence = (
            f"Un marché réservé demande au moins {format_percentage(least * 100)} de travailleurs concernés "
            "(article R. 2113-7)."
        )
        found.append(Objection("reserved_share", sentence))
    if (
        kind == ProvisionKind.RESERVED_ESS
        and most is not None
        and terms.months is not None
        and terms.months > most
    ):
        sentence = (
            f"Un marché réservé à l’économie sociale et solidaire dure {most} mois au plus "
            "(article L. 2113-16)."
        )
        found.append(Objection("months", sentence))
    return found


def _two_reservations(kind: ProvisionKind, other: ProvisionKind) -> str:
    if ProvisionKind.RESERVED_PRISON in (kind, other):
        return "La réservation au milieu pénitentiaire ne se combine avec aucune autre (article L. 2113-14)."
    if {kind, other} == {ProvisionKind.RESERVED_DISABILITY, ProvisionKind.RESERVED_SIAE}:
        return (
            "Pour ouvrir le lot au handicap et à l’insertion à la fois, préparez une seule proposition "
            f"« {ProvisionKind.RESERVED_MIXED.label} » (article L. 2113-14)."
        )
    return f"Ce lot est déjà réservé : « {other.label} »."
