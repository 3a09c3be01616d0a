"""A card kept by hand: what it says of itself, its trades, their capacity, its contacts."""

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, require_permission
from structures.forms.cards import CapacityForm, ContactForm, OfferForm, StructureForm
from structures.models import Contact, Offer, Structure
from structures.services import cards, contacts, offers


def _structure(request: HttpRequest, pk: int) -> Structure:
    return get_object_or_404(Structure.objects.visible_to(request.user), pk=pk)


def _offer(request: HttpRequest, pk: int) -> Offer:
    visible = Offer.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("structure", "trade"), pk=pk)


def _contact(request: HttpRequest, pk: int) -> Contact:
    visible = Contact.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("structure"), pk=pk)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_EDIT)
def structure_correct(request: HttpRequest, pk: int) -> HttpResponse:
    structure = _structure(request, pk)
    form = StructureForm(_posted(request), instance=Structure.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        cards.correct(structure=structure, values=form.cleaned_data, by=request.user)
        messages.success(request, "La fiche est corrigée ; un fichier du répertoire ne le défera pas.")
        return redirect(structure)
    return _form_page(request, form, structure, "Corriger la fiche")


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_EDIT)
def offer_add(request: HttpRequest, pk: int) -> HttpResponse:
    structure = _structure(request, pk)
    form = OfferForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        today = timezone.localdate()
        try:
            offer = offers.declare(structure=structure, values=form.cleaned_data, by=request.user, on=today)
        except offers.OfferKnown as refusal:
            form.add_error("trade", str(refusal))
        else:
            messages.success(request, f"Le métier « {offer.trade} » est ajouté.")
            return redirect(structure)
    return _form_page(request, form, structure, "Ajouter un métier")


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_EDIT)
def offer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    offer = _offer(request, pk)
    form = OfferForm(_posted(request), instance=Offer.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        today = timezone.localdate()
        try:
            offers.change(offer=offer, values=form.cleaned_data, by=request.user, on=today)
        except offers.OfferKnown as refusal:
            form.add_error("trade", str(refusal))
        else:
            messages.success(request, "Le métier est modifié.")
            return redirect(offer.structure)
    return _form_page(request, form, offer.structure, "Modifier le métier")


@require_POST
@require_permission(Permission.STRUCTURE_EDIT)
def offer_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    offer = _offer(request, pk)
    structure = offers.withdraw(offer=offer, by=request.user)
    messages.success(request, f"Le métier « {offer.trade} » est retiré.")
    return redirect(structure)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_EDIT)
def capacity_declare(request: HttpRequest, pk: int) -> HttpResponse:
    offer = _offer(request, pk)
    today = timezone.localdate()
    form = CapacityForm(_posted(request), initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        offers.declare_capacity(offer=offer, **form.cleaned_data, by=request.user, on=today)
        messages.success(request, f"La capacité de « {offer.trade} » est notée.")
        return redirect(offer.structure)
    return _form_page(request, form, offer.structure, f"Capacité : {offer.trade}")


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_EDIT)
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    structure = _structure(request, pk)
    form = ContactForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        contacts.add(structure=structure, values=form.cleaned_data, by=request.user)
        messages.success(request, "Le contact est ajouté.")
        return redirect(structure)
    return _form_page(request, form, structure, "Ajouter un contact")


@require_http_methods(["GET", "POST"])
@require_permission(Permission.STRUCTURE_EDIT)
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    form = ContactForm(_posted(request), instance=Contact.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        contacts.change(contact=contact, values=form.cleaned_data, by=request.user)
        messages.success(request, "Le contact est modifié.")
        return redirect(contact.structure)
    return _form_page(request, form, contact.structure, "Modifier le contact")


@require_POST
@require_permission(Permission.STRUCTURE_EDIT)
def contact_remove(request: HttpRequest, pk: int) -> HttpResponse:
    structure = contacts.remove(contact=_contact(request, pk), by=request.user)
    messages.success(request, "Le contact est retiré.")
    return redirect(structure)


def _form_page(request: HttpRequest, form: ModelForm, structure: Structure, title: str) -> HttpResponse:
    context = {"form": form, "structure": structure, "title": title}
    return render(request, "structures/card_form.html", context, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> QueryDict | None:
    """An empty form that was sent is judged; one that was only opened is not."""
    return request.POST if request.method == "POST" else None
