from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from config.lib.rounding import round_amount, round_half_up, round_hours


NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
# Screen readers say « moins » for this sign and often nothing for the hyphen.
MINUS = "\N{MINUS SIGN}"

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)


def format_number(value: Decimal | int, places: int | None = None) -> str:
    """All decimals that count when `places` is not given, exactly `places` otherwise."""
    number = Decimal(value) if places is None else round_half_up(Decimal(value), places)
    whole, _, decimals = f"{abs(number):,f}".partition(".")
    if places is None:
        decimals = decimals.rstrip("0")
    sign = MINUS if number < 0 else ""
    return sign + whole.replace(",", NARROW_SPACE) + (f",{decimals}" if decimals else "")


def format_amount(amount: Decimal | int) -> str:
    """« 1 234 567,89 € »; the cents are left out of a whole amount."""
    rounded = round_amount(Decimal(amount))
    places = 0 if rounded == rounded.to_integral_value() else 2
    return f"{format_number(rounded, places)}{NO_BREAK_SPACE}€"


def format_hours(hours: Decimal | int) -> str:
    """« 1 234,5 h »."""
    return f"{format_number(round_hours(Decimal(hours)))}{NO_BREAK_SPACE}h"


def format_percentage(rate: Decimal | int) -> str:
    """« 12,5 % »; the rate comes rounded from `rounding.percentage`."""
    return f"{format_number(rate)}{NO_BREAK_SPACE}%"


def format_date_long(day: date) -> str:
    """« 1er mars 2027 »."""
    return f"{'1er' if day.day == 1 else day.day} {format_month(day)}"


def format_date_short(day: date) -> str:
    """« 03/03/2027 »."""
    return f"{day:%d/%m}/{day.year:04d}"


def format_month(day: date) -> str:
    """« mars 2027 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def format_month_digits(day: date) -> str:
    """« 03/2027 »."""
    return f"{day.month:02d}/{day.year:04d}"


def of_month(day: date) -> str:
    """« de mars 2027 », « d’avril 2027 »."""
    name = format_month(day)
    return f"d’{name}" if name[0] in "ao" else f"de {name}"


def since(days: int) -> str:
    if days < 1:
        return "depuis aujourd’hui"
    return "depuis hier" if days == 1 else f"depuis {format_number(days)} jours"


def join_words(words: Sequence[str]) -> str:
    """« a, b et c »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"
