"""A line of a plan as somebody types it in a table: from cells to values, and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from config.lib.text import fold
from procurement.enums import DatePrecision, Nature, Procedure
from procurement.imports.amounts import PLACEHOLDER
from procurement.imports.cells import NOTHING, Reading, words
from procurement.imports.days import Moment
from procurement.imports.rows import NO_TITLE, READERS, Surroundings
from procurement.imports.terms import Term
from procurement.models import Market


# How « je ne sais pas » is written back; `words` reads many others.
UNKNOWN = "?"
NATURE_OF_BOTH = "Choisissez la nature principale : fournitures, services ou travaux."
TELL_UNKNOWN = f"{PLACEHOLDER} Écrivez «\N{NO-BREAK SPACE}?\N{NO-BREAK SPACE}» si vous ne savez pas."
DAYS = {DatePrecision.DAY: "%d/%m/%Y", DatePrecision.MONTH: "%m/%Y", DatePrecision.YEAR: "%Y"}

Values = dict[str, object]


@dataclass
class TypedLine:
    """What the cells that somebody changed say: values by field of the model, what is not known, and the
    sentences about cells that were not understood, or with a doubt."""

    values: Values = field(default_factory=dict)
    unknowns: dict[str, bool] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column of the table: its words, the field it asks for, how a cell is read, what its value writes on
    a market, and how it is shown."""

    title: str
    asks: str
    read: Callable[[str, Surroundings], Reading]
    spread: Callable[[Any], Values]
    write: Callable[[Market], str]
    help: str = ""
    choices: str = ""
    size: int = 12


def write_moment(moment: Moment) -> str:
    """As people would type it again."""
    if moment.precision == DatePrecision.QUARTER:
        return f"T{(moment.on.month - 1) // 3 + 1} {moment.on.year}"
    if moment.precision == DatePrecision.SEMESTER:
        return f"S{(moment.on.month - 1) // 6 + 1} {moment.on.year}"
    return moment.on.strftime(DAYS[DatePrecision(moment.precision)])


def write_number(number: Decimal) -> str:
    """« 80 000,5 », with spaces that a keyboard types."""
    return f"{number.normalize():,f}".replace(",", " ").replace(".", ",")


def _as_is(name: str, empty: object) -> Callable[[Any], Values]:
    return lambda value: {name: empty if value is None else value}


def _spread_moment(moment: Moment | None) -> Values:
    return {
        "launch_on": moment and moment.on,
        "launch_precision": moment.precision if moment else DatePrecision.DAY,
    }


def _spread_term(term: Term | None) -> Values:
    months, renewals, each = term or (None, 0, 0)
    return {"duration_months": months, "renewals": renewals, "renewal_months": each}


def _launch(market: Market) -> str:
    return (
        write_moment(Moment(market.launch_on, DatePrecision(market.launch_precision)))
        if market.launch_on
        else ""
    )


def _term(market: Market) -> str:
    if market.duration_months is None:
        return ""
    firm = str(market.duration_months)
    return f"{firm} + {market.renewals} x {market.renewal_months}" if market.renewals else firm


def _label(name: str) -> Callable[[Market], str]:
    """The word of a choice; nothing for « je ne sais pas », which `unknowns` tells."""
    return lambda market: getattr(market, f"get_{name}_display")() if market.is_filled(name) else ""


def _number(name: str) -> Callable[[Market], str]:
    return lambda market: "" if (value := getattr(market, name)) is None else write_number(value)


def _text(name: str) -> Callable[[Market], str]:
    return lambda market: str(getattr(market, name) or "")


def _known(cell: str, names: Mapping[str, Any], refusal: str) -> Reading:
    """The row of this name; where there is none, the nearest name is proposed and nothing is taken."""
    if found := names.get(fold(cell)):
        return Reading(found)
    near = [str(names[word]) for word in get_close_matches(fold(cell), names, n=1)]
    return Reading(reason=f"{refusal}. {_did_you_mean(near)}")


def _did_you_mean(near: list[str]) -> str:
    if not near:
        return "Choisissez dans la liste, ou laissez vide."
    space = "\N{NO-BREAK SPACE}"
    return f"Vouliez-vous dire «{space}{near[0]}{space}»{space}?"


def _read_department(cell: str, around: Surroundings) -> Reading:
    return _known(cell, around.departments, "Ce service n’est pas dans la liste de cet acheteur")


def _read_family(cell: str, around: Surroundings) -> Reading:
    reading = READERS["family"](cell, around)
    return reading if reading.value else _known(cell, around.families, "Cette famille n’existe pas")


def _read_nature(cell: str, around: Surroundings) -> Reading:
    reading = READERS["nature"](cell, around)
    return Reading(reason=NATURE_OF_BOTH) if reading.value == Nature.UNKNOWN else reading


def _read_amount(cell: str, around: Surroundings) -> Reading:
    reading = READERS["estimated_amount"](cell, around)
    return Reading(reason=TELL_UNKNOWN) if reading.reason == PLACEHOLDER else reading


COLUMNS = {
    "title": Column(
        "Objet du marché", "title", READERS["title"], _as_is("title", ""), _text("title"), size=30
    ),
    "department": Column(
        "Service", "department", _read_department, _as_is("department", None), _text("department"),
        choices="departments", size=14,
    ),
    "family": Column(
        "Famille d’achats", "family", _read_family, _as_is("family", None), _text("family"),
        choices="families", size=16,
    ),
    "cpv": Column(
        "CPV", "cpv_code", READERS["cpv_code"], _as_is("cpv_code", ""), _text("cpv_code"),
        size=9, help="90910000",
    ),
    "nature": Column(
        "Nature", "nature", _read_nature, _as_is("nature", Nature.UNKNOWN), _label("nature"),
        choices="natures", size=11,
    ),
    "amount": Column(
        "Montant (€\N{NO-BREAK SPACE}HT)", "estimated_amount", _read_amount,
        _as_is("estimated_amount", None), _number("estimated_amount"), size=12, help="80 000 ou 1,2 M€",
    ),
    "procedure": Column(
        "Procédure", "procedure", READERS["procedure"], _as_is("procedure", Procedure.UNKNOWN),
        _label("procedure"), choices="procedures", size=16,
    ),
    "launch": Column(
        "Lancement", "launch_on", READERS["launch_on"], _spread_moment, _launch, size=10, help="T2 2027",
    ),
    "duration": Column(
        "Durée (mois)", "duration_months", READERS["duration"], _spread_term, _term, size=10, help="48",
    ),
    "place": Column(
        "Lieu d’exécution", "place", READERS["place"], _as_is("place", ""), _text("place"), size=16
    ),
    "labour": Column(
        "Main-d’œuvre (%)", "labour_share", READERS["labour_share"], _as_is("labour_share", None),
        _number("labour_share"), size=7, help="35",
    ),
}  # fmt: skip
BLANK = dict.fromkeys(COLUMNS, "")


def write_line(market: Market) -> dict[str, str]:
    """The cells of a line as the table shows them. Rows come with their department and family."""
    unknown = set(market.said_unknown)
    return {
        name: UNKNOWN if column.asks in unknown else column.write(market) for name, column in COLUMNS.items()
    }


def read_line(cells: Mapping[str, str], seen: Mapping[str, str], around: Surroundings) -> TypedLine:
    """What was typed over the cells as they were `seen`; the others are left alone. Never raises."""
    typed = TypedLine()
    for name, column in COLUMNS.items():
        cell = cells.get(name, "").strip()
        if cell != seen.get(name, ""):
            _take(typed, name, column, cell, around)
    if not cells.get("title", "").strip():
        typed.problems["title"] = NO_TITLE
    return typed


def _take(typed: TypedLine, name: str, column: Column, cell: str, around: Surroundings) -> None:
    reading = column.read(cell, around) if words(cell) or name == "title" else NOTHING
    if reading.value is None and reading.reason:
        typed.problems[name] = reading.reason
        return
    typed.values |= column.spread(reading.value)
    typed.unknowns[column.asks] = bool(cell) and reading.value is None
    if reading.reason:
        typed.doubts[name] = reading.reason
