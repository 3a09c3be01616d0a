"""The buyer's organisation: its purchasing people and its departments."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Mandate, Organisation, User
from clauses.enums import ProposalState
from clauses.models import Clause, Proposal, with_urgency
from config.lib.french import join_words
from procurement.enums import PlanState
from procurement.models import PlanAnswer, PurchasePlan
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
    tasks = [
        *plan_to_open(user, on), *(item for item in plans if not item.owner), *_answers(user, on),
        *markets_to_justify(user),
    ]  # fmt: skip
    waits = [
        *(item for item in plans if item.owner),
        *proposals_awaiting(user),
        *clauses_without_contract(user, verb="Voir", is_mine=False),
    ]
    tasks += renewals_due(user, on)
    reports = new_reports(ReportEdition.objects.visible_to(user), on)
    figures = hours_figures(Clause.objects.visible_to(user), reverse("clauses:clause_list"))
    return Home(oldest_first([*tasks, *reports]), oldest_first(waits), tuple(figures))


def _plans(user: User, on: date) -> Iterator[Item]:
    """A draft is late from the day that the office awaits it."""
    rows = PurchasePlan.objects.visible_to(user)
    awaiting = rows.filter(state__in=[PlanState.DRAFT, PlanState.SUBMITTED]).prefetch_related("answers")
    offices, timetable = offices_of(user), timetable_of(user)
    for plan in awaiting.order_by("year", "pk")[:AT_MOST]:
        about, url = f"Plan d’achats {plan.year}", plan.get_absolute_url()
        if plan.state == PlanState.DRAFT:
            until = timetable.plan_due_on(plan.year)
            yield Item("Plan à déposer", about, day(plan.opened_at), "Compléter et déposer", url, until=until)
        else:
            told = {answer.office_id for answer in plan.answers.all()}
            owner = join_words([name for office, name in offices.items() if office not in told])
            since = day(plan.submitted_at)
            yield Item("Réponse de l’office", about, since, "Voir", url, owner=owner or "l’office")


def _answers(user: User, on: date) -> Iterator[Item]:
    told = PlanAnswer.objects.filter(plan__in=PurchasePlan.objects.visible_to(user))
    rows = told.filter(answered_at__date__gte=on - NEWS).select_related("plan").order_by("answered_at", "pk")
    for answer in rows[:AT_MOST]:
        about, url = f"Plan d’achats {answer.plan.year}", answer.plan.get_absolute_url()
        yield Item("Réponse de l’office à lire", about, day(answer.answered_at), "Lire la réponse", url)


def offices_of(user: User) -> dict[int, str]:
    """By key; several, for a large buyer."""
    offices = Mandate.objects.offices_of(organisation_of(user))
    rows = Organisation.objects.filter(pk__in=offices).order_by("name", "pk")
    return dict(rows.values_list("pk", "name"))


def prescriber(user: User, on: date) -> Home:
    visible = Proposal.objects.visible_to(user)
    counts = [
        Figure("Propositions à décider", str(visible.filter(state=ProposalState.SENT).count())),
        Figure("Propositions acceptées", str(visible.filter(state=ProposalState.ACCEPTED).count())),
    ]
    return Home(oldest_first(_to_decide(visible)), oldest_first(_in_rework(visible)), tuple(counts))


def _to_decide(visible: QuerySet[Proposal]) -> Iterator[Item]:
    rows = visible.filter(state=ProposalState.SENT).order_by("sent_at", "pk")
    for row in with_urgency(rows).values(*PROPOSAL, "sent_at", "answer_by_on", "urgent_reason")[:AT_MOST]:
        yield Item(
            what="Proposition urgente à décider" if row["urgent_reason"] else "Proposition à décider",
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
