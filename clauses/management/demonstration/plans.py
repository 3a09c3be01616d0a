"""What the buyers mean to buy: plans of unequal maturity, and the screening of a part of their lines."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path

from accounts.models import User
from clauses.enums import Verdict, VerdictReason
from clauses.management.demonstration import territory as t
from clauses.management.demonstration.calendar import days_ago, month_start, told_as_of
from clauses.management.demonstration.cast import Cast
from clauses.services import answers, derogations, screening
from clauses.services.screening import Opinion
from procurement.enums import AmountOrigin, DatePrecision, DutyMotive
from procurement.models import Buyer, Department, Family, Market, Programme, PurchasePlan
from procurement.services import departments, lots, markets, plan_files, plans


HERE = Path(__file__).parent
STATE_PLAN = HERE / "state_plan.csv"

VERDICTS = {
    "espaces-verts": (Verdict.CLAUSABLE, ""),
    "nettoyage": (Verdict.CLAUSABLE, ""),
    "jeux-jouets": (Verdict.CLAUSABLE, ""),
    "travaux-peinture": (Verdict.CLAUSABLE, ""),
    "amo-etudes": (Verdict.TO_STUDY, ""),
    "informatique-services": (Verdict.NOT_CLAUSABLE, VerdictReason.NO_LABOUR),
    "assurances-finance": (Verdict.NOT_CLAUSABLE, VerdictReason.NO_LINK),
    "demenagement": (Verdict.TO_STUDY, ""),
}
# Large enough for the law to ask for a condition: an answered plan does not close it without one.
RESTAURATION = "restauration"
JUSTIFIED_BUYER, JUSTIFIED_LINE = "EPT Marne et Seine", "Assurances de la collectivité"
JUSTIFICATION = (
    "Le marché couvre des risques. L’assureur gère les sinistres au niveau national, sans équipe propre à ce "
    "contrat : aucune heure de travail ne peut y être confiée à une personne en insertion."
)
# Days from her first look at a plan to her last verdict.
LONGEST_LOOK = 10


def open_departments(cast: Cast) -> dict[tuple[str, str], Department]:
    """The departments of every buyer, by (buyer, name); the prescriber sits in three of them."""
    found = {}
    for town in t.TOWNS:
        for name in sorted(_department_names(town)):
            found[town.name, name] = _department(cast, cast.buyers[town.name], name)
    return found


def _department_names(town: t.Town) -> set[str]:
    from clauses.management.demonstration.stories import STORIES

    of_stories = {story.line.department for story in STORIES if story.buyer == town.name}
    if town.name == t.MAIN_BUYER:
        return of_stories | set(t.DEPARTMENTS)
    return of_stories | {line.department for line in _lines(town)}


def _department(cast: Cast, buyer: Buyer, name: str) -> Department:
    prescriber = cast.users["service@demo.example"].membership
    sits = buyer.organisation.name == t.MAIN_BUYER and name in (t.PARKS, t.CLEANING, t.TOYS)
    return departments.add(
        buyer=buyer,
        name=name,
        by=None,
        contact_name="Marc Dubois" if sits else "Secrétariat",
        contact_email="service@demo.example" if sits else f"service.{buyer.pk}@demo.example",
        prescribers=[prescriber] if sits else (),
    )


def _lines(town: t.Town) -> list[t.Line]:
    return list(islice(cycle(t.USUAL_LINES), town.lines))


def open_plans(cast: Cast, offices: dict[tuple[str, str], Department], now: datetime) -> None:
    year = now.year + 1
    for rank, town in enumerate(t.TOWNS):
        if town.maturity == "absent":
            continue
        with told_as_of(days_ago(now, 40 - rank)) as moment:
            _plan(cast, town, offices, year, moment)


def _plan(cast: Cast, town: t.Town, offices: dict, year: int, moment: datetime) -> None:
    by = cast.buyer_user if town.name == t.MAIN_BUYER else None
    plan = plans.start(buyer=cast.buyers[town.name], year=year, by=by)
    if town.name == t.STATE_BUYER:
        plan_files.take_in(plan=plan, name=STATE_PLAN.name, data=STATE_PLAN.read_bytes(), by=None, at=moment)
    for line in t.LOCAL_PLAN if town.name == t.MAIN_BUYER else _lines(town):
        add_line(plan, line, offices[town.name, line.department], moment, by=by)
    if town.maturity != "draft":
        plans.submit(plan=plan, by=by or cast.facilitator, at=moment)
        _screen(cast, plan, town, moment + timedelta(days=2))


def add_line(
    plan: PurchasePlan, line: t.Line, department: Department, now: datetime, *, by: User | None
) -> Market:
    rank = plan.markets.count() + 1
    launch = month_start(now.date(), line.launch_in)
    market = markets.add(
        plan=plan,
        by=by,
        values={
            "reference": f"{plan.year}-{rank:03}",
            "title": line.title,
            "description": line.description,
            "department": department,
            "nature": line.nature,
            "family": Family.objects.get(code=line.family),
            "estimated_amount": Decimal(line.amount),
            "amount_origin": AmountOrigin.HISTORIC,
            "launch_on": launch,
            "launch_precision": DatePrecision.MONTH,
            "starts_on": month_start(launch, 5),
            "duration_months": line.months,
            "place": plan.buyer.city,
            # Every other line: its author was asked and could not tell.
            "unknowns": ["labour_share"] if rank % 2 else [],
            "qpv_share": None if line.qpv_share is None else Decimal(line.qpv_share),
        },
        programmes=Programme.objects.filter(code=line.programme),
    )
    _divide(market, line.lots, by)
    return market


def _divide(market: Market, titles: tuple[str, ...], by: User | None) -> None:
    """A market that is not divided keeps its one lot."""
    for title in titles[:1]:
        lots.edit(lot=market.lots.get(), title=title, estimated_amount=None, by=by)
    for title in titles[1:]:
        lots.add(market=market, title=title, by=by)


def _screen(cast: Cast, plan: PurchasePlan, town: t.Town, moment: datetime) -> None:
    """The facilitator has gone through what she knows by heart; an answered plan is seen to its last line.

    Over two working weeks at most: some lines she knew at once.
    """
    lines = plan.markets.select_related("family").order_by("pk")
    for rank, market in enumerate(lines):
        if known := _known(market, town):
            screening.decide(
                market=market,
                office=cast.office,
                opinion=Opinion(*known, ""),
                by=cast.facilitator,
                at=moment + timedelta(days=(rank * 5 + plan.pk) % LONGEST_LOOK),
            )
    if town.name == JUSTIFIED_BUYER:
        derogations.sign(
            market=lines.get(title=JUSTIFIED_LINE),
            motive=DutyMotive.NO_LINK,
            text=JUSTIFICATION,
            by=cast.facilitator,
            at=moment,
        )
    if town.maturity == "answered":
        last = moment + timedelta(days=LONGEST_LOOK)
        answers.publish(plan=plan, office=cast.office, unseen=0, by=cast.facilitator, at=last)


def _known(market: Market, town: t.Town) -> tuple[Verdict, str] | None:
    code = market.family.code if market.family else ""
    if code in VERDICTS or town.maturity != "answered":
        return VERDICTS.get(code)
    return (
        (Verdict.TO_STUDY, "") if code == RESTAURATION else (Verdict.NOT_CLAUSABLE, VerdictReason.NO_LABOUR)
    )
