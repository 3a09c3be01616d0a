"""A group formed for a need that one structure alone would not carry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.french import join_words
from structures.enums import MemberState
from structures.models import Consortium, ConsortiumMember, Need, Structure
from structures.services.sourcing import SourcingRefused


OWN = ("name", "liability", "hours", "starts_on", "ends_on", "note")
SHARE = ("state", "is_lead", "trade", "hours", "part", "reason", "comment")


@transaction.atomic
def form(*, need: Need, values: Mapping[str, Any], by: User, at: datetime) -> Consortium:
    """`values` are the fields of `OWN`. Raises `SourcingRefused` once the need is closed."""
    need = _lock(need)
    consortium = Consortium.objects.create(need=need, formed_at=at, **values)
    audit.record(AuditKind.CONSORTIUM_FORMED, target=need, by=by, name=consortium.name)
    return consortium


@transaction.atomic
def change(*, consortium: Consortium, values: Mapping[str, Any], by: User) -> Consortium:
    need = _lock(consortium.need)
    changed = [name for name in OWN if values[name] != getattr(consortium, name)]
    if changed:
        for name in changed:
            setattr(consortium, name, values[name])
        consortium.save(update_fields=changed)
        fields = join_words(audit.field_labels(consortium, changed))
        audit.record(AuditKind.CONSORTIUM_CHANGED, target=need, by=by, name=consortium.name, fields=fields)
    return consortium


@transaction.atomic
def join(*, consortium: Consortium, structure: Structure, by: User) -> ConsortiumMember:
    """Somebody thought of; a structure already there stays as it is."""
    need = _lock(consortium.need)
    member, is_new = ConsortiumMember.objects.get_or_create(consortium=consortium, structure=structure)
    if is_new:
        _tell(AuditKind.MEMBER_THOUGHT_OF, need, member, by)
    return member


@transaction.atomic
def settle(*, member: ConsortiumMember, values: Mapping[str, Any], by: User) -> ConsortiumMember:
    """Its share and its word, the fields of `SHARE`; a new lead takes the place of the one before."""
    need = _lock(member.consortium.need)
    member = _members().get(pk=member.pk)
    before = member.state
    for name in SHARE:
        setattr(member, name, values[name])
    if member.state == MemberState.DECLINED:
        member.is_lead = False
    else:
        member.reason = ""
    if member.is_lead:
        member.consortium.members.exclude(pk=member.pk).filter(is_lead=True).update(is_lead=False)
    member.save(update_fields=SHARE)
    kinds = {
        MemberState.DECLINED: AuditKind.CONSORTIUM_DECLINED,
        MemberState.AGREED: AuditKind.CONSORTIUM_AGREED,
    }
    has_said = member.state != before and member.state in kinds
    kind = kinds[MemberState(member.state)] if has_said else AuditKind.SHARE_CHANGED
    _tell(kind, need, member, by)
    return member


@transaction.atomic
def leave(*, member: ConsortiumMember, by: User) -> Consortium:
    """Taken out by mistake or by choice of the office; who declines stays, with the reason."""
    need = _lock(member.consortium.need)
    member = _members().get(pk=member.pk)
    consortium = member.consortium
    _tell(AuditKind.MEMBER_TAKEN_OUT, need, member, by)
    member.delete()
    return consortium


def _lock(need: Need) -> Need:
    need = Need.objects.select_for_update(of=("self",)).get(pk=need.pk)
    if not need.is_open:
        raise SourcingRefused("Cette recherche est close : son groupement ne change plus.")
    return need


def _members() -> QuerySet[ConsortiumMember]:
    rows = ConsortiumMember.objects.select_for_update(of=("self",))
    return rows.select_related("consortium", "structure")


def _tell(kind: AuditKind, need: Need, member: ConsortiumMember, by: User) -> None:
    audit.record(kind, target=need, by=by, structure=str(member.structure), name=member.consortium.name)
