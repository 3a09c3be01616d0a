"""Published contracts (DECP): gather the rows of a contract, find ours, tell what differs."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from config.lib.intake import Counts, Issue
from config.lib.text import fold
from procurement.enums import Nature, Procedure, SocialRecord
from procurement.imports.published import Key, Line, Mark, mark_of
from procurement.models import AwardedContract


KEY = ("buyer_siret", "reference", "part")
SOCIAL = ("social", "has_clause", "has_criterion", "is_reserved")
PLACE = ("place_code", "place_kind", "department_code", "region_code")
# What a file may write on a contract.
FIELDS = (
    "buyer_name", "title", "legal_nature", "is_concession", "nature", "cpv_code", "procedure", "amount",
    "initial_amount", "duration_months", "initial_duration_months", "notified_on", "modifications",
    "modified_on", *PLACE, *SOCIAL, "offers", "contractors", "issues",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A contract as the file tells it, against the one we hold."""

    key: Key
    part: str
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


def plan(lines: list[Line], known: Mapping[Key, list[AwardedContract]]) -> PublishedPlan:
    """The difference between the judged rows and the contracts we hold."""
    changes = [
        change
        for key, groups in _gathered(lines).items()
        for change in _changes(key, groups, known.get(key, []))
    ]
    created = [change for change in changes if change.contract is None]
    updated = [change for change in changes if change.differing]
    unchanged = [change for change in changes if change.contract and not change.differing]
    waiting = [line for line in lines if not line.key]
    counts = Counts(len(lines), _rows(created), _rows(updated), _rows(unchanged), len(waiting))
    issues = [issue for line in lines for issue in line.issues]
    return PublishedPlan(created, updated, unchanged, waiting, issues, counts)


def _gathered(lines: Iterable[Line]) -> dict[Key, dict[Mark, list[Line]]]:
    """The rows of each contract, under the identifier that several contracts may share."""
    firsts: dict[tuple[Key, int], Mark] = {}
    gathered: dict[Key, dict[Mark, list[Line]]] = {}
    for line in lines:
        if line.key:
            bought = firsts.setdefault((line.key, line.nth), line.mark)
            gathered.setdefault(line.key, {}).setdefault(bought, []).append(line)
    return gathered


def _rows(changes: Iterable[Change]) -> int:
    return sum(len(change.lines) for change in changes)


def _changes(key: Key, groups: Mapping[Mark, list[Line]], held: list[AwardedContract]) -> list[Change]:
    found = _found(groups, held)
    taken = {contract.part for contract in held}
    changes = []
    for bought, lines in groups.items():
        contract = found.get(bought)
        part = contract.part if contract else _part(bought) if "" in taken else ""
        taken.add(part)
        changes.append(_change(key, part, lines, contract))
    return changes


def _found(groups: Mapping[Mark, list[Line]], held: list[AwardedContract]) -> dict[Mark, AwardedContract]:
    """Ours for each group: the same purchase; failing that, the only one left on either side."""
    ours = {mark_of(contract.cpv_code, contract.title): contract for contract in held}
    parts = {contract.part: contract for contract in held if contract.part}
    found = {bought: ours[bought] for bought in groups if bought in ours}
    found |= {
        bought: parts[_part(bought)] for bought in groups if bought not in found and _part(bought) in parts
    }
    lonely = [bought for bought in groups if bought not in found]
    left = [contract for contract in held if contract not in found.values()]
    if len(lonely) == 1 and len(left) == 1 and _is_corrected(groups[lonely[0]], left[0]):
        found[lonely[0]] = left[0]
    return found


def _is_corrected(lines: list[Line], contract: AwardedContract) -> bool:
    """A title or an amount may be put right; both at once tell another lot."""
    told = _gather(lines)
    amounts = {told["initial_amount"], contract.initial_amount} - {None}
    return len(amounts) < 2 or fold(told["title"]) == fold(contract.title)


def _part(bought: Mark) -> str:
    """Tells apart the contracts of one identifier; the same from one file to the next."""
    return hashlib.sha256("|".join(bought).encode()).hexdigest()[:16]


def _change(key: Key, part: str, lines: list[Line], contract: AwardedContract | None) -> Change:
    told = _gather(lines)
    if contract is None:
        return Change(key, part, lines, told)
    standing = {name: getattr(contract, name) for name in FIELDS}
    kept = standing | _news(told, standing)
    differing = tuple(name for name in FIELDS if kept[name] != standing[name])
    return Change(key, part, lines, kept, contract, differing)


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
