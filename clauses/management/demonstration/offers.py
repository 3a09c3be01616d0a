"""What was proposed for this year's plan, and how it stands. (ORM stand-in until services land)"""

from decimal import Decimal

from clauses.models import Clause, Proposal


def propose(cast, lot, kind, labour_share, rate, explanation, moment):
    amount = lot.market.estimated_amount
    hours = (amount * Decimal(labour_share) * Decimal(rate) / 30).quantize(Decimal(1)) if rate else None
    return Proposal.objects.create(
        lot=lot,
        office=cast.office,
        department=lot.market.department,
        kind=kind,
        amount=amount,
        labour_share=Decimal(labour_share) if labour_share else None,
        rate=Decimal(rate) if rate else None,
        hourly_cost=30,
        hours_due=hours,
        reserved_share=None if rate else Decimal("0.5"),
        state="sent",
        sent_at=moment,
        sent_by=cast.facilitator,
        created_by=cast.facilitator,
        explanation=explanation,
    )


def accept(cast, proposal, moment):
    Proposal.objects.filter(pk=proposal.pk).update(state="accepted", decided_at=moment, decider_name="X")
    Clause.objects.create(
        proposal=proposal,
        lot=proposal.lot,
        office=proposal.office,
        buyer=proposal.lot.market.plan.buyer,
        department=proposal.department,
        kind=proposal.kind,
        hours_planned=proposal.hours_due,
    )


def make_offers(cast, now):
    pass
