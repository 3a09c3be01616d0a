"""Lines of a draft plan typed in a table: each is written whole or not at all, and holds up no other."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field

from django.db import transaction

from accounts import audit
from accounts.models import User
from config.lib.french import NO_BREAK_SPACE
from procurement.imports.rows import Surroundings
from procurement.imports.typed import BLANK, COLUMNS, TypedLine, read_line, write_line
from procurement.models import Department, Family, Market, PurchasePlan
from procurement.models.market import ASKED
from procurement.services import markets
from procurement.services.drafts import lock_draft


GONE = "Cette ligne a été retirée du plan entre-temps : rien n’est enregistré."

Cells = Mapping[str, str]


@dataclass(frozen=True)
class TypedRow:
    """A row of the table as it comes back: its cells, and the same as they stood when it was shown."""

    key: str
    market_id: int | None
    cells: Cells
    seen: Cells = field(default_factory=lambda: BLANK)

    @property
    def is_untouched(self) -> bool:
        return not any(map(self.has_typed, COLUMNS))

    def has_typed(self, name: str) -> bool:
        return self.cells.get(name, "").strip() != self.seen.get(name, "")


@dataclass(frozen=True)
class SavedRow:
    """What became of a row. `market` as it now stands; `current` are its cells where somebody else changed
    them since they were shown."""

    row: TypedRow
    market: Market | None = None
    is_saved: bool = False
    problems: Cells = field(default_factory=dict)
    doubts: Cells = field(default_factory=dict)
    refusal: str = ""
    current: Cells | None = None


@transaction.atomic
def save(*, plan: PurchasePlan, rows: Iterable[TypedRow], by: User) -> list[SavedRow]:
    """Write the rows that are understood. Raises `TransitionRefused` unless the plan is a draft."""
    plan = lock_draft(plan)
    around = surroundings(plan)
    return [_save(plan, row, around, by) for row in rows]


def surroundings(plan: PurchasePlan) -> Surroundings:
    departments = Department.objects.filter(buyer=plan.buyer_id).order_by("name", "pk")
    return Surroundings(plan.year, Family.objects.order_by("label", "pk"), departments, plan.buyer)


def _save(plan: PurchasePlan, row: TypedRow, around: Surroundings, by: User) -> SavedRow:
    if row.market_id is None:
        return SavedRow(row) if row.is_untouched else _add(plan, row, around, by)
    try:
        market = plan.markets.select_for_update(of=("self",)).get(pk=row.market_id)
    except Market.DoesNotExist:
        return SavedRow(row, refusal=GONE)
    if row.is_untouched:
        return SavedRow(row, market)
    return _edit(market, row, around, by)


def _add(plan: PurchasePlan, row: TypedRow, around: Surroundings, by: User) -> SavedRow:
    typed = read_line(row.cells, row.seen, around)
    if typed.problems:
        return SavedRow(row, problems=typed.problems)
    market = markets.add(plan=plan, values=_values(typed), by=by)
    return SavedRow(row, market, is_saved=True, doubts=typed.doubts)


def _edit(market: Market, row: TypedRow, around: Surroundings, by: User) -> SavedRow:
    typed = read_line(row.cells, row.seen, around)
    if typed.problems:
        return SavedRow(row, market, problems=typed.problems)
    values, current = _values(typed, market.unknowns), write_line(market)
    if theirs := _changed_meanwhile(market, row, values, current):
        return SavedRow(row, market, refusal=_told(market, row.seen, current, theirs), current=current)
    market = markets.edit(market=market, values=values, by=by)
    return SavedRow(row, market, is_saved=True, doubts=typed.doubts)


def _values(typed: TypedLine, before: Iterable[str] = ()) -> dict[str, object]:
    said = {name for name, is_unknown in typed.unknowns.items() if is_unknown}
    left = set(before) - set(typed.unknowns)
    return typed.values | {"unknowns": [name for name in ASKED if name in said | left]}


def _changed_meanwhile(
    market: Market, row: TypedRow, values: Mapping[str, object], current: Cells
) -> list[str]:
    """The cells that somebody else changed; the same answer sent twice is no change of somebody else."""
    wanted = copy(market)
    for name, value in values.items():
        setattr(wanted, name, value)
    after = write_line(wanted) | {name: row.seen.get(name, "") for name in COLUMNS if not row.has_typed(name)}
    return [name for name in COLUMNS if current[name] not in (row.seen.get(name, ""), after[name])]


def _told(market: Market, seen: Cells, current: Cells, names: Iterable[str]) -> str:
    event = audit.history(market).first()
    who = (event and event.actor_name) or "Quelqu’un"
    changes = [
        f"{COLUMNS[name].title} : {_quoted(seen.get(name))} est devenu {_quoted(current[name])}"
        for name in names
    ]
    return (
        f"{who} a modifié cette ligne depuis que vous l’avez ouverte ({' ; '.join(changes)}). "
        "Votre saisie n’est pas enregistrée."
    )


def _quoted(text: str | None) -> str:
    return f"«{NO_BREAK_SPACE}{text}{NO_BREAK_SPACE}»" if text else "vide"
