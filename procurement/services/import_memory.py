"""What the files of a buyer taught us, as a whole: shown so that people may take it back."""

from collections.abc import Collection

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from procurement.models import Buyer, ColumnChoice, ValueChoice


@transaction.atomic
def forget(*, buyer: Buyer, columns: Collection[int], values: Collection[int], by: User | None) -> list[str]:
    """Forget some choices, and answer what they were about; those of another buyer are none."""
    forgotten: list[str] = []
    for choices in (
        ColumnChoice.objects.filter(buyer=buyer, pk__in=columns),
        ValueChoice.objects.filter(buyer=buyer, pk__in=values),
    ):
        forgotten += choices.order_by("written", "pk").values_list("written", flat=True)
        choices.delete()
    if forgotten:
        audit.record(
            AuditKind.IMPORT_CHOICES_FORGOTTEN,
            target=buyer.organisation,
            by=by,
            choices=", ".join(f"«\N{NO-BREAK SPACE}{written}\N{NO-BREAK SPACE}»" for written in forgotten),
        )
    return forgotten
