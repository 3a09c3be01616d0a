"""What an office says of itself to anybody: the one page of an office that asks nobody who they are."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from accounts.models import OfficeCard, buyers_served
from accounts.permissions import Permission, allows
from structures.models import Network, PublicDirectory


# A withdrawal or a changed telephone is read everywhere within five minutes.
KEPT_SECONDS = 300


@login_not_required
@require_safe
def office_card(request: HttpRequest, slug: str) -> HttpResponse:
    """The manager reads it before everybody does."""
    card = get_object_or_404(OfficeCard.objects.select_related("office__organisation"), slug=slug)
    if not card.is_published and not _may_preview(request, card):
        raise Http404
    page = render(request, "structures/office_card.html", _told(card))
    if not card.is_published:
        add_never_cache_headers(page)
        page["X-Robots-Tag"] = "noindex, nofollow"
        return page
    page["Last-Modified"] = http_date(card.changed_at.timestamp())
    patch_cache_control(page, public=True, max_age=KEPT_SECONDS)
    return page


def _may_preview(request: HttpRequest, card: OfficeCard) -> bool:
    reader = request.user
    is_own = OfficeCard.objects.visible_to(reader).filter(pk=card.pk).exists()
    return is_own and allows(reader, Permission.OFFICE_MANAGE)


def _told(card: OfficeCard) -> dict:
    """The buyers served today, each with those who follow it and agreed to be named."""
    contacts = list(
        card.contacts.agreed()
        .select_related("membership__user")
        .prefetch_related("buyers")
        .in_reading_order()
    )
    followers: dict[int, list] = {}
    for contact in contacts:
        for buyer in contact.buyers.all():
            followers.setdefault(buyer.pk, []).append(contact)
    buyers = buyers_served(card.office)
    return {
        "card": card,
        "contacts": contacts,
        "buyers": [{"buyer": buyer, "contacts": followers.get(buyer.pk, [])} for buyer in buyers],
        "directories": PublicDirectory.objects.filter(is_shown=True).order_by("rank", "label", "pk"),
        "networks": Network.objects.exclude(website="").order_by("label", "pk"),
    }
