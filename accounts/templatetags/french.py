"""`{{ lot.amount|amount }}`: numbers and dates as config/lib/french writes them, empty when unknown."""

from collections.abc import Callable, Sized
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django import template
from django.utils import timezone

from config.lib import french
from config.lib.siret import group


register = template.Library()


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _number_filter(name: str, write: Callable[[Decimal], str]) -> None:
    def filtered(value: object) -> str:
        number = _decimal(value)
        return "" if number is None else write(number)

    register.filter(name, filtered)


def _date_filter(name: str, write: Callable[[date], str]) -> None:
    def filtered(value: object) -> str:
        return write(value) if isinstance(value, date) else ""

    # Django turns an aware moment into Paris time before the filter sees it.
    register.filter(name, filtered, expects_localtime=True)


_number_filter("amount", french.format_amount)
_number_filter("hours", french.format_hours)
_number_filter("percent", french.format_percentage)
_date_filter("long_date", french.format_date_long)
_date_filter("short_date", french.format_date_short)
_date_filter("month", french.format_month)
_date_filter("month_digits", french.format_month_digits)
_date_filter("of_month", french.of_month)


@register.filter
def number(value: object, places: int | None = None) -> str:
    """`{{ hours|number }}` keeps the decimals that count, `{{ hours|number:2 }}` shows two."""
    counted = _decimal(value)
    return "" if counted is None else french.format_number(counted, places)


@register.filter
def plural(count: int | Sized, forms: str = "s") -> str:
    """« 0 clause », « 2 clauses »: French counts in the plural from two on, Django's own filter from zero.

    `{{ n|plural }}` adds an s, `{{ n|plural:"x" }}` an x; `{{ n|plural:"sera,seront" }}` chooses a word.
    """
    one, several = forms.split(",") if "," in forms else ("", forms)
    counted = len(count) if isinstance(count, Sized) else count
    return several if counted >= 2 else one


@register.filter
def siret(number: str) -> str:
    return group(number)


@register.filter
def last_day(end: object) -> date | None:
    """`{{ contract.ends_on|last_day|short_date }}`: people read the last day of a period, end excluded."""
    return end - timedelta(days=1) if isinstance(end, date) else None


@register.filter(expects_localtime=True)
def since(moment: object) -> str:
    """« depuis 12 jours »: a page is read today, so the clock is read here."""
    if not isinstance(moment, date):
        return ""
    day = moment.date() if isinstance(moment, datetime) else moment
    return french.since((timezone.localdate() - day).days)  # noqa: TID251
