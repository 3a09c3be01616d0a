"""The communes that places are looked up in."""

from django.db import transaction

from structures.imports import towns
from structures.imports.towns import TownPlan
from structures.models import Town


BATCH = 1000


def preview(*, name: str, content: bytes) -> TownPlan:
    """Raises `UnreadableFile`."""
    return towns.plan(towns.read(content, name), Town.objects.order_by("pk"))


@transaction.atomic
def bring_in(*, name: str, content: bytes) -> TownPlan:
    """Add the communes of a file and refresh those known; none is removed. Raises `UnreadableFile`."""
    found = preview(name=name, content=content)
    Town.objects.bulk_create(found.created, batch_size=BATCH)
    Town.objects.bulk_update(found.updated, towns.FIELDS, batch_size=BATCH)
    return found
