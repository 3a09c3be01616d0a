"""A consortium for a need: its members, their shares and their word."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.permissions import Permission, allows, require_permission
from structures.enums import ApproachState
from structures.forms.consortia import ConsortiumForm, JoinForm, ShareForm
from structures.models import Consortium, ConsortiumMember, Need, Structure
from structures.queries import commitments
from structures.services import consortia
from structures.services.sourcing import SourcingRefused


def _consortium(request: HttpRequest, pk: int) -> Consortium:
    rows = Consortium.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("need__market__plan__buyer__organisation"), pk=pk)


def _member(request: HttpRequest, pk: int) -> ConsortiumMember:
    rows = ConsortiumMember.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("consortium__need", "structure"), pk=pk)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.SOURCING_WRITE)
def consortium_form(request: HttpRequest, pk: int) -> HttpResponse:
    need = get_object_or_404(Need.objects.visible_to(request.user), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = ConsortiumForm(posted, initial={"name": f"Groupement – {need.title}"[:160]})
    if form.is_valid():
        try:
            formed = consortia.form(need=need, values=form.cleaned_data, by=request.user, at=timezone.now())
        except SourcingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(formed)
    return _form_page(request, form, need, "Former un groupement", need.get_absolute_url())


@require_http_methods(["GET", "POST"])
@require_permission(Permission.SOURCING_WRITE)
def consortium_edit(request: HttpRequest, pk: int) -> HttpResponse:
    consortium = _consortium(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = ConsortiumForm(posted, instance=Consortium.objects.get(pk=pk))
    if form.is_valid():
        try:
            consortia.change(consortium=consortium, values=form.cleaned_data, by=request.user)
        except SourcingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le groupement est modifié.")
            return redirect(consortium)
    return _form_page(request, form, consortium.need, "Modifier le groupement", consortium.get_absolute_url())


@require_safe
@require_permission(Permission.SOURCING_VIEW)
def consortium_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _consortium(request, pk))


@require_POST
@require_permission(Permission.SOURCING_WRITE)
def member_join(request: HttpRequest, pk: int) -> HttpResponse:
    consortium = _consortium(request, pk)
    form = JoinForm(request.POST, structures=_eligible(consortium))
    if not form.is_valid():
        return _page(request, consortium, form)
    try:
        member = consortia.join(
            consortium=consortium, structure=form.cleaned_data["structure"], by=request.user
        )
    except SourcingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"« {member.structure} » est pressentie.")
    return redirect(consortium)


@require_http_methods(["GET", "POST"])
@require_permission(Permission.SOURCING_WRITE)
def member_settle(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = ShareForm(posted, instance=ConsortiumMember.objects.get(pk=pk))
    if form.is_valid():
        try:
            consortia.settle(member=member, values=form.cleaned_data, by=request.user)
        except SourcingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"La part de « {member.structure} » est notée.")
            return redirect(member.consortium)
    back = member.consortium.get_absolute_url()
    return _form_page(request, form, member.consortium.need, f"Part de {member.structure}", back)


@require_POST
@require_permission(Permission.SOURCING_WRITE)
def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    try:
        consortia.leave(member=member, by=request.user)
    except SourcingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"« {member.structure} » n’est plus du groupement.")
    return redirect(member.consortium)


def _eligible(consortium: Consortium):
    """Those asked for the need that did not say no, and are not there yet."""
    asked = consortium.need.approaches.exclude(state=ApproachState.DECLINED)
    rows = Structure.objects.filter(pk__in=asked.values("structure"))
    return rows.exclude(pk__in=consortium.members.values("structure")).order_by("sort_name", "pk")


def _form_page(request: HttpRequest, form: Form, need: Need, title: str, back: str) -> HttpResponse:
    context = {"form": form, "need": need, "title": title, "back": back}
    return render(request, "structures/consortium_form.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, consortium: Consortium, form: JoinForm | None = None) -> HttpResponse:
    may_write = consortium.need.is_open and allows(request.user, Permission.SOURCING_WRITE)
    eligible = _eligible(consortium)
    context = {
        "consortium": consortium,
        "need": consortium.need,
        "shape": commitments.shape(consortium),
        "may_write": may_write,
        "form": form or JoinForm(structures=eligible),
        "has_eligible": may_write and eligible.exists(),
        "events": audit.history(consortium.need)[:20],
    }
    return render(request, "structures/consortium.html", context, status=422 if form else 200)
