"""What counts: the hours of some contracts over a period, as they were known at the cut-off."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, Exists, OuterRef, Q, QuerySet, Sum

from clauses.enums import DeclarationState
from clauses.models import Clause, HourEntry, HoursMovement, Participant
from config.lib.rounding import percentage, round_hours
from procurement.models import Contract


@dataclass(frozen=True)
class Window:
    """The period [starts_on, ends_on[ seen from `cutoff_at`: facts recorded later do not exist."""

    starts_on: date
    ends_on: date
    cutoff_at: datetime

    @property
    def in_period(self) -> Q:
        return Q(declaration__period__gte=self.starts_on, declaration__period__lt=self.ends_on)

    @property
    def told(self) -> Q:
        rejected_later = Q(
            declaration__state=DeclarationState.REJECTED, declaration__decided_at__gt=self.cutoff_at
        )
        awaiting_or_validated = Q(declaration__state__in=[DeclarationState.SENT, DeclarationState.VALIDATED])
        return Q(declaration__sent_at__lte=self.cutoff_at) & (awaiting_or_validated | rejected_later)

    @property
    def validated(self) -> Q:
        return Q(declaration__state=DeclarationState.VALIDATED, declaration__decided_at__lte=self.cutoff_at)

    def contracts(self, contracts: QuerySet[Contract]) -> QuerySet[Contract]:
        """Those that owed hours in the period, or had some declared."""
        clauses = Clause.objects.filter(contract=OuterRef("pk"), committed_at__lte=self.cutoff_at)
        entries = HourEntry.objects.filter(self.in_period & self.told, declaration__contract=OuterRef("pk"))
        runs = Q(starts_on__lt=self.ends_on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=self.starts_on))
        return contracts.filter(Exists(clauses) & (runs | Exists(entries)), created_at__lte=self.cutoff_at)

    def movements(self, contracts: QuerySet[Contract]) -> QuerySet[HoursMovement]:
        return HoursMovement.objects.filter(
            clause__contract__in=contracts.values("pk"),
            effective_on__lt=self.ends_on,
            recorded_at__lte=self.cutoff_at,
        )

    def entries(self, contracts: QuerySet[Contract]) -> QuerySet[HourEntry]:
        """Of the period and before it: the balance counts from the first day of the contract."""
        return HourEntry.objects.filter(
            declaration__contract__in=contracts.values("pk"), declaration__period__lt=self.ends_on
        )

    @property
    def sums(self) -> dict[str, Aggregate]:
        counted = self.in_period & self.validated
        return {
            "declared": Sum("hours_done", filter=self.in_period & self.told, default=Decimal(0)),
            "validated": Sum("hours_done", filter=counted, default=Decimal(0)),
            "credited": Sum("hours_credited", filter=counted, default=Decimal(0)),
            "credited_to_date": Sum("hours_credited", filter=self.validated, default=Decimal(0)),
        }

    @property
    def people(self) -> Count:
        counted = self.in_period & self.validated & Q(hours_done__gt=0)
        return Count("placement__participant", filter=counted, distinct=True)

    def due_by(self, column: str, contracts: QuerySet[Contract]) -> dict[Any, Decimal]:
        """Hours owed, by contract or by day."""
        rows = self.movements(contracts).values_list(column).annotate(Sum("hours"))
        return dict(rows.order_by())

    def sums_by(self, column: str, contracts: QuerySet[Contract]) -> dict[Any, dict[str, Any]]:
        """The sums of hours and the count of people, by contract or by month."""
        rows = self.entries(contracts).values(column).annotate(**self.sums, people=self.people)
        return {row[column]: row for row in rows.order_by()}

    def participants(self, contracts: QuerySet[Contract]) -> QuerySet[Participant]:
        """The persons who have validated hours in the period, each once."""
        entries = self.entries(contracts).filter(
            self.in_period & self.validated, hours_done__gt=0, placement__participant=OuterRef("pk")
        )
        return Participant.objects.filter(Exists(entries))


@dataclass(frozen=True)
class Hours:
    """`declared`, `validated` (real) and `credited` are of the period; the rest is counted to its end."""

    due: Decimal
    declared: Decimal
    validated: Decimal
    credited: Decimal
    credited_to_date: Decimal
    balance: Decimal
    rate: Decimal | None


def hours(due: Decimal | None, sums: dict | None) -> Hours:
    owed, sums = round_hours(due or Decimal(0)), sums or {}
    names = ("declared", "validated", "credited", "credited_to_date")
    counted = {name: round_hours(sums.get(name, Decimal(0))) for name in names}
    to_date = counted["credited_to_date"]
    return Hours(due=owed, **counted, balance=owed - to_date, rate=percentage(to_date, owed))
