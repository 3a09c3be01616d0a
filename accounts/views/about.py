"""Pages about the application itself: help, rights, accessibility, and its parts on show."""

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import queries
from accounts.enums import AuditKind
from accounts.forms.gallery import SampleForm
from accounts.models import AuditEvent, Membership
from accounts.permissions import GRANTS, Permission, require_permission, signed_in
from accounts.roles import DESCRIPTIONS, Role


GUIDES: dict[Role, str] = {
    Role.FACILITATOR: "accounts/guides/facilitator.html",
    Role.MANAGER: "accounts/guides/manager.html",
    Role.BUYER: "accounts/guides/buyer.html",
    Role.PRESCRIBER: "accounts/guides/prescriber.html",
    Role.CONTRACTOR: "accounts/guides/contractor.html",
    Role.STRUCTURE: "accounts/guides/structure.html",
    Role.FUNDER: "accounts/guides/funder.html",
    Role.ADMINISTRATOR: "accounts/guides/administrator.html",
}

STATES = (
    ("Validée", "success", "circle-check"),
    ("À compléter", "warning", "triangle-alert"),
    ("Refusée", "danger", "circle-x"),
    ("En cours", "info", "loader-circle"),
    ("Brouillon", "neutral", "pencil"),
    ("Attend votre décision", "awaiting", "hourglass"),
)
NOTICES = (
    (constants.SUCCESS, "La clause du lot 2 est acceptée."),
    (constants.INFO, "Le rapport se prépare ; vous pouvez quitter cette page."),
    (constants.WARNING, "Trois lignes attendent une correction."),
    (constants.ERROR, "Le fichier n’a pas de ligne d’en-tête : rien n’a été enregistré."),
)


@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    hat = _hat(request)
    role = Role(hat.role) if hat else None
    context = {
        "guide": GUIDES[role] if role else "",
        "description": DESCRIPTIONS[role] if role else "",
        "offices": queries.offices_serving(hat) if hat else [],
    }
    return render(request, "accounts/help.html", context)


@signed_in
def rights(request: HttpRequest) -> HttpResponse:
    """The table of accounts/permissions.py, as it is."""
    hat = _hat(request)
    roles = [
        {"label": role.label, "description": DESCRIPTIONS[role], "is_mine": bool(hat) and hat.role == role}
        for role in Role
    ]
    rows = [
        {"verb": permission, "granted": [permission in GRANTS[role] for role in Role]}
        for permission in Permission
    ]
    return render(request, "accounts/rights.html", {"roles": roles, "rows": rows})


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/accessibility.html")


@require_permission(Permission.REFERENCE_MANAGE)
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component once, for those who build and check the pages."""
    refused = SampleForm({"name": "", "amount": "beaucoup"})
    refused.add_error(None, "Une phrase dit ce qui empêche d’enregistrer, et quoi faire.")
    context = {
        "states": STATES,
        "notices": [Message(level, text) for level, text in NOTICES],
        "form": SampleForm(),
        "refused": refused,
        "page": Paginator(range(120), 50).get_page(2),
        "events": _sample_events(),
    }
    return render(request, "accounts/gallery.html", context)


def _hat(request: HttpRequest) -> Membership | None:
    return getattr(request.user, "membership", None)


def _sample_events() -> list[AuditEvent]:
    at = datetime(2027, 3, 3, 9, 30, tzinfo=UTC)
    return [
        AuditEvent(
            at=at, kind=AuditKind.PROPOSAL_ACCEPTED, actor_name="Paul Girard", payload={"hours": "833 h"}
        ),
        AuditEvent(
            at=at, kind=AuditKind.MEMBER_INVITED, actor_name="Mona Duval", payload={"role": "acheteur"}
        ),
        AuditEvent(at=at, kind=AuditKind.PLAN_SUBMITTED, actor_name=""),
    ]
