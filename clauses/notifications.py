"""One function per letter. Each says where to answer; none names a person in their parcours."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Model, QuerySet, Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Membership
from accounts.roles import Role
from clauses.enums import MovementKind, ProposalState, ProvisionKind
from clauses.models import Clause, DecisionLink, Declaration, HoursMovement, Proposal
from clauses.queries import urgency
from clauses.rules.catalogue import PROVISIONS
from config.lib.french import of_month
from procurement.models import Contract, PlanAnswer


def commitment(clause: Clause) -> EmailMessage:
    """Of all the clauses that the contract carries for this lot, in one letter."""
    subject = f"Contrat {clause.contract.reference} : vos heures d’insertion"
    siblings = Clause.objects.filter(contract=clause.contract_id, lot=clause.lot_id)
    owed = HoursMovement.objects.filter(clause__in=siblings, kind=MovementKind.INITIAL)
    facts = {"clause_count": siblings.count(), "hours": owed.aggregate(total=Sum("hours"))["total"]}
    return _to_contractor(clause.contract, subject, "clauses/emails/commitment.txt", clause, facts)


def validation(declaration: Declaration) -> EmailMessage:
    subject = f"Heures {of_month(declaration.period)} validées – {declaration.contract.reference}"
    return _to_contractor(
        declaration.contract,
        subject,
        "clauses/emails/validation.txt",
        declaration,
        {"declaration": declaration},
    )


def rejection(declaration: Declaration) -> EmailMessage:
    subject = f"Heures {of_month(declaration.period)} à corriger – {declaration.contract.reference}"
    return _to_contractor(
        declaration.contract,
        subject,
        "clauses/emails/rejection.txt",
        declaration,
        {"declaration": declaration},
    )


ANSWERS = {
    ProposalState.ACCEPTED: "acceptée",
    ProposalState.REFUSED: "refusée",
    ProposalState.REWORK: "à revoir",
}


def decision(proposal: Proposal) -> EmailMessage:
    """To the office and the buyer: what the department answered."""
    answer = ANSWERS[ProposalState(proposal.state)]
    told = [*_office_addresses(proposal), *_buyer_addresses(proposal)]
    facts = {"address": f"{settings.SITE_URL}{proposal.get_absolute_url()}"}
    return _about(proposal, f"Proposition {answer}", "clauses/emails/decision.txt", told, facts)


def answer(told: PlanAnswer) -> EmailMessage:
    """To the buyer: an office has told its verdicts, which are read in one place, not in a mailbox."""
    plan = told.plan
    query = urlencode({"buyer": plan.buyer_id, "year": plan.year})
    facts = {
        "plan": plan,
        "office": told.office,
        "lines": plan.markets.count(),
        "address": f"{settings.SITE_URL}{reverse('clauses:screening_list')}?{query}",
        "product_name": settings.PRODUCT_NAME,
    }
    body = render_to_string("clauses/emails/answer.txt", facts)
    members = Membership.objects.in_force().filter(organisation=plan.buyer_id, role=Role.BUYER)
    return EmailMessage(
        f"Plan d’achats {plan.year} : la réponse de l’office", body, to=member_addresses(members)
    )


def _office_addresses(proposal: Proposal) -> list[str]:
    """Who sent it; the office itself when that person has left."""
    members = Membership.objects.in_force().filter(organisation=proposal.office_id, user__is_active=True)
    if members.filter(user=proposal.sent_by_id).exists():
        return [proposal.sent_by.email]
    return [address for address in [proposal.office.email] if address]


def _buyer_addresses(proposal: Proposal) -> list[str]:
    members = Membership.objects.in_force().filter(
        organisation=proposal.lot.market.plan.buyer_id, role=Role.BUYER
    )
    return member_addresses(members)


def _to_contractor(contract: Contract, subject: str, letter: str, target: Model, facts: dict) -> EmailMessage:
    address = f"{settings.SITE_URL}{target.get_absolute_url()}"
    context = {"contract": contract, "address": address, "product_name": settings.PRODUCT_NAME, **facts}
    body = render_to_string(letter, context)
    return EmailMessage(subject, body, to=contractor_addresses(contract))


def contractor_addresses(contract: Contract) -> list[str]:
    members = Membership.objects.in_force().filter(
        organisation=contract.contractor_id, role=Role.CONTRACTOR, user__is_active=True
    )
    return list(members.order_by("user__email").values_list("user__email", flat=True))


def decision_by_link(link: DecisionLink) -> EmailMessage:
    facts = {"link": link, "address": f"{settings.SITE_URL}{reverse('clauses:decision', args=[link.token])}"}
    return _ask(link.proposal, [link.recipient_email], facts)


def decision_by_account(proposal: Proposal) -> EmailMessage:
    """To the department's accounts; its contact already has a link."""
    addresses = member_addresses(proposal.department.prescribers.in_force())
    others = [address for address in addresses if address != proposal.department.contact_email.lower()]
    facts = {"link": None, "address": f"{settings.SITE_URL}{proposal.get_absolute_url()}"}
    return _ask(proposal, others, facts)


def withdrawal(proposal: Proposal) -> EmailMessage:
    """To everybody who was asked."""
    asked = set(proposal.links.values_list("recipient_email", flat=True))
    asked |= set(member_addresses(proposal.department.prescribers.in_force()))
    return _about(proposal, "Proposition retirée", "clauses/emails/withdrawal.txt", sorted(asked), {})


def member_addresses(members: QuerySet[Membership]) -> list[str]:
    active = members.filter(user__is_active=True).order_by("user__email")
    return list(active.values_list("user__email", flat=True).distinct())


def _ask(proposal: Proposal, addresses: list[str], facts: dict) -> EmailMessage:
    provision = PROVISIONS[ProvisionKind(proposal.kind)]
    letter = "clauses/emails/decision_asked.txt"
    facts = facts | {"provision": provision, "urgent_reason": urgency.reason_for(proposal)}
    return _about(proposal, "Votre décision est attendue", letter, addresses, facts)


def _about(proposal: Proposal, subject: str, letter: str, addresses: list[str], facts: dict) -> EmailMessage:
    context = {"proposal": proposal, "market": proposal.lot.market, "product_name": settings.PRODUCT_NAME}
    body = render_to_string(letter, context | facts)
    # A title may hold a line break, which no header may.
    heading = " ".join(f"{subject} – {proposal.lot.market.title}".split())
    return EmailMessage(heading[:200], body, to=addresses)
