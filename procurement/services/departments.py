from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Membership, User
from accounts.roles import Role
from procurement.models import Buyer, Department


class PrescriberRefused(Exception):
    def __init__(self) -> None:
        super().__init__("Seuls les prescripteurs de cet acheteur peuvent être rattachés à son service.")


@transaction.atomic
def add(
    *,
    buyer: Buyer,
    name: str,
    by: User | None,
    contact_name: str = "",
    contact_email: str = "",
    prescribers: Iterable[Membership] = (),
) -> Department:
    department = Department.objects.create(
        buyer=buyer, name=name, contact_name=contact_name, contact_email=contact_email
    )
    _attach(department, prescribers)
    audit.record(AuditKind.DEPARTMENT_ADDED, target=buyer.organisation, by=by, department=name)
    return department


@transaction.atomic
def edit(
    *,
    department: Department,
    name: str,
    contact_name: str,
    contact_email: str,
    prescribers: Iterable[Membership],
    by: User | None,
) -> Department:
    department = Department.objects.select_for_update(of=("self",)).get(pk=department.pk)
    department.name, department.contact_name, department.contact_email = name, contact_name, contact_email
    department.save(update_fields=["name", "contact_name", "contact_email"])
    _attach(department, prescribers)
    audit.record(AuditKind.DEPARTMENT_CHANGED, target=department.buyer.organisation, by=by, department=name)
    return department


def eligible_prescribers(buyer: Buyer) -> QuerySet[Membership]:
    """The people who may decide for a department of this buyer."""
    return (
        Membership.objects.in_force()
        .filter(organisation=buyer.pk, role=Role.PRESCRIBER)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "pk")
    )


def _attach(department: Department, prescribers: Iterable[Membership]) -> None:
    chosen = set(prescribers)
    if not chosen <= set(eligible_prescribers(department.buyer)):
        raise PrescriberRefused
    department.prescribers.set(chosen)
