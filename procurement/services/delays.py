"""The delays that an office keeps: each change is dated, and what was promised before stays promised."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from config.lib.french import join_words
from procurement.enums import DelayCode
from procurement.models import Delay
from procurement.queries.delays import timetable
from procurement.rules.delays import Timetable, faults


SOURCE = "Décision de l’office"


class DelaysRefused(Exception):
    """`faults` says what cannot be kept, by delay."""

    def __init__(self, found: Mapping[DelayCode, str]) -> None:
        self.faults = found
        super().__init__(" ".join(found.values()))


@transaction.atomic
def keep(*, office: Office, values: Mapping[DelayCode, int], by: User, on: date) -> list[DelayCode]:
    """From that day on; a value equal to the usual one is no longer the office's own. Returns what changed.

    Raises `DelaysRefused`.
    """
    found = faults(values)
    if found:
        raise DelaysRefused(found)
    Office.objects.select_for_update(of=("self",)).get(pk=office.pk)
    known = timetable(office.pk)
    changed = [code for code, value in values.items() if known.value(code, on) != value]
    for code in changed:
        _end(office, code, on)
        usual = known.usual(code, on)
        if usual is None or usual.value != values[code]:
            _start(office, code, values[code], on)
    _tell(office, known, values, changed, by, on)
    return changed


@transaction.atomic
def reset(*, office: Office, by: User, on: date) -> list[DelayCode]:
    """Back to the usual delays, from that day on."""
    known = timetable(office.pk)
    usual = {code: known.usual(code, on) for code in DelayCode}
    return keep(office=office, values={code: row.value for code, row in usual.items() if row}, by=by, on=on)


def _end(office: Office, code: DelayCode, on: date) -> None:
    """What began that very day was never kept: it leaves no trace but in the log."""
    own = Delay.objects.filter(office=office, code=code, valid_to__isnull=True)
    own.filter(valid_from__gte=on).delete()
    own.update(valid_to=on)


def _start(office: Office, code: DelayCode, value: int, on: date) -> None:
    # A row that was ended today and begins again today takes its place.
    Delay.objects.filter(office=office, code=code, valid_from=on).delete()
    Delay.objects.create(office=office, code=code, value=value, valid_from=on, source=SOURCE)


def _tell(
    office: Office,
    known: Timetable,
    values: Mapping[DelayCode, int],
    changed: list[DelayCode],
    by: User,
    on: date,
) -> None:
    if not changed:
        return
    words = [f"{code.label.lower()}, de {known.value(code, on)} à {values[code]}" for code in changed]
    audit.record(AuditKind.DELAYS_KEPT, target=office, by=by, changes=join_words(words))
