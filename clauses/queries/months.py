"""The months that contracts must declare: what is expected, told, corrected, validated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.timezone import localtime

from clauses.enums import OWED_BY_COMPANY, ClauseState, MonthState
from clauses.models import Declaration
from clauses.rules.months import first_day, months_between, next_month
from procurement.models import Contract


@dataclass(frozen=True)
class Month:
    """One contract and one month; `hours_credited` is None until the hours are validated."""

    contract_id: int
    reference: str
    title: str
    buyer: str
    contractor: str
    period: date
    state: MonthState
    since: date
    declaration_id: int | None = None
    has_no_hours: bool = False
    hours_done: Decimal | None = None
    hours_credited: Decimal | None = None

    @property
    def is_owed_by_company(self) -> bool:
        return self.state in OWED_BY_COMPANY


def expected(contracts: QuerySet[Contract], on: date) -> list[Month]:
    """Each month from a contract's start to last month, while a clause runs; and every month already told.

    What waits for the company comes first, oldest first; then the rest, latest first.
    """
    rows = list(contracts.select_related("buyer__organisation", "contractor").order_by("pk"))
    running = set(
        contracts.filter(clauses__state=ClauseState.RUNNING).values_list("pk", flat=True).distinct()
    )
    told = _told([contract.pk for contract in rows])
    months = [
        _month(contract, period, told[contract.pk].get(period))
        for contract in rows
        for period in _due(contract, on, is_running=contract.pk in running) | told[contract.pk].keys()
    ]
    waiting = [month for month in months if month.is_owed_by_company]
    others = [month for month in months if not month.is_owed_by_company]
    return [
        *sorted(waiting, key=lambda month: (month.period, month.reference)),
        *sorted(others, key=lambda month: (month.period, month.reference), reverse=True),
    ]


def _told(contract_ids: Iterable[int]) -> dict[int, dict[date, Mapping[str, Any]]]:
    rows = Declaration.objects.filter(contract__in=contract_ids).values(
        "contract", "period", "pk", "state", "sent_at", "decided_at", "has_no_hours"
    )
    sums = rows.annotate(done=Sum("entries__hours_done"), credited=Sum("entries__hours_credited"))
    told: dict[int, dict[date, Mapping[str, Any]]] = defaultdict(dict)
    for row in sums:
        told[row["contract"]][row["period"]] = row
    return told


def _due(contract: Contract, on: date, *, is_running: bool) -> set[date]:
    if not is_running:
        return set()
    end = first_day(on)
    return set(months_between(contract.starts_on, min(contract.ends_on or end, end)))


def _month(contract: Contract, period: date, told: Mapping[str, Any] | None) -> Month:
    expected_since = next_month(period)
    silent = Month(
        contract_id=contract.pk,
        reference=contract.reference,
        title=contract.title,
        buyer=str(contract.buyer),
        contractor=str(contract.contractor),
        period=period,
        state=MonthState.TO_DECLARE,
        since=expected_since,
    )
    if told is None:
        return silent
    moment = told["decided_at"] or told["sent_at"]
    return replace(
        silent,
        state=MonthState(told["state"]),
        since=localtime(moment).date() if moment else expected_since,
        declaration_id=told["pk"],
        has_no_hours=told["has_no_hours"],
        hours_done=told["done"] or Decimal(0),
        hours_credited=told["credited"],
    )
