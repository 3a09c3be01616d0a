"""What an office said of the urgency of a line, for those whom it asks for a decision, and since when."""

from datetime import date

from django.utils.timezone import localtime

from accounts.models import User
from clauses.models import Proposal, Urgency


def reason_for(proposal: Proposal) -> str:
    """Empty where nothing hurries."""
    marked = Urgency.objects.in_force().filter(market=proposal.lot.market_id, office=proposal.office_id)
    return next(iter(marked.values_list("reason", flat=True)), "")


def flagged_on(user: User) -> dict[int, date]:
    """By key of the market, of all that this person sees marked; one query."""
    marks = Urgency.objects.visible_to(user).in_force().order_by("pk").values_list("market", "flagged_at")
    return {market: localtime(flagged_at).date() for market, flagged_at in marks}
