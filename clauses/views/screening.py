from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.models import AuditEvent
from accounts.permissions import Permission, allows, require_permission
from accounts.roles import OFFICE_ROLES
from clauses.enums import ProposalState
from clauses.forms.screening import OpinionForm
from clauses.forms.urgency import UrgencyForm
from clauses.models import Proposal, Screening, Urgency
from clauses.queries.screening import progress
from clauses.services import screening
from clauses.services.derogations import JustificationMissing
from clauses.services.screening import NothingToUndo, PlanTakenBack
from clauses.views.screening_rows import (
    Line,
    filtered,
    own_office,
    refuse,
    to_list,
    told,
    visible_lines,
)
from procurement.models import Market
from procurement.queries import anticipation
from procurement.queries.delays import timetable_of
from procurement.views.awarded import elsewhere_of
from structures.models import Meeting
from structures.queries import supply
from structures.queries.supply import Candidate


MOST_CANDIDATES = 8


@require_GET
@require_permission(Permission.SCREENING_VIEW)
def screening_detail(request: HttpRequest, pk: int) -> HttpResponse:
    line = line_of(request, pk)
    return show_detail(request, line)


@require_permission(Permission.SCREENING_DECIDE)
def screening_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The row again (GET), or its verdict (POST)."""
    line = line_of(request, pk)
    if request.method != "POST":
        return show_row(request, line) if request.htmx else redirect("clauses:screening_detail", pk)
    form = OpinionForm(request.POST)
    if form.asks_for_the_reason:
        question = OpinionForm(initial=_as_before(line) | request.POST.dict())
        return _ask_again(request, line, question, status=200)
    if not form.is_valid():
        return _ask_again(request, line, form, status=422)
    try:
        screening.decide(
            market=line.market, office=own_office(request), opinion=form.opinion, by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except (PlanTakenBack, JustificationMissing) as refusal:
        return refuse(request, refusal)
    return answer(request, pk, f"« {line.market} » : {form.opinion}.")


@require_POST
@require_permission(Permission.SCREENING_DECIDE)
def screening_undo(request: HttpRequest, pk: int) -> HttpResponse:
    line = line_of(request, pk)
    rows = Screening.objects.visible_to(request.user)
    given = get_object_or_404(rows, market=line.market, office=own_office(request))
    try:
        screening.undo(screening=given, by=request.user, at=timezone.now())
    except (NothingToUndo, JustificationMissing) as refusal:
        return refuse(request, refusal)
    return answer(request, pk, f"L’avis sur « {line.market} » est annulé.")


def line_of(request: HttpRequest, pk: int) -> Line:
    (line,) = told(request, [get_object_or_404(visible_lines(request), pk=pk)])
    return line


def _opinion_form(line: Line) -> OpinionForm:
    return OpinionForm(instance=line.given) if line.given else OpinionForm(initial=_as_before(line))


def _as_before(line: Line) -> dict[str, str]:
    """The verdict of the year before, as a first answer."""
    before = line.precedent
    return {"verdict": before.verdict, "reason": before.reason} if before else {}


def show_detail(
    request: HttpRequest,
    line: Line,
    form: OpinionForm | None = None,
    status: int = 200,
    urgency_form: UrgencyForm | None = None,
) -> HttpResponse:
    proposals = Proposal.objects.visible_to(request.user).order_by("pk")
    lots = line.market.lots.order_by("number").prefetch_related(
        Prefetch("proposals", proposals, to_attr="shown_proposals")
    )
    context = {
        "market": line.market,
        "assessment": line.assessment,
        "standing": line.standing,
        "advice": line.advice,
        "elsewhere": elsewhere_of(request, line.market),
        "clock": line.clock,
        "milestones": anticipation.milestones(
            line.market,
            line.clock,
            timetable_of(request.user),
            is_calibrated=_is_calibrated(lots),
            on=timezone.localdate(),
        ),
        "given": line.given,
        "form": form or _opinion_form(line),
        "urgency": line.urgency,
        "urgency_form": urgency_form or UrgencyForm(),
        "lifted": _last_lifted(request, line),
        # What the form starts from, until a verdict is given: said, and never kept by itself.
        "precedent": None if line.given else line.precedent,
        "candidates": _candidates(request, line.market),
        "query": request.GET.urlencode(),
        "lots": lots,
        "meetings": _meetings(request, line.market),
        "events": _events(request, line.market),
        "may_decide": allows(request.user, Permission.SCREENING_DECIDE),
        "may_propose": allows(request.user, Permission.PROPOSAL_WRITE),
    }
    return render(request, "clauses/screening_detail.html", context, status=status)


def _last_lifted(request: HttpRequest, line: Line) -> Urgency | None:
    """The mark that may be put back."""
    if line.urgency or not allows(request.user, Permission.SCREENING_DECIDE):
        return None
    lifted = Urgency.objects.visible_to(request.user).filter(market=line.market, lifted_at__isnull=False)
    return next(iter(lifted.select_related("lifted_by").order_by("-lifted_at", "-pk")[:1]), None)


def _candidates(request: HttpRequest, market: Market) -> list[Candidate]:
    """Who to call first, for those who may open their cards."""
    if not allows(request.user, Permission.STRUCTURE_VIEW):
        return []
    return supply.candidates(market, limit=MOST_CANDIDATES)


def _meetings(request: HttpRequest, market: Market) -> list[dict]:
    at = timezone.now()
    rows = Meeting.objects.visible_to(request.user).filter(markets=market).select_related("kind")
    found = rows.order_by("-starts_at", "pk")
    return [{"meeting": meeting, "situation": meeting.situation(at)} for meeting in found]


def _is_calibrated(lots: QuerySet) -> bool:
    """A proposal in preparation, or withdrawn, calibrates nothing."""
    open_still = {ProposalState.DRAFT, ProposalState.WITHDRAWN}
    return any(proposal.state not in open_still for lot in lots for proposal in lot.shown_proposals)


def show_row(
    request: HttpRequest,
    line: Line,
    form: OpinionForm | None = None,
    status: int = 200,
    said: str = "",
    **urgency: UrgencyForm | Urgency | None,
) -> HttpResponse:
    """`urgency`: the question that is asked (`urgency_form`), or the mark just `lifted`."""
    criteria = filtered(request)
    context = {
        "line": line,
        "filter": criteria,
        "progress": progress(criteria.lines),
        "form": form,
        "said": said,
        "selected": [],
        "may_decide": True,
        **urgency,
    }
    return render(request, "clauses/screening_list.html#answer", context, status=status)


def _events(request: HttpRequest, market: Market) -> QuerySet[AuditEvent] | list[AuditEvent]:
    """The office alone reads the verdicts that came before the published one, and what hurried."""
    if request.user.membership.role not in OFFICE_ROLES:
        return []
    hurried = audit.history_of_all(Urgency.objects.visible_to(request.user).filter(market=market))
    return hurried | audit.history(market.shown_screenings[0]) if market.shown_screenings else hurried


def _ask_again(request: HttpRequest, line: Line, form: OpinionForm, *, status: int) -> HttpResponse:
    show = show_row if request.htmx else show_detail
    return show(request, line, form, status=status)


def answer(request: HttpRequest, pk: int, said: str, lifted: Urgency | None = None) -> HttpResponse:
    """The row as it is now, or the page it came from."""
    if request.htmx:
        return show_row(request, line_of(request, pk), said=said, lifted=lifted)
    messages.success(request, said)
    if "fiche" in request.POST:
        return redirect("clauses:screening_detail", pk)
    return to_list(request, f"#marche-{pk}")
