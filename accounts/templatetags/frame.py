"""What surrounds every page: the product, the hat worn, the few places of a role, the states as badges."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.permissions import Permission, allows
from accounts.roles import Role


if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251

register = template.Library()


class Place(NamedTuple):
    label: str
    url_name: str
    icon: str


HOME = Place("À faire", "reporting:home", "inbox")
PLANS = Place("Plans d’achats", "procurement:plan_list", "calendar-days")
BUYERS = Place("Acheteurs", "procurement:buyer_list", "landmark")
SCREENING = Place("Repérage", "clauses:screening_list", "scan-search")
AGENDA = Place("Échéances", "clauses:agenda", "calendar-clock")
SHARED_NEEDS = Place("Besoins partagés", "clauses:shared_need_list", "handshake")
PROPOSALS = Place("Propositions", "clauses:proposal_list", "mail-question-mark")
CLAUSES = Place("Clauses", "clauses:clause_list", "file-check")
DECLARATIONS = Place("Déclarations", "clauses:declaration_list", "clock-check")
PARTICIPANTS = Place("Personnes", "clauses:participant_list", "users-round")
STRUCTURES = Place("Structures", "structures:list", "building-2")
MEETINGS = Place("Rencontres", "structures:meeting_list", "calendar-check")
REPORTS = Place("Rapports", "reporting:edition_list", "file-chart-column")
DASHBOARD = Place("Tableau de bord", "reporting:dashboard", "chart-column")
COMPARE = Place("Comparer", "procurement:awarded_list", "scale")
TEXTS = Place("Textes", "clauses:text_list", "scroll-text")
TEAM = Place("Équipe", "accounts:team", "user-cog")

PLACES: dict[Role, tuple[Place, ...]] = {
    Role.FACILITATOR: (
        HOME, SCREENING, AGENDA, SHARED_NEEDS,
        PROPOSALS, TEXTS, CLAUSES, DECLARATIONS, PARTICIPANTS, STRUCTURES, MEETINGS, BUYERS, PLANS,
        COMPARE, REPORTS,
    ),
    Role.MANAGER: (HOME, DASHBOARD, REPORTS, CLAUSES, SCREENING, AGENDA, MEETINGS, TEXTS, BUYERS, TEAM,
        Place("Réglages", "accounts:office", "settings")),
    Role.BUYER: (
        HOME, Place("Plan d’achats", "procurement:plan_list", "calendar-days"), AGENDA, PROPOSALS,
        Place("Contrats", "clauses:clause_list", "file-check"), STRUCTURES, MEETINGS, COMPARE, REPORTS,
        Place("Nos services", "procurement:buyer_list", "landmark"), TEAM,
    ),
    Role.PRESCRIBER: (
        Place("À décider", "reporting:home", "inbox"),
        Place("Nos marchés", "procurement:market_list", "list"), PROPOSALS,
    ),
    Role.CONTRACTOR: (
        Place("À déclarer", "reporting:home", "inbox"), DECLARATIONS,
        Place("Mes contrats", "clauses:clause_list", "file-check"),
        Place("Mes salariés", "clauses:participant_list", "users-round"),
    ),
    Role.STRUCTURE: (
        HOME, Place("Besoins reçus", "structures:own_need_list", "mail-question-mark"),
        Place("Ma fiche", "structures:own_card", "id-card"),
        Place("Répertoire", "structures:list", "building-2"),
    ),
    Role.FUNDER: (HOME, DASHBOARD, REPORTS),
    Role.ADMINISTRATOR: (
        HOME, TEAM, STRUCTURES, Place("Références", "admin:index", "database"),
    ),
}  # fmt: skip


def frame(request: "HttpRequest") -> dict:
    """Context processor: brand and navigation."""
    hat = getattr(getattr(request, "user", None), "membership", None)
    return {
        "product_name": settings.PRODUCT_NAME,
        "office_name": settings.OFFICE_NAME,
        "hat": hat,
        "hats": getattr(request.user, "hats", []) if hat else [],
        "places": _places(request, hat) if hat else [],
    }


def _places(request: "HttpRequest", hat) -> list[dict]:
    links = [{"label": p.label, "icon": p.icon, "url": reverse(p.url_name)} for p in PLACES[Role(hat.role)]]
    here = max((link["url"] for link in links if _is_under(request.path, link["url"])), key=len, default="")
    return [link | {"is_current": link["url"] == here} for link in links]


def _is_under(path: str, url: str) -> bool:
    """Every page lies under « / », which is a place of its own."""
    return path == url or (url != "/" and path.startswith(url))


@register.filter
def may(user, permission_name: str) -> bool:
    """`{% if user|may:"PLAN_EDIT" %}`"""
    return allows(user, Permission[permission_name])


# A long table shows the same few states hundreds of times.
@register.simple_tag
@lru_cache(maxsize=512)
def state_badge(label: str, tone: str, icon: str = "") -> str:
    """A state as a word on a tint; `tone` is success, warning, danger, info, neutral or awaiting."""
    return render_to_string("components/badge.html", {"label": label, "tone": tone, "icon": icon})
