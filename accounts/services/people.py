from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User


@transaction.atomic
def rename(*, user: User, first_name: str, last_name: str) -> User:
    """One's own name; what was signed before keeps the name it was signed with."""
    user = _locked(user)
    if (user.first_name, user.last_name) == (first_name, last_name):
        return user
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])
    audit.record(AuditKind.PERSON_RENAMED, target=user, by=user)
    return user


@transaction.atomic
def change_account(
    *, user: User, email: str, first_name: str, last_name: str, is_active: bool, by: User
) -> User:
    """What an administrator mends in somebody's account. A closed account keeps its memberships."""
    user = _locked(user)
    wanted = {"email": email, "first_name": first_name, "last_name": last_name, "is_active": is_active}
    changed = [field for field, value in wanted.items() if getattr(user, field) != value]
    if not changed:
        return user
    for field in changed:
        setattr(user, field, wanted[field])
    user.save(update_fields=changed)
    # allauth remembers addresses of its own, and would still let the old one sign in.
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    labels = ", ".join(audit.field_labels(user, changed))
    audit.record(AuditKind.ACCOUNT_CHANGED, target=user, by=by, fields=labels)
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)
