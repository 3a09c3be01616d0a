from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Membership, User
from accounts.roles import Role
from config.lib.text import fold
from procurement.models import Buyer, Department


class PrescriberRefused(Exception):
    def __init__(self) -> None:
        super().__init__("Seuls les prescripteurs de cet acheteur peuvent être rattachés à son service.")


class DepartmentKnown(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f"Cet acheteur a déjà un service « {name} ».")


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
    """Raises `DepartmentKnown` or `PrescriberRefused`."""
    department = Department(buyer=buyer, name=name, contact_name=contact_name, contact_email=contact_email)
    _check_name(department)
    department.save()
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
    """Raises `DepartmentKnown` or `PrescriberRefused`."""
    department = Department.objects.select_for_update(of=("self",)).get(pk=department.pk)
    department.name, department.contact_name, department.contact_email = name, contact_name, contact_email
    _check_name(department)
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


def _check_name(department: Department) -> None:
    # Locked: two colleagues may add the same service at once.
    Buyer.objects.select_for_update(of=("self",)).get(pk=department.buyer_id)
    others = Department.objects.filter(buyer=department.buyer_id).exclude(pk=department.pk)
    for name in others.values_list("name", flat=True):
        # « espaces verts » and « Espaces verts » are one service to those who read the list.
        if fold(name) == fold(department.name):
            raise DepartmentKnown(name)


def _attach(department: Department, prescribers: Iterable[Membership]) -> None:
    chosen = set(prescribers)
    if not chosen <= set(eligible_prescribers(department.buyer)):
        raise PrescriberRefused
    department.prescribers.set(chosen)
