"""Which plans of a year have not come, since when, and who can be asked for them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from procurement.enums import PlanState
from procurement.models import Buyer, PurchasePlan
from procurement.queries.delays import timetable_of


# Past the summer, it is the plan of the next year that is worth asking for.
CAMPAIGN_ENDS = 7


@dataclass(frozen=True)
class MissingPlan:
    """A buyer whose plan of the year has not been handed in."""

    buyer_id: int
    buyer: str
    has_draft: bool
    # People of the buyer who would receive a letter.
    members: int
    reminded_at: datetime | None


@dataclass(frozen=True)
class Campaign:
    """The plans of a year that are late on one day."""

    year: int
    due_on: date


def missing_from(user: User, year: int) -> QuerySet[Buyer]:
    """Buyers without a plan of that year; one that has handed in a later plan is not behind."""
    later = PurchasePlan.objects.filter(buyer=OuterRef("pk"), year__gt=year).exclude(state=PlanState.DRAFT)
    return Buyer.objects.visible_to(user).without_plan(year).exclude(Exists(later))


def missing_plans(user: User, year: int) -> list[MissingPlan]:
    hat = user.membership
    own = Q(plan_reminders__year=year, plan_reminders__office=hat.organisation_id if hat else None)
    members = Q(
        organisation__memberships__role=Role.BUYER,
        organisation__memberships__accepted_at__isnull=False,
        organisation__memberships__ended_at__isnull=True,
        organisation__memberships__user__is_active=True,
    )
    drafts = PurchasePlan.objects.filter(buyer=OuterRef("pk"), year=year)
    rows = missing_from(user, year).annotate(
        has_draft=Exists(drafts),
        members=Count("organisation__memberships", filter=members, distinct=True),
        reminded_at=Max("plan_reminders__sent_at", filter=own),
    )
    names = ("pk", "organisation__name", "has_draft", "members", "reminded_at")
    return [MissingPlan(*row) for row in rows.order_by("organisation__name", "pk").values_list(*names)]


def late_campaign(user: User, on: date) -> Campaign | None:
    """The year whose plans are late on that day, if its campaign is open."""
    due_on = timetable_of(user).plan_due_on(on.year)
    if due_on is None or not due_on < on < date(on.year, CAMPAIGN_ENDS, 1):
        return None
    return Campaign(on.year, due_on)
