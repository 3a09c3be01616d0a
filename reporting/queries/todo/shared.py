"""What several roles are told of, each for the rows that they may see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from accounts.models import User
from clauses.enums import ClauseState, DeclarationState, ProposalState
from clauses.models import Clause, HourEntry, HoursMovement, Proposal
from clauses.queries.months import Month, expected
from config.lib.french import NO_BREAK_SPACE, format_month, format_number, of_month
from config.lib.rounding import percentage
from procurement.models import Contract
from reporting.models import ReportEditionQuerySet
from reporting.queries.todo.items import AT_MOST, Figure, Item, day, named


# How long news stay on the first page.
NEWS = timedelta(days=30)
# Companies declare a month before the fifteenth of the next one (CCAP BAM, 8.2.2).
DECLARED_BY = 14

PROPOSAL = ("pk", "lot__market__title", "lot__market__plan__buyer__organisation__name", "department__name")


def proposals_awaiting(user: User, condition: Q | None = None) -> Iterator[Item]:
    """At the departments: whom a colleague of the office or of the buyer waits for."""
    rows = Proposal.objects.visible_to(user).filter(condition or Q(), state=ProposalState.SENT)
    for row in rows.order_by("sent_at", "pk").values(*PROPOSAL, "sent_at", "answer_by_on")[:AT_MOST]:
        yield Item(
            what="Réponse à une proposition",
            about=named(row["lot__market__title"], row["lot__market__plan__buyer__organisation__name"]),
            owner=row["department__name"] or "",
            since=day(row["sent_at"]),
            until=row["answer_by_on"],
            verb="Voir",
            url=reverse("clauses:proposal_detail", args=[row["pk"]]),
        )


def clauses_without_contract(user: User, *, verb: str, is_mine: bool) -> Iterator[Item]:
    rows = Clause.objects.visible_to(user).filter(state=ClauseState.AWAITING_CONTRACT)
    names = (
        "pk",
        "lot__market__title",
        "buyer__organisation__name",
        "office__organisation__name",
        "created_at",
    )
    for row in rows.order_by("created_at", "pk").values(*names)[:AT_MOST]:
        yield Item(
            what="Contrat à notifier",
            about=named(row["lot__market__title"], row["buyer__organisation__name"]),
            owner="" if is_mine else row["office__organisation__name"],
            since=day(row["created_at"]),
            verb=verb,
            url=reverse("clauses:clause_detail", args=[row["pk"]]),
        )


def months_owed(user: User, on: date) -> list[Month]:
    """By the companies, of the contracts that this person sees."""
    running = Contract.objects.visible_to(user).filter(clauses__state=ClauseState.RUNNING)
    contracts = Contract.objects.filter(pk__in=running.values("pk"))
    return [month for month in expected(contracts, on) if month.is_owed_by_company]


def declared_by(month: Month) -> date:
    return (month.period + timedelta(days=31)).replace(day=1) + timedelta(days=DECLARED_BY)


def months_awaited(months: Iterable[Month]) -> Iterator[Item]:
    """One line a contract, however long its company has been silent."""
    by_contract: dict[int, list[Month]] = defaultdict(list)
    for month in months:
        by_contract[month.contract_id].append(month)
    for owed in by_contract.values():
        first = owed[0]
        one = f"Heures {of_month(first.period)} à déclarer"
        yield Item(
            what=one
            if len(owed) == 1
            else f"{len(owed)} mois d’heures à déclarer, dès {format_month(first.period)}",
            about=named(first.reference, first.title),
            owner=first.contractor,
            since=first.since,
            until=declared_by(first),
            verb="Voir",
            url=reverse("clauses:declaration_list"),
        )


def new_reports(editions: ReportEditionQuerySet, on: date) -> Iterator[Item]:
    news = editions.filter(issued_at__date__gte=on - NEWS).select_related("buyer__organisation")
    for edition in news.latest_first()[:AT_MOST]:
        yield Item(
            what="Rapport à lire",
            about=named(str(edition.buyer), f"{edition.period}, édition {edition.number}"),
            since=day(edition.issued_at),
            verb="Lire le rapport",
            url=edition.get_absolute_url(),
        )


def hours_figures(clauses: QuerySet[Clause], url: str = "") -> list[Figure]:
    """Of the clauses that run: owed, retained, what is left."""
    running = clauses.filter(state=ClauseState.RUNNING).values("pk")
    due = HoursMovement.objects.filter(clause__in=running).aggregate(hours=Sum("hours", default=Decimal(0)))
    validated = HourEntry.objects.filter(
        placement__clause__in=running, declaration__state=DeclarationState.VALIDATED
    )
    retained = validated.aggregate(hours=Sum("hours_credited", default=Decimal(0)))
    rate = percentage(retained["hours"], due["hours"])
    note = "" if rate is None else f"{format_number(rate)}{NO_BREAK_SPACE}% des heures dues"
    return [
        Figure("Heures dues", format_number(due["hours"]), "h", "clauses en cours", url),
        Figure("Heures retenues", format_number(retained["hours"]), "h", note, url),
        Figure("Reste à réaliser", format_number(due["hours"] - retained["hours"]), "h", "", url),
    ]
