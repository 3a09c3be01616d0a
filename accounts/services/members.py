"""The life of a membership: invited, accepted, ended."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import audit
from accounts.enums import ROLES_BY_KIND, AuditKind, OrganisationKind
from accounts.models import Membership, Organisation, User
from accounts.notifications import INVITATION
from accounts.roles import Role
from accounts.tasks import send_invitation
from accounts.workflow import MembershipTransition, TransitionRefused, next_state
from config.lib import tokens


class InvitationRefused(Exception):
    """The person cannot be invited this way; the text is fit for the user."""


class InvitationClosed(Exception):
    """The link leads to an invitation that is no longer open; the text is fit for the user."""


class RemovalRefused(Exception):
    """The person must stay; the text is fit for the user."""


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, role: Role, job_title: str, by: User | None, at: datetime
) -> Membership:
    """A pending membership and a letter. Raises `InvitationRefused`."""
    _lock(organisation)
    if role not in ROLES_BY_KIND[OrganisationKind(organisation.kind)]:
        raise InvitationRefused(f"Le rôle « {role.label} » n’existe pas dans « {organisation} ».")
    user, _ = User.objects.get_or_create(
        email=email.strip().lower(), defaults={"password": make_password(None)}
    )
    if not user.is_active:
        raise InvitationRefused("Ce compte a été désactivé : demandez à l’administrateur de le rouvrir.")
    if Membership.objects.current().filter(user=user, organisation=organisation, role=role).exists():
        raise InvitationRefused("Cette personne a déjà ce rôle, ou une invitation en attente pour ce rôle.")
    membership = Membership.objects.create(
        user=user, organisation=organisation, role=role, job_title=job_title, invited_at=at, invited_by=by
    )
    audit.record(
        AuditKind.MEMBER_INVITED, target=membership, by=by, person=user.email, role=role.label.lower()
    )
    send_invitation.delay_on_commit(membership_id=membership.pk)
    return membership


@transaction.atomic
def resend(*, membership: Membership, by: User, at: datetime) -> Membership:
    """The same invitation, with two more weeks to answer."""
    membership = _locked(membership, MembershipTransition.RESEND)
    membership.invited_at, membership.invited_by = at, by
    membership.save(update_fields=["invited_at", "invited_by"])
    audit.record(AuditKind.MEMBER_REINVITED, target=membership, by=by, person=membership.user.email)
    send_invitation.delay_on_commit(membership_id=membership.pk)
    return membership


def invited(*, token: str) -> Membership:
    """The open invitation behind a link. Raises `TokenExpired`, `TokenAltered` or `InvitationClosed`."""
    payload = tokens.read(INVITATION, token, Membership.INVITATION_LIFE)
    rows = Membership.objects.select_related("user", "organisation", "invited_by")
    try:
        membership = rows.get(pk=payload["membership"])
        next_state(MembershipTransition.ACCEPT, membership.state)
    except Membership.DoesNotExist:
        raise InvitationClosed("Cette invitation n’existe plus.") from None
    except TransitionRefused as refusal:
        raise InvitationClosed(str(refusal)) from None
    return membership


@transaction.atomic
def join(
    *, membership: Membership, first_name: str, last_name: str, password: str, at: datetime
) -> Membership:
    """A new person names themselves, chooses a password and accepts."""
    user = User.objects.select_for_update(of=("self",)).get(pk=membership.user_id)
    # An invitation must never give a new password to an account that has one.
    if user.has_usable_password():
        raise InvitationClosed("Un compte existe déjà à cette adresse : connectez-vous pour accepter.")
    user.first_name, user.last_name = first_name, last_name
    user.set_password(password)
    user.save(update_fields=["first_name", "last_name", "password"])
    return accept(membership=membership, at=at)


@transaction.atomic
def accept(*, membership: Membership, at: datetime) -> Membership:
    """Raises `TransitionRefused` unless the invitation is open, `InvitationClosed` when it is too old."""
    membership = _locked(membership, MembershipTransition.ACCEPT)
    if at > membership.invitation_ends_at:
        raise InvitationClosed("Cette invitation a expiré. Demandez-en une nouvelle.")
    membership.accepted_at = at
    membership.save(update_fields=["accepted_at"])
    _open_administration(membership)
    audit.record(
        AuditKind.MEMBER_JOINED,
        target=membership,
        by=membership.user,
        role=membership.get_role_display().lower(),
    )
    return membership


@transaction.atomic
def cancel(*, membership: Membership, by: User, at: datetime) -> Membership:
    """The link dies with the invitation."""
    membership = _locked(membership, MembershipTransition.CANCEL)
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    audit.record(AuditKind.INVITATION_CANCELLED, target=membership, by=by, person=membership.user.email)
    return membership


@transaction.atomic
def remove(*, membership: Membership, by: User, at: datetime) -> Membership:
    """End the membership; what the person did stays. Raises `TransitionRefused` or `RemovalRefused`."""
    # Locked: two managers could otherwise remove each other at once, and leave the office to nobody.
    _lock(membership.organisation)
    membership = _locked(membership, MembershipTransition.REMOVE)
    if membership.user == by:
        raise RemovalRefused("Vous ne pouvez pas vous retirer vous-même : demandez-le à un collègue.")
    if _is_last_manager(membership):
        raise RemovalRefused(
            "C’est le dernier responsable de l’office : nommez-en un autre avant de le retirer."
        )
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    _open_administration(membership)
    audit.record(AuditKind.MEMBER_REMOVED, target=membership, by=by, person=str(membership.user))
    return membership


def _lock(organisation: Organisation) -> None:
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


def _locked(membership: Membership, transition: MembershipTransition) -> Membership:
    rows = Membership.objects.select_related("user", "organisation").select_for_update(of=("self",))
    membership = rows.get(pk=membership.pk)
    next_state(transition, membership.state)
    return membership


def _is_last_manager(membership: Membership) -> bool:
    if membership.role != Role.MANAGER:
        return False
    others = Membership.objects.in_force().filter(organisation=membership.organisation, role=Role.MANAGER)
    return not others.exclude(pk=membership.pk).exclude(user=membership.user).exists()


def _open_administration(membership: Membership) -> None:
    """The administration site follows the administrator's hat, both when it comes and when it goes."""
    if membership.role != Role.ADMINISTRATOR:
        return
    user = membership.user
    hats = Membership.objects.in_force().filter(user=user, role=Role.ADMINISTRATOR)
    user.is_staff = user.is_superuser = hats.exists()
    user.save(update_fields=["is_staff", "is_superuser"])
