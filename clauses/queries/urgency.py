"""What an office said of the urgency of a line, for those whom it asks for a decision."""

from clauses.models import Proposal, Urgency


def reason_for(proposal: Proposal) -> str:
    """Empty where nothing hurries."""
    marked = Urgency.objects.in_force().filter(market=proposal.lot.market_id, office=proposal.office_id)
    return next(iter(marked.values_list("reason", flat=True)), "")
