"""The library of clause texts: a version follows another, and what was agreed keeps its own."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from clauses.enums import ClauseState
from clauses.models import Clause, ClauseText, ClauseWording
from clauses.queries import wording as words
from clauses.rules import wording


class NothingRevised(Exception):
    def __init__(self) -> None:
        super().__init__("Rien n’a changé : la version en vigueur est déjà celle-ci.")


class VersionOutdated(Exception):
    def __init__(self, current: ClauseText):
        super().__init__(
            f"La version {current.version} de ce texte a été écrite entre-temps : "
            "relisez-la, puis reprenez vos modifications."
        )


@transaction.atomic
def revise(
    *, text: ClauseText, office: Office, title: str, article: str, body: str, by: User, at: datetime
) -> ClauseText:
    """The office's next version; the former ones, and the texts common to all, stay as they are.

    Raises `UnknownVariable`, `VariableNotClosed`, `NothingRevised` or `VersionOutdated`.
    """
    on = localtime(at).date()
    # Locked: two colleagues may write the next version at once.
    Office.objects.select_for_update(of=("self",)).get(pk=office.pk)
    known = ClauseText.objects.known_to(office).filter(kind=text.kind)
    current = known.by_kind(on).get(text.kind, text)
    if current.pk != text.pk:
        raise VersionOutdated(current)
    written = {"title": title.strip(), "article": article.strip(), "body": _clean(body)}
    wording.check(written["body"])
    wording.check(written["article"])
    if written == {name: getattr(text, name) for name in written}:
        raise NothingRevised
    version = known.aggregate(highest=Max("version"))["highest"] + 1
    revised = ClauseText.objects.create(
        kind=text.kind, office=office, version=version, valid_from=on, **written
    )
    audit.record(AuditKind.TEXT_REVISED, target=revised, by=by, version=version, title=revised.title)
    return revised


class ContractNotified(Exception):
    def __init__(self) -> None:
        super().__init__("Le contrat est notifié : son texte ne change plus.")


@transaction.atomic
def settle(*, clause: Clause, at: datetime) -> None:
    """What the buyer is to publish, kept word for word with its version; a text already kept stays."""
    if not ClauseWording.objects.filter(clause=clause).exists():
        _keep(clause, at)


@transaction.atomic
def renew(*, clause: Clause, by: User, at: datetime) -> None:
    """The text of today for the lots of the market under this clause whose contract is not notified.

    Raises `ContractNotified`.
    """
    rows = Clause.objects.select_for_update(of=("self",)).filter(
        lot__market=clause.lot.market_id, office=clause.office_id, kind=clause.kind,
        state=ClauseState.AWAITING_CONTRACT,
    )  # fmt: skip
    together = list(rows.select_related("proposal__lot__market__plan__buyer__organisation", "office"))
    if clause not in together:
        raise ContractNotified
    for found in together:
        ClauseWording.objects.filter(clause=found).delete()
        _keep(found, at)
        audit.record(AuditKind.TEXT_RENEWED, target=found.proposal, by=by)


def _keep(clause: Clause, at: datetime) -> None:
    ClauseWording.objects.bulk_create(
        ClauseWording(
            clause=clause, source_id=found.source_id, kind=found.kind, title=found.title,
            article=found.article, version=found.version, valid_from=found.valid_from, text=found.text,
            missing=list(found.missing), frozen_at=at,
        )
        for found in words.assembled(clause.proposal, localtime(at).date())
    )  # fmt: skip


def _clean(body: str) -> str:
    """A browser sends its own line ends; they are no revision."""
    return body.replace("\r\n", "\n").strip()
