"""The card of an office, as its manager writes it and as each person agrees to it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.office_card import CardContactForm, OfficeCardForm
from accounts.models import CardContact, Membership, Office, OfficeCard, buyers_served
from accounts.permissions import Permission, require_permission, signed_in
from accounts.services import office_cards
from accounts.services.office_cards import CardIncomplete


@require_http_methods(["GET", "POST"])
@require_permission(Permission.OFFICE_MANAGE)
def card_edit(request: HttpRequest) -> HttpResponse:
    office = get_object_or_404(Office.objects.visible_to(request.user).select_related("organisation"))
    card = OfficeCard.objects.visible_to(request.user).first()
    data = request.POST if request.method == "POST" else None
    form = OfficeCardForm(data, instance=OfficeCard.objects.filter(office=office).first())
    if form.is_valid():
        office_cards.write(office=office, values=form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "La carte est enregistrée.")
        return redirect("accounts:card_edit")
    context = {"form": form, "office": office, "card": card, "people": _people(request, card)}
    return render(request, "accounts/office_card/edit.html", context, status=422 if form.errors else 200)


@require_POST
@require_permission(Permission.OFFICE_MANAGE)
def card_publish(request: HttpRequest) -> HttpResponse:
    try:
        office_cards.publish(card=_card(request), by=request.user, at=timezone.now())
    except CardIncomplete as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La carte est publiée : tout le monde peut la lire.")
    return redirect("accounts:card_edit")


@require_POST
@require_permission(Permission.OFFICE_MANAGE)
def card_withdraw(request: HttpRequest) -> HttpResponse:
    office_cards.withdraw(card=_card(request), by=request.user, at=timezone.now())
    messages.success(request, "La carte n’est plus publique. Elle se publie de nouveau quand vous voulez.")
    return redirect("accounts:card_edit")


@require_http_methods(["GET", "POST"])
@require_permission(Permission.OFFICE_MANAGE)
def card_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` is that of the person’s membership."""
    card = _card(request)
    membership = get_object_or_404(_members(request), pk=pk)
    known = CardContact.objects.filter(membership=membership).first()
    usual = {
        "function": membership.job_title,
        "email": membership.user.email,
        "buyers": list(known.buyers.values_list("pk", flat=True)) if known else [],
    }
    data = request.POST if request.method == "POST" else None
    form = CardContactForm(data, instance=known, initial=usual, buyers=buyers_served(card.office))
    if form.is_valid():
        office_cards.set_contact(
            card=card,
            membership=membership,
            values=form.values,
            buyers=form.cleaned_data["buyers"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, f"{membership.user} verra ces coordonnées, et dira s’il faut les publier.")
        return redirect("accounts:card_edit")
    context = {"form": form, "person": membership.user, "membership": membership, "is_known": bool(known)}
    return render(request, "accounts/office_card/contact.html", context, status=422 if form.errors else 200)


@require_POST
@require_permission(Permission.OFFICE_MANAGE)
def card_contact_remove(request: HttpRequest, pk: int) -> HttpResponse:
    contacts = CardContact.objects.visible_to(request.user).select_related("card", "membership__user")
    contact = get_object_or_404(contacts, membership=pk)
    office_cards.remove_contact(contact=contact, by=request.user, at=timezone.now())
    messages.success(request, f"{contact} n’est plus sur la carte.")
    return redirect("accounts:card_edit")


@signed_in
@require_http_methods(["GET", "POST"])
def own_contact(request: HttpRequest) -> HttpResponse:
    """What would be published of oneself: only the person says yes, and may say no afterwards."""
    contacts = CardContact.objects.filter(membership=getattr(request.user.membership, "pk", None))
    contact = get_object_or_404(contacts.select_related("card__office__organisation", "membership__user"))
    if request.method == "POST":
        verb, said = office_cards.retract, "Vos coordonnées ne sont plus publiées."
        if "agree" in request.POST:
            verb, said = office_cards.agree, "Vos coordonnées sont publiées avec la carte de l’office."
        verb(contact=contact, by=request.user, at=timezone.now())
        messages.success(request, said)
        return redirect("accounts:own_contact")
    context = {"contact": contact, "buyers": contact.buyers.order_by("name", "pk")}
    return render(request, "accounts/office_card/own.html", context)


def _card(request: HttpRequest) -> OfficeCard:
    return get_object_or_404(
        OfficeCard.objects.visible_to(request.user).select_related("office__organisation")
    )


def _members(request: HttpRequest):
    rows = Membership.objects.in_force().filter(organisation=request.user.membership.organisation_id)
    return rows.select_related("user").order_by("user__last_name", "user__first_name", "pk")


def _people(request: HttpRequest, card: OfficeCard | None) -> list[dict]:
    contacts = {row.membership_id: row for row in card.contacts.prefetch_related("buyers")} if card else {}
    return [{"membership": row, "contact": contacts.get(row.pk)} for row in _members(request)]
