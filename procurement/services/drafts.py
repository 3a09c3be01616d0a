from procurement.models import PurchasePlan
from procurement.workflow import TransitionRefused


class PlanNotDraft(TransitionRefused):
    def __init__(self, plan: PurchasePlan) -> None:
        super().__init__(
            f"Le plan {plan.year} est à l’état « {plan.get_state_display()} » : reprenez-le pour le modifier."
        )


def lock_draft(plan: PurchasePlan) -> PurchasePlan:
    """The plan, locked so that nobody submits it under our hands. Raises `PlanNotDraft`."""
    plan = PurchasePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if not plan.is_draft:
        raise PlanNotDraft(plan)
    return plan
