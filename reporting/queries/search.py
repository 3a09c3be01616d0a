"""What one box finds: everything a person may see, kind by kind, through the same two keys as the pages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localtime

from accounts.models import User
from accounts.permissions import Permission, allows
from clauses.models import Participant
from config.lib.french import format_date_short
from procurement.models import AwardedContract, Contract, Market, PracticeCard
from structures.models import DirectOrder, Meeting, Structure


SHOWN = 8
# One letter finds half of everything.
SHORTEST, LONGEST = 2, 200


@dataclass(frozen=True)
class Hit:
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Group:
    """The first hits of one kind; `url` is the list that holds them all."""

    label: str
    count: int
    hits: list[Hit]
    url: str


@dataclass(frozen=True)
class Kind:
    label: str
    permission: Permission
    find: Callable[[User, str], QuerySet]
    tell: Callable[..., Hit]
    list_name: str


def search(*, user: User, query: str) -> list[Group]:
    """Kinds that hold at least one hit; none for a query too short to mean anything."""
    if len(query.strip()) < SHORTEST:
        return []
    groups = [_group(kind, user, query) for kind in KINDS if allows(user, kind.permission)]
    return [group for group in groups if group.count]


def _group(kind: Kind, user: User, query: str) -> Group:
    found = kind.find(user, query)
    hits = [kind.tell(row) for row in found[:SHOWN]]
    return Group(kind.label, found.count(), hits, _narrowed(kind.list_name, query))


def _markets(user: User, query: str) -> QuerySet[Market]:
    rows = Market.objects.visible_to(user).matching(query)
    return rows.select_related("plan__buyer__organisation").order_by("-plan__year", "title", "pk")


def _tell_market(market: Market) -> Hit:
    detail = f"{market.plan.buyer} · {market.plan.year}"
    return Hit(market.title, _joined(market.reference, detail), market.get_absolute_url())


def _contracts(user: User, query: str) -> QuerySet[Contract]:
    rows = Contract.objects.visible_to(user).matching(query)
    return rows.select_related("buyer__organisation", "contractor").order_by("-notified_on", "pk")


def _tell_contract(contract: Contract) -> Hit:
    # A contract shows on the pages of its clauses: the list narrowed to its reference.
    detail = _joined(contract.reference, str(contract.contractor), str(contract.buyer))
    return Hit(contract.title, detail, _narrowed("clauses:clause_list", contract.reference))


def _awarded(user: User, query: str) -> QuerySet[AwardedContract]:
    return AwardedContract.objects.visible_to(user).matching(query).order_by("-notified_on", "pk")


def _tell_awarded(contract: AwardedContract) -> Hit:
    detail = _joined(contract.buyer, contract.social_label)
    return Hit(str(contract), detail, contract.get_absolute_url())


def _practices(user: User, query: str) -> QuerySet[PracticeCard]:
    return PracticeCard.objects.visible_to(user).matching(query).order_by("-year", "title", "pk")


def _tell_practice(card: PracticeCard) -> Hit:
    detail = _joined(card.buyer_name, str(card.year), str(card.get_kind_display()))
    return Hit(str(card), detail, card.get_absolute_url())


def _structures(user: User, query: str) -> QuerySet[Structure]:
    return Structure.objects.visible_to(user).matching(query).order_by("sort_name", "pk")


def _tell_structure(structure: Structure) -> Hit:
    return Hit(str(structure), _joined(structure.kind, structure.city), structure.get_absolute_url())


def _meetings(user: User, query: str) -> QuerySet[Meeting]:
    rows = Meeting.objects.visible_to(user).matching(query)
    return rows.select_related("kind").order_by("-starts_at", "pk")


def _tell_meeting(meeting: Meeting) -> Hit:
    day = format_date_short(localtime(meeting.starts_at).date())
    return Hit(meeting.title, _joined(str(meeting.kind), day, meeting.place), meeting.get_absolute_url())


def _orders(user: User, query: str) -> QuerySet[DirectOrder]:
    rows = DirectOrder.objects.visible_to(user).matching(query)
    return rows.select_related("structure", "buyer__organisation").order_by("-ordered_on", "pk")


def _tell_order(order: DirectOrder) -> Hit:
    return Hit(order.title, _joined(str(order.structure), str(order.buyer)), order.get_absolute_url())


def _people(user: User, query: str) -> QuerySet[Participant]:
    return Participant.objects.visible_to(user).matching(query).order_by("sort_name", "pk")


def _tell_person(person: Participant) -> Hit:
    return Hit(str(person), person.city, person.get_absolute_url())


def _narrowed(list_name: str, query: str) -> str:
    """The list of a kind, narrowed to the same words."""
    return f"{reverse(list_name)}?{urlencode({'q': query.strip()})}"


def _joined(*texts: str) -> str:
    return " · ".join(filter(None, texts))


KINDS = (
    Kind("Marchés", Permission.PLAN_VIEW, _markets, _tell_market, "procurement:market_list"),
    Kind("Contrats", Permission.CLAUSE_VIEW, _contracts, _tell_contract, "clauses:clause_list"),
    Kind("Structures", Permission.STRUCTURE_VIEW, _structures, _tell_structure, "structures:list"),
    Kind("Personnes", Permission.PARTICIPANT_VIEW, _people, _tell_person, "clauses:participant_list"),
    Kind("Rencontres", Permission.MEETING_VIEW, _meetings, _tell_meeting, "structures:meeting_list"),
    Kind("Achats directs", Permission.ORDER_VIEW, _orders, _tell_order, "structures:order_list"),
    # Ours first: there are many more of the others.
    Kind(
        "Fiches de pratique",
        Permission.PRACTICE_VIEW,
        _practices,
        _tell_practice,
        "procurement:practice_list",
    ),
    Kind("Marchés publiés", Permission.OPEN_DATA_VIEW, _awarded, _tell_awarded, "procurement:awarded_list"),
)
