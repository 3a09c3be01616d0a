"""The balance of an office: what its clauses still promise, what structures declare, by purchase family."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clauses.enums import ClauseState
from clauses.models import Clause
from clauses.models.clause import ClauseQuerySet
from clauses.queries import balance, references
from clauses.queries.references import Reference
from clauses.rules import capacity as rules
from clauses.rules.capacity import Balance, Declared, Month, Promise
from clauses.rules.months import add_months, first_day, next_month
from procurement.models import Family, Market
from structures.enums import CapacityPeriod, CapacityUnit
from structures.queries import capacity, supply
from structures.queries.capacity import CapacityTold


@dataclass(frozen=True)
class Owed:
    """A clause that still owes hours; `promise` is `None` when nothing says when it will be carried out."""

    clause_id: int
    title: str
    buyer: str
    family_id: int | None
    family: str
    departments: tuple[str, ...]
    hours: Decimal
    promise: Promise | None


@dataclass(frozen=True)
class TradeTold:
    """What structures said of one trade of the family; `structures` counts declarations' authors."""

    label: str
    structures: int


@dataclass(frozen=True)
class Row:
    """One purchase family."""

    family_id: int
    family: str
    balance: Balance
    owed: tuple[Owed, ...]
    trades: tuple[TradeTold, ...]


@dataclass(frozen=True)
class Table:
    """`undated` and `unsorted` owe hours that no cell can hold. `place` says what a place counts for."""

    months: tuple[date, ...]
    rows: tuple[Row, ...]
    undated: tuple[Owed, ...]
    unsorted: tuple[Owed, ...]
    place: Reference | None

    @property
    def last(self) -> date:
        return self.months[-1]


def table(
    clauses: ClauseQuerySet, territory: Collection[str], *, on: date, length: int, department: str = ""
) -> Table:
    """Of a whole office, in a constant number of queries; `department` narrows both sides to one place."""
    months = _months(on, length)
    owed = [one for one in promised(clauses, on=on) if not department or department in one.departments]
    place = references.general(on).yearly_hours
    told = _told([department] if department else territory, months)
    dated = [one for one in owed if one.promise]
    return Table(
        months=months,
        rows=tuple(_rows(dated, told, months, place)),
        undated=tuple(one for one in owed if one.promise is None),
        unsorted=tuple(one for one in dated if one.family_id is None),
        place=place,
    )


def promised(clauses: ClauseQuerySet, *, on: date) -> list[Owed]:
    """What remains to be done: hours due less hours credited, or planned while no contract is notified."""
    joined = _alive(clauses).select_related(
        "lot__market__family", "lot__market__plan__buyer__organisation", "buyer__organisation"
    )
    rows = list(joined.order_by("pk"))
    places = supply.places([row.lot.market for row in rows])
    found = [_owed(row, places[row.lot.market_id].departments, on) for row in rows]
    return [one for one in found if one.hours > 0]


def _alive(clauses: ClauseQuerySet) -> ClauseQuerySet:
    owing = clauses.filter(state__in=[ClauseState.AWAITING_CONTRACT, ClauseState.RUNNING])
    return owing.with_hours().select_related("contract", "lot__market")


def _owed(clause: Clause, departments: tuple[str, ...], on: date) -> Owed:
    market = clause.lot.market
    hours = _remaining(clause)
    return Owed(
        clause_id=clause.pk,
        title=_title(clause),
        buyer=str(clause.buyer),
        family_id=market.family_id,
        family=market.family.label if market.family else "",
        departments=departments,
        hours=hours,
        promise=_promise(clause, hours, on) if hours > 0 else None,
    )


def _title(clause: Clause) -> str:
    return f"{clause.lot.market.title} · {clause.lot}" if clause.lot.title else clause.lot.market.title


def _remaining(clause: Clause) -> Decimal:
    if clause.contract is None:
        return clause.hours_planned or Decimal(0)
    return balance.of(clause).remaining


def _promise(clause: Clause, hours: Decimal, on: date) -> Promise | None:
    """From today on; what is overdue is owed this month."""
    start, end = _term(clause)
    if start is None or end is None:
        return None
    today = first_day(on)
    return Promise(hours, max(start, today), max(end, next_month(today)))


def _term(clause: Clause) -> tuple[date | None, date | None]:
    """The contract’s; before it is notified, the launch of the market and its whole term."""
    if clause.contract:
        return clause.contract.starts_on, clause.contract.ends_on
    market = clause.lot.market
    if market.launch_on is None or not market.total_months:
        return None, None
    return market.launch_on, add_months(market.launch_on, market.total_months)


def _rows(
    owed: Iterable[Owed], told: Iterable[CapacityTold], months: Sequence[date], place: Reference | None
) -> list[Row]:
    """The worst shortage first, then the families that owe most."""
    by_family: dict[int, list[Owed]] = defaultdict(list)
    for one in owed:
        if one.family_id is not None:
            by_family[one.family_id].append(one)
    declared: dict[int, list[CapacityTold]] = defaultdict(list)
    for said in told:
        declared[said.family_id].append(said)
    labels = dict(Family.objects.filter(pk__in={*by_family, *declared}).values_list("pk", "label"))
    rows = [_row(pk, label, by_family[pk], declared[pk], months, place) for pk, label in labels.items()]
    return sorted(rows, key=_by_gravity)


def _by_gravity(row: Row) -> tuple[Decimal, Decimal, str]:
    worst = row.balance.worst
    return (-worst.missing if worst else Decimal(0), -row.balance.promised, row.family)


def _row(
    family_id: int, label: str, owed: Sequence[Owed], told: Sequence[CapacityTold], months: Sequence[date],
    place: Reference | None,
) -> Row:  # fmt: skip
    return Row(
        family_id=family_id,
        family=label,
        balance=rules.balance(
            [one.promise for one in owed if one.promise], declarations(told, place), months
        ),
        owed=tuple(owed),
        trades=_trades(told),
    )


def declarations(told: Iterable[CapacityTold], place: Reference | None) -> list[Declared]:
    """In hours a month; places count for nothing as long as no reference says what one is worth."""
    return [
        Declared(
            rules.monthly(
                said.quantity,
                is_yearly=said.period == CapacityPeriod.YEAR,
                hours_per_place=place.value if place and said.unit == CapacityUnit.PLACES else None,
            ),
            said.starts_on,
            said.ends_on,
        )
        for said in told
        if said.unit == CapacityUnit.HOURS or place
    ]


def _trades(told: Iterable[CapacityTold]) -> tuple[TradeTold, ...]:
    found: dict[str, int] = defaultdict(int)
    for said in told:
        found[said.trade] += said.structures
    return tuple(TradeTold(label, number) for label, number in sorted(found.items()))


def strains(
    markets: Iterable[Market], clauses: ClauseQuerySet, territory: Collection[str], *, on: date, length: int
) -> dict[int, Month]:
    """By key of the market, the worst month of its family on the territory; nothing where hours suffice.

    Three queries whatever their number, and none about clauses where nobody declares anything.
    """
    rows, months = list(markets), _months(on, length)
    declared: dict[int | None, list[CapacityTold]] = defaultdict(list)
    families = {market.family_id for market in rows if market.family_id is not None}
    for said in _told(territory, months, families) if families else ():
        declared[said.family_id].append(said)
    if not declared:
        return {}
    place = references.general(on).yearly_hours
    promises: dict[int | None, list[Promise]] = defaultdict(list)
    for clause in _alive(clauses.filter(lot__market__family__in=list(declared))):
        hours = _remaining(clause)
        if hours > 0 and (promise := _promise(clause, hours, on)):
            promises[clause.lot.market.family_id].append(promise)
    worst = {
        family: rules.balance(promises[family], declarations(told, place), months).worst
        for family, told in declared.items()
    }
    return {market.pk: month for market in rows if (month := worst.get(market.family_id))}


def outlook(
    market: Market, clauses: ClauseQuerySet, territory: Collection[str], *, on: date, length: int
) -> Balance | None:
    """What the places of a market can still take of its family; `None` when the family or term is unknown."""
    if market.family_id is None or market.launch_on is None:
        return None
    place = supply.places([market])[market.pk].departments or tuple(territory)
    start = max(first_day(market.launch_on), first_day(on))
    months = _months(start, length)
    told = _told(place, months, {market.family_id})
    same = clauses.filter(lot__market__family=market.family_id).exclude(lot__market=market)
    owed = [one for one in promised(same, on=on) if set(one.departments).intersection(place)]
    return rules.balance(
        [one.promise for one in owed if one.promise],
        declarations(told, references.general(on).yearly_hours),
        months,
    )


def _told(
    place: Collection[str], months: Sequence[date], families: Collection[int] | None = None
) -> list[CapacityTold]:
    return capacity.told(place, starts_on=months[0], ends_on=next_month(months[-1]), families=families)


def _months(on: date, length: int) -> tuple[date, ...]:
    first = first_day(on)
    return tuple(add_months(first, number) for number in range(length))
