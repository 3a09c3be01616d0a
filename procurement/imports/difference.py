"""From the bytes of a plan file to what it would change, line by line."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db import models

from config.lib.intake import Counts, Header, Issue, Record, read_records
from config.lib.spreadsheet import UnreadableFile
from config.lib.text import fold
from procurement.enums import Nature
from procurement.imports import lots
from procurement.imports.amounts import MERGED_AMOUNT, PLACEHOLDER
from procurement.imports.cells import Reading, text
from procurement.imports.changes import FIELDS, Change, Shown
from procurement.imports.choices import Choices, choices_of
from procurement.imports.days import as_kept
from procurement.imports.known import Known, places_of
from procurement.imports.layout import SeenSheet, read_layout
from procurement.imports.rows import TARGETS, MarketRow, Surroundings
from procurement.models import Buyer, Department, Family, Market, PurchasePlan


NO_HEADER = (
    "n’a pas de ligne d’en-tête reconnue parmi ses dix premières lignes : il faut au moins une colonne "
    "« Objet », « Intitulé » ou « Titre du projet »."
)
_TOLD_EVERY = 250


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WAITING = "waiting"


@dataclass
class Line:
    """One line of the file: what it says, and what becomes of it."""

    record: Record
    values: dict[str, object] = field(default_factory=dict)
    guesses: dict[str, object] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    # The same as kept on the market: with the field that each cell was to fill.
    marks: list[dict[str, Any]] = field(default_factory=list)
    # How each cell was read, and why the others were not.
    readings: Mapping[str, Reading] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    # The field that each issue is about, in the same order.
    asked: list[str] = field(default_factory=list)
    lots: int = 1
    waits_for: str = ""
    market: Market | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.waits_for:
            return Outcome.WAITING
        if self.market is None:
            return Outcome.CREATED
        return Outcome.UPDATED if self.changes else Outcome.UNCHANGED

    @property
    def reference(self) -> str:
        return str(self.values.get("reference", ""))

    @property
    def title(self) -> str:
        return str(self.values.get("title", ""))

    @property
    def key(self) -> tuple[str, str]:
        """What makes two lines the same market: the reference, or the title when there is none."""
        return ("reference", self.reference) if self.reference else ("title", fold(self.title))


@dataclass(frozen=True)
class Correction:
    """A cell as somebody put it right on the page, after the file was sent."""

    sheet: str
    line: int
    field: str
    value: str

    @property
    def place(self) -> tuple[str, int, str]:
        return self.sheet, self.line, self.field


@dataclass(frozen=True)
class FilePlan:
    """Everything that applying a file would do."""

    name: str
    lines: list[Line]
    choices: Choices
    known: Known
    sheets: list[SeenSheet]
    new_departments: list[Department]
    # Markets of the plan that the file does not mention: shown, never removed.
    absent: list[Market]

    @property
    def headers(self) -> dict[str, Header]:
        """The header of each sheet that is read."""
        return {sheet.name: sheet.header for sheet in self.sheets if sheet.is_read}

    @property
    def columns(self) -> list[str]:
        """The titles of the sheets that are read, or of all when none is."""
        headers = self.headers.values() or [sheet.header for sheet in self.sheets]
        return [title for header in headers for title in header.titles]

    @property
    def ignored_sheets(self) -> list[str]:
        return [sheet.name for sheet in self.sheets if not sheet.is_read]

    def refuse_empty(self) -> None:
        """Raises `UnreadableFile` when nothing of the file is read: nobody is there to choose its columns."""
        if not self.headers:
            raise UnreadableFile(self.name, NO_HEADER)
        if not self.lines:
            raise UnreadableFile(self.name, "a un en-tête, mais aucune ligne dessous.")

    @property
    def merged_cells(self) -> int:
        """Cells written once for several lines, and read on each."""
        return sum(len(line.record.merged) for line in self.lines)

    @property
    def counts(self) -> Counts:
        by_outcome = Counter(line.outcome for line in self.lines)
        return Counts(rows=len(self.lines), **{outcome: by_outcome[outcome] for outcome in Outcome})

    @property
    def issues(self) -> list[Issue]:
        return [issue for line in self.lines for issue in line.issues]

    @property
    def questions(self) -> list[tuple[str, Issue]]:
        """Each issue with the field that an answer to it would fill."""
        return [pair for line in self.lines for pair in zip(line.asked, line.issues, strict=True)]

    def having(self, outcome: Outcome) -> list[Line]:
        return [line for line in self.lines if line.outcome == outcome]


def read_plan_file(
    *,
    data: bytes,
    name: str,
    buyer: Buyer,
    year: int,
    plan: PurchasePlan | None,
    corrections: Iterable[Correction] = (),
    sheet_choices: Mapping[str, Mapping] | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> FilePlan:
    """Raises `UnreadableFile` when it is no table at all; `refuse_empty` says when no line of it is read.

    `tell` is told now and then how many lines are understood, of how many.
    """
    choices = choices_of(buyer, sheet_choices)
    sheets = read_layout(data, name, choices)
    records = _corrected(_records(sheets), corrections)
    families = list(Family.objects.order_by("pk"))
    departments = list(Department.objects.filter(buyer=buyer).order_by("pk")) if buyer.pk else []
    around = Surroundings(
        year, families, departments, buyer, places=places_of(buyer, year), chosen=choices.values
    )
    lines = [_judge(MarketRow(record, around), record) for record in _told(records, tell)]
    markets = list(plan.markets.order_by("pk")) if plan else []
    _hold_back_repeated(lines)
    matched = _match([line for line in lines if not line.waits_for], markets)
    _count_lots(lines)
    shown = Shown(families, departments)
    for line in lines:
        if not line.waits_for:
            _complete(line)
            line.changes = list(_changes(line, shown)) if line.market else []
    absent = [market for market in markets if market.pk not in matched]
    used = {id(line.values.get("department")) for line in lines if not line.waits_for}
    new_departments = [department for department in around.known.new_departments if id(department) in used]
    return FilePlan(name, lines, choices, around.known, sheets, new_departments, absent)


def _records(sheets: Iterable[SeenSheet]) -> list[Record]:
    return [record for sheet in sheets if sheet.is_read for record in read_records(sheet.table, sheet.header)]


def _told(records: list[Record], tell: Callable[[int, int], None] | None) -> Iterator[Record]:
    for rank, record in enumerate(records):
        if tell and rank % _TOLD_EVERY == 0:
            tell(rank, len(records))
        yield record


def _corrected(records: list[Record], corrections: Iterable[Correction]) -> list[Record]:
    right: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for correction in corrections:
        right[correction.sheet, correction.line][correction.field] = correction.value
    return [
        replace(record, cells={**record.cells, **right[record.sheet, record.line]})
        if (record.sheet, record.line) in right
        else record
        for record in records
    ]


def _judge(row: MarketRow, record: Record) -> Line:
    """Errors hold nothing back but the title’s: the other cells are kept as they were written."""
    problems = {name: str(errors.as_data()[0].message) for name, errors in row.errors.items()}
    doubts = dict.fromkeys(record.merged & row.amounts_said, MERGED_AMOUNT) | dict(row.doubts)
    issues = {name: _issue(record, name, reason) for name, reason in (problems | doubts).items()}
    return Line(
        record,
        values=row.values() | {"extra": _extra(record)},
        guesses=row.guesses(),
        issues=list(issues.values()),
        asked=list(issues),
        marks=[
            asdict(issue) | {"field": TARGETS.get(name, name), "is_unread": name in problems}
            for name, issue in issues.items()
        ],
        readings=row.cleaned_data,
        problems=problems,
        lots=row.said("lots") or 1,
        waits_for=problems.get("title", ""),
    )


def _extra(record: Record) -> dict[str, object]:
    kept = ((text(title), as_kept(cell)) for title, cell in record.extra.items())
    return {title: said for title, said in kept if said}


def _issue(record: Record, name: str, reason: str) -> Issue:
    raw = text(record.cells.get(name, ""))
    return Issue(text(record.sheet), record.line, text(record.titles.get(name, "")), raw, reason)


def _hold_back_repeated(lines: list[Line]) -> None:
    """A line that is the same market as an earlier one waits, and says which."""
    first: dict[tuple[str, str], Line] = {}
    for line in lines:
        if line.waits_for:
            continue
        earlier = first.setdefault(line.key, line)
        if earlier is not line:
            _hold_back(line, _repeats(line, earlier))


def _repeats(line: Line, earlier: Line) -> str:
    what = "la référence" if line.reference else "l’objet"
    place = f"ligne {earlier.record.line}"
    if earlier.record.sheet != line.record.sheet:
        place += f" de la feuille « {earlier.record.sheet} »"
    return f"Répète {what} de la {place}."


def _hold_back(line: Line, reason: str) -> None:
    name = "title" if not line.reference else "url" if line.record.text("url") else "reference"
    line.waits_for = reason
    line.issues.append(_issue(line.record, name, reason))
    line.asked.append(name)


def _match(lines: list[Line], markets: list[Market]) -> set[int]:
    """Find the market of each line: by reference first, then by title among those left."""
    by_reference = {market.reference: market for market in markets if market.reference}
    for line in lines:
        line.market = by_reference.get(line.reference)
    claimed = {line.market.pk for line in lines if line.market}
    by_title = defaultdict(list)
    for market in markets:
        by_title[fold(market.title)].append(market)
    for line in lines:
        if line.market is None:
            _match_by_title(line, by_title.get(fold(line.title), []), claimed)
    return claimed


def _match_by_title(line: Line, namesakes: list[Market], claimed: set[int]) -> None:
    left = [
        market
        for market in namesakes
        if market.pk not in claimed and not (line.reference and market.reference)
    ]
    if len(left) == 1:
        line.market = left[0]
        claimed.add(left[0].pk)
    elif left and not line.reference:
        _hold_back(line, "Plusieurs marchés du plan portent cet objet : donnez une référence à la ligne.")


def _count_lots(lines: Iterable[Line]) -> None:
    """Proposals hang on the lots of a market: a file tells that their number differs, and changes none."""
    asked = {line.market.pk: line for line in lines if line.market and _said_lots(line)}
    for key, count in lots.counts(asked).items():
        if count != _said_lots(asked[key]):
            asked[key].issues.append(_issue(asked[key].record, "lots", lots.told(count)))
            asked[key].asked.append("lots")


def _said_lots(line: Line) -> int | None:
    return line.readings["lots"].value if "lots" in line.readings else None


def _complete(line: Line) -> None:
    """Settle what the line writes once its market is known; an empty cell never erases what is known."""
    market = line.market
    for name, guess in line.guesses.items():
        if name not in line.values and (market is None or is_blank(getattr(market, name))):
            line.values[name] = guess
    line.values["issues"] = _marks_left(line, market)
    if market:
        line.values["extra"] = market.extra | line.values["extra"]


def _marks_left(line: Line, market: Market | None) -> list[dict[str, Any]]:
    """A cell that was not understood is no longer worth a mark where a person has filled the field."""
    left = [
        mark for mark in line.marks if not (mark["is_unread"] and _is_filled(mark["field"], line, market))
    ]
    if market and [_meaning(mark) for mark in market.issues] == [_meaning(mark) for mark in left]:
        return market.issues
    return left


def _is_filled(name: str, line: Line, market: Market | None) -> bool:
    if name in line.values:
        return True
    return market is not None and name in FIELDS and not is_blank(getattr(market, FIELDS[name].attname))


def _meaning(mark: dict[str, object]) -> tuple[object, ...]:
    """Where the line stands in the file is not what the mark says, nor how a non-amount is written."""
    return mark["field"], mark["reason"], "" if mark["reason"] == PLACEHOLDER else mark["value"]


def is_blank(value: object) -> bool:
    return not value or value == Nature.UNKNOWN


def _changes(line: Line, shown: Shown) -> Iterator[Change]:
    for name, value in line.values.items():
        before = getattr(line.market, FIELDS[name].attname)
        after = value.pk if isinstance(value, models.Model) else value
        if before != after or (after is None and isinstance(value, models.Model)):
            yield shown.change(name, before, value)
