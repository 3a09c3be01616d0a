"""What buyers mean to buy, in two years’ plans, and what the office thinks of it so far."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from accounts import audit
from accounts.enums import AuditKind
from clauses.enums import Verdict, VerdictReason
from clauses.management.demonstration.calendar import morning
from clauses.management.synthetic import catalogue
from clauses.management.synthetic.bodies import Bodies
from clauses.management.synthetic.catalogue import Purchase
from clauses.models import Screening
from clauses.services.screening import Opinion
from procurement.enums import AmountOrigin, DatePrecision, Nature, PlanState
from procurement.models import Family, Lot, Market, PlanAnswer, PurchasePlan
from procurement.services.markets import searchable


# Of a hundred lines of a plan that is not answered yet, those that the office has seen.
SEEN = 55
# In the present year some buyers are late: one in ten has no plan, one in seven a draft.
ABSENT, DRAFT = 10, 7


def plan(bodies: Bodies, lines: int, rng: Random, now: datetime) -> list[Screening]:
    """Last year’s plans, answered to their last line, then the present ones; returns all verdicts."""
    former = [_former_plan(bodies, buyer, now) for buyer in bodies.buyers]
    present = [
        _present_plan(bodies, buyer, rank, now)
        for rank, buyer in enumerate(bodies.buyers)
        if rank % ABSENT != ABSENT - 1
    ]
    PurchasePlan.objects.bulk_create([*former, *present])
    PlanAnswer.objects.bulk_create(
        PlanAnswer(
            plan=plan, office=bodies.office, answered_at=plan.answered_at, answered_by=plan.answered_by
        )
        for plan in (*former, *present)
        if plan.answered_at
    )
    share = lines * 2 // 5
    markets = [*_lines(former, share, bodies, rng), *_lines(present, lines - share, bodies, rng)]
    Market.objects.bulk_create(markets, batch_size=500)
    _divide(markets, rng)
    return _screen(bodies, markets, rng, now)


def _former_plan(bodies: Bodies, buyer, now: datetime) -> PurchasePlan:
    start = morning(date(now.year - 1, 12, 10))
    return PurchasePlan(
        buyer=buyer, year=now.year, state=PlanState.ANSWERED, submitted_at=start,
        submitted_by=bodies.facilitator, answered_at=start + timedelta(days=20),
        answered_by=bodies.facilitator,
    )  # fmt: skip


def _present_plan(bodies: Bodies, buyer, rank: int, now: datetime) -> PurchasePlan:
    plan = PurchasePlan(buyer=buyer, year=now.year + 1)
    if rank % DRAFT == DRAFT - 1:
        return plan
    plan.state, plan.submitted_by = PlanState.SUBMITTED, bodies.facilitator
    plan.submitted_at = now - timedelta(days=3 + 2 * rank)
    if rank % 5 == 4:
        plan.state, plan.answered_by = PlanState.ANSWERED, bodies.facilitator
        plan.answered_at = plan.submitted_at + timedelta(days=2)
    return plan


def _lines(plans: list[PurchasePlan], count: int, bodies: Bodies, rng: Random) -> list[Market]:
    """Shared out unequally: the first buyers are the large ones."""
    families = {family.code: family for family in Family.objects.all()}
    weights = [len(plans) + 4 - rank for rank in range(len(plans))]
    owners = sorted(rng.choices(range(len(plans)), weights, k=count))
    ranks: dict[int, int] = {}
    found = []
    for owner in owners:
        ranks[owner] = ranks.get(owner, 0) + 1
        found.append(_line(plans[owner], ranks[owner], families, bodies, rng))
    return found


def _line(plan: PurchasePlan, rank: int, families: dict, bodies: Bodies, rng: Random) -> Market:
    bought = rng.choice(catalogue.PURCHASES)
    months = rng.randint(*bought.months)
    launch = date(plan.year, rng.randint(1, 12), 1)
    market = Market(
        plan=plan,
        reference=f"{plan.year}-{rank:04}",
        title=f"{rng.choice(bought.titles)} {rng.choice(catalogue.SITES)}",
        department=rng.choice(bodies.departments[plan.buyer_id]),
        nature=bought.nature,
        family=families[bought.family] if rng.random() > 0.05 else None,
        cpv_code=bought.cpv_code if rng.random() > 0.3 else "",
        procedure=rng.choice(catalogue.PROCEDURES),
        estimated_amount=_amount(bought, rng),
        amount_origin=rng.choice(AmountOrigin.values),
        launch_on=launch if rng.random() > 0.04 else None,
        launch_precision=DatePrecision.MONTH,
        duration_months=min(months, 12) if bought.nature != Nature.WORKS else months,
        renewals=(months - 1) // 12 if bought.nature != Nature.WORKS else 0,
        renewal_months=12 if bought.nature != Nature.WORKS and months > 12 else 0,
        place=plan.buyer.city if rng.random() > 0.1 else "",
        is_renewal=rng.random() < 0.6,
        labour_share=Decimal(bought.labour_share) if rng.random() < 0.3 else None,
    )
    market.search_text = searchable(market)
    return market


def _amount(bought: Purchase, rng: Random) -> Decimal | None:
    """Many small ones, few large ones; a few that the buyer does not know."""
    if rng.random() < 0.05:
        return None
    low, high = bought.amounts
    return Decimal(int(low * (high / low) ** (rng.random() ** 1.4))) * 1000


def _divide(markets: list[Market], rng: Random) -> None:
    lots = []
    for market in markets:
        count = (
            rng.choice((1, 1, 1, 2, 4, 7)) if market.nature == Nature.WORKS else rng.choice((1, 1, 1, 1, 3))
        )
        lots += [
            Lot(market=market, number=number, title="" if count == 1 else f"Secteur {number}")
            for number in range(1, count + 1)
        ]
    Lot.objects.bulk_create(lots, batch_size=500)


def _screen(bodies: Bodies, markets: list[Market], rng: Random, now: datetime) -> list[Screening]:
    rows = [
        _opinion(bodies, market, rng, now)
        for market in markets
        if market.plan.state == PlanState.ANSWERED
        or (market.plan.state == PlanState.SUBMITTED and rng.randrange(100) < SEEN)
    ]
    Screening.objects.bulk_create(rows, batch_size=500)
    payloads = ((row, {"verdict": _words(row), "former": vars(Opinion())}) for row in rows)
    audit.record_many(AuditKind.SCREENING_DECIDED, payloads, by=bodies.facilitator)
    return rows


def _opinion(bodies: Bodies, market: Market, rng: Random, now: datetime) -> Screening:
    """What the family usually gets; one time in eight, the case is special."""
    usual = next(row for row in catalogue.PURCHASES if market.title.startswith(row.titles))
    verdict, reason = usual.verdict, usual.reason
    if rng.random() < 0.125:
        verdict, reason = rng.choice(
            ((Verdict.TO_STUDY, ""), (Verdict.NOT_CLAUSABLE, VerdictReason.NO_SUPPLY))
        )
    return Screening(
        market=market, office=bodies.office, verdict=verdict, reason=reason, decided_by=bodies.facilitator,
        decided_at=market.plan.answered_at or min(market.plan.submitted_at + timedelta(days=2), now),
    )  # fmt: skip


def _words(row: Screening) -> str:
    return str(Opinion(row.verdict, row.reason, row.comment))
