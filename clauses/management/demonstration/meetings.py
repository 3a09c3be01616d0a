"""Visits and meetings of an invented year: one to come, one that awaits its outcome, and what was held."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils.timezone import localtime

from clauses.management.demonstration import territory as t
from clauses.management.demonstration.calendar import PARIS, told_as_of
from clauses.management.demonstration.cast import Cast
from procurement.models import Market
from structures.enums import MeetingOutcome
from structures.models import Meeting, MeetingKind, Structure
from structures.services import guests, meetings, outcomes


class Told(NamedTuple):
    """`days` from the day of loading; `market` is part of the title of a market of the main buyer."""

    days: int
    hour: int
    kind: str
    title: str
    place: str
    about: str
    buyers: tuple[str, ...]
    structure: str = ""
    market: str = ""
    outcome: str = ""
    note: str = ""


NEIGHBOURS = (t.MAIN_BUYER, "Ville d’Alfortville", "Ville de Sucy-en-Brie", "EPT Marne et Seine", t.HOSPITAL)

MEETINGS = (
    Told(16, 14, "purchasing_network", "Réseau des responsables d’achats du territoire", "Créteil",
         "Les plans de l’an prochain, les besoins partagés, le calendrier des clauses.", NEIGHBOURS),
    Told(6, 10, "site_visit", "Visite de l’atelier de mise sous pli", "Alfortville",
         "Voir les postes, les volumes possibles et les délais pour le courrier de la ville.",
         (t.MAIN_BUYER,), t.STRUCTURE),
    Told(-3, 9, "buyer_meeting", "Le nettoyage des écoles : quels lots, quelles heures", "Créteil",
         "Préparer le calibrage avec le service et la direction des achats.", (t.MAIN_BUYER,), "",
         "Nettoyage des écoles"),
    Told(-40, 14, "site_visit", "Visite de l’atelier de jouets de réemploi", "Alfortville",
         "Collecte, tri, réparation : ce que l’atelier peut fournir aux ludothèques.",
         (t.MAIN_BUYER,), t.STRUCTURE, "ludothèques", "reserved",
         "Le service a vu le tri et la sécurité des jouets : un lot sera réservé, avec un prix au poids."),
    Told(-75, 14, "purchasing_network", "Réseau des responsables d’achats du territoire", "Alfortville",
         "Le premier tour des plans, et le guide des lots réservés.", NEIGHBOURS, "", "", "follow_up",
         "Trois acheteurs regardent ensemble le courrier et l’impression."),
    Told(-110, 10, "workshop", "Atelier : écrire un lot réservé", "Créteil",
         "Deux rédactions, commentées avec les acheteurs.", NEIGHBOURS[:3], "", "", "none",
         "Utile, sans marché précis derrière."),
)  # fmt: skip


def hold_meetings(cast: Cast, now: datetime) -> None:
    kinds = {kind.code: kind for kind in MeetingKind.objects.all()}
    today = localtime(now).date()
    for told in MEETINGS:
        starts_at = datetime.combine(_working_day(today, told.days), time(told.hour), PARIS)
        ends_at = starts_at + timedelta(hours=2)
        with told_as_of(min(now, starts_at) - timedelta(days=10)) as moment:
            meeting = _plan(cast, told, kinds[told.kind], starts_at, ends_at, moment)
            guests.invite(meeting=meeting, by=cast.facilitator, at=moment)
        if told.outcome:
            with told_as_of(ends_at + timedelta(days=1)) as moment:
                _note(cast, meeting, told, moment)


def _working_day(today: date, days: int) -> date:
    """The one asked for, or the Monday after it: the past stays past."""
    day = today + timedelta(days=days)
    aside = {5: -1, 6: -2} if days < 0 else {5: 2, 6: 1}
    return day + timedelta(days=aside.get(day.weekday(), 0))


def _plan(
    cast: Cast, told: Told, kind: MeetingKind, starts_at: datetime, ends_at: datetime, at: datetime
) -> Meeting:
    markets = Market.objects.filter(
        plan__buyer=cast.buyers[t.MAIN_BUYER], title__contains=told.market, plan__year__gt=at.year
    ).order_by("pk")[:1]
    meeting = meetings.plan(
        office=cast.office,
        values={
            "kind": kind,
            "title": told.title,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "place": told.place,
            "about": told.about,
        },
        markets=markets if told.market else [],
        by=cast.facilitator,
        at=at,
    )
    guests.add(
        meeting=meeting,
        organisations=[cast.organisations[name] for name in told.buyers],
        structures=Structure.objects.filter(name=told.structure, source="Démonstration")
        if told.structure
        else [],
        by=cast.facilitator,
    )
    return meeting


def _note(cast: Cast, meeting: Meeting, told: Told, at: datetime) -> None:
    outcomes.note(
        meeting=meeting,
        outcome=MeetingOutcome(told.outcome),
        text=told.note,
        came=meeting.guests.order_by("pk")[:4],
        by=cast.facilitator,
        at=at,
    )
