"""Published contracts (DECP): judge each row, gather the rows of a contract, tell what differs from ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from config.lib import siret as siret_numbers
from config.lib.intake import Counts, Issue
from procurement.enums import Nature, Procedure, SocialRecord
from procurement.imports import published_values as values
from procurement.imports.cells import Reading
from procurement.imports.published_rows import Contractor, Modification, Published, PublishedRow
from procurement.models import AwardedContract
from procurement.rules.cpv import nature_of


Key = tuple[str, str]

KEY = ("buyer_siret", "reference")
SOCIAL = ("social", "has_clause", "has_criterion", "is_reserved")
PLACE = ("place_code", "place_kind", "department_code", "region_code")
# What a file may write on a contract.
FIELDS = (
    "buyer_name", "title", "legal_nature", "is_concession", "nature", "cpv_code", "procedure", "amount",
    "initial_amount", "duration_months", "initial_duration_months", "notified_on", "modifications",
    "modified_on", *PLACE, *SOCIAL, "offers", "contractors", "issues",
)  # fmt: skip

NOT_A_RECORD = "Cet élément n’est pas un contrat."
NO_REFERENCE = "L’identifiant du contrat manque : rien ne permet de le reconnaître."
NO_BUYER = "Le SIRET de l’acheteur manque : rien ne permet de reconnaître le contrat."
LONG_REFERENCE = "L’identifiant dépasse les 16 caractères du schéma officiel ; il est gardé."
BAD_RANK = "Le rang d’une modification est un nombre entier."
TOO_LONG = "Cet identifiant est trop long pour en être un."
_LENGTHS = {"buyer_siret": 40, "reference": 120, "buyer_name": 300}
_OFFICIAL_LENGTH = 16


@dataclass(frozen=True)
class Line:
    """One row judged. Without a key it waits."""

    row: PublishedRow
    issues: list[Issue]
    key: Key | None = None
    values: dict[str, Any] = field(default_factory=dict)
    rank: int = 0


@dataclass(frozen=True)
class Change:
    """A contract as the file tells it, against the one we hold."""

    key: Key
    lines: list[Line]
    values: dict[str, Any]
    contract: AwardedContract | None = None
    differing: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublishedPlan:
    """What importing the file does; counts are of rows, a contract may take several."""

    created: list[Change]
    updated: list[Change]
    unchanged: list[Change]
    waiting: list[Line]
    issues: list[Issue]
    counts: Counts

    @property
    def contracts(self) -> int:
        return len(self.created) + len(self.updated) + len(self.unchanged)


def judge(published: Published) -> list[Line]:
    """Each row on its own, then against the rows above it."""
    first_of: dict[Key, Line] = {}
    seen: set[tuple] = set()
    lines = []
    for line in map(_judge, published.rows):
        reason = _repeats(line, first_of.setdefault(line.key, line), seen) if line.key else ""
        lines.append(Line(line.row, [line.row.record.issue("reference", reason)]) if reason else line)
    return lines


def plan(lines: list[Line], known: Mapping[Key, AwardedContract]) -> PublishedPlan:
    """The difference between the judged rows and the contracts we hold."""

    gathered: dict[Key, list[Line]] = {}
    for line in lines:
        if line.key:
            gathered.setdefault(line.key, []).append(line)
    changes = [_change(key, held, known.get(key)) for key, held in gathered.items()]
    created = [change for change in changes if change.contract is None]
    updated = [change for change in changes if change.differing]
    unchanged = [change for change in changes if change.contract and not change.differing]
    waiting = [line for line in lines if not line.key]
    counts = Counts(len(lines), _rows(created), _rows(updated), _rows(unchanged), len(waiting))
    issues = [issue for line in lines for issue in line.issues]
    return PublishedPlan(created, updated, unchanged, waiting, issues, counts)


def _rows(changes: Iterable[Change]) -> int:
    return sum(len(change.lines) for change in changes)


def _judge(row: PublishedRow) -> Line:
    reference, buyer = row.text("reference"), _digits(row.text("buyer_siret"))
    for name, value, missing in (("reference", reference, NO_REFERENCE), ("buyer_siret", buyer, NO_BUYER)):
        if not value or len(value) > _LENGTHS[name]:
            reason = TOO_LONG if value else missing if row.record.cells else NOT_A_RECORD
            return Line(row, [row.record.issue(name, reason)])
    judged = _Judged(row, buyer)
    return Line(row, judged.issues, (buyer, reference), judged.values, judged.rank)


def _digits(text: str) -> str:
    """The number of a buyer; what a spreadsheet has mangled is kept as it stands."""
    try:
        return siret_numbers.clean(text)
    except ValueError:
        return text


class _Judged:
    """The values and doubts of one row whose key is good."""

    def __init__(self, row: PublishedRow, buyer: str):
        self.row, self.buyer = row, buyer
        self.issues: list[Issue] = []
        self.values: dict[str, Any] = {"is_concession": row.is_concession}
        self._identify()
        self._describe()
        self._place()
        self._weigh()
        self._name_contractors()
        self._modify()

    def _take(self, name: str, reading: Reading, told: str = "") -> Any:
        if reading.reason:
            self._doubt(told or name, reading.reason)
        return reading.value

    def _doubt(self, name: str, reason: str) -> None:
        self.issues.append(self.row.record.issue(name, reason))

    def _identify(self) -> None:
        row = self.row
        if wrong := siret_numbers.explain(self.buyer):
            self._doubt("buyer_siret", f"{wrong} Le numéro est gardé tel quel.")
        if row.is_official and len(row.text("reference")) > _OFFICIAL_LENGTH:
            self._doubt("reference", LONG_REFERENCE)
        self.rank = self._take("rank", _rank(row.rank)) or 0
        self.values["buyer_name"] = row.text("buyer_name")[: _LENGTHS["buyer_name"]]

    def _describe(self) -> None:
        text, take, held = self.row.text, self._take, self.values
        held["title"] = take("title", values.read_title(text("title")))
        held["legal_nature"] = take("legal_nature", values.read_legal_nature(text("legal_nature")))
        held["cpv_code"] = take("cpv_code", values.read_cpv(text("cpv_code")))
        held["procedure"] = take("procedure", values.read_procedure(text("procedure")))
        told = values.NATURES.get(text("nature").casefold(), Nature.UNKNOWN)
        held["nature"] = nature_of(held["cpv_code"]) if told == Nature.UNKNOWN else told
        held["notified_on"] = take("notified_on", values.read_day(text("notified_on")))

    def _place(self) -> None:
        text = self.row.text
        place, doubt = values.read_place(text("place_code"), text("place_kind"), text("buyer_department"))
        self.values |= place
        if doubt:
            self._doubt("place_code", doubt)

    def _weigh(self) -> None:
        text, take, held = self.row.text, self._take, self.values
        held["amount"] = take("amount", values.read_amount(text("amount")))
        held["duration_months"] = take("duration_months", values.read_duration(text("duration_months")))
        held["offers"] = take("offers", values.read_offers(text("offers")))
        row = self.row
        considered, doubts = values.read_considerations(row.considerations, of_table=row.is_table)
        self.values |= considered
        for doubt in doubts:
            self._doubt("considerations", doubt)

    def _name_contractors(self) -> None:
        for contractor in self.row.contractors:
            if doubt := values.doubt_of_identifier(contractor.id, contractor.kind):
                self.issues.append(replace(self.row.record.issue("contractors", doubt), value=contractor.id))
        self.values["contractors"] = _told(self.row.contractors)

    def _modify(self) -> None:
        """Initial facts stay beside what the later acts made of them."""
        held = self.values
        held |= {"initial_amount": held["amount"], "initial_duration_months": held["duration_months"]}
        held |= {"modifications": self.rank, "modified_on": held["notified_on"] if self.rank else None}
        for number, act in enumerate(self.row.modifications, start=1):
            self._apply(number, act)

    def _apply(self, number: int, act: Modification) -> None:
        take, held = self._take, self.values
        held["modifications"] = max(number, take("modifications", _rank(act.rank)) or 0)
        for name, reading in (
            ("amount", values.read_amount(act.amount)),
            ("duration_months", values.read_duration(act.duration_months)),
            ("modified_on", values.read_day(act.notified_on)),
        ):
            held[name] = take(name, reading, "modifications") or held[name]
        held["contractors"] = _told(act.contractors) or held["contractors"]


def _rank(text: str) -> Reading:
    return Reading(0) if text in ("", "0", "0.0") else values.read_whole(text, 9_999, BAD_RANK)


def _told(contractors: Iterable[Contractor]) -> list[dict[str, str]]:
    return [contractor._asdict() for contractor in contractors]


def _repeats(line: Line, first: Line, seen: set[tuple]) -> str:
    """Why a row of a key already met cannot join the first; empty when it tells another act or contractor."""
    row = line.row
    mark = (line.key, line.rank, row.contractors)
    place = first.row.record.line
    if line is not first:
        if not row.is_table:
            return f"Cet enregistrement répète l’acheteur et l’identifiant de l’enregistrement {place}."
        if row.uid != first.row.uid:
            return f"Cette ligne donne à un autre contrat l’identifiant déjà pris à la ligne {place}."
        if mark in seen:
            return f"Cette ligne répète le contrat déjà donné à la ligne {place}."
    seen.add(mark)
    return ""


def _change(key: Key, lines: list[Line], contract: AwardedContract | None) -> Change:
    told = _gather(lines)
    if contract is None:
        return Change(key, lines, told)
    standing = {name: getattr(contract, name) for name in FIELDS}
    kept = standing | _news(told, standing)
    differing = tuple(name for name in FIELDS if kept[name] != standing[name])
    return Change(key, lines, kept, contract, differing)


def _gather(lines: list[Line]) -> dict[str, Any]:
    """The contract of its rows: initial facts from the first act, the present ones from the last."""
    first, last = min(lines, key=_by_rank), max(lines, key=_by_rank)
    told = dict(first.values)
    told["contractors"] = _union(line for line in lines if line.rank == last.rank)
    if last.rank > first.rank:
        for name in ("amount", "duration_months"):
            told[name] = last.values[name] or told[name]
        told |= {"modifications": last.rank, "modified_on": last.values["notified_on"]}
    if first.rank:
        told |= {"initial_amount": None, "initial_duration_months": None}
    # Without the place: it moves when the file is sorted, and the contract has not changed.
    told["issues"] = [
        {"column": issue.column, "value": issue.value, "reason": issue.reason}
        for line in lines
        for issue in line.issues
    ]
    return told


def _by_rank(line: Line) -> int:
    return line.rank


def _union(lines: Iterable[Line]) -> list[dict[str, str]]:
    contractors: list[dict[str, str]] = []
    for line in lines:
        contractors += [one for one in line.values["contractors"] if one not in contractors]
    return contractors


def _news(told: Mapping[str, Any], standing: Mapping[str, Any]) -> dict[str, Any]:
    """What a file adds to a contract we hold: nothing when it is older, and a blank never erases a fact."""
    if told["modifications"] < standing["modifications"]:
        return {}
    news = {name: value for name, value in told.items() if name == "issues" or not _is_blank(value)}
    if told["social"] == SocialRecord.UNKNOWN:
        news = {name: value for name, value in news.items() if name not in SOCIAL}
    if not told["place_code"]:
        news = {name: value for name, value in news.items() if name not in PLACE}
    # A file that begins at a later act tells that act’s date and amount.
    if told["initial_amount"] is None and told["modifications"]:
        news.pop("notified_on", None)
    return news


def _is_blank(value: Any) -> bool:
    return value in (None, "", [], Nature.UNKNOWN, Procedure.UNKNOWN)
