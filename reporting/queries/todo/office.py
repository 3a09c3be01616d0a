"""The office: its facilitators and its manager."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from clauses.enums import ProposalState
from clauses.models import Clause, Declaration, Eligibility, Participant, Placement, Proposal, Screening
from config.lib.french import of_month
from jobs.enums import JobState
from jobs.models import REMEMBERED, Job
from procurement.enums import PlanState
from procurement.models import Buyer, Contract, Market, PurchasePlan
from reporting.models import ReportEdition
from reporting.queries.todo.cards import contact_to_agree
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
    plural,
)
from reporting.queries.todo.meetings import meetings_to_note
from reporting.queries.todo.plans import plans_not_received
from reporting.queries.todo.shared import (
    NEWS,
    PROPOSAL,
    clauses_without_contract,
    hours_figures,
    months_awaited,
    months_owed,
    proposals_awaiting,
)
from reporting.queries.todo.sourcing import corrections_to_review, needs_past_their_day
from reporting.queries.todo.urgent import urgent_lines
from reporting.rules import periods


# Hours that wait longer are the manager's business too.
PATIENCE = timedelta(days=30)

DRAFTS = {
    ProposalState.DRAFT: ("Proposition à envoyer", "Compléter"),
    ProposalState.REWORK: ("Proposition à revoir", "Revoir"),
    ProposalState.REFUSED: ("Proposition refusée", "Lire le refus"),
}


def facilitator(user: User, on: date) -> Home:
    plans, declarations = list(_plans_to_screen(user)), list(_declarations(user))
    tasks = [
        *plans,
        *urgent_lines(user),
        *plans_not_received(user, on),
        *_proposals_to_rework(user, on),
        *markets_to_justify(user),
        *clauses_without_contract(user, verb="Notifier le contrat", is_mine=True),
        *declarations,
        *_eligibilities(user, on),
        *corrections_to_review(user),
        *needs_past_their_day(user, on),
        *meetings_to_note(user, on),
        *contact_to_agree(user),
    ]
    answers = list(proposals_awaiting(user))
    waits = [*answers, *months_awaited(months_owed(user, on)), *_plans_to_come(user)]
    return Home(oldest_first(tasks), oldest_first(waits), (*_counts(user), *_hours(user)))


def manager(user: User, on: date) -> Home:
    is_late = Q(answer_by_on__lt=on)
    tasks = [
        *_late_answers(user, is_late),
        *_declarations(user, before=on - PATIENCE),
        *_failed_reports(user, on),
        *_missing_reports(user, on),
        *meetings_to_note(user, on),
        *contact_to_agree(user),
    ]
    waits = [*proposals_awaiting(user, ~is_late), *months_awaited(months_owed(user, on))]
    return Home(oldest_first(tasks), oldest_first(waits), (*_counts(user), *_hours(user)))


def _plans_to_screen(user: User) -> Iterator[Item]:
    handed_in = PurchasePlan.objects.visible_to(user).exclude(state=PlanState.DRAFT)
    rows = _with_unseen(handed_in.exclude(answers__office=organisation_of(user)), user)
    names = ("pk", "year", "buyer", "buyer__organisation__name", "submitted_at", "lines", "unseen")
    for row in rows.order_by("submitted_at", "pk").values(*names)[:AT_MOST]:
        plan = reverse("clauses:answer_detail", args=[row["pk"]])
        query = urlencode({"buyer": row["buyer"], "year": row["year"], "verdict": "unseen"})
        to_see = (
            f"{plural(row['unseen'], 'ligne')} à voir sur {row['lines']}",
            "Repérer",
            f"{reverse('clauses:screening_list')}?{query}",
        )
        to_answer = ("Réponse à publier\u00a0: toutes les lignes sont vues", "Préparer la réponse", plan)
        what, verb, url = to_see if row["unseen"] else to_answer
        about = named(f"Plan d’achats {row['year']}", row["buyer__organisation__name"])
        yield Item(what, about, since=day(row["submitted_at"]), verb=verb, url=url)


def _with_unseen(plans: QuerySet[PurchasePlan], user: User) -> QuerySet:
    seen = Screening.objects.visible_to(user).exclude(verdict="").values("market")
    unseen = Market.objects.filter(plan=OuterRef("pk")).exclude(pk__in=seen).order_by()
    counted = unseen.values("plan").annotate(count=Count("pk")).values("count")
    return plans.annotate(
        lines=Count("markets"), unseen=Coalesce(Subquery(counted), 0, output_field=IntegerField())
    )


def _proposals_to_rework(user: User, on: date) -> Iterator[Item]:
    refused_lately = Q(state=ProposalState.REFUSED, decided_at__date__gte=on - NEWS)
    awaiting = Q(state__in=[ProposalState.DRAFT, ProposalState.REWORK]) | refused_lately
    rows = Proposal.objects.visible_to(user).filter(awaiting).order_by("created_at", "pk")
    for row in rows.values(*PROPOSAL, "state", "created_at", "decided_at")[:AT_MOST]:
        what, verb = DRAFTS[ProposalState(row["state"])]
        yield Item(
            what=what,
            about=named(row["lot__market__title"], row["lot__market__plan__buyer__organisation__name"]),
            since=day(row["decided_at"] or row["created_at"]),
            verb=verb,
            url=reverse("clauses:proposal_detail", args=[row["pk"]]),
        )


def _declarations(user: User, before: date | None = None) -> Iterator[Item]:
    rows = Declaration.objects.visible_to(user).awaiting_validation().order_by("sent_at", "pk")
    if before:
        rows = rows.filter(sent_at__date__lt=before)
    names = ("pk", "period", "contract__reference", "contract__contractor__name", "sent_at")
    for row in rows.values(*names)[:AT_MOST]:
        yield Item(
            what=f"Heures {of_month(row['period'])} à valider",
            about=named(row["contract__reference"], row["contract__contractor__name"]),
            since=day(row["sent_at"]),
            verb="Examiner",
            url=reverse("clauses:declaration_detail", args=[row["pk"]]),
        )


def _eligibilities(user: User, on: date) -> Iterator[Item]:
    """People at work under a clause whose eligibility nobody has decided of, or whose term has come."""
    placements = Placement.objects.running_in(on, on + timedelta(days=1))
    decided = Eligibility.objects.filter(participant=OuterRef("pk"), valid_to__gt=on)
    rows = (
        Participant.objects.visible_to(user)
        .filter(~Exists(decided), placements__in=placements)
        .annotate(since=Min("placements__starts_on", filter=Q(placements__in=placements)))
    )
    for row in rows.order_by("since", "pk").values("pk", "first_name", "last_name", "since")[:AT_MOST]:
        yield Item(
            what="Éligibilité à décider",
            about=f"{row['first_name']} {row['last_name']}",
            since=row["since"],
            verb="Décider",
            url=reverse("clauses:participant_detail", args=[row["pk"]]),
        )


def _plans_to_come(user: User) -> Iterator[Item]:
    rows = PurchasePlan.objects.visible_to(user).filter(state=PlanState.DRAFT).order_by("opened_at", "pk")
    for row in rows.values("pk", "year", "buyer__organisation__name", "opened_at")[:AT_MOST]:
        yield Item(
            what="Plan à déposer",
            about=f"Plan d’achats {row['year']}",
            owner=row["buyer__organisation__name"],
            since=day(row["opened_at"]),
            verb="Voir",
            url=reverse("procurement:plan_detail", args=[row["pk"]]),
        )


def _late_answers(user: User, is_late: Q) -> Iterator[Item]:
    for item in proposals_awaiting(user, is_late):
        yield Item(
            what=f"Réponse en retard\u00a0: {item.owner}",
            about=item.about,
            since=item.since,
            until=item.until,
            verb="Relancer",
            url=item.url,
        )


def _failed_reports(user: User, on: date) -> Iterator[Item]:
    failed = Job.objects.visible_to(user).filter(
        state=JobState.FAILED, finished_at__date__gte=on - REMEMBERED
    )
    for job in failed.order_by("finished_at", "pk")[:AT_MOST]:
        yield Item(
            "Rapport qui a échoué",
            job.title,
            day(job.finished_at),
            "Voir et relancer",
            job.get_absolute_url(),
        )


def _missing_reports(user: User, on: date) -> Iterator[Item]:
    """The quarter that ended last, in one line: naming twenty buyers would hide the rest."""
    starts_on, ends_on = periods.last_quarter(on)
    contracts = Contract.objects.visible_to(user).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on), clauses__isnull=False, starts_on__lt=ends_on
    )
    issued = ReportEdition.objects.visible_to(user).filter(
        buyer=OuterRef("pk"), starts_on__lte=starts_on, ends_on__gte=ends_on
    )
    count = Buyer.objects.filter(~Exists(issued), pk__in=contracts.values("buyer")).count()
    if count:
        yield Item(
            what=f"Rapports du {periods.describe(starts_on, ends_on)} à préparer",
            about=f"{plural(count, 'acheteur')} sans édition",
            since=ends_on,
            verb="Préparer",
            url=reverse("reporting:edition_list"),
        )


def _counts(user: User) -> list[Figure]:
    seen = Screening.objects.visible_to(user).exclude(verdict="").values("market")
    submitted = Market.objects.visible_to(user).filter(plan__state=PlanState.SUBMITTED)
    lines = submitted.exclude(pk__in=seen).count()
    answers = Proposal.objects.visible_to(user).awaiting_decision().count()
    return [
        Figure("Lignes à voir", str(lines), url=f"{reverse('clauses:screening_list')}?verdict=unseen"),
        Figure("Réponses attendues", str(answers), url=f"{reverse('clauses:proposal_list')}?state=sent"),
    ]


def _hours(user: User) -> list[Figure]:
    return hours_figures(Clause.objects.visible_to(user), reverse("clauses:clause_list"))[:2]
