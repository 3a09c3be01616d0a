"""Links by which a department answers without an account: one recipient, one answer, one delay."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from clauses.enums import DECIDED, ProposalState
from clauses.models import DecisionLink, Proposal
from config.lib import tokens


# An office grants 180 days at most (`Office.link_days`): an older signature opens nothing any more.
LONGEST_LIFE = timedelta(days=181)


class LinkClosed(Exception):
    """This link no longer opens its proposal; `link` is empty when nothing proves which one it was."""

    sentence = ""

    def __init__(self, link: DecisionLink | None = None):
        self.link = link
        super().__init__(self.sentence)


class LinkAltered(LinkClosed):
    sentence = (
        "Ce lien est incomplet ou modifié. Ouvrez-le depuis le message reçu, sans le recopier à la main."
    )


class LinkExpired(LinkClosed):
    sentence = "Ce lien a expiré : le délai de réponse est passé. L’office peut vous en envoyer un autre."


class LinkRevoked(LinkClosed):
    sentence = (
        "Ce lien a été annulé ou remplacé par l’office. Si vous avez reçu un message plus récent, "
        "ouvrez le lien qu’il contient."
    )


class LinkUsed(LinkClosed):
    sentence = "Ce lien a déjà servi à répondre ; une réponse ne se donne qu’une fois."


class ProposalAnswered(LinkClosed):
    sentence = "Une réponse a déjà été donnée à cette proposition : la vôtre n’est plus attendue."


class ProposalTakenBack(LinkClosed):
    sentence = "L’office a repris cette proposition : aucune réponse n’est attendue pour le moment."


def issue(*, proposal: Proposal, recipient_name: str, recipient_email: str, at: datetime) -> DecisionLink:
    return DecisionLink.objects.create(
        proposal=proposal,
        recipient_name=recipient_name,
        recipient_email=recipient_email,
        created_at=at,
        expires_at=at + timedelta(days=proposal.office.link_days),
    )


@transaction.atomic
def revoke(*, link: DecisionLink, by: User, at: datetime) -> DecisionLink:
    """Raises `LinkUsed` or `LinkRevoked`."""
    link = _locked(link)
    _refuse_settled(link)
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])
    audit.record(AuditKind.LINK_REVOKED, target=link.proposal, by=by, recipient=_recipient(link))
    return link


def revoke_all(*, proposal: Proposal, at: datetime) -> None:
    """Without a line in the log: what closes the proposal has its own."""
    proposal.links.unsettled().update(revoked_at=at)


def read(*, token: str, at: datetime) -> DecisionLink:
    """The link of this token, if it may still be answered. Raises a `LinkClosed`."""
    link = _signed(token)
    _judge(link, at)
    return link


@transaction.atomic
def open(*, link: DecisionLink, at: datetime) -> DecisionLink:
    """Remember the first reading, and nothing else: mail scanners open links too."""
    link = _locked(link)
    if link.opened_at is None:
        link.opened_at = at
        link.save(update_fields=["opened_at"])
        # Never the address: it would stay in a log that everybody reads.
        audit.record(AuditKind.PROPOSAL_OPENED, target=link.proposal, by=None, actor_name=_recipient(link))
    return link


@transaction.atomic
def use(*, link: DecisionLink, at: datetime) -> DecisionLink:
    """Spend the link on an answer. Raises a `LinkClosed`: it may have closed since it was read."""
    link = _locked(link)
    _judge(link, at)
    link.used_at = at
    link.save(update_fields=["used_at"])
    return link


LINKS = DecisionLink.objects.select_related(
    "proposal__lot__market__plan__buyer__organisation",
    "proposal__office__organisation",
    "proposal__department",
    "proposal__sent_by",
)


def _signed(token: str) -> DecisionLink:
    try:
        return LINKS.get(pk=tokens.read(DecisionLink.PURPOSE, token, LONGEST_LIFE)["link"])
    except tokens.TokenExpired as error:
        raise LinkExpired from error
    except (tokens.TokenAltered, DecisionLink.DoesNotExist) as error:
        raise LinkAltered from error


def _judge(link: DecisionLink, at: datetime) -> None:
    state = ProposalState(link.proposal.state)
    if link.used_at is not None:
        raise LinkUsed(link)
    if state in DECIDED:
        raise ProposalAnswered(link)
    if state != ProposalState.SENT:
        raise ProposalTakenBack(link)
    _refuse_settled(link)
    if link.expires_at <= at:
        raise LinkExpired(link)


def _refuse_settled(link: DecisionLink) -> None:
    if link.used_at is not None:
        raise LinkUsed(link)
    if link.revoked_at is not None:
        raise LinkRevoked(link)


def _locked(link: DecisionLink) -> DecisionLink:
    return LINKS.select_for_update(of=("self",)).get(pk=link.pk)


def _recipient(link: DecisionLink) -> str:
    return link.recipient_name or str(link.proposal.department)
