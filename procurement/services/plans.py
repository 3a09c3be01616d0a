from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Mandate, Office, User
from procurement.enums import PlanState
from procurement.models import Buyer, PlanAnswer, PurchasePlan
from procurement.models.plan import YEARS
from procurement.tasks import announce_plan
from procurement.workflow import PlanTransition, TransitionRefused, next_state


class PlanExists(Exception):
    def __init__(self, plan: PurchasePlan) -> None:
        self.plan = plan
        super().__init__(f"Le plan d’achats {plan.year} de cet acheteur est déjà ouvert.")


class EmptyPlan(TransitionRefused):
    def __init__(self) -> None:
        super().__init__("Le plan ne contient aucun marché : ajoutez-en un avant de le déposer.")


class YearRefused(Exception):
    def __init__(self, year: object) -> None:
        super().__init__(
            f"L’année « {year} » n’est pas celle d’un plan : elle s’écrit sur quatre chiffres, comme 2027."
        )


def check_year(text: str) -> int:
    """A year that a plan may have. Raises `YearRefused`."""
    if not (text.isascii() and text.isdecimal() and int(text) in YEARS):
        raise YearRefused(text)
    return int(text)


def of_year(*, buyer: Buyer, year: int) -> PurchasePlan:
    """The plan of this year, not saved when nobody opened it."""
    try:
        return PurchasePlan.objects.get(buyer=buyer, year=year)
    except PurchasePlan.DoesNotExist:
        return PurchasePlan(buyer=buyer, year=year)


@transaction.atomic
def start(*, buyer: Buyer, year: int, by: User | None) -> PurchasePlan:
    """Open the plan of a year. Raises `PlanExists`, which holds the plan that is there."""
    buyer = Buyer.objects.select_for_update(of=("self",)).get(pk=buyer.pk)
    plan = of_year(buyer=buyer, year=year)
    if plan.pk:
        raise PlanExists(plan)
    plan.save()
    audit.record(AuditKind.PLAN_OPENED, target=plan, by=by, year=year)
    return plan


@transaction.atomic
def submit(*, plan: PurchasePlan, by: User, at: datetime) -> PurchasePlan:
    """Hand the plan to the office. Raises `TransitionRefused`, also when there is nothing in it."""
    plan = _locked(plan)
    plan.state = next_state(PlanTransition.SUBMIT, PlanState(plan.state))
    if not plan.markets.exists():
        raise EmptyPlan
    plan.submitted_at, plan.submitted_by = at, by
    plan.save(update_fields=["state", "submitted_at", "submitted_by"])
    audit.record(AuditKind.PLAN_SUBMITTED, target=plan, by=by)
    announce_plan.delay_on_commit(plan_id=plan.pk)
    return plan


@transaction.atomic
def reopen(*, plan: PurchasePlan, by: User) -> PurchasePlan:
    """Take the plan back to correct it; what the offices answered is hidden until they answer again."""
    plan = _locked(plan)
    plan.state = next_state(PlanTransition.REOPEN, PlanState(plan.state))
    plan.submitted_at = plan.submitted_by = plan.answered_at = plan.answered_by = None
    plan.save(update_fields=["state", "submitted_at", "submitted_by", "answered_at", "answered_by"])
    plan.answers.all().delete()
    audit.record(AuditKind.PLAN_REOPENED, target=plan, by=by)
    return plan


@transaction.atomic
def answer(*, plan: PurchasePlan, office: Office, by: User, at: datetime) -> PurchasePlan:
    """Let the buyer read the verdicts of one office; the plan is answered once every office that serves
    its buyer has. A line that was not seen yet simply has none: nothing forces an office to finish all
    lines before it tells the first ones. Raises `TransitionRefused`."""
    plan = _locked(plan)
    serving = set(Mandate.objects.offices_of(plan.buyer_id).values_list("office", flat=True))
    comes_late = plan.state == PlanState.ANSWERED and office.pk in serving
    if not comes_late:
        next_state(PlanTransition.ANSWER, PlanState(plan.state))
    _publish(plan, office, by, at)
    told = set(plan.answers.values_list("office", flat=True))
    if not comes_late and serving <= told:
        plan.state, plan.answered_at, plan.answered_by = PlanState.ANSWERED, at, by
        plan.save(update_fields=["state", "answered_at", "answered_by"])
    return plan


def _publish(plan: PurchasePlan, office: Office, by: User, at: datetime) -> None:
    if plan.answers.filter(office=office).exists():
        raise TransitionRefused("La réponse de votre office à ce plan est déjà publiée.")
    PlanAnswer.objects.create(plan=plan, office=office, answered_at=at, answered_by=by)
    audit.record(AuditKind.PLAN_ANSWERED, target=plan, by=by)


def _locked(plan: PurchasePlan) -> PurchasePlan:
    return PurchasePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
