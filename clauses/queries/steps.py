"""Who acts next on a clause, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from clauses.enums import ClauseState, MonthState
from clauses.models import Clause
from clauses.queries.months import Month
from clauses.rules.months import first_day, next_month
from config.lib.french import of_month
from procurement.models import Contract


@dataclass(frozen=True)
class Step:
    """`since` is a day in the past, or the day from which it may be done."""

    owner: str
    action: str
    since: date


def next_step(clause: Clause, months: Sequence[Month], on: date) -> Step | None:
    """`None` once nothing is expected of anybody. `months` are those of the clause's contract."""
    if clause.state == ClauseState.CLOSED:
        return None
    if clause.contract is None:
        return Step(str(clause.office), "Notifier le contrat", localtime(clause.created_at).date())
    sent = [month for month in months if month.state == MonthState.SENT]
    if sent:
        oldest = min(sent, key=lambda month: (month.since, month.period))
        action = f"Valider les heures {of_month(oldest.period)}"
        return Step(str(clause.office), action, oldest.since)
    owed = [month for month in months if month.is_owed_by_company]
    if owed:
        return _company_step(owed[0])
    return _quiet_step(clause, clause.contract, on)


def _company_step(month: Month) -> Step:
    verb = "Corriger" if month.state == MonthState.REJECTED else "Déclarer"
    return Step(month.contractor, f"{verb} les heures {of_month(month.period)}", month.since)


def _quiet_step(clause: Clause, contract: Contract, on: date) -> Step:
    if contract.ends_on is not None and contract.ends_on <= on:
        return Step(str(clause.office), "Clore la clause", contract.ends_on)
    month = max(first_day(on), first_day(contract.starts_on))
    return Step(str(contract.contractor), f"Déclarer les heures {of_month(month)}", next_month(month))
