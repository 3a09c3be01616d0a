"""The delays that concern a reader: of the own office, or of the office that serves the buyer."""

from accounts.models import Mandate, User
from accounts.roles import OFFICE_ROLES
from procurement.models import Delay
from procurement.rules.delays import Kept, Timetable


def timetable(office_id: int | None) -> Timetable:
    """Of one office; the usual delays alone when there is none."""
    rows = Delay.objects.heard_by(office_id).order_by("valid_from", "pk")
    fields = ("code", "value", "valid_from", "valid_to", "office", "source", "is_to_confirm")
    return Timetable(
        tuple(
            Kept(code, value, start, end, office is not None, source, is_to_confirm)
            for code, value, start, end, office, source, is_to_confirm in rows.values_list(*fields)
        )
    )


def timetable_of(user: User) -> Timetable:
    return timetable(office_of(user))


def office_of(user: User) -> int | None:
    """Of several offices that serve a buyer, the one that came first."""
    hat = user.membership
    if hat is None:
        return None
    if hat.role in OFFICE_ROLES:
        return hat.organisation_id
    mandates = Mandate.objects.in_force().filter(partner=hat.organisation_id)
    return next(iter(mandates.order_by("starts_on", "pk").values_list("office", flat=True)[:1]), None)
