from datetime import date, datetime

from django.db import transaction

from accounts.models import Mandate, Office, User
from jobs.enums import JobKind
from jobs.models import Job
from jobs.services import queue
from procurement.models import Buyer
from reporting.enums import ReportKind
from reporting.rules import periods


class BuyerNotServed(Exception):
    """No report is made for a buyer that the office never worked for."""

    def __init__(self, buyer: Buyer):
        super().__init__(f"Votre office n’a pas de convention avec « {buyer} ».")


@transaction.atomic
def ask(
    *, office: Office, buyer: Buyer, starts_on: date, ends_on: date, by: User | None, at: datetime
) -> Job:
    """Have the next edition made of this buyer's report, with the data of this moment.

    Asked again while it is being made, it is the same job. Raises `PeriodRefused` or `BuyerNotServed`.
    """
    periods.check(starts_on, ends_on)
    if not Mandate.objects.filter(office=office, partner=buyer.pk).exists():
        raise BuyerNotServed(buyer)
    series = f"{ReportKind.BUYER}:{office.pk}:{buyer.pk}:{starts_on}:{ends_on}:"
    rank = Job.objects.over().filter(kind=JobKind.REPORT, key__startswith=series).count() + 1
    return queue.enqueue(
        kind=JobKind.REPORT,
        title=f"Rapport – {buyer}, {periods.describe(starts_on, ends_on)}",
        arguments={
            "office": office.pk,
            "buyer": buyer.pk,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat(),
            "cutoff_at": at.isoformat(),
        },
        key=f"{series}{rank}",
        organisation=office.organisation,
        by=by,
        at=at,
    )
