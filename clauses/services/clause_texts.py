"""The library of clause texts: a version follows another, and a notified contract keeps its own."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
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


@transaction.atomic
def freeze(*, clause: Clause, at: datetime) -> list[ClauseWording]:
    """What the contract says, kept word for word with its version."""
    return ClauseWording.objects.bulk_create(
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
