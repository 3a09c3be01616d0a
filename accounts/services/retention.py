"""Forgetting a person: coarse rows stay for the figures, the name does not."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import CardContact, Membership, User


@transaction.atomic
def forget_person(*, user: User, by: User | None, at: datetime) -> User:
    """GDPR article 17: nobody can sign in with the account, and no page or log names the person any more.

    What they decided stays, dated and without a name: the hours and the proofs of others rest on it.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    _forget_in_the_log(user)
    _forget_the_account(user, at)
    audit.record(AuditKind.PERSON_FORGOTTEN, target=user, by=by)
    return user


def _forget_in_the_log(user: User) -> None:
    audit.forget(
        actor_id=user.pk,
        names={user.email, user.full_name} - {""},
        targets=Membership.objects.filter(user=user),
    )
    LogEntry.objects.filter(user=user).delete()
    about = LogEntry.objects.filter(content_type__app_label="accounts", content_type__model="user")
    about.filter(object_id=str(user.pk)).delete()


def _forget_the_account(user: User, at: datetime) -> None:
    EmailAddress.objects.filter(user=user).delete()
    CardContact.objects.filter(membership__user=user).delete()
    Membership.objects.filter(user=user).update(job_title="")
    Membership.objects.filter(user=user, ended_at__isnull=True).update(ended_at=at)
    user.email = f"efface-{user.pk}@personne.invalid"
    user.first_name = user.last_name = ""
    user.password = make_password(None)
    user.is_active = user.is_staff = user.is_superuser = False
    user.save(
        update_fields=[
            "email",
            "first_name",
            "last_name",
            "password",
            "is_active",
            "is_staff",
            "is_superuser",
        ]
    )
