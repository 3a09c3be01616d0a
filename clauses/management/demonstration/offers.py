"""What was proposed to the departments, through the services that people use."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.timezone import localtime

from clauses.enums import ProvisionKind, RefusalReason
from clauses.management.demonstration import territory as t
from clauses.management.demonstration.calendar import days_ago, told_as_of
from clauses.management.demonstration.cast import Cast
from clauses.management.demonstration.proposed import OFFERS, Offer
from clauses.models import Proposal
from clauses.rules.provisions import Terms
from clauses.services import decision, proposals
from clauses.services.decision import Decider
from clauses.services.proposals import Draft
from procurement.models import Lot


HALF = Decimal("0.5")
HOURLY_COST = Decimal(30)
ANSWER_DELAY = timedelta(days=2)


def propose(cast: Cast, lot: Lot, draft: Draft, moment: datetime) -> Proposal:
    return proposals.draft(
        lot=lot, office=cast.office, draft=draft, by=cast.facilitator, on=localtime(moment).date()
    )


def terms(kind: ProvisionKind, lot: Lot, labour_share: str, rate: str) -> Terms:
    amount = lot.estimated_amount or lot.market.estimated_amount
    if not rate:
        return Terms(amount=amount, reserved_share=HALF)
    return Terms(
        amount=amount, labour_share=Decimal(labour_share), rate=Decimal(rate), hourly_cost=HOURLY_COST
    )


def accept(cast: Cast, proposal: Proposal, moment: datetime) -> None:
    """The head of the department signs, as named on the department's card."""
    decider = Decider(user=None, name=proposal.department.contact_name, job_title="Chef de service")
    decision.accept(proposal=proposal, decider=decider, at=moment)


def make_offers(cast: Cast, now: datetime) -> None:
    for offer in OFFERS:
        # The last lot is the one that may be reserved, where a market is divided.
        lot = (
            Lot.objects.select_related("market__department")
            .filter(market__title=offer.title, market__plan__buyer=cast.buyers[t.MAIN_BUYER])
            .order_by("number")
            .last()
        )
        _make(cast, offer, lot, now)


def _make(cast: Cast, offer: Offer, lot: Lot, now: datetime) -> None:
    draft = Draft(
        kind=offer.kind,
        terms=terms(offer.kind, lot, offer.labour_share, offer.rate),
        department=lot.market.department,
        explanation=offer.explanation,
    )
    with told_as_of(days_ago(now, offer.days_ago)) as moment:
        proposal = propose(cast, lot, draft, moment)
        if offer.state == "draft":
            return
        proposal = proposals.send(proposal=proposal, by=cast.facilitator, at=moment)
    with told_as_of(min(moment + ANSWER_DELAY, now)) as moment:
        _answer(cast, offer, proposal, moment)


def _answer(cast: Cast, offer: Offer, proposal: Proposal, moment: datetime) -> None:
    prescriber = cast.users["service@demo.example"]
    decider = Decider(prescriber, str(prescriber), prescriber.membership.job_title)
    if offer.state == "accepted":
        decision.accept(proposal=proposal, decider=decider, at=moment)
    elif offer.state == "refused":
        comment = "Le planning des salles ne laisse pas le temps d’accueillir quelqu’un."
        decision.refuse(
            proposal=proposal, decider=decider, reason=RefusalReason.TOO_LATE, comment=comment, at=moment
        )
    elif offer.state == "rework":
        comment = "Le personnel à reprendre n’est pas déduit : pouvez-vous revoir les heures ?"
        decision.ask_rework(proposal=proposal, decider=decider, comment=comment, at=moment)
