"""The answer of an office to a plan. Before it, the buyer reads and receives nothing."""

from datetime import datetime

from django.db import transaction

from accounts.models import Office, User
from clauses.models import Screening
from clauses.queries.answers import closed_lines
from clauses.services import derogations
from clauses.tasks import announce_answer
from procurement.models import Market, PurchasePlan
from procurement.services import plans


class UnseenLines(Exception):
    """Some lines have no verdict, or not as many as the reader agreed to leave without one."""

    def __init__(self, count: int) -> None:
        self.count = count
        if count == 1:
            told = "1 ligne n’a pas d’avis : voyez-la, ou confirmez qu’elle part sans avis."
        elif count:
            told = f"{count} lignes n’ont pas d’avis : voyez-les, ou confirmez qu’elles partent sans avis."
        else:
            told = "Toutes les lignes ont maintenant un avis : relisez la réponse, puis publiez-la."
        super().__init__(told)


@transaction.atomic
def publish(*, plan: PurchasePlan, office: Office, unseen: int, by: User, at: datetime) -> PurchasePlan:
    """Tell the buyer the verdicts, but for `unseen` lines that have none.

    Raises `TransitionRefused`, `UnseenLines` when another number of lines has no verdict, or
    `JustificationMissing` when a line is closed without what article L. 2112-2-1 asks for.
    """
    plan = plans.answer(plan=plan, office=office, by=by, at=at)
    # Locked: a verdict given meanwhile is read here, or waits and is held to what the answer forbids.
    list(Market.objects.select_for_update(of=("self",)).filter(plan=plan).order_by("pk").values_list("pk"))
    seen = Screening.objects.filter(office=office).exclude(verdict="").values("market")
    left = Market.objects.filter(plan=plan).exclude(pk__in=seen).count()
    if left != unseen:
        raise UnseenLines(left)
    derogations.require_justified(closed_lines(plan, office.pk), by=by)
    announce_answer.delay_on_commit(plan_id=plan.pk, office_id=office.pk)
    return plan
