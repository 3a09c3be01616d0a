"""The options of a market side by side: everything in the address, nothing written."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import replace_url

from accounts.permissions import Permission, allows, require_permission
from clauses.forms.options import RATE_SLIDER, OptionsForm
from clauses.models import Clause
from clauses.queries import capacity, options as queries, references
from clauses.queries.options import Taken
from clauses.queries.references import References
from clauses.queries.suppliers import able_for
from clauses.rules import provisions
from clauses.rules.capacity import explain
from clauses.rules.catalogue import PROVISIONS
from clauses.rules.options import Option, advises_none, compare, superlatives
from clauses.rules.provisions import Terms
from config.lib.french import format_hours, format_number, format_percentage, join_words
from procurement.models import Lot, Market
from structures.queries import supply
from structures.queries.supply import Supply


SHARES = frozenset({"labour_share", "rate", "reserved_share"})
UNKNOWN = "inconnu"


class Figure(NamedTuple):
    """A line of the comparison: the same figure of every option."""

    title: str
    values: list[str]


class Column(NamedTuple):
    """An option as it is shown, and what may be done with it."""

    option: Option
    article: str
    best_at: list[str]
    share: str
    draft_url: str
    objections: list[str]


@require_GET
@require_permission(Permission.OPTION_COMPARE)
def option_list(request: HttpRequest, pk: int) -> HttpResponse:
    market = get_object_or_404(_markets(request), pk=pk)
    lots = list(market.lots.all())
    lot = _lot(request, lots)
    known = references.for_market(market, timezone.localdate())
    form = OptionsForm(request.GET, known=known, defaults=queries.starting_values(market, lot, known))
    context = {
        "market": market,
        "lots": lots if len(lots) > 1 else [],
        "lot": lot,
        "form": form,
        "rate_slider": RATE_SLIDER,
    }
    status = 200
    if form.is_valid():
        context |= _comparison(request, market, lot, form, known)
    else:
        status = 422 if request.GET else 200
    template = "clauses/option_list.html#options" if request.htmx else "clauses/option_list.html"
    response = render(request, template, context, status=status)
    return replace_url(response, request.get_full_path()) if request.htmx else response


def _markets(request: HttpRequest) -> QuerySet[Market]:
    rows = Market.objects.visible_to(request.user).select_related("plan__buyer__organisation", "family")
    return rows.prefetch_related("programmes", "lots")


def _lot(request: HttpRequest, lots: list[Lot]) -> Lot | None:
    """The lot of the address; the only one of a market that is not divided; none for the whole market."""
    asked = request.GET.get("lot", "")
    if not asked:
        return lots[0] if len(lots) == 1 else None
    found = [lot for lot in lots if str(lot.pk) == asked]
    if not found:
        raise Http404
    return found[0]


def _comparison(
    request: HttpRequest, market: Market, lot: Lot | None, form: OptionsForm, known: References
) -> dict:
    situation = form.situation(agreed_rate=queries.agreed_rate(market, known))
    found = compare(situation, queries.measures(known))
    may_write = allows(request.user, Permission.PROPOSAL_WRITE) and not market.plan.is_draft
    return {
        "situation": situation,
        "columns": _columns(found, lot, may_write=may_write),
        "figures": [
            *_figures(found, supply.of_one(market)),
            *_capacity(request, market, situation.months, found),
        ],
        "may_write": may_write,
        "sources": queries.sources(known, found),
        "noticeable_share": known.noticeable_share,
        "heavy_share": known.heavy_share,
        "advises_none": advises_none(found),
    }


def _columns(found: list[Option], lot: Lot | None, *, may_write: bool) -> list[Column]:
    best = superlatives(found)
    taken = queries.taken(lot) if lot and may_write else []
    return [
        Column(
            option=option,
            article=PROVISIONS[option.kind].article,
            best_at=best.get(position, []),
            share=_percent(option.share) if option.share is not None else "",
            draft_url=_draft_url(option, lot, taken) if lot and may_write else "",
            objections=_objections(option, taken),
        )
        for position, option in enumerate(found)
    ]


def _figures(found: list[Option], local: Supply) -> list[Figure]:
    def each(title: str, read: Callable[[Option], str]) -> Figure:
        return Figure(title, [read(option) for option in found])

    return [
        each("Heures par mois", lambda option: _or_unknown(format_hours, option.effort.per_month)),
        each("Semaines à temps plein", lambda option: _or_unknown(format_number, option.effort.weeks)),
        each("Postes à temps plein", lambda option: _or_unknown(format_number, option.effort.posts)),
        each("Personnes en même temps", lambda option: _or_unknown(format_number, option.effort.at_once)),
        each("Personnes en tout", lambda option: _or_unknown(format_number, option.effort.people)),
        each(_nearby(local), lambda option: _or_unknown(format_number, able_for(option.kind, local))),
    ]


def _capacity(request: HttpRequest, market: Market, months: int | None, found: list[Option]) -> list[Figure]:
    """What structures around can still take of each option; nothing to whom other clauses are hidden."""
    if not months or not allows(request.user, Permission.CAPACITY_VIEW):
        return []
    outlook = capacity.outlook(
        market,
        Clause.objects.visible_to(request.user),
        request.user.membership.organisation.office.department_codes.split(),
        on=timezone.localdate(),
        length=months,
    )
    if outlook is None:
        return []
    return [Figure("Capacités déclarées alentour", [explain(outlook, option.hours) for option in found])]


def _nearby(local: Supply) -> str:
    place = f" ({join_words(local.place.names)})" if local.place.names else ""
    return f"Structures qui savent faire{place}"


def _draft_url(option: Option, lot: Lot, taken: list[Taken]) -> str:
    """The form of a draft that starts from this option: the lot's own draft of that kind, or a new one."""
    drafts = [row.pk for row in taken if row.kind == option.kind and row.is_draft]
    path = reverse("clauses:proposal_change", args=drafts) if drafts else reverse("clauses:proposal_create")
    numbers = {name: _typed(name, value) for name, value in _numbers(option.terms).items()}
    objective = option.terms.objective.value if option.terms.objective else ""
    chosen = {"lot": lot.pk, "kind": option.kind.value, "objective": objective}
    return f"{path}?{urlencode(chosen | numbers)}"


def _objections(option: Option, taken: list[Taken]) -> list[str]:
    """Why it may not be retained; a draft of the same kind is changed instead."""
    others = [row.kind for row in taken if not (row.kind == option.kind and row.is_draft)]
    return provisions.conflicts(option.kind, others)


def _numbers(terms: Terms) -> dict:
    return {name: value for name, value in vars(terms).items() if value is not None and name != "objective"}


def _typed(name: str, value: Decimal | str | int) -> str:
    """As a person would type it: rates in per cent."""
    if isinstance(value, Decimal):
        return f"{(value * 100 if name in SHARES else value).normalize():f}"
    return str(value)


def _percent(share: Decimal) -> str:
    return format_percentage((share * 100).normalize())


def _or_unknown(write: Callable[[Decimal | int], str], number: Decimal | int | None) -> str:
    return UNKNOWN if number is None else write(number)
