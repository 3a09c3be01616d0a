"""What a person puts right on a card: a file of the directory does not undo it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.departments import department_of
from config.lib.french import join_words
from structures.models import Structure


CORRECTABLE = (
    "name", "brand", "legal_form", "naf_code", "address", "postcode", "city", "website", "email",
    "phone", "activities", "headcount",
)  # fmt: skip
_INDEXED = ("search_text", "names_text", "sort_name", "sort_city")


@transaction.atomic
def correct(*, structure: Structure, values: Mapping[str, Any], by: User) -> Structure:
    """Write the fields of `CORRECTABLE` that differ; nothing happens when none does."""
    structure = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
    changed = [name for name in CORRECTABLE if name in values and values[name] != getattr(structure, name)]
    if not changed:
        return structure
    for name in changed:
        setattr(structure, name, values[name])
    if "postcode" in changed:
        structure.department_code = department_of(structure.postcode)
    structure.corrected_fields = sorted({*structure.corrected_fields, *changed})
    structure.index()
    structure.save(update_fields=[*changed, "department_code", "corrected_fields", *_INDEXED])
    fields = {field.name: field for field in Structure._meta.fields}
    labels = [str(fields[name].verbose_name) for name in changed]
    audit.record(AuditKind.STRUCTURE_CORRECTED, target=structure, by=by, fields=join_words(labels))
    return structure
