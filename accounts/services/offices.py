from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from config.lib.french import join_words


@transaction.atomic
def change(
    *,
    office: Office,
    email: str,
    phone: str,
    answer_days: int,
    link_days: int,
    department_codes: str,
    small_count_floor: int,
    by: User,
) -> Office:
    """The log says what changed, from what to what. What was sent or frozen before keeps its own delays."""
    office = Office.objects.select_for_update(of=("self",)).get(pk=office.pk)
    wanted = {
        "email": email,
        "phone": phone,
        "answer_days": answer_days,
        "link_days": link_days,
        "department_codes": department_codes,
        "small_count_floor": small_count_floor,
    }
    changes = [
        _change(office, name, value) for name, value in wanted.items() if getattr(office, name) != value
    ]
    if not changes:
        return office
    for name, value in wanted.items():
        setattr(office, name, value)
    office.full_clean()
    office.save(update_fields=list(wanted))
    audit.record(AuditKind.OFFICE_CHANGED, target=office, by=by, changes=join_words(changes))
    return office


def _change(office: Office, name: str, value: object) -> str:
    (label,) = audit.field_labels(office, [name])
    return f"{label} « {getattr(office, name) or 'vide'} » → « {value or 'vide'} »"
