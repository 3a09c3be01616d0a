"""The buyer's organisation: its purchasing people and its departments."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Mandate, Organisation, User
from clauses.enums import ProposalState
from clauses.models import Clause, Proposal
from config.lib.french import join_words
from procurement.enums import PlanState
from procurement.models import PurchasePlan
from procurement.queries.delays import timetable_of
from reporting.models import ReportEdition
from reporting.queries.todo.duty import markets_to_justify
from reporting.queries.todo.items import (
    AT_MOST,
    Figure,
    Home,
    Item,
    day,
    named,
    oldest_first,
    organisation_of,
)
from reporting.queries.todo.plans import plan_to_open
from reporting.queries.todo.renewals import renewals_due
from reporting.queries.todo.shared import (
    NEWS,
    PROPOSAL,
    clauses_without_contract,
    hours_figures,
    new_reports,
    proposals_awaiting,
)


def buyer(user: User, on: date) -> Home:
    plans = list(_plans(user, on))
    tasks = [*plan_to_open(user, on), *(item for item in plans if not item.owner)]
    waits = [
        *(item for item in plans if item.owner),
        *proposals_awaiting(user),
        *clauses_without_contract(user, verb="Voir", is_mine=False),
    ]
    tasks += renewals_due(user, on)
    reports = new_reports(ReportEdition.objects.visible_to(user), on)
    figures = hours_figures(Clause.objects.visible_to(user), reverse("clauses:clause_list"))
    tasks += markets_to_justify(user)
    return Home(oldest_first([*tasks, *reports]), oldest_first(waits), tuple(figures))


def _plans(user: User, on: date) -> Iterator[Item]:
    """A draft is late from the day that the office awaits it."""
    answered_lately = Q(state=PlanState.ANSWERED, answered_at__date__gte=on - NEWS)
    rows = PurchasePlan.objects.visible_to(user).filter(
        Q(state__in=[PlanState.DRAFT, PlanState.SUBMITTED]) | answered_lately
    )
    offices, timetable = offices_of(user), timetable_of(user)
    for plan in rows.order_by("year", "pk")[:AT_MOST]:
        about, url = f"Plan d’achats {plan.year}", plan.get_absolute_url()
        if plan.state == PlanState.DRAFT:
            until = timetable.plan_due_on(plan.year)
            yield Item("Plan à déposer", about, day(plan.opened_at), "Compléter et déposer", url, until=until)
        elif plan.state == PlanState.SUBMITTED:
            since = day(plan.submitted_at)
            yield Item("Réponse de l’office", about, since, "Voir", url, owner=offices)
        else:
            yield Item("Réponse de l’office à lire", about, day(plan.answered_at), "Lire la réponse", url)


def offices_of(user: User) -> str:
    """Several, for a large buyer."""
    offices = Mandate.objects.offices_of(organisation_of(user))
    names = Organisation.objects.filter(pk__in=offices).order_by("name", "pk").values_list("name", flat=True)
    return join_words(list(names))


def prescriber(user: User, on: date) -> Home:
    visible = Proposal.objects.visible_to(user)
    counts = [
        Figure("Propositions à décider", str(visible.filter(state=ProposalState.SENT).count())),
        Figure("Propositions acceptées", str(visible.filter(state=ProposalState.ACCEPTED).count())),
    ]
    return Home(oldest_first(_to_decide(visible)), oldest_first(_in_rework(visible)), tuple(counts))


def _to_decide(visible: QuerySet[Proposal]) -> Iterator[Item]:
    rows = visible.filter(state=ProposalState.SENT).order_by("sent_at", "pk")
    for row in rows.values(*PROPOSAL, "sent_at", "answer_by_on")[:AT_MOST]:
        yield Item(
            what="Proposition à décider",
            about=named(row["lot__market__title"], row["department__name"] or ""),
            since=day(row["sent_at"]),
            until=row["answer_by_on"],
            verb="Décider",
            url=reverse("clauses:proposal_detail", args=[row["pk"]]),
        )


def _in_rework(visible: QuerySet[Proposal]) -> Iterator[Item]:
    rows = visible.filter(state=ProposalState.REWORK).order_by("decided_at", "pk")
    for row in rows.values(*PROPOSAL, "decided_at", "office__organisation__name")[:AT_MOST]:
        yield Item(
            what="Proposition à revoir",
            about=row["lot__market__title"],
            owner=row["office__organisation__name"],
            since=day(row["decided_at"]),
            verb="Voir",
            url=reverse("clauses:proposal_detail", args=[row["pk"]]),
        )
