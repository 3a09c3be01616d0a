from procurement.enums import PlanFileState
from procurement.models import PlanFile, PurchasePlan
from procurement.workflow import PlanFileTransition, TransitionRefused, next_file_state


class PlanNotDraft(TransitionRefused):
    def __init__(self, plan: PurchasePlan) -> None:
        super().__init__(
            f"Le plan {plan.year} est à l’état « {plan.get_state_display()} » : reprenez-le pour le modifier."
        )


def lock_moved(plan_file: PlanFile, transition: PlanFileTransition) -> PlanFile:
    """The file, locked, in its next state but not yet saved. Raises `TransitionRefused`."""
    plan_file = PlanFile.objects.select_for_update(of=("self",)).get(pk=plan_file.pk)
    plan_file.state = next_file_state(transition, PlanFileState(plan_file.state))
    return plan_file


def lock_draft(plan: PurchasePlan) -> PurchasePlan:
    """The plan, locked so that nobody submits it under our hands. Raises `PlanNotDraft`."""
    plan = PurchasePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if not plan.is_draft:
        raise PlanNotDraft(plan)
    return plan
