"""Looking for structures for a need: shortlist, ask, remind, hear, close."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from config.lib import tokens
from config.lib.french import join_words
from procurement.models import Lot, Market
from structures import tasks
from structures.enums import ApproachState, DeclineReason
from structures.models import Approach, Need, Structure
from structures.workflow import ApproachTransition, next_approach_state


OWN = ("title", "told", "place", "names_buyer", "answer_by_on")
# Past this, the signature itself opens nothing any more.
LONGEST_LIFE = timedelta(days=181)
# Two letters within a day are one too many.
BETWEEN_LETTERS = timedelta(days=1)


class SourcingRefused(Exception):
    """What was asked cannot be done now; the text is fit for the user."""


class LinkClosed(Exception):
    """This link opens nothing; the text is fit for whoever followed it."""


@transaction.atomic
def open_need(
    *,
    office: Office,
    market: Market | None,
    values: Mapping[str, Any],
    by: User,
    at: datetime,
    lot: Lot | None = None,
) -> Need:
    """`values` are the fields of `OWN`; a lot is one of the market."""
    need = Need.objects.create(office=office, market=market, lot=lot, opened_by=by, opened_at=at, **values)
    audit.record(AuditKind.NEED_OPENED, target=need, by=by)
    return need


@transaction.atomic
def change(*, need: Need, values: Mapping[str, Any], by: User) -> Need:
    """What was already sent keeps its words only in the letters: the page of the link shows the new ones."""
    need = _lock(need)
    changed = [name for name in OWN if values[name] != getattr(need, name)]
    if not changed:
        return need
    for name in changed:
        setattr(need, name, values[name])
    need.save(update_fields=changed)
    fields = {field.name: field for field in Need._meta.fields}
    labels = [str(fields[name].verbose_name) for name in changed]
    audit.record(AuditKind.NEED_CHANGED, target=need, by=by, fields=join_words(labels))
    return need


@transaction.atomic
def shortlist(*, need: Need, structures: Iterable[Structure], by: User, at: datetime) -> list[Approach]:
    """Those not thought of yet; the others stay as they are."""
    need = _lock(need)
    known = set(need.approaches.values_list("structure_id", flat=True))
    added = Approach.objects.bulk_create(
        Approach(need=need, structure=structure, shortlisted_at=at)
        for structure in structures
        if structure.pk not in known
    )
    audit.record_many(
        AuditKind.STRUCTURE_SHORTLISTED,
        [(need, {"structure": str(approach.structure)}) for approach in added],
        by=by,
    )
    return added


@transaction.atomic
def drop(*, approach: Approach, by: User) -> Need:
    """Only before anything was sent. Raises `SourcingRefused`."""
    approach = _lock_approach(approach)
    if approach.is_sent:
        raise SourcingRefused("Cette structure a reçu le besoin : elle reste dans la liste.")
    need, structure = approach.need, approach.structure
    approach.delete()
    audit.record(AuditKind.STRUCTURE_DROPPED, target=need, by=by, structure=str(structure))
    return need


@transaction.atomic
def send(*, need: Need, approaches: Iterable[Approach], by: User, at: datetime) -> list[Approach]:
    """Write to those that can be reached. Raises `SourcingRefused` when one of them has no address."""
    need = _lock(need)
    rows = _rows(need, approaches, ApproachState.SHORTLISTED)
    unreached = [str(row.structure) for row in rows if not address_of(row.structure)]
    if unreached:
        raise SourcingRefused(
            f"Rien n’est envoyé : aucune adresse électronique n’est connue pour {join_words(unreached)}. "
            "Ajoutez un contact à sa fiche, ou décochez-la."
        )
    for row in rows:
        row.state = next_approach_state(ApproachTransition.SEND, ApproachState(row.state))
        row.recipient_email, row.sent_at = address_of(row.structure), at
        row.save(update_fields=["state", "recipient_email", "sent_at"])
        tasks.ask_structure.delay_on_commit(row.pk)
    _tell(AuditKind.NEED_SENT, need, rows, by)
    return rows


@transaction.atomic
def remind(*, need: Need, approaches: Iterable[Approach], by: User, at: datetime) -> list[Approach]:
    """Write again to those that have not answered, unless it was within a day."""
    need = _lock(need)
    rows = _rows(need, approaches, ApproachState.SENT)
    rows = [row for row in rows if (row.last_word_at() or at) <= at - BETWEEN_LETTERS]
    for row in rows:
        row.reminded_at = at
        row.save(update_fields=["reminded_at"])
        tasks.remind_structure.delay_on_commit(row.pk)
    _tell(AuditKind.NEED_REMINDED, need, rows, by)
    return rows


def read(*, token: str, on: date) -> Approach:
    """The approach of this token, whether it may still be answered or not. Raises `LinkClosed`."""
    try:
        key = tokens.read(Approach.PURPOSE, token, LONGEST_LIFE)["approach"]
        return APPROACHES.get(pk=key, sent_at__isnull=False)
    except (tokens.TokenExpired, tokens.TokenAltered) as error:
        raise LinkClosed(str(error)) from error
    except Approach.DoesNotExist as error:
        raise LinkClosed(str(tokens.TokenAltered())) from error


@transaction.atomic
def remember_reading(*, approach: Approach, at: datetime) -> Approach:
    """The first reading, and nothing else: mail scanners open links too."""
    approach = _lock_approach(approach)
    if approach.read_at is None:
        approach.read_at = at
        approach.save(update_fields=["read_at"])
        audit.record(AuditKind.NEED_READ, target=approach.need, by=None, actor_name=str(approach.structure))
    return approach


@transaction.atomic
def take_interest(*, approach: Approach, name: str, comment: str, by: User | None, at: datetime) -> Approach:
    """Raises `SourcingRefused` once the need is closed."""
    return _answer(approach, ApproachTransition.TAKE_INTEREST, "", name, comment, by, at)


@transaction.atomic
def decline(
    *, approach: Approach, reason: DeclineReason, name: str, comment: str, by: User | None, at: datetime
) -> Approach:
    """Raises `SourcingRefused` once the need is closed."""
    return _answer(approach, ApproachTransition.DECLINE, reason, name, comment, by, at)


@transaction.atomic
def close(*, need: Need, outcome: str, by: User, at: datetime) -> Need:
    """What came of it, in the office's words; nobody can answer any more. Raises `SourcingRefused`."""
    need = _lock(need)
    need.closed_at, need.outcome = at, outcome
    need.save(update_fields=["closed_at", "outcome"])
    audit.record(AuditKind.NEED_CLOSED, target=need, by=by, outcome=outcome or "sans suite notée")
    return need


def address_of(structure: Structure) -> str:
    """Of the contact to reach first, else the public one; empty when there is none."""
    contacts = [contact for contact in structure.contacts.all() if contact.email]
    first = sorted(contacts, key=lambda contact: (not contact.is_first, contact.pk))
    return first[0].email if first else structure.email


APPROACHES = Approach.objects.select_related(
    "structure", "need__office__organisation", "need__market__plan__buyer__organisation", "need__opened_by"
)


def _lock(need: Need) -> Need:
    need = Need.objects.select_for_update(of=("self",)).select_related("office").get(pk=need.pk)
    if not need.is_open:
        raise SourcingRefused("Cette recherche est close.")
    return need


def _lock_approach(approach: Approach) -> Approach:
    return APPROACHES.select_for_update(of=("self",)).get(pk=approach.pk)


def _rows(need: Need, approaches: Iterable[Approach], state: ApproachState) -> list[Approach]:
    rows = Approach.objects.select_for_update(of=("self",)).select_related("structure")
    keys = [approach.pk for approach in approaches]
    found = rows.prefetch_related("structure__contacts").filter(need=need, pk__in=keys, state=state)
    return list(found.order_by("structure__sort_name", "pk"))


def _tell(kind: AuditKind, need: Need, rows: Iterable[Approach], by: User) -> None:
    audit.record_many(kind, [(need, {"structure": str(row.structure)}) for row in rows], by=by)


def _answer(
    approach: Approach,
    transition: ApproachTransition,
    reason: str,
    name: str,
    comment: str,
    by: User | None,
    at: datetime,
) -> Approach:
    approach = _lock_approach(approach)
    if not approach.need.is_open:
        raise SourcingRefused("Cette recherche est close : votre réponse n’est plus attendue.")
    approach.state = next_approach_state(transition, ApproachState(approach.state))
    approach.answered_at, approach.answered_by_name = at, name
    approach.reason, approach.comment = reason, comment
    approach.save(update_fields=["state", "answered_at", "answered_by_name", "reason", "comment"])
    answer = f"{approach.structure}, {approach.get_state_display().lower()}"
    # Never the name typed: the log is read by everybody.
    audit.record(
        AuditKind.NEED_ANSWERED,
        target=approach.need,
        by=by,
        actor_name=str(approach.structure),
        answer=answer,
    )
    tasks.announce_answer.delay_on_commit(approach.pk)
    return approach
