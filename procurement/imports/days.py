import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from config.lib.french import MONTHS, format_date_short
from config.lib.spreadsheet import Cell
from config.lib.text import fold
from procurement.enums import DatePrecision
from procurement.imports.cells import NOTHING, Reading, text, words


UNREADABLE = "Cette date ne se lit pas : écrivez par exemple 15/03/2027, 03/2027 ou T2 2027."
IMPOSSIBLE = "Cette date n’existe pas dans le calendrier."
IMPLAUSIBLE = "Cette année n’est pas plausible."
YEAR_OF_THE_PLAN = "L’année manque : celle du plan est retenue."

EARLIEST, LATEST = 2000, 2100
_PARIS = ZoneInfo("Europe/Paris")
# Spreadsheets count days from there; the numbers of plausible years do not meet those of dates.
_SERIAL_ORIGIN = date(1899, 12, 30)
_SERIALS = range(36_526, 73_415)
_LONGEST = 40
# What a data tool writes of a SIRET that it took for a number.
_SIRET_AS_A_NUMBER = re.compile(r"\d{14}[.,]0")
_SIRET_IN_POWERS = re.compile(r"\d[.,]\d{13}E\+?13", re.IGNORECASE)
_LOOKS_LIKE_A_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}(?:T|$)")


class Moment(NamedTuple):
    """The first day of a day, a month, a quarter, a semester or a year."""

    on: date
    precision: DatePrecision


_MONTH_NUMBERS = {fold(name): number for number, name in enumerate(MONTHS, start=1)}
_MONTH_NUMBERS |= {
    "janv": 1, "jan": 1, "fevr": 2, "fev": 2, "mar": 3, "avr": 4, "juil": 7, "jul": 7, "sept": 9, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_MONTH = rf"(?P<name>{'|'.join(sorted(_MONTH_NUMBERS, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_RANK = r"(?P<rank>[1-4])(?:er|e|eme|re|nd)?"
_ORDINALS = {
    "premier": "1",
    "deuxieme": "2",
    "second": "2",
    "troisieme": "3",
    "quatrieme": "4",
    "dernier": "4",
}
_ORDINAL = re.compile(rf"({'|'.join(_ORDINALS)}) (?=trim)|(premier|deuxieme|second) (?=sem)")
_AROUND = re.compile(r"(?:debut|mi|fin|courant)[ -](?:d'annee )?(?=[tqs1-4])")

_DAY, _MONTH_ONLY = DatePrecision.DAY, DatePrecision.MONTH
_QUARTER, _SEMESTER, _WHOLE_YEAR = DatePrecision.QUARTER, DatePrecision.SEMESTER, DatePrecision.YEAR
_MONTHS_IN = {_QUARTER: 3, _SEMESTER: 6}
_PATTERNS = [
    (re.compile(pattern), precision)
    for pattern, precision in (
        (r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[t ].*)?", _DAY),
        (rf"(?P<day>\d{{1,2}})[-/. ](?P<month>\d{{1,2}})[-/. ]{_YEAR}(?: \d\d:\d\d(?::\d\d)?)?", _DAY),
        (rf"(?:[a-z]+ )?(?P<day>\d{{1,2}})(?:er)?[ -]{_MONTH}[ -]{_YEAR}", _DAY),
        (r"(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{4})", _MONTH_ONLY),
        (r"(?P<year>\d{4}) ?[-/.] ?(?P<month>\d{1,2})", _MONTH_ONLY),
        (rf"(?:(?:debut|mi|fin|courant)[ -])?{_MONTH}(?:[ '/-]+{_YEAR})?", _MONTH_ONLY),
        (rf"[tq]{_RANK}(?:[ '/-]*{_YEAR})?", _QUARTER),
        (rf"(?P<year>\d{{4}})[ /-]*[tq]{_RANK}", _QUARTER),
        (rf"{_RANK} ?trim(?:estre|\.)?(?:[ -]*{_YEAR})?", _QUARTER),
        (rf"s{_RANK}(?:[ '/-]*{_YEAR})?", _SEMESTER),
        (rf"{_RANK} ?sem(?:estre|\.)?(?:[ -]*{_YEAR})?", _SEMESTER),
        (r"(?:annee |courant )?(?P<year>\d{4})", _WHOLE_YEAR),
    )
]


def read_moment(cell: Cell, plan_year: int) -> Reading:
    """A `Moment`. Never raises."""
    if isinstance(cell, bool | time | timedelta):
        return Reading(reason=UNREADABLE)
    if isinstance(cell, datetime):
        return _judge(_in_paris(cell), _DAY)
    if isinstance(cell, date):
        return _judge(cell, _DAY)
    said = words(cell)
    if serial := _serial(cell, said):
        return _judge(_SERIAL_ORIGIN + timedelta(days=serial), _DAY)
    return _read_text(said, plan_year) if said else NOTHING


def _serial(cell: Cell, said: str) -> int | None:
    """The day of a spreadsheet’s number, also when a text file carries it; its hours are left out."""
    if isinstance(cell, float):
        return int(cell) if _SERIALS.start <= cell < _SERIALS.stop else None
    return int(said) if len(said) == 5 and said.isdecimal() and int(said) in _SERIALS else None


def read_day(cell: Cell, plan_year: int) -> Reading:
    """A day, where the application keeps no precision: the first one of the period, with a doubt."""
    moment, reason = read_moment(cell, plan_year)
    if moment is None or moment.precision == _DAY:
        return Reading(moment and moment.on, reason)
    return Reading(moment.on, f"Lu comme le {format_date_short(moment.on)}.")


def as_kept(cell: Cell) -> str:
    """A cell of a column that nobody knows: a day always in the same writing, so that it compares."""
    written = text(cell)
    if _SIRET_AS_A_NUMBER.fullmatch(written):
        return written[:14]
    if _SIRET_IN_POWERS.fullmatch(written):
        return written[0] + written[2:15]
    if not _LOOKS_LIKE_A_DAY.match(written):
        return written
    moment = read_moment(written, EARLIEST).value
    return format_date_short(moment.on) if moment and moment.precision == _DAY else written


def _in_paris(moment: datetime) -> date:
    """The last instants of the calendar have no morrow to be moved to."""
    return moment.astimezone(_PARIS).date() if moment.tzinfo and moment.year < LATEST else moment.date()


def _read_text(said: str, plan_year: int) -> Reading:
    if len(said) > _LONGEST:
        return Reading(reason=UNREADABLE)
    if "t" in said and (instant := _instant(said)):
        return _judge(_in_paris(instant), _DAY)
    said = _AROUND.sub("", _ORDINAL.sub(lambda word: _ORDINALS[word[0].strip()] + " ", said))
    for pattern, precision in _PATTERNS:
        if found := pattern.fullmatch(said):
            return _assemble(found.groupdict(), precision, plan_year)
    return Reading(reason=UNREADABLE)


def _instant(said: str) -> datetime | None:
    """« 2027-03-14T23:00:00Z » is 15 March in Paris."""
    try:
        instant = datetime.fromisoformat(said.upper())
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _assemble(parts: dict[str, str | None], precision: DatePrecision, plan_year: int) -> Reading:
    year = _full_year(parts.get("year")) or plan_year
    month = _month(parts, precision)
    try:
        day = date(year, month, int(parts.get("day") or 1))
    except ValueError:
        return Reading(reason=IMPOSSIBLE)
    return _judge(day, precision, "" if parts.get("year") else YEAR_OF_THE_PLAN)


def _full_year(digits: str | None) -> int:
    year = int(digits or 0)
    return year + 2000 if digits and len(digits) == 2 else year


def _month(parts: dict[str, str | None], precision: DatePrecision) -> int:
    if name := parts.get("name"):
        return _MONTH_NUMBERS[name]
    if rank := parts.get("rank"):
        # « S3 » gives month 13, which no calendar has.
        return (int(rank) - 1) * _MONTHS_IN[precision] + 1
    return int(parts.get("month") or 1)


def _judge(day: date, precision: DatePrecision, doubt: str = "") -> Reading:
    if not EARLIEST <= day.year < LATEST:
        return Reading(reason=IMPLAUSIBLE)
    return Reading(Moment(day, precision), doubt)
