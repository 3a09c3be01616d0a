from accounts.models.audit import AuditEvent
from accounts.models.calendar_feed import CalendarFeed
from accounts.models.membership import Membership
from accounts.models.organisation import Mandate, Office, Organisation
from accounts.models.scope import scope
from accounts.models.user import User


__all__ = ["AuditEvent", "CalendarFeed", "Mandate", "Membership", "Office", "Organisation", "User", "scope"]
