"""The life of a proposal on the office's side: drafted, changed, sent, taken back."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from clauses import tasks
from clauses.enums import Objective, PerEuroMode, ProposalState, ProvisionKind
from clauses.models import Proposal
from clauses.queries import references
from clauses.rules import provisions
from clauses.rules.provisions import Objection, Terms
from clauses.services import calculation, derogations, links
from clauses.services.clauses import hours_in_words
from clauses.services.screening import PlanTakenBack
from clauses.workflow import ProposalTransition, TransitionRefused, next_proposal_state
from config.lib.french import join_words
from procurement.models import Department, Lot


TERMS = tuple(provisions.TITLES)
CHOICES = {"objective": Objective, "threshold_mode": PerEuroMode}
WRITTEN = ("kind", *TERMS, "department", "explanation")
ANSWER = (
    "decided_at", "decided_by", "decider_name", "decider_job", "refusal_reason", "decision_comment",
)  # fmt: skip
_FORMER = {
    ProposalState.SENT: "l’envoi est annulé",
    ProposalState.REWORK: "à la demande du service",
    ProposalState.REFUSED: "le refus est annulé",
}


class ProposalRefused(Exception):
    """The law, or another proposal on the lot, forbids it; `objections` says why, field by field."""

    def __init__(self, objections: list[Objection]):
        self.objections = objections
        super().__init__(" ".join(found.sentence for found in objections))


@dataclass(frozen=True)
class Draft:
    """What the facilitator writes; hours left blank are computed."""

    kind: ProvisionKind
    terms: Terms
    department: Department | None = None
    explanation: str = ""


@transaction.atomic
def draft(*, lot: Lot, office: Office, draft: Draft, by: User, on: date) -> Proposal:
    """Raises `ProposalRefused` with every objection, or `PlanTakenBack`."""
    lot = Lot.objects.select_related("market__plan", "market__family").get(pk=lot.pk)
    if lot.market.plan.is_draft:
        raise PlanTakenBack
    proposal = Proposal(lot=lot, office=office, created_by=by)
    _write(proposal, draft, on)
    proposal.save()
    audit.record(
        AuditKind.PROPOSAL_DRAFTED,
        target=proposal,
        by=by,
        provision=draft.kind.label,
        hours=hours_in_words(proposal.hours_due),
    )
    return proposal


@transaction.atomic
def change(*, proposal: Proposal, draft: Draft, by: User, on: date) -> Proposal:
    """Raises `ProposalRefused`, or `TransitionRefused` once the draft was sent."""
    proposal = _locked(proposal)
    if proposal.state != ProposalState.DRAFT:
        raise TransitionRefused("Seul un brouillon se modifie : reprenez d’abord la proposition.")
    before = _content(proposal)
    _write(proposal, draft, on)
    proposal.save(update_fields=[*WRITTEN, "parameters"])
    changed = [name for name in WRITTEN if before[name] != getattr(proposal, name)]
    if changed:
        fields = join_words(audit.field_labels(proposal, changed))
        audit.record(AuditKind.PROPOSAL_CHANGED, target=proposal, by=by, fields=fields)
    return proposal


@transaction.atomic
def send(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """Ask the department. Raises `TransitionRefused`, or `ProposalRefused` when nobody could answer."""
    proposal = _locked(proposal)
    proposal.state = next_proposal_state(ProposalTransition.SEND, ProposalState(proposal.state))
    department = _reachable(proposal)
    proposal.sent_at, proposal.sent_by = at, by
    proposal.answer_by_on = localtime(at).date() + timedelta(days=proposal.office.answer_days)
    _freeze_terms(proposal)
    proposal.save(update_fields=["state", "sent_at", "sent_by", "answer_by_on", "sent_terms", "changes"])
    audit.record(AuditKind.PROPOSAL_SENT, target=proposal, by=by, recipient=_recipient(department))
    _open_link(proposal, department, at)
    tasks.ask_members.delay_on_commit(proposal_id=proposal.pk)
    return proposal


@transaction.atomic
def resend(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """A new link for the department's present contact; the former ones open nothing any more."""
    proposal = _locked(proposal)
    if proposal.state != ProposalState.SENT:
        raise TransitionRefused("Aucune réponse n’est attendue : il n’y a rien à renvoyer.")
    department = _reachable(proposal)
    links.revoke_all(proposal=proposal, at=at)
    audit.record(AuditKind.PROPOSAL_RESENT, target=proposal, by=by, recipient=_recipient(department))
    _open_link(proposal, department, at)
    tasks.ask_members.delay_on_commit(proposal_id=proposal.pk)
    return proposal


@transaction.atomic
def revise(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """Back to a draft: the old answer and the open links are void (story 6).

    Raises `TransitionRefused`, or `ProposalRefused` when another proposal took the place meanwhile.
    """
    proposal = _locked(proposal)
    former = ProposalState(proposal.state)
    proposal.state = next_proposal_state(ProposalTransition.REVISE, former)
    if found := _conflicts(proposal.lot, ProvisionKind(proposal.kind), proposal):
        raise ProposalRefused(found)
    _forget_answer(proposal)
    proposal.sent_at = proposal.sent_by = proposal.answer_by_on = None
    proposal.save(update_fields=["state", "sent_at", "sent_by", "answer_by_on", *ANSWER])
    links.revoke_all(proposal=proposal, at=at)
    audit.record(AuditKind.PROPOSAL_REVISED, target=proposal, by=by, former=_FORMER[former])
    return proposal


@transaction.atomic
def withdraw(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """Those who were asked are told. Raises `TransitionRefused`, or `JustificationMissing` when a closed
    market rests on this proposal."""
    proposal = _locked(proposal)
    former = ProposalState(proposal.state)
    proposal.state = next_proposal_state(ProposalTransition.WITHDRAW, former)
    _forget_answer(proposal)
    proposal.save(update_fields=["state", *ANSWER])
    links.revoke_all(proposal=proposal, at=at)
    if former != ProposalState.DRAFT:
        derogations.require_kept(proposal.lot.market)
    audit.record(AuditKind.PROPOSAL_WITHDRAWN, target=proposal, by=by)
    if former == ProposalState.SENT:
        tasks.announce_withdrawal.delay_on_commit(proposal_id=proposal.pk)
    return proposal


def terms_of(proposal: Proposal) -> Terms:
    written = {name: getattr(proposal, name) for name in TERMS}
    # A choice that was not made is blank in the database, absent from the terms.
    return Terms(
        **written
        | {name: Choice(written[name]) if written[name] else None for name, Choice in CHOICES.items()}
    )


def hours_are_computed(proposal: Proposal) -> bool:
    """They follow the calculation: nobody corrected them by hand."""
    return proposal.parameters.get("corrected_by_hand") is False


def _locked(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "office", "department", "lot__market__plan__buyer", "lot__market__family"
    )
    return rows.get(pk=proposal.pk)


def _write(proposal: Proposal, draft: Draft, on: date) -> None:
    known = references.for_market(proposal.lot.market, on)
    terms, estimate = draft.terms, known.estimate(draft.kind, draft.terms)
    is_kept = proposal.kind == draft.kind and calculation.is_unchanged(
        terms_of(proposal), terms, hours_are_computed=hours_are_computed(proposal)
    )
    if is_kept:
        # Only the explanation or the department changed: neither the hours nor their reasons may move.
        terms = terms_of(proposal)
    elif estimate and terms.hours_due is None:
        terms = replace(terms, hours_due=estimate.hours)
    found = [
        *provisions.objections(draft.kind, terms, known.bounds),
        *_conflicts(proposal.lot, draft.kind, proposal),
        *_foreign_department(proposal.lot, draft.department),
    ]
    if found:
        raise ProposalRefused(found)
    proposal.kind, proposal.department, proposal.explanation = draft.kind, draft.department, draft.explanation
    for name, value in vars(terms).items():
        setattr(proposal, name, value or "" if name in CHOICES else value)
    if not is_kept:
        proposal.parameters = calculation.frozen(
            kind=draft.kind, terms=terms, estimate=estimate, known=known, market=proposal.lot.market, on=on
        )


def _conflicts(lot: Lot, kind: ProvisionKind, proposal: Proposal) -> list[Objection]:
    # Locked: two colleagues may reserve the same lot at once, each in a way that excludes the other.
    Lot.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    others = Proposal.objects.alive().filter(lot=lot).exclude(pk=proposal.pk)
    kinds = [ProvisionKind(other) for other in others.values_list("kind", flat=True)]
    return [Objection("", sentence) for sentence in provisions.conflicts(kind, kinds)]


def _foreign_department(lot: Lot, department: Department | None) -> list[Objection]:
    if department is None or department.buyer_id == lot.market.plan.buyer_id:
        return []
    return [Objection("department", "Ce service n’est pas un service de l’acheteur.")]


def _content(proposal: Proposal) -> dict:
    return {name: getattr(proposal, name) for name in WRITTEN}


def _freeze_terms(proposal: Proposal) -> None:
    described = provisions.describe(ProvisionKind(proposal.kind), terms_of(proposal))
    told = described | {"Explication": proposal.explanation}
    before = proposal.sent_terms
    proposal.changes = provisions.changes(_without_text(before), described)
    if before and before.get("Explication") != proposal.explanation:
        proposal.changes.append("L’explication a été récrite.")
    proposal.sent_terms = told


def _without_text(told: dict) -> dict:
    return {title: text for title, text in told.items() if title != "Explication"}


def _forget_answer(proposal: Proposal) -> None:
    proposal.decided_at = proposal.decided_by = None
    proposal.decider_name = proposal.decider_job = proposal.refusal_reason = ""
    proposal.decision_comment = ""


def _reachable(proposal: Proposal) -> Department:
    """The department that is asked. Raises `ProposalRefused` when nobody could answer."""
    department = proposal.department
    if department is None:
        sentence = "Choisissez le service qui décidera de cette proposition avant de l’envoyer."
        raise ProposalRefused([Objection("department", sentence)])
    if not department.contact_email and not department.prescribers.in_force().exists():
        sentence = (
            f"Personne ne peut répondre : le service « {department} » n’a ni adresse électronique ni "
            "compte. Complétez sa fiche, puis envoyez."
        )
        raise ProposalRefused([Objection("department", sentence)])
    return department


def _recipient(department: Department) -> str:
    return department.contact_name or department.contact_email or str(department)


def _open_link(proposal: Proposal, department: Department, at: datetime) -> None:
    """A link for the contact who may have no account; a department of accounts only needs none."""
    if not department.contact_email:
        return
    link = links.issue(
        proposal=proposal,
        recipient_name=department.contact_name,
        recipient_email=department.contact_email,
        at=at,
    )
    tasks.ask_by_link.delay_on_commit(link_id=link.pk)
