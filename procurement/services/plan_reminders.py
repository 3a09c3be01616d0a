"""Asking buyers for a plan that has not come."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.french import join_words
from procurement.enums import DelayCode
from procurement.models import Buyer, PlanReminder
from procurement.queries.delays import office_of, timetable
from procurement.queries.plan_campaign import MissingPlan, missing_plans
from procurement.tasks import remind_of_plan


class ReminderRefused(Exception):
    """Why no letter leaves, in words for whoever asked."""


class RemindedLately(ReminderRefused):
    """`buyers` are those who had a letter too short a while ago."""

    def __init__(self, plans: Collection[MissingPlan], days: int) -> None:
        self.buyers = [plan.buyer_id for plan in plans]
        names = join_words([plan.buyer for plan in plans])
        super().__init__(
            f"Déjà relancé il y a moins de {days} jours\N{NO-BREAK SPACE}: {names}. "
            "Confirmez pour envoyer une nouvelle relance."
        )


@transaction.atomic
def remind(
    *, buyers: Collection[int], year: int, again: Collection[int], by: User, at: datetime
) -> list[PlanReminder]:
    """One letter a buyer. `again` are those whom the sender agrees to remind once more so soon.

    Raises `RemindedLately`, or `ReminderRefused` when a plan has come or nobody can be told.
    """
    # Locked: two facilitators may write to the same buyer at once.
    list(Buyer.objects.select_for_update(of=("self",)).filter(pk__in=buyers).order_by("pk"))
    chosen = [plan for plan in missing_plans(by, year) if plan.buyer_id in set(buyers)]
    office_id = office_of(by)
    known = timetable(office_id)
    _refuse_pointless(chosen, buyers)
    _refuse_hasty(chosen, again, known.value(DelayCode.PLAN_REMINDER, localtime(at).date()), at)
    sent = PlanReminder.objects.bulk_create(
        PlanReminder(
            buyer_id=plan.buyer_id, office_id=office_id, year=year, due_on=known.plan_due_on(year),
            sent_at=at, sent_by=by,
        )
        for plan in chosen
    )  # fmt: skip
    _tell(sent, by)
    return sent


def _refuse_pointless(chosen: list[MissingPlan], buyers: Collection[int]) -> None:
    if not chosen:
        raise ReminderRefused("Choisissez au moins un acheteur dont le plan manque.")
    if len(chosen) != len(set(buyers)):
        raise ReminderRefused("Un des plans est arrivé entre-temps\N{NO-BREAK SPACE}: relisez la liste.")
    silent = [plan.buyer for plan in chosen if not plan.members]
    if silent:
        names = join_words(silent)
        raise ReminderRefused(f"Personne n’a de compte chez {names}\N{NO-BREAK SPACE}: appelez, ou invitez.")


def _refuse_hasty(chosen: list[MissingPlan], again: Collection[int], days: int | None, at: datetime) -> None:
    if days is None:
        return
    since = at - timedelta(days=days)
    hasty = [
        plan
        for plan in chosen
        if plan.reminded_at and plan.reminded_at > since and plan.buyer_id not in again
    ]
    if hasty:
        raise RemindedLately(hasty, days)


def _tell(sent: list[PlanReminder], by: User) -> None:
    rows = Buyer.objects.in_bulk([reminder.buyer_id for reminder in sent])
    organisations = {row.pk: row.organisation for row in rows.values()}
    audit.record_many(
        AuditKind.PLAN_REMINDED,
        ((organisations[reminder.buyer_id], {"year": reminder.year}) for reminder in sent),
        by=by,
    )
    for reminder in sent:
        remind_of_plan.delay_on_commit(reminder_id=reminder.pk)
