"""How many hours of insertion: every formula that offices use, with the numbers put in.

Shares and rates run from 0 to 1. The numbers that vary (floor, hours of a bracket…) are passed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from clauses.enums import PerEuroMode
from config.lib import french
from config.lib.rounding import round_half_up, whole_hours


MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True)
class Bracket:
    """Hours of every amount from this one up to the next bracket: the table has no hole."""

    from_amount: Decimal
    hours: Decimal


@dataclass(frozen=True)
class Estimate:
    """`reasons` say why no clause is advised; without any, it is."""

    exact: Decimal
    formula: str
    reasons: tuple[str, ...] = ()
    labour_ratio: Decimal | None = None

    @property
    def hours(self) -> Decimal:
        return whole_hours(self.exact)

    @property
    def advice(self) -> str:
        return "no_clause" if self.reasons else "clause"


def classic(
    *,
    amount: Decimal,
    labour_share: Decimal,
    rate: Decimal,
    hourly_cost: Decimal,
    floor: Decimal | None = None,
) -> Estimate:
    """Amount × share of labour × rate ÷ hourly cost."""
    exact = amount * labour_share * rate / hourly_cost
    factors = (french.format_amount(amount), _percent(labour_share), _percent(rate))
    return Estimate(
        exact, f"{' × '.join(factors)} ÷ {french.format_amount(hourly_cost)}", _too_few(exact, floor)
    )


def per_euro(
    *, invoiced: Decimal, euros_per_hour: Decimal, threshold: Decimal, mode: PerEuroMode
) -> Estimate:
    """One hour per whole slice invoiced: above the threshold, or from the first euro once it is reached."""
    if mode == PerEuroMode.FRANCHISE:
        counted = max(invoiced - threshold, Decimal(0))
    else:
        counted = invoiced if invoiced >= threshold else Decimal(0)
    hours = (counted / euros_per_hour).to_integral_value(ROUND_FLOOR)
    return Estimate(hours, f"{french.format_amount(counted)} ÷ {french.format_amount(euros_per_hour)}")


def cleaning(
    *,
    amount: Decimal,
    rate: Decimal,
    transferred_monthly_hours: Decimal,
    months: int,
    hourly_cost: Decimal,
    floor: Decimal | None = None,
) -> Estimate:
    """The cleaning trade's rule (PACT Propreté): staff to be taken over comes before insertion."""
    free_amount = amount - transferred_monthly_hours * hourly_cost * months
    exact = max(free_amount * rate / hourly_cost, Decimal(0))
    cost = french.format_amount(hourly_cost)
    taken_over = f"{french.format_hours(transferred_monthly_hours)} × {months} mois × {cost}"
    free = f"({french.format_amount(amount)} {french.MINUS} {taken_over})"
    formula = f"{free} × {_percent(rate)} ÷ {cost}"
    reasons = ("Le personnel à reprendre couvre déjà tout le besoin.",) if free_amount <= 0 else ()
    ratio = free_amount / amount if amount else Decimal(0)
    return Estimate(exact, formula, reasons or _too_few(exact, floor), ratio)


def training(*, amount: Decimal, brackets: Sequence[Bracket]) -> Estimate:
    """Hours of a training clause for the amount of the firm period; the first bracket starts at 0 €."""
    ordered = sorted(brackets, key=lambda bracket: bracket.from_amount)
    position = sum(bracket.from_amount <= amount for bracket in ordered)
    ends = (
        f" à moins de {french.format_amount(ordered[position].from_amount)}"
        if ordered[position:]
        else " et plus"
    )
    start = french.format_amount(ordered[position - 1].from_amount)
    formula = f"barème pour {french.format_amount(amount)} (tranche de {start}{ends})"
    return Estimate(ordered[position - 1].hours, formula)


def worked(*, hours: Decimal, rate: Decimal) -> Estimate:
    """A share of the hours worked on the contract (ANRU)."""
    return Estimate(hours * rate, f"{french.format_hours(hours)} × {_percent(rate)}")


def full_time(*, months: Decimal, yearly_hours: Decimal) -> Estimate:
    exact = months * yearly_hours / MONTHS_IN_A_YEAR
    return Estimate(exact, f"{french.format_number(months)} mois × {french.format_hours(yearly_hours)} ÷ 12")


def fixed(*, hours: Decimal) -> Estimate:
    """A number of hours written in the contract."""
    return Estimate(hours, french.format_hours(hours))


def reserved(
    *, amount: Decimal, labour_share: Decimal, reserved_share: Decimal, hourly_cost: Decimal
) -> Estimate:
    """Work that a reserved lot gives to the workers it is reserved for, at the least."""
    factors = (french.format_amount(amount), _percent(labour_share), _percent(reserved_share))
    formula = f"{' × '.join(factors)} ÷ {french.format_amount(hourly_cost)}"
    return Estimate(amount * labour_share * reserved_share / hourly_cost, formula)


def per_month(hours: Decimal, months: int) -> Decimal:
    """The effort of a usual month, to the tenth of an hour."""
    return round_half_up(hours / months, 1)


def _percent(share: Decimal) -> str:
    return french.format_percentage(share * 100)


def _too_few(exact: Decimal, floor: Decimal | None) -> tuple[str, ...]:
    if floor is None or exact >= floor:
        return ()
    return (
        f"{french.format_hours(exact)} : en dessous de {french.format_hours(floor)}, "
        "une clause n’est pas conseillée.",
    )
