"""Numbers of the law and of usage that a proposal starts from, as they were on one day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clauses.enums import Objective, ProvisionKind
from clauses.models import ReferenceValue
from clauses.rules import objectives
from clauses.rules.effort import Band, Pace
from clauses.rules.hours import Bracket, Estimate
from clauses.rules.objectives import Conventions
from clauses.rules.provisions import Bounds, Terms, asked, counts_by_formula
from procurement.models import Market


HOURLY_COST, RATE, LABOUR_SHARE = "hourly-cost", "rate", "labour-share"
# Codes of the rows of the training table: an administrator may add one.
TRAINING = "training-hours-"
# Term → the reference value told beside it; all but the threshold start from theirs.
STARTING_FROM_REFERENCES = {
    "labour_share": "labour_share",
    "rate": "rate",
    "hourly_cost": "hourly_cost",
    "euros_per_hour": "euros_per_hour",
    "threshold_amount": "per_euro_threshold",
    "yearly_hours": "yearly_hours",
}


@dataclass(frozen=True)
class Reference:
    """A copy of a reference value: it stays what it was when the table changes."""

    id: int
    code: str
    label: str
    value: Decimal
    unit: str
    source: str
    valid_from: date
    is_to_confirm: bool
    from_amount: Decimal | None = None

    @property
    def share(self) -> Decimal:
        """A value in % as the models keep it, from 0 to 1."""
        return self.value / 100


@dataclass(frozen=True)
class References:
    """`None` where an administrator keeps no value any more."""

    labour_share: Reference | None
    rate: Reference | None
    hourly_cost: Reference | None
    floor: Reference | None
    reserved_share_minimum: Reference | None
    ess_months_maximum: Reference | None
    training: tuple[Reference, ...]
    training_months_minimum: Reference | None = None
    compared_rate: Reference | None = None
    cleaning_hourly_cost: Reference | None = None
    euros_per_hour: Reference | None = None
    per_euro_threshold: Reference | None = None
    yearly_hours: Reference | None = None
    weekly_hours: Reference | None = None
    insertion_weekly_hours: Reference | None = None
    hours_per_person: Reference | None = None
    noticeable_share: Reference | None = None
    heavy_share: Reference | None = None

    @property
    def bounds(self) -> Bounds:
        least, most = self.reserved_share_minimum, self.ess_months_maximum
        return Bounds(least.share if least else None, int(most.value) if most else None)

    @property
    def floor_hours(self) -> Decimal | None:
        return _value(self.floor)

    @property
    def conventions(self) -> Conventions:
        brackets = (Bracket(row.from_amount or Decimal(0), row.value) for row in self.training)
        return Conventions(floor=self.floor_hours, brackets=tuple(brackets))

    @property
    def pace(self) -> Pace:
        return Pace(
            full_time_weekly=_value(self.weekly_hours),
            full_time_yearly=_value(self.yearly_hours),
            insertion_weekly=_value(self.insertion_weekly_hours),
            hours_per_person=_value(self.hours_per_person),
        )

    @property
    def band(self) -> Band | None:
        if self.noticeable_share is None or self.heavy_share is None:
            return None
        return Band(self.noticeable_share.share, self.heavy_share.share)

    def estimate(self, kind: ProvisionKind, terms: Terms) -> Estimate | None:
        """The hours that these terms give; `None` as long as one of the numbers is missing."""
        objective = _objective(kind, terms.objective)
        if objective is None:
            return None
        return objectives.estimate(objective, vars(terms), self.conventions)

    def default_of(self, term: str, objective: Objective | None = None) -> Reference | None:
        """The value told beside a term, when an administrator keeps one."""
        if term == "hourly_cost" and objective == Objective.CLEANING:
            return self.cleaning_hourly_cost
        name = STARTING_FROM_REFERENCES.get(term)
        return getattr(self, name) if name else None

    @property
    def conversions(self) -> list[Reference]:
        """What turns hours into posts, people and weight: frozen beside them."""
        rows = (
            self.weekly_hours, self.yearly_hours, self.insertion_weekly_hours, self.hours_per_person,
            self.noticeable_share, self.heavy_share,
        )  # fmt: skip
        return [row for row in rows if row is not None]

    def can_estimate(self, kind: ProvisionKind, objective: Objective | None = None) -> bool:
        """Whether hours of this kind come from a calculation at all."""
        way = _objective(kind, objective)
        if way in (None, Objective.FIXED):
            return False
        return way != Objective.TRAINING or bool(self.training)

    def used_by(self, kind: ProvisionKind, objective: Objective | None = None) -> list[Reference]:
        """What a proposal of this kind leans on, to be frozen with it."""
        names = asked(kind, objective)
        leaned_on = [self.default_of(name, objective) for name in STARTING_FROM_REFERENCES if name in names]
        leaned_on += [self.floor] if "hours_due" in names else []
        leaned_on += [self.reserved_share_minimum] if "reserved_share" in names else []
        leaned_on += [self.ess_months_maximum] if kind == ProvisionKind.RESERVED_ESS else []
        leaned_on += self.training if kind == ProvisionKind.TRAINING_CLAUSE else ()
        return [row for row in leaned_on if row is not None]


@dataclass(frozen=True)
class Table:
    """Everything in force on one day, read once: any number of markets find their own values in it."""

    rows: Mapping[str, Reference]

    def of(self, market: Market) -> References:
        """The value of the market's programme comes first, then its family's, then the general one."""
        special = [programme.code for programme in market.programmes.all()]
        if market.family:
            special.append(market.family.code)
        return self.special_to(special)

    def special_to(self, codes: Sequence[str]) -> References:
        one = self.rows.get
        return References(
            labour_share=self._nearest(LABOUR_SHARE, codes),
            rate=self._nearest(RATE, codes),
            hourly_cost=self._nearest(HOURLY_COST, codes),
            floor=one("clause-hours-floor"),
            reserved_share_minimum=one("reserved-share-minimum"),
            ess_months_maximum=one("ess-months-maximum"),
            training=self._training(),
            training_months_minimum=one("training-months-minimum"),
            compared_rate=one("compared-rate"),
            cleaning_hourly_cost=one("cleaning-hourly-cost"),
            euros_per_hour=one("per-euro-slice"),
            per_euro_threshold=one("per-euro-threshold"),
            yearly_hours=one("yearly-hours-full-time"),
            weekly_hours=one("weekly-hours-full-time"),
            insertion_weekly_hours=one("weekly-hours-insertion"),
            hours_per_person=one("hours-per-person"),
            noticeable_share=one("effort-noticeable-above"),
            heavy_share=one("effort-heavy-above"),
        )

    def _nearest(self, code: str, special: Sequence[str]) -> Reference | None:
        codes = [*(f"{code}-{suffix}" for suffix in special), code]
        return next((self.rows[found] for found in codes if found in self.rows), None)

    def _training(self) -> tuple[Reference, ...]:
        found = [
            (row.from_amount, row)
            for code, row in self.rows.items()
            if code.startswith(TRAINING) and row.from_amount is not None
        ]
        # A table that says nothing of the smallest amounts is no table.
        if not any(start == 0 for start, _ in found):
            return ()
        return tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))


def table(on: date) -> Table:
    return Table({code: copy(row) for code, row in ReferenceValue.objects.by_code(on).items()})


def for_market(market: Market, on: date) -> References:
    return table(on).of(market)


def general(on: date) -> References:
    return table(on).special_to([])


def _objective(kind: ProvisionKind, chosen: Objective | None) -> Objective | None:
    """How the hours of this kind are computed, when they are."""
    if counts_by_formula(kind):
        return chosen or Objective.CLASSIC
    return Objective.TRAINING if kind == ProvisionKind.TRAINING_CLAUSE else None


def _value(reference: Reference | None) -> Decimal | None:
    return reference.value if reference else None


def copy(row: ReferenceValue) -> Reference:
    return Reference(
        id=row.pk,
        code=row.code,
        label=row.label,
        # « 70 », neither « 70.0000 » nor « 7E+1 ».
        value=row.value.normalize() + 0,
        unit=row.unit,
        source=row.source,
        valid_from=row.valid_from,
        is_to_confirm=row.is_to_confirm,
        from_amount=row.from_amount,
    )
