"""One's own contact on the card of the office: nobody else may agree to it."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import CardContact, User
from reporting.queries.todo.items import Item, day


def contact_to_agree(user: User) -> Iterator[Item]:
    assert user.membership is not None  # noqa: S101 (for the type checker)
    rows = CardContact.objects.filter(membership=user.membership.pk, agreed_at__isnull=True)
    for changed_at in rows.values_list("card__changed_at", flat=True):
        yield Item(
            what="Coordonnées à accepter",
            about="Vos coordonnées professionnelles sur la carte publique de l’office",
            since=day(changed_at),
            verb="Lire et répondre",
            url=reverse("accounts:own_contact"),
        )
