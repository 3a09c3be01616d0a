from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User


@transaction.atomic
def rename(*, user: User, first_name: str, last_name: str) -> User:
    """One's own name; what was signed before keeps the name it was signed with."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if (user.first_name, user.last_name) == (first_name, last_name):
        return user
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])
    audit.record(AuditKind.PERSON_RENAMED, target=user, by=user)
    return user
