"""What an office answers to a plan: what its buyer will read, line by line, and who acts next."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Mandate, User
from clauses.enums import Verdict
from clauses.models import Screening, is_told, with_verdicts
from config.lib.french import format_number
from procurement.enums import PlanState
from procurement.models import Market, PlanAnswer, PurchasePlan


@dataclass(frozen=True)
class Answer:
    """Where the answer of one office to a plan stands."""

    plan: int
    buyer_id: int
    buyer: str
    year: int
    submitted_at: datetime
    answered_at: datetime | None
    seen: int
    total: int

    @property
    def unseen(self) -> int:
        return self.total - self.seen

    @property
    def next_step(self) -> str:
        """Who acts next, and what for."""
        if self.answered_at:
            return "À l’acheteur : lire la réponse"
        if not self.unseen:
            return "À vous : publier la réponse"
        lines = "1 ligne" if self.unseen == 1 else f"{format_number(self.unseen)} lignes"
        return f"À vous : {lines} à voir"


def answers(plans: QuerySet[PurchasePlan], office_id: int) -> QuerySet:
    """Plans that were handed in, those that await this office first, with `told_at`, `seen` and `total`."""
    ours = Q(markets__screenings__office=office_id) & ~Q(markets__screenings__verdict="")
    own = PlanAnswer.objects.filter(plan=OuterRef("pk"), office=office_id).values("answered_at")
    return (
        plans.exclude(state=PlanState.DRAFT)
        .annotate(
            told_at=Subquery(own),
            total=Count("markets", distinct=True),
            seen=Count("markets", filter=ours, distinct=True),
        )
        .order_by(F("told_at").asc(nulls_first=True), "submitted_at", "pk")
        .values(
            "pk", "buyer", "buyer__organisation__name", "year", "submitted_at", "told_at", "seen", "total"
        )
    )


def answer(row: dict) -> Answer:
    named = {"plan": row["pk"], "buyer_id": row["buyer"], "buyer": row["buyer__organisation__name"]}
    same = ("year", "submitted_at", "seen", "total")
    return Answer(**named, answered_at=row["told_at"], **{name: row[name] for name in same})


@dataclass(frozen=True)
class ToldLine:
    """One line of a plan as its buyer will read it."""

    market: Market
    given: Screening | None


@dataclass(frozen=True)
class Preview:
    lines: list[ToldLine]
    counts: list[tuple[str, int]]
    unseen: int


def preview(plan: PurchasePlan, user: User) -> Preview:
    """All lines of the plan, those without a verdict first."""
    rows = Market.objects.visible_to(user).filter(plan=plan).select_related("family")
    found = with_verdicts(rows, user).order_by("verdict", "launch_on", "pk")
    lines = [ToldLine(market, _given(market.shown_screenings)) for market in found]
    verdicts = [line.given.verdict if line.given else "" for line in lines]
    counts = [(verdict.label, verdicts.count(verdict)) for verdict in Verdict]
    return Preview(lines, counts, verdicts.count(""))


def closed_lines(plan: PurchasePlan, office_id: int) -> QuerySet[Market]:
    """The lines that this office judges « Non clausable »: its answer asks nothing more of them."""
    closed = Screening.objects.filter(office=office_id, verdict=Verdict.NOT_CLAUSABLE).values("market")
    rows = Market.objects.filter(plan=plan, pk__in=closed).select_related("plan__buyer")
    return rows.order_by("pk")


def awaited_offices(plan: PurchasePlan) -> list[str]:
    """The offices that serve its buyer today and have told it nothing of this plan yet."""
    serving = Mandate.objects.offices_of(plan.buyer_id).exclude(office__plan_answers__plan=plan)
    return sorted(serving.values_list("office__organisation__name", flat=True).distinct())


def is_closed(market: Market) -> bool:
    """An answer told its buyer that nothing is asked of it, or a contract of it is notified."""
    told = Screening.objects.filter(is_told(), market=market, verdict=Verdict.NOT_CLAUSABLE)
    return told.exists() or market.lots.filter(contract__isnull=False).exists()


def _given(screenings: list[Screening]) -> Screening | None:
    return next((row for row in screenings if row.verdict), None)
