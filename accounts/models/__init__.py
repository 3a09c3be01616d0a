from accounts.models.audit import AuditEvent
from accounts.models.calendar_feed import CalendarFeed
from accounts.models.membership import Membership
from accounts.models.office_card import CardContact, OfficeCard, buyers_served
from accounts.models.organisation import Mandate, Office, Organisation
from accounts.models.scope import scope
from accounts.models.user import User


__all__ = [
    "AuditEvent",
    "CalendarFeed",
    "CardContact",
    "Mandate",
    "Membership",
    "Office",
    "OfficeCard",
    "Organisation",
    "User",
    "buyers_served",
    "scope",
]
