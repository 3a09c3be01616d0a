"""Searches for structures as they go: one under way with its answers and its consortium, a card to review."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.timezone import localtime

from clauses.management.demonstration import territory as t
from clauses.management.demonstration.calendar import days_ago, month_start, told_as_of
from clauses.management.demonstration.cast import Cast
from structures.enums import (
    AreaKind,
    CapacityPeriod,
    CapacityUnit,
    DeclineReason,
    Liability,
    MemberState,
    ServiceKind,
)
from structures.models import Approach, Consortium, Need, Structure, Trade
from structures.services import consortia, contacts, corrections, offers, sourcing


DECLINING, LEADING, OTHER = (
    "ESAT du Confluent (fictif)",
    "Façonnage de la Bièvre (fictif)",
    "Élan Propreté (fictive)",
)


def look_for_structures(cast: Cast, now: datetime) -> None:
    own = Structure.objects.get(name=t.STRUCTURE)
    with told_as_of(days_ago(now, 60)) as moment:
        _tell_own_trades(cast, own, moment)
    need = _ask(cast, own, days_ago(now, 9))
    _answer(need, days_ago(now, 6))
    with told_as_of(days_ago(now, 3)) as moment:
        _join_forces(cast, need, moment)
        corrections.volunteer(
            structure=Structure.objects.get(name=OTHER),
            office=cast.office,
            values={"website": "https://elan-proprete.example", "phone": "01 99 00 00 31"},
            comment="Nous faisons aussi la vitrerie en hauteur depuis janvier.",
            name="Inès Caron",
            by=None,
            at=moment,
        )


def _tell_own_trades(cast: Cast, structure: Structure, moment: datetime) -> None:
    on = localtime(moment).date()
    contacts.add(
        structure=structure,
        values={
            "name": "Yannick Le Goff", "function": "Chef d’atelier", "email": "structure@demo.example",
            "phone": "01 99 00 00 20", "is_first": True,
        },
        by=cast.facilitator,
    )  # fmt: skip
    for code, hours in (("mise-sous-pli", 300), ("conditionnement", 420)):
        values = {
            "trade": Trade.objects.get(code=code), "service_kind": ServiceKind.SERVICE,
            "area_kind": AreaKind.DEPARTMENTS, "radius_km": None, "area_codes": " 94 75 ", "details": "",
        }  # fmt: skip
        offer = offers.declare(structure=structure, values=values, by=cast.facilitator, on=on)
        offers.declare_capacity(
            offer=offer, quantity=Decimal(hours), unit=CapacityUnit.HOURS, period=CapacityPeriod.MONTH,
            starts_on=on.replace(day=1), by=cast.users["structure@demo.example"], on=on,
        )  # fmt: skip


def _ask(cast: Cast, own: Structure, moment: datetime) -> Need:
    values = {
        "title": "Mise sous pli du magazine municipal",
        "told": "18 000 exemplaires, six fois par an : pliage, mise sous pli, tri par quartier. "
        "Enlèvement à l’imprimerie, dépôt en mairie sous cinq jours.",
        "place": "Alfortville",
        "names_buyer": False,
        "answer_by_on": localtime(moment).date() + timedelta(days=21),
    }
    names = (DECLINING, LEADING)
    structures = [own, *Structure.objects.filter(name__in=names).order_by("name")]
    with told_as_of(moment):
        need = sourcing.open_need(
            office=cast.office, market=None, values=values, by=cast.facilitator, at=moment
        )
        approaches = sourcing.shortlist(need=need, structures=structures, by=cast.facilitator, at=moment)
        sourcing.send(need=need, approaches=approaches, by=cast.facilitator, at=moment)
    return need


def _answer(need: Need, moment: datetime) -> None:
    rows = {str(row.structure): row for row in Approach.objects.filter(need=need).select_related("structure")}
    with told_as_of(moment):
        for row in (rows[DECLINING], rows[LEADING]):
            sourcing.remember_reading(approach=row, at=moment)
        sourcing.decline(
            approach=rows[DECLINING], reason=DeclineReason.CAPACITY, name="Luc Marchetti",
            comment="Nos ateliers sont pleins jusqu’à l’été.", by=None, at=moment,
        )  # fmt: skip
        sourcing.take_interest(
            approach=rows[LEADING], name="Salima Haddad", comment="Oui, mais pas seuls : six fois 18 000.",
            by=None, at=moment,
        )  # fmt: skip


def _join_forces(cast: Cast, need: Need, moment: datetime) -> None:
    starts_on = month_start(localtime(moment).date(), 3)
    values = {
        "name": "Groupement du magazine", "liability": Liability.JOINT_LEAD, "hours": Decimal(2400),
        "starts_on": starts_on, "ends_on": month_start(starts_on, 12),
        "note": "Deux ateliers voisins : le pliage à Créteil, la mise sous pli à Alfortville.",
    }  # fmt: skip
    group = consortia.form(need=need, values=values, by=cast.facilitator, at=moment)
    pli = Trade.objects.get(code="mise-sous-pli")
    _share(cast, group, LEADING, MemberState.AGREED, Decimal(1500), "Pliage et tri", pli)
    _share(cast, group, t.STRUCTURE, MemberState.THOUGHT, Decimal(900), "Mise sous pli", pli)


def _share(
    cast: Cast, group: Consortium, name: str, state: MemberState, hours: Decimal, part: str, trade: Trade
) -> None:
    member = consortia.join(consortium=group, structure=Structure.objects.get(name=name), by=cast.facilitator)
    share = {"state": state, "is_lead": name == LEADING, "trade": trade, "hours": hours, "part": part}
    consortia.settle(member=member, values=share | {"reason": "", "comment": ""}, by=cast.facilitator)
