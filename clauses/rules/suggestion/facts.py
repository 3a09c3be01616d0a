"""What a suggestion rests on, and what it is. Shares and rates run from 0 to 1."""

from dataclasses import dataclass
from decimal import Decimal

from clauses.enums import Outcome, ProvisionKind, Verdict


@dataclass(frozen=True)
class Weights:
    """One version of the office's rule."""

    minimum_hours: Decimal = Decimal(150)
    criterion_hours: Decimal = Decimal(70)
    rate: Decimal = Decimal("0.05")
    reserve_all_structures: int = 8
    reserve_lot_structures: int = 3
    to_ask_weight: Decimal = Decimal("0.05")
    mean_turnover: Decimal = Decimal(900_000)
    dependency: Decimal = Decimal("0.3")
    lot_dependency: Decimal = Decimal("0.5")
    supplies_labour_share: Decimal = Decimal("0.1")
    minimum_labour_share: Decimal = Decimal("0.1")
    benchmark_share: Decimal = Decimal("0.5")
    follows_last_verdict: bool = True
    service_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Supply:
    """`able` do the trade; `to_ask` may; `made_available` lend people. `place`: where they were counted."""

    place: str
    insertion: int = 0
    disability: int = 0
    able: int = 0
    to_ask: int = 0
    made_available: int = 0


@dataclass(frozen=True)
class LastVerdict:
    year: int
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class Others:
    """What other buyers did: contracts that say, and the share that carried a social consideration."""

    contracts: int
    share: Decimal


@dataclass(frozen=True)
class LotFacts:
    number: int
    amount: Decimal | None = None
    title: str = ""

    def __str__(self) -> str:
        return f"{self.number} ({self.title})" if self.title else str(self.number)


@dataclass(frozen=True)
class Facts:
    """`None` where the plan does not say. `wants_service`: insertion is the very object of the market."""

    title_words: str = ""
    family: str = ""
    is_supplies: bool = False
    is_nature_known: bool = True
    amount: Decimal | None = None
    labour_share: Decimal | None = None
    labour_share_is_default: bool = False
    hourly_cost: Decimal | None = None
    special_rate: Decimal | None = None
    reserved_share: Decimal | None = None
    months: int | None = None
    takes_staff_over: bool | None = None
    may_take_staff_over: bool = False
    transferred_monthly_hours: Decimal | None = None
    takeover_hourly_cost: Decimal | None = None
    lots: tuple[LotFacts, ...] = ()
    supply: Supply | None = None
    last: LastVerdict | None = None
    others: Others | None = None
    has_duty: bool | None = None
    duty_threshold: Decimal | None = None


@dataclass(frozen=True)
class Suggestion:
    """`changes` say what would make another answer; `missing` what is needed for any."""

    outcome: Outcome
    reasons: tuple[str, ...]
    kind: ProvisionKind | None = None
    lots: tuple[int, ...] = ()
    rate: Decimal | None = None
    hours: Decimal | None = None
    formula: str = ""
    changes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    verdict: Verdict = Verdict.CLAUSABLE
    verdict_reason: str = ""
