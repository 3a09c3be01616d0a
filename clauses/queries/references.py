"""Numbers of the law and of usage that a proposal starts from, as they were on one day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clauses.enums import ProvisionKind
from clauses.models import ReferenceValue
from clauses.rules import hours
from clauses.rules.catalogue import FORMULA, PROVISIONS
from clauses.rules.hours import Estimate
from clauses.rules.provisions import Bounds, Terms
from procurement.models import Market


HOURLY_COST, RATE, LABOUR_SHARE = "hourly-cost", "rate", "labour-share"
FLOOR = "clause-hours-floor"
RESERVED_SHARE, ESS_MONTHS = "reserved-share-minimum", "ess-months-maximum"
TRAINING = (
    "training-hours-up-to-100000",
    "training-hours-up-to-200000",
    "training-hours-up-to-400000",
    "training-hours-above",
)


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

    @property
    def bounds(self) -> Bounds:
        least, most = self.reserved_share_minimum, self.ess_months_maximum
        return Bounds(least.share if least else None, int(most.value) if most else None)

    @property
    def floor_hours(self) -> Decimal | None:
        return self.floor.value if self.floor else None

    def estimate(self, kind: ProvisionKind, terms: Terms) -> Estimate | None:
        """The hours that these terms give; `None` as long as one of the numbers is missing."""
        if PROVISIONS[kind].terms[: len(FORMULA)] == FORMULA:
            return self._classic(terms)
        if kind == ProvisionKind.TRAINING_CLAUSE and self.training and terms.amount is not None:
            return hours.training(amount=terms.amount, hours_by_bracket=self.hours_by_bracket)
        return None

    def can_estimate(self, kind: ProvisionKind) -> bool:
        """Whether hours of this kind come from a calculation at all."""
        by_formula = PROVISIONS[kind].terms[: len(FORMULA)] == FORMULA
        return by_formula or (kind == ProvisionKind.TRAINING_CLAUSE and bool(self.training))

    def used_by(self, kind: ProvisionKind) -> list[Reference]:
        """What a proposal of this kind leans on, to be frozen with it."""
        names = PROVISIONS[kind].terms
        leaned_on = [getattr(self, name) for name in ("labour_share", "rate", "hourly_cost") if name in names]
        leaned_on += [self.floor] if "hours_due" in names else []
        leaned_on += [self.reserved_share_minimum] if "reserved_share" in names else []
        leaned_on += [self.ess_months_maximum] if "months" in names else []
        leaned_on += self.training if kind == ProvisionKind.TRAINING_CLAUSE else ()
        return [row for row in leaned_on if row is not None]

    @property
    def hours_by_bracket(self) -> tuple[Decimal, ...]:
        return tuple(row.value for row in self.training)

    def _classic(self, terms: Terms) -> Estimate | None:
        if terms.amount is None or terms.labour_share is None or terms.rate is None:
            return None
        if not terms.hourly_cost or terms.hourly_cost < 0:
            return None
        return hours.classic(
            amount=terms.amount,
            labour_share=terms.labour_share,
            rate=terms.rate,
            hourly_cost=terms.hourly_cost,
            floor=self.floor_hours,
        )


def for_market(market: Market, on: date) -> References:
    """The value of the market's programme comes first, then its family's, then the general one."""
    special = [programme.code for programme in market.programmes.all()]
    if market.family:
        special.append(market.family.code)
    return _references(special, on)


def general(on: date) -> References:
    return _references([], on)


def _references(special: list[str], on: date) -> References:
    rows = ReferenceValue.objects.by_code(on)

    def one(code: str) -> Reference | None:
        return _copy(rows[code]) if code in rows else None

    def nearest(code: str) -> Reference | None:
        return next(filter(None, (one(f"{code}-{suffix}") for suffix in special)), None) or one(code)

    training = tuple(filter(None, map(one, TRAINING)))
    return References(
        labour_share=nearest(LABOUR_SHARE),
        rate=nearest(RATE),
        hourly_cost=nearest(HOURLY_COST),
        floor=one(FLOOR),
        reserved_share_minimum=one(RESERVED_SHARE),
        ess_months_maximum=one(ESS_MONTHS),
        # A table of brackets with a hole in it is no table.
        training=training if len(training) == len(TRAINING) else (),
    )


def _copy(row: ReferenceValue) -> Reference:
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
    )
