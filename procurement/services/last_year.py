from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from config.lib.text import fold
from procurement.models import Market, PurchasePlan
from procurement.services import markets
from procurement.services.drafts import lock_draft


class NothingChosen(Exception):
    def __init__(self) -> None:
        super().__init__("Aucune ligne n’est cochée : cochez celles qui reviennent cette année.")


@transaction.atomic
def copy(*, plan: PurchasePlan, lines: Iterable[Market], by: User | None) -> list[Market]:
    """Take these lines of another year into this plan; one whose title is already there is left out, so
    that sending the page twice changes nothing. Raises `NothingChosen`, and `TransitionRefused` unless
    the plan is a draft."""
    chosen = list(lines)
    if not chosen:
        raise NothingChosen
    known = titles(lock_draft(plan))
    return [
        markets.duplicate(market=line, plan=plan, by=by) for line in chosen if fold(line.title) not in known
    ]


def titles(plan: PurchasePlan) -> set[str]:
    """The titles that stand in the plan, as they are compared."""
    return {fold(title) for title in plan.markets.values_list("title", flat=True)}
