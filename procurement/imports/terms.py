import re
from datetime import date, time, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from config.lib.intake import normalise
from config.lib.spreadsheet import Cell
from procurement.imports.cells import NOTHING, Reading, words


UNREADABLE = "Cette durée ne se lit pas : écrivez par exemple 48 ou 4 ans."
TOO_LONG = "Une durée de plus de 600 mois n’est pas plausible."
NO_TERM = "Une durée nulle n’est pas retenue."
ROUNDED = "Durée arrondie au mois supérieur."
AS_FIRM = "Durée d’une reconduction non dite : à défaut, celle de la période ferme."
LONGEST_TERM = 600
# « Durée totale », « marketMaxDuration »: the renewals are counted already.
_WHOLE = re.compile("total|max")


class Term(NamedTuple):
    """Months of the firm term, how many renewals, months of each."""

    months: int
    renewals: int = 0
    renewal_months: int = 0


_IN_MONTHS = {
    "an": Decimal(12), "annee": Decimal(12), "mois": Decimal(1),
    "trimestre": Decimal(3), "semestre": Decimal(6),
    "semaine": Decimal(7) / Decimal("30.4"), "jour": 1 / Decimal("30.4"),
}  # fmt: skip
_UNIT = r"(an|annee|mois|trimestre|semestre|semaine|jour)s?"
_PERIOD = re.compile(rf"(\d{{1,4}}(?:[.,]\d{{1,2}})?) ?(?:{_UNIT})?")
_RENEWED = re.compile(
    rf"(?P<firm>.+?),? ?\(?(?:ferme )?(?:renouvelable|reconductible|reconduit|renouvele)s? ?"
    rf"(?:(?P<times>\d) ?(?:fois|x)?)?(?: (?:de |par |pour )?(?P<each>\d+ ?{_UNIT}))?\)?"
)
_ADDED = re.compile(r"(?P<firm>.+?) ?\+ ?(?:(?P<times>\d) ?(?:x|\*|fois) ?)?(?P<each>.+)")


def read_term(cell: Cell, unit: str = "mois") -> Reading:
    """A `Term`; a bare number counts in `unit`. Never raises."""
    if isinstance(cell, bool | date | time | timedelta):
        return Reading(reason=UNREADABLE)
    text = words(cell)
    if not text:
        return NOTHING
    firm, times, each = _parts(text)
    months, renewal = _months(firm, unit), _months(each, unit) if each else Decimal(0)
    if months is None or renewal is None:
        return Reading(reason=UNREADABLE)
    return _judge(months, times, renewal if each or not times else months)


def usual_renewal(term: Term | None, renewals: int | None, title: str) -> int | None:
    """Months of each renewal where a column says their number alone: « 1 an » and « 3 » are « 1 an
    renouvelable 3 fois ». `title` is that of the column of the term."""
    if term is None or not renewals or term.renewals or _WHOLE.search(normalise(title)):
        return None
    return term.months if term.months * (1 + renewals) <= LONGEST_TERM else None


def _parts(text: str) -> tuple[str, int, str]:
    for pattern in (_RENEWED, _ADDED):
        if found := pattern.fullmatch(text):
            return found["firm"].strip(), int(found["times"] or 1), found["each"] or ""
    return text, 0, ""


def _months(text: str, unit: str) -> Decimal | None:
    found = _PERIOD.fullmatch(text.removesuffix(" ferme").removesuffix(" fermes"))
    if found is None:
        return None
    number, named = found.groups()
    return Decimal(number.replace(",", ".")) * _IN_MONTHS[named or unit]


def _judge(months: Decimal, times: int, renewal: Decimal) -> Reading:
    if months == 0:
        return Reading(reason=NO_TERM)
    if months + times * renewal > LONGEST_TERM:
        return Reading(reason=TOO_LONG)
    whole, each = _ceiling(months), _ceiling(renewal)
    return Reading(Term(whole, times, each), "" if (whole, each) == (months, renewal) else ROUNDED)


def _ceiling(months: Decimal) -> int:
    return int(months.to_integral_value(ROUND_CEILING))
