"""How long an office takes to judge a line, and a department to decide: what was answered in one period.

SQL finds the two dates of each answer; the medians are counted here, over one office and one period.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.utils.timezone import localtime, make_aware

from accounts.models import User
from clauses.models import Proposal, Screening
from reporting.rules.spread import Spread, spread


@dataclass(frozen=True)
class Asked:
    """The answers given in a period, its end exclusive; of one buyer or one programme where it is said."""

    starts_on: date
    ends_on: date
    buyer_id: int | None = None
    programme_id: int | None = None

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return make_aware(datetime.combine(self.starts_on, time())), make_aware(
            datetime.combine(self.ends_on, time())
        )


@dataclass(frozen=True)
class DelayRow:
    """A buyer, or one of its departments: days from plan to verdict, and from request to decision."""

    buyer_id: int
    buyer: str
    department: str
    verdicts: Spread | None
    decisions: Spread | None


@dataclass(frozen=True)
class Delays:
    verdicts: Spread | None
    decisions: Spread | None
    buyers: tuple[DelayRow, ...]
    departments: tuple[DelayRow, ...]

    @property
    def is_empty(self) -> bool:
        return not self.buyers


class _Answer(NamedTuple):
    buyer_id: int
    buyer: str
    department: str | None
    asked_at: datetime
    given_at: datetime

    @property
    def days(self) -> int:
        return (localtime(self.given_at).date() - localtime(self.asked_at).date()).days


@dataclass
class _Days:
    verdicts: list[int] = field(default_factory=list)
    decisions: list[int] = field(default_factory=list)


def delays(user: User, asked: Asked) -> Delays:
    """Two queries, whatever the number of answers."""
    verdicts, decisions = list(_verdicts(user, asked)), list(_decisions(user, asked))
    # The whole of a buyer under no department; what names none is among the departments too.
    by_buyer: dict[tuple[str, int, str], _Days] = defaultdict(_Days)
    by_department: dict[tuple[str, int, str], _Days] = defaultdict(_Days)
    for name, answers in (("verdicts", verdicts), ("decisions", decisions)):
        for answer in answers:
            getattr(by_buyer[answer.buyer, answer.buyer_id, ""], name).append(answer.days)
            named = answer.buyer, answer.buyer_id, answer.department or ""
            getattr(by_department[named], name).append(answer.days)
    return Delays(
        verdicts=spread([answer.days for answer in verdicts]),
        decisions=spread([answer.days for answer in decisions]),
        buyers=_rows(by_buyer),
        departments=_rows(by_department),
    )


def _rows(found: dict[tuple[str, int, str], _Days]) -> tuple[DelayRow, ...]:
    return tuple(
        DelayRow(buyer_id, buyer, department, spread(days.verdicts), spread(days.decisions))
        for (buyer, buyer_id, department), days in sorted(found.items(), key=lambda item: item[0])
    )


def _verdicts(user: User, asked: Asked) -> Iterator[_Answer]:
    """The verdict that stands, from the last deposit; one kept from before a plan was handed in again says
    nothing of a delay."""
    rows = Screening.objects.visible_to(user).exclude(verdict="")
    rows = rows.filter(decided_at__gte=F("market__plan__submitted_at"))
    names = ("market__department__name", "market__plan__submitted_at", "decided_at")
    return _answers(rows, "market", names, asked)


def _decisions(user: User, asked: Asked) -> Iterator[_Answer]:
    rows = Proposal.objects.visible_to(user).decided()
    return _answers(rows, "lot__market", ("department__name", "sent_at", "decided_at"), asked)


def _answers(rows: QuerySet[Any], market: str, names: Iterable[str], asked: Asked) -> Iterator[_Answer]:
    since, until = asked.moments
    rows = rows.filter(decided_at__gte=since, decided_at__lt=until)
    if asked.buyer_id is not None:
        rows = rows.filter(**{f"{market}__plan__buyer": asked.buyer_id})
    if asked.programme_id is not None:
        rows = rows.filter(**{f"{market}__programmes": asked.programme_id})
    of_buyer = (f"{market}__plan__buyer", f"{market}__plan__buyer__organisation__name")
    return (_Answer(*row) for row in rows.order_by("pk").values_list(*of_buyer, *names))
