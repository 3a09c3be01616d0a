"""Figures of reports as people read them: the same on screen and in print."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from config.lib import charts, french
from reporting.queries.buyer_report import BuyerFigures, ContractFigures
from reporting.queries.dashboard import Dashboard
from reporting.queries.months import MonthFigures
from reporting.queries.window import Hours
from reporting.rules import periods


register = template.Library()

CHARTED = 7


@register.filter
def people(count: int | str) -> str:
    """A number, or the mark of one that is hidden."""
    return count if isinstance(count, str) else french.format_number(count)


@register.filter
def persons(count: int | str) -> str:
    """« 14 personnes », « < 5 personnes »."""
    return f"{people(count)} personne{'' if count in (0, 1) else 's'}"


@register.filter
def hundredths(hours: Decimal) -> str:
    """Hours in a column: two decimals, so that they line up."""
    return french.format_number(hours, 2)


@register.filter
def rate(value: Decimal | None) -> str:
    """One decimal always: rates are read in a column."""
    return "–" if value is None else f"{french.format_number(value, 1)}{french.NO_BREAK_SPACE}%"


@register.filter
def done_note(figures: BuyerFigures | Dashboard) -> str:
    if figures.totals.rate is None:
        return "depuis le début des contrats"
    return f"{rate(figures.totals.rate)} des heures dues"


@register.filter
def due_note(due: Decimal) -> str:
    return f"sur {french.format_hours(due)} dues"


@register.filter
def declared_note(declared: Decimal) -> str:
    return f"{french.format_hours(declared)} déclarées dans l’année"


@register.filter
def period(figures: object) -> str:
    """Of anything that starts and ends."""
    return periods.describe(figures.starts_on, figures.ends_on)


@register.simple_tag
def hours_chart(months: Sequence[MonthFigures]) -> SafeString:
    credited = [month.credited_to_date for month in months if month.credited_to_date is not None]
    return charts.line(
        _sentence(months, credited),
        _labels([month.month for month in months]),
        credited,
        [month.due for month in months],
        french.format_hours,
        names=("Retenues", "Dues"),
    )


@register.simple_tag
def contracts_chart(contracts: Sequence[ContractFigures]) -> SafeString:
    """The largest debts, each cut into what is retained and what is left."""
    largest = sorted(contracts, key=lambda contract: -contract.hours.due)[:CHARTED]
    rows = [(f"{contract.reference} {contract.title}", _parts(contract.hours)) for contract in largest]
    told = " ; ".join(
        f"{name} : {french.format_hours(credited)} retenues, {french.format_hours(left)} à réaliser"
        for name, (credited, left) in rows
    )
    return charts.stacked_bars(f"{told}.", ("Retenues", "À réaliser"), rows, french.format_hours)


def _parts(hours: Hours) -> tuple[Decimal, Decimal]:
    return hours.credited_to_date, max(hours.balance, Decimal(0))


def _labels(months: Sequence[date]) -> list[str]:
    """« nov. » within a year, « 11/26 » across years: the name of a line ends with one of them."""
    if len({month.year for month in months}) == 1:
        return [french.SHORT_MONTHS[month.month - 1] for month in months]
    return [f"{month:%m/%y}" for month in months]


def _sentence(months: Sequence[MonthFigures], credited: Sequence[Decimal]) -> str:
    """What a reader who does not see the drawing must know of it."""
    last = months[-1]
    due = f"{french.format_hours(last.due)} sont dues fin {french.format_month(last.month)}"
    if not credited:
        return f"Aucun mois de la période n’est encore commencé ; {due}."
    reached = months[len(credited) - 1].month
    return (
        f"Fin {french.format_month(reached)}, {french.format_hours(credited[-1])} sont retenues "
        f"depuis le début des contrats ; {due}."
    )
