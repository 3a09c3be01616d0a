"""The needs that the buyers of an office share, with what the office decided to do with each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from accounts.models import User
from clauses.enums import ProvisionKind, SharedNeedState
from clauses.models import Clause, SharedNeedNote
from clauses.queries import references
from clauses.queries.references import Reference, References, Table
from clauses.rules import shared_needs as rules
from clauses.rules.hours import Estimate
from clauses.rules.provisions import Terms
from clauses.rules.shared_needs import Line, Need
from procurement.enums import DatePrecision
from procurement.models import Market
from procurement.models.market import MarketQuerySet
from procurement.rules.clock import Launch
from procurement.rules.spans import first_day_reaching


WINDOW = "shared-need-months"
FACTS = (
    "pk", "title", "plan__buyer", "plan__buyer__organisation__name", "plan__year", "family", "family__code",
    "family__label", "estimated_amount", "launch_on", "launch_precision",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One need, and the latest note of the office on it."""

    need: Need
    note: SharedNeedNote | None
    # The formula with its numbers put in.
    formula: str
    sources: tuple[Reference, ...]

    @property
    def state(self) -> str:
        return self.note.state if self.note else SharedNeedState.OPEN.value

    @property
    def key(self) -> str:
        """How a form names it: the family and the first day."""
        return f"{self.need.family_id}-{self.need.starts_on:%Y-%m-%d}"


def rows(markets: MarketQuerySet, user: User, *, on: date) -> list[Row]:
    """Of the launches still to come, in a constant number of queries."""
    known = references.table(on)
    window = known.rows.get(WINDOW)
    if window is None:
        return []
    found, codes = _lines(markets, known, on)

    def hours_of(family_id: int, amount: Decimal) -> Decimal | None:
        return _hours(known.special_to([codes[family_id]]), amount)

    needs = rules.shared(
        found, months=int(window.value), hours_of=hours_of, floor=known.special_to([]).floor_hours
    )
    notes = _notes(user)
    return [_row(need, notes, known.special_to([codes[need.family_id]])) for need in needs]


def _lines(markets: MarketQuerySet, known: Table, on: date) -> tuple[list[Line], dict[int, str]]:
    """Lines of plans handed in, not yet launched, that no clause or contract follows."""
    followed = Q(lots__contract__isnull=False) | Q(lots__in=Clause.objects.values("lot"))
    left = Market.objects.filter(followed).values("pk")
    # Known to the year at worst: what started before can no more be to come.
    earliest = first_day_reaching(on, DatePrecision.YEAR)
    asked = markets.submitted().filter(family__isnull=False, launch_on__gte=earliest).exclude(pk__in=left)
    facts = list(asked.order_by("launch_on", "pk").values(*FACTS))
    codes = {row["family"]: row["family__code"] for row in facts}
    special = {family: known.special_to([code]) for family, code in codes.items()}
    lines = [_line(row, special[row["family"]]) for row in facts]
    return [line for line in lines if line.ends_on >= on], codes


def _line(row: dict, known: References) -> Line:
    amount = row["estimated_amount"]
    return Line(
        market_id=row["pk"],
        title=row["title"],
        buyer_id=row["plan__buyer"],
        buyer=row["plan__buyer__organisation__name"],
        year=row["plan__year"],
        family_id=row["family"],
        family=row["family__label"],
        amount=amount,
        launch=Launch(row["launch_on"], DatePrecision(row["launch_precision"])),
        hours=_hours(known, amount) if amount else None,
    )


def _hours(known: References, amount: Decimal) -> Decimal | None:
    found = _estimate(known, amount)
    return found.hours if found else None


def _estimate(known: References, amount: Decimal) -> Estimate | None:
    """As the options page counts: the usual formula, with the values of the family."""
    terms = Terms(
        amount=amount,
        labour_share=known.labour_share.share if known.labour_share else None,
        rate=known.rate.share if known.rate else None,
        hourly_cost=known.hourly_cost.value if known.hourly_cost else None,
    )
    return known.estimate(ProvisionKind.EXECUTION_CONDITION, terms)


def _notes(user: User) -> list[SharedNeedNote]:
    notes = SharedNeedNote.objects.visible_to(user).select_related("noted_by")
    return list(notes.order_by("-noted_at", "-pk"))


def _row(need: Need, notes: Iterable[SharedNeedNote], known: References) -> Row:
    note = next(
        (
            note
            for note in notes
            if note.family_id == need.family_id and need.overlaps(note.starts_on, note.ends_on)
        ),
        None,
    )
    estimate = _estimate(known, need.amount) if need.amount else None
    used = (known.labour_share, known.rate, known.hourly_cost)
    return Row(
        need,
        note if note and note.state != SharedNeedState.OPEN else None,
        estimate.formula if estimate else "",
        tuple(row for row in used if row),
    )
