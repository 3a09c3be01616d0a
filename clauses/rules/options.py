"""The options that an office compares on one market: what each asks for, gives and weighs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from clauses.enums import Objective, PerEuroMode, ProvisionKind, Weight
from clauses.rules import effort, hours, objectives
from clauses.rules.effort import Band, Effort, Pace
from clauses.rules.hours import Estimate
from clauses.rules.objectives import FORECASTS, Conventions
from clauses.rules.provisions import Terms
from config.lib import french


CLAUSE = ProvisionKind.EXECUTION_CONDITION


@dataclass(frozen=True)
class Situation:
    """A market as one weighs it; shares and rates run from 0 to 1, and what is `None` gives no option.

    `firm_amount` leaves the renewals out; `agreed_rate` is the share of the hours worked that a programme
    of the market asks for.
    """

    amount: Decimal
    labour_share: Decimal
    hourly_cost: Decimal
    months: int | None = None
    rates: Sequence[Decimal] = ()
    agreed_rate: Decimal | None = None
    firm_amount: Decimal | None = None
    reservation: ProvisionKind = ProvisionKind.RESERVED_MIXED
    reserved_amount: Decimal | None = None
    transferred_monthly_hours: Decimal | None = None
    cleaning_hourly_cost: Decimal | None = None
    euros_per_hour: Decimal | None = None
    threshold_amount: Decimal | None = None
    threshold_mode: PerEuroMode | None = None
    full_time_months: Decimal | None = None
    yearly_hours: Decimal | None = None


@dataclass(frozen=True)
class Measures:
    """What the office measures an option by, as of one day."""

    conventions: Conventions = field(default_factory=Conventions)
    pace: Pace = field(default_factory=Pace)
    band: Band | None = None
    reserved_share: Decimal | None = None
    training_months_minimum: int | None = None


@dataclass(frozen=True)
class Option:
    """`terms` start the draft of a proposal; `share` is the part of the labour hours of the contract."""

    title: str
    kind: ProvisionKind
    terms: Terms
    estimate: Estimate
    effort: Effort
    share: Decimal | None = None
    weight: Weight | None = None
    warnings: tuple[str, ...] = ()

    @property
    def forecast(self) -> str:
        """Why these hours may not be those that will be owed."""
        return FORECASTS.get(self.terms.objective, "") if self.terms.objective else ""

    @property
    def hours(self) -> Decimal:
        return self.estimate.hours


def compare(situation: Situation, measures: Measures) -> list[Option]:
    """One option per rate, then the other ways that this market allows."""
    return [
        _measured(option, situation, measures)
        for build in (_clauses, _agreed, _cleaning, _training, _reserved, _per_euro, _full_time)
        for option in build(situation, measures)
    ]


def advises_none(options: Sequence[Option]) -> bool:
    """No clause that an ordinary firm would be asked is worth its follow-up."""
    clauses = [option for option in options if option.kind == CLAUSE]
    return bool(clauses) and all(option.warnings for option in clauses)


def superlatives(options: Sequence[Option]) -> dict[int, list[str]]:
    """Position → what this option is the best at, in words.

    A figure that all share says nothing, and an option advised against is no example.
    """
    worth = [(position, option) for position, option in enumerate(options) if not option.warnings]
    found: dict[int, list[str]] = {}
    for words, figures in (
        ("le plus d’heures", {position: option.hours for position, option in worth}),
        (
            "le moins lourd",
            {position: -option.share for position, option in worth if option.share is not None},
        ),
    ):
        if len(set(figures.values())) > 1:
            best = max(figures.values())
            for position in [position for position, figure in figures.items() if figure == best]:
                found.setdefault(position, []).append(words)
    return found


def _clauses(situation: Situation, measures: Measures) -> Iterator[Option]:
    for rate in situation.rates:
        terms = Terms(
            amount=situation.amount,
            labour_share=situation.labour_share,
            rate=rate,
            hourly_cost=situation.hourly_cost,
        )
        for option in _counted(f"Clause à {_percent(rate)}", Objective.CLASSIC, terms, measures):
            yield replace(option, warnings=_staff_forgotten(situation))


def _agreed(situation: Situation, measures: Measures) -> Iterator[Option]:
    if situation.agreed_rate is None:
        return
    worked = effort.labour_hours(
        amount=situation.amount, labour_share=situation.labour_share, hourly_cost=situation.hourly_cost
    )
    terms = Terms(
        objective=Objective.WORKED,
        amount=situation.amount,
        hours_worked=hours.whole_hours(worked),
        rate=situation.agreed_rate,
    )
    title = f"{_percent(situation.agreed_rate)} des heures travaillées"
    yield from _counted(title, Objective.WORKED, terms, measures)


def _cleaning(situation: Situation, measures: Measures) -> Iterator[Option]:
    """The rule of the trade, at the usual rate and at those compared with it."""
    if situation.transferred_monthly_hours is None or not situation.months:
        return
    for rate in situation.rates:
        terms = Terms(
            objective=Objective.CLEANING,
            amount=situation.amount,
            rate=rate,
            transferred_monthly_hours=situation.transferred_monthly_hours,
            months=situation.months,
            hourly_cost=situation.cleaning_hourly_cost,
        )
        yield from _counted(f"Règle de la propreté à {_percent(rate)}", Objective.CLEANING, terms, measures)


def _training(situation: Situation, measures: Measures) -> Iterator[Option]:
    terms = Terms(amount=situation.firm_amount)
    for option in _counted("Clause de formation", Objective.TRAINING, terms, measures):
        yield replace(option, kind=ProvisionKind.TRAINING_CLAUSE, warnings=_too_short(situation, measures))


def _reserved(situation: Situation, measures: Measures) -> Iterator[Option]:
    if situation.reserved_amount is None or measures.reserved_share is None:
        return
    estimate = hours.reserved(
        amount=situation.reserved_amount,
        labour_share=situation.labour_share,
        reserved_share=measures.reserved_share,
        hourly_cost=situation.hourly_cost,
    )
    terms = Terms(amount=situation.reserved_amount, reserved_share=measures.reserved_share)
    yield Option("Lot réservé", situation.reservation, terms, estimate, Effort())


def _per_euro(situation: Situation, measures: Measures) -> Iterator[Option]:
    terms = Terms(
        objective=Objective.PER_EURO,
        amount=situation.amount,
        euros_per_hour=situation.euros_per_hour,
        threshold_amount=situation.threshold_amount,
        threshold_mode=situation.threshold_mode,
    )
    yield from _counted("Heures par euro facturé", Objective.PER_EURO, terms, measures)


def _full_time(situation: Situation, measures: Measures) -> Iterator[Option]:
    terms = Terms(
        objective=Objective.FULL_TIME,
        amount=situation.amount,
        full_time_months=situation.full_time_months,
        yearly_hours=situation.yearly_hours,
    )
    yield from _counted("Mois de temps plein", Objective.FULL_TIME, terms, measures)


def _counted(title: str, objective: Objective, terms: Terms, measures: Measures) -> Iterator[Option]:
    """Nothing when a number is missing."""
    estimate = objectives.estimate(objective, vars(terms), measures.conventions)
    if estimate is not None:
        yield Option(title, CLAUSE, terms, estimate, Effort())


def _measured(option: Option, situation: Situation, measures: Measures) -> Option:
    measured = replace(option, effort=effort.measure(option.hours, situation.months, measures.pace))
    measured = replace(measured, warnings=(*option.warnings, *_too_few(option, measures)))
    # Ordinary firms do not answer a reserved consultation: nothing weighs on them.
    if option.kind == situation.reservation:
        return measured
    share = effort.share_of_labour(
        option.estimate.exact,
        amount=situation.amount,
        labour_share=situation.labour_share,
        hourly_cost=situation.hourly_cost,
    )
    weight = effort.weigh(share, measures.band) if share is not None and measures.band else None
    return replace(measured, share=share, weight=weight)


def _too_few(option: Option, measures: Measures) -> tuple[str, ...]:
    if option.estimate.reasons:
        return option.estimate.reasons
    floor = measures.conventions.floor
    if floor is None or option.estimate.exact >= floor:
        return ()
    found = french.format_hours(option.estimate.exact)
    return (f"{found} : moins de {french.format_hours(floor)}, beaucoup de suivi pour peu d’effet.",)


def _staff_forgotten(situation: Situation) -> tuple[str, ...]:
    if not situation.transferred_monthly_hours:
        return ()
    return ("Le personnel à reprendre n’est pas compté ici : voyez la règle de la propreté.",)


def _too_short(situation: Situation, measures: Measures) -> tuple[str, ...]:
    least = measures.training_months_minimum
    if least is None or not situation.months or situation.months >= least:
        return ()
    return (f"Cette clause demande un marché de {least} mois au moins.",)


def _percent(share: Decimal) -> str:
    return french.format_percentage((share * 100).normalize())
