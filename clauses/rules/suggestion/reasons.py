"""The sentences that argue a suggestion: figures, articles, and what would make another answer."""

from decimal import Decimal

from clauses.enums import Outcome, ProvisionKind, VerdictReason
from clauses.rules.hours import Estimate
from clauses.rules.suggestion.facts import Facts, LastVerdict, LotFacts, Supply, Weights
from clauses.rules.suggestion.measures import counted_structures, has_too_little_labour, labour_share
from config.lib.french import format_amount, format_hours, format_number, format_percentage, join_words
from config.lib.rounding import round_half_up


AS_LAST_TIME_CHANGES = (
    "Le dernier avis de l’office est repris : un autre avis, cette année, changera le conseil suivant.",
)


def common(facts: Facts, outcome: Outcome) -> tuple[str, ...]:
    """What is told whatever the outcome."""
    return (*_supply_reasons(facts), *_history_reasons(facts), *_duty_reasons(facts, outcome))


def insertion_service(word: str) -> tuple[str, ...]:
    return (
        f"L’objet parle de « {word} » : l’insertion peut être l’objet même du marché.",
        "Art. R. 2123-1, 3° : procédure adaptée quel que soit le montant.",
    )


def missing(names: list[str]) -> tuple[str, ...]:
    return (f"On ne peut rien conseiller : il manque {join_words(names)}.",)


def reserve_all(facts: Facts, weights: Weights, kind: ProvisionKind, share: Decimal) -> tuple[str, ...]:
    return (
        *_supply_reasons(facts),
        f"Montant annuel : {_percent(share)} du chiffre d’affaires moyen d’une structure "
        f"({format_amount(weights.mean_turnover)}), au plus {_percent(weights.dependency)} pour réserver.",
        f"{_article(kind)} : le marché entier peut être réservé.",
    )


def reserve_all_changes(weights: Weights) -> tuple[str, ...]:
    return (
        f"Moins de {weights.reserve_all_structures} structures, ou un montant annuel au-delà de "
        f"{format_amount(weights.mean_turnover * weights.dependency)}, et seul un lot serait réservé.",
    )


def reserve_lot(facts: Facts, weights: Weights, kind: ProvisionKind, lots: list[LotFacts]) -> tuple[str, ...]:
    return (
        *_supply_reasons(facts),
        _lot_sentence(lots, weights),
        f"{_article(kind)} : un lot peut être réservé.",
    )


def reserve_lot_changes(weights: Weights) -> tuple[str, ...]:
    return (
        f"Avec {weights.reserve_all_structures} structures et un montant annuel d’au plus "
        f"{format_amount(weights.mean_turnover * weights.dependency)}, tout le marché pourrait être réservé.",
    )


def execution_clause(facts: Facts, weights: Weights, estimate: Estimate) -> tuple[str, ...]:
    where = "au-dessus" if estimate.exact >= weights.minimum_hours else "en dessous"
    return (
        f"{format_hours(estimate.hours)} estimées : {where} du plancher de "
        f"{format_hours(weights.minimum_hours)}.",
        *_default_share(facts),
        *_takeover(facts),
        *(() if facts.supply is None else _lending_reasons(facts.supply)),
        "Art. L. 2112-2 : une condition d’exécution s’impose au titulaire, quel qu’il soit.",
    )


def award_criterion(facts: Facts, weights: Weights, estimate: Estimate | None) -> tuple[str, ...]:
    return (
        *_too_few(facts, weights, estimate),
        "Art. R. 2152-7 : les offres peuvent être notées sur l’insertion.",
    )


def nothing(facts: Facts, weights: Weights, estimate: Estimate | None) -> tuple[str, ...]:
    return (*_too_few(facts, weights, estimate), *_default_share(facts), *_takeover(facts))


def _lot_sentence(lots: list[LotFacts], weights: Weights) -> str:
    if lots:
        named = join_words([str(lot) for lot in lots])
        return f"{'Lot' if len(lots) == 1 else 'Lots'} {named} à la mesure d’une structure."
    yearly = format_amount(weights.mean_turnover * weights.lot_dependency)
    return (
        f"Le marché n’est pas divisé : un lot d’au plus {yearly} par an serait à la mesure d’une structure."
    )


def _supply_reasons(facts: Facts) -> tuple[str, ...]:
    supply = facts.supply
    if supply is None:
        return ("Offre locale non comptée : le lieu ou la famille d’achats n’est pas reconnu.",)
    families = f"{_number(supply.insertion)} d’insertion, {_number(supply.disability)} du handicap"
    verb = "structure sait" if supply.able < 2 else "structures savent"
    able = f"{_number(supply.able)} {verb} faire ce métier ({families}) : {supply.place}."
    if supply.able == 0:
        able = f"Aucune structure du répertoire n’indique ce métier : {supply.place}."
    return (able, *_to_ask(supply))


def _to_ask(supply: Supply) -> tuple[str, ...]:
    if not supply.to_ask:
        return ()
    verb = "autre est" if supply.to_ask < 2 else "autres sont"
    return (f"{_number(supply.to_ask)} {verb} à interroger : leur fiche ne dit pas leur métier.",)


def _lending_reasons(supply: Supply) -> tuple[str, ...]:
    if not supply.made_available:
        return ()
    verb = "structure met" if supply.made_available < 2 else "structures mettent"
    return (f"{_number(supply.made_available)} {verb} des personnes à disposition du titulaire.",)


def _history_reasons(facts: Facts) -> tuple[str, ...]:
    others = facts.others
    told = () if facts.last is None else (last_verdict(facts.last),)
    if others is None:
        return told
    return (
        *told,
        f"{_percent(others.share)} des {_number(others.contracts)} contrats semblables d’autres acheteurs "
        "portent une considération sociale.",
    )


def last_verdict(last: LastVerdict) -> str:
    reason = f" ({VerdictReason(last.reason).label.lower()})" if last.reason else ""
    verdict = f"{last.verdict.label.lower()}{reason}"
    return f"En {last.year}, l’office a jugé cette famille, chez cet acheteur : {verdict}."


def _duty_reasons(facts: Facts, outcome: Outcome) -> tuple[str, ...]:
    if not facts.has_duty:
        return ()
    at = f" à partir de {format_amount(facts.duty_threshold)} HT" if facts.duty_threshold is not None else ""
    told: tuple[str, ...] = (f"Art. L. 2112-2-1 : condition d’exécution sociale obligatoire{at}.",)
    if outcome in (Outcome.RESERVE_ALL, Outcome.RESERVE_LOT, Outcome.AWARD_CRITERION):
        told += (
            "Une réservation ou un critère seul ne suffit peut-être pas : prévoyez aussi une condition.",
        )
    if outcome == Outcome.NONE:
        told += ("Sans condition praticable, l’acheteur justifie une dérogation dans sa consultation.",)
    return told


def _takeover(facts: Facts) -> tuple[str, ...]:
    if not facts.takes_staff_over:
        return ()
    taken = facts.transferred_monthly_hours
    if taken is None or not facts.months:
        return (
            "Du personnel est à reprendre : sans ses heures mensuelles et la durée, ce nombre est trop fort.",
        )
    return (f"{format_hours(taken)} par mois reviennent au personnel à reprendre : elles sont déduites.",)


def _default_share(facts: Facts) -> tuple[str, ...]:
    if not facts.labour_share_is_default:
        return ()
    return ("La part de main-d’œuvre est une valeur générale, à confirmer.",)


def _too_few(facts: Facts, weights: Weights, estimate: Estimate | None) -> tuple[str, ...]:
    if estimate is None:
        return ("La part de main-d’œuvre n’est pas connue.",)
    if estimate.reasons:
        return estimate.reasons
    if has_too_little_labour(facts, weights):
        share = labour_share(facts, weights) or Decimal(0)
        return (
            f"La main-d’œuvre ne fait que {_percent(share)} du montant : en dessous de "
            f"{_percent(weights.minimum_labour_share)}, une clause d’exécution n’est pas suggérée.",
        )
    floor = format_hours(weights.minimum_hours)
    return (f"{format_hours(estimate.hours)} estimées : en dessous du plancher de {floor}.",)


def clause_changes(facts: Facts, weights: Weights) -> tuple[str, ...]:
    told = []
    if facts.supply is None:
        told.append("Le lieu d’exécution et la famille permettraient de compter l’offre locale.")
    else:
        missing = weights.reserve_lot_structures - counted_structures(facts.supply, weights)
        if missing > 0:
            noun = "structure" if missing < 2 else "structures"
            told.append(f"{_number(missing)} {noun} de plus dans ce métier, et un lot pourrait être réservé.")
    if facts.may_take_staff_over and facts.takes_staff_over is None:
        told.append("Du personnel à reprendre ferait baisser les heures : demandez-le à l’acheteur.")
    if facts.months is None:
        told.append("Sans durée, le montant entier est comparé à une année d’activité.")
    return tuple(told)


def _article(kind: ProvisionKind) -> str:
    return {
        ProvisionKind.RESERVED_MIXED: "Art. L. 2113-14",
        ProvisionKind.RESERVED_DISABILITY: "Art. L. 2113-12",
    }.get(kind, "Art. L. 2113-13")


def _number(count: int) -> str:
    return format_number(count)


def _percent(share: Decimal) -> str:
    return format_percentage(round_half_up(share * 100, 1))
