"""A card corrected by its structure: asked by a link, proposed, then reviewed field by field."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from config.lib import tokens
from config.lib.french import join_words
from structures import tasks
from structures.enums import CorrectionState
from structures.models import Correction, Structure
from structures.services import cards, directory
from structures.workflow import CorrectionTransition, next_correction_state


# A card is checked once a year; a link asked for in the meantime is asked again.
LIFE = timedelta(days=90)
CORRECTIONS = Correction.objects.select_related("structure", "office__organisation", "asked_by")


class CorrectionRefused(Exception):
    """What was asked cannot be done now; the text is fit for the user."""


class CardLinkClosed(Exception):
    """This link opens nothing; the text is fit for whoever followed it."""


@transaction.atomic
def ask(*, structure: Structure, office: Office, email: str, by: User, at: datetime) -> Correction:
    """Write to the structure; a link sent before and not answered is replaced."""
    Correction.objects.filter(structure=structure, office=office, state=CorrectionState.ASKED).delete()
    correction = Correction.objects.create(
        structure=structure, office=office, recipient_email=email, asked_at=at, asked_by=by
    )
    audit.record(AuditKind.CORRECTION_ASKED, target=structure, by=by)
    tasks.ask_correction.delay_on_commit(correction.pk)
    return correction


def read(*, token: str) -> Correction:
    """The correction of this token. Raises `CardLinkClosed`."""
    try:
        key = tokens.read(Correction.PURPOSE, token, LIFE)["correction"]
        return CORRECTIONS.get(pk=key)
    except (tokens.TokenExpired, tokens.TokenAltered) as error:
        raise CardLinkClosed(str(error)) from error
    except Correction.DoesNotExist as error:
        raise CardLinkClosed("Ce lien a été remplacé : ouvrez celui du message le plus récent.") from error


@transaction.atomic
def propose(
    *, correction: Correction, values: Mapping[str, Any], comment: str, name: str, at: datetime
) -> Correction:
    """Until it is reviewed, the last word counts. Raises `TransitionRefused`."""
    correction = CORRECTIONS.select_for_update(of=("self",)).get(pk=correction.pk)
    state = next_correction_state(CorrectionTransition.PROPOSE, CorrectionState(correction.state))
    _write(correction, values, comment, name, at, state)
    correction.save(update_fields=["state", "values", "comment", "proposed_at", "proposed_by_name"])
    _announce(correction, None)
    return correction


@transaction.atomic
def volunteer(
    *,
    structure: Structure,
    office: Office | None,
    values: Mapping[str, Any],
    comment: str,
    name: str,
    by: User | None,
    at: datetime,
) -> Correction:
    """What a structure says of itself without having been asked; it replaces what it said before."""
    Correction.objects.to_review().filter(structure=structure, office=office, asked_at__isnull=True).delete()
    correction = Correction(structure=structure, office=office)
    _write(correction, values, comment, name, at, CorrectionState.PROPOSED)
    correction.save(force_insert=True)
    _announce(correction, by)
    return correction


@transaction.atomic
def review(
    *, correction: Correction, accepted: Collection[str], refusal: str, by: User, at: datetime, on: date
) -> Correction:
    """Write what is accepted on the card; the rest needs a reason. Raises `CorrectionRefused`."""
    correction = CORRECTIONS.select_for_update(of=("self",)).get(pk=correction.pk)
    correction.state = next_correction_state(CorrectionTransition.REVIEW, CorrectionState(correction.state))
    changes = differences(correction)
    kept = [name for name in changes if name in accepted]
    if len(kept) < len(changes) and not refusal:
        raise CorrectionRefused("Dites pourquoi vous ne retenez pas tout : la structure le lira.")
    cards.correct(structure=correction.structure, values={name: changes[name] for name in kept}, by=by)
    if kept or not changes:
        directory.verify(structure=correction.structure, by=by, on=on)
    correction.accepted_fields, correction.refusal = kept, refusal if len(kept) < len(changes) else ""
    correction.reviewed_at, correction.reviewed_by = at, by
    correction.save(update_fields=["state", "accepted_fields", "refusal", "reviewed_at", "reviewed_by"])
    _tell(correction, changes, by)
    return correction


def differences(correction: Correction) -> dict[str, Any]:
    """What is proposed and is not on the card today, by field."""
    fields = {field.name: field for field in Structure._meta.concrete_fields}
    proposed = {
        name: fields[name].to_python(correction.values[name])
        for name in cards.CORRECTABLE
        if name in correction.values
    }
    return {name: value for name, value in proposed.items() if value != getattr(correction.structure, name)}


def _write(
    correction: Correction,
    values: Mapping[str, Any],
    comment: str,
    name: str,
    at: datetime,
    state: CorrectionState,
) -> None:
    card = correction.structure
    changed = {
        key: values[key] for key in cards.CORRECTABLE if key in values and values[key] != getattr(card, key)
    }
    correction.values, correction.comment = changed, comment
    correction.proposed_at, correction.proposed_by_name = at, name
    correction.state = state


def _announce(correction: Correction, by: User | None) -> None:
    """Never the name typed: the log is read by everybody."""
    audit.record(
        AuditKind.CORRECTION_PROPOSED,
        target=correction.structure,
        by=by,
        actor_name=str(correction.structure),
        fields=_words(correction.values) or "rien : la fiche est juste",
    )
    if correction.asked_by_id:
        tasks.announce_correction.delay_on_commit(correction.pk)


def _tell(correction: Correction, changes: Mapping[str, Any], by: User) -> None:
    refused = [name for name in changes if name not in correction.accepted_fields]
    if refused:
        audit.record(AuditKind.CORRECTION_REFUSED, target=correction.structure, by=by, fields=_words(refused))
    if correction.recipient_email:
        tasks.tell_review.delay_on_commit(correction.pk)


def _words(names: Collection[str]) -> str:
    return join_words(audit.field_labels(Structure(), names))
