from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.french import join_words
from config.lib.text import fold
from procurement.enums import Certainty
from procurement.models import Contract, Lot, Market, Programme, PurchasePlan
from procurement.rules.renewals import last_day_of_term
from procurement.services.drafts import lock_draft


# What a person may write on a line; the plan, the reading marks and the dates of the row are not theirs.
EDITABLE = (
    "reference", "title", "description", "department", "contact_name", "nature", "family", "cpv_code",
    "procedure", "estimated_amount", "lowest_amount", "amount_origin", "launch_on", "launch_precision",
    "starts_on",
    "duration_months", "renewals", "renewal_months", "place", "is_renewal", "incumbent", "previous_ends_on",
    "progress_label", "social_intent", "external_url", "remarks", "defence", "specific_service",
    "labour_share", "qpv_share", "staff_takeover", "transferred_monthly_hours", "unknowns",
)  # fmt: skip
SEARCHED = ("title", "reference", "place", "cpv_code", "description")
# What changes from one year to the next, and is therefore not copied.
_OF_ITS_YEAR = {"reference", "progress_label", "external_url"}
_DATES = ("launch_on", "starts_on")


class MarketInUse(Exception):
    def __init__(self) -> None:
        super().__init__(
            "Ce marché porte déjà une proposition, une clause ou un contrat : il ne peut plus être retiré."
        )


@transaction.atomic
def add(
    *,
    plan: PurchasePlan,
    values: Mapping[str, object],
    by: User | None,
    programmes: Iterable[Programme] = (),
    renewed: Contract | None = None,
) -> Market:
    """A new line with its lot 1. Raises `TransitionRefused` unless the plan is a draft."""
    plan = lock_draft(plan)
    market = Market(plan=plan, renewed_contract=renewed, **_editable(values))
    market.search_text = searchable(market)
    market.save()
    Lot.objects.create(market=market, number=1)
    market.programmes.set(programmes)
    audit.record(AuditKind.MARKET_ADDED, target=market, by=by)
    return market


@transaction.atomic
def edit(
    *,
    market: Market,
    values: Mapping[str, object],
    by: User | None,
    programmes: Iterable[Programme] | None = None,
) -> Market:
    """Write what differs; a cell of the file that a person has now filled is no longer « non comprise »."""
    lock_draft(market.plan)
    market = Market.objects.select_for_update(of=("self",)).get(pk=market.pk)
    values = _with_bounds(market, _editable(values))
    changed = [name for name, value in values.items() if getattr(market, name) != value]
    if changed:
        _write(market, changed, values, by)
    if programmes is not None:
        _set_programmes(market, programmes, by)
    return market


@transaction.atomic
def duplicate(
    *,
    market: Market,
    plan: PurchasePlan,
    by: User | None,
    values: Mapping[str, object] | None = None,
    renewed: Contract | None = None,
) -> Market:
    """The same need once more, in this plan or another year's: lots and programmes come along, dates move
    by whole years, and `values` are stronger than what is copied. In another year, the market in progress
    is the one that is copied. Raises `TransitionRefused` unless the receiving plan is a draft."""
    plan = lock_draft(plan)
    copied = {name: getattr(market, name) for name in EDITABLE if name not in _OF_ITS_YEAR}
    years = plan.year - market.plan.year
    copied |= {name: _years_later(copied[name], years) for name in _DATES}
    if years:
        copied |= _market_in_progress(market)
    copy = Market(plan=plan, origin=market, renewed_contract=renewed, extra=_origin(market, plan))
    for name, value in (copied | _editable(values or {})).items():
        setattr(copy, name, value)
    copy.search_text = searchable(copy)
    copy.save()
    Lot.objects.bulk_create(
        Lot(market=copy, number=lot.number, title=lot.title, estimated_amount=lot.estimated_amount)
        for lot in market.lots.order_by("number")
    )
    copy.programmes.set(market.programmes.all())
    audit.record(AuditKind.MARKET_DUPLICATED, target=copy, by=by, source=market.title)
    return copy


@transaction.atomic
def remove(*, market: Market, by: User | None) -> PurchasePlan:
    """Raises `TransitionRefused` unless the plan is a draft, `MarketInUse` once something hangs on it."""
    plan = lock_draft(market.plan)
    title = market.title
    if market.lots.filter(contract__isnull=False).exists():
        raise MarketInUse
    try:
        with transaction.atomic():
            Market.objects.select_for_update(of=("self",)).get(pk=market.pk).delete()
    except ProtectedError as error:
        raise MarketInUse from error
    audit.record(AuditKind.MARKET_REMOVED, target=plan, by=by, title=title)
    return plan


@transaction.atomic
def tag(
    *, market: Market, programmes: Iterable[Programme], qpv_share: Decimal | None, by: User | None
) -> Market:
    """Programmes and the QPV share may be said at any time: the office learns them after the plan."""
    market = Market.objects.select_for_update(of=("self",)).get(pk=market.pk)
    if market.qpv_share != qpv_share:
        _write(market, ["qpv_share"], {"qpv_share": qpv_share}, by)
    _set_programmes(market, programmes, by)
    return market


def _with_bounds(market: Market, values: dict[str, object]) -> dict[str, object]:
    """Another amount takes the place of a band, lower bound included."""
    is_other = values.get("estimated_amount", market.estimated_amount) != market.estimated_amount
    return {"lowest_amount": None} | values if is_other else values


@transaction.atomic
def say_takeover(
    *, market: Market, takeover: Certainty, monthly_hours: Decimal | None, by: User | None
) -> Market:
    """Learnt while the market is prepared, so at any time. Hours go with « yes » alone."""
    market = Market.objects.select_for_update(of=("self",)).get(pk=market.pk)
    hours = monthly_hours if takeover == Certainty.YES else None
    said: dict[str, object] = {"staff_takeover": takeover, "transferred_monthly_hours": hours}
    changed = [name for name, value in said.items() if getattr(market, name) != value]
    if changed:
        _write(market, changed, said, by)
    return market


def _editable(values: Mapping[str, object]) -> dict[str, object]:
    if unknown := set(values) - set(EDITABLE):
        raise ValueError(f"not for people to write: {', '.join(sorted(unknown))}")
    return dict(values)


def _write(market: Market, changed: list[str], values: Mapping[str, object], by: User | None) -> None:
    before = {name: _shown(getattr(market, name)) for name in changed}
    for name in changed:
        setattr(market, name, values[name])
    market.issues = [issue for issue in market.issues if issue.get("field") not in changed]
    market.search_text = searchable(market)
    market.save(update_fields=[*changed, "issues", "search_text"])
    after = {name: _shown(getattr(market, name)) for name in changed}
    audit.record(
        AuditKind.MARKET_CHANGED,
        target=market,
        by=by,
        fields=field_names(changed),
        # Names of people stay out of the log.
        changes={
            name: [before[name], after[name]] for name in changed if name not in Market.Privacy.personal
        },
    )


def _set_programmes(market: Market, programmes: Iterable[Programme], by: User | None) -> None:
    chosen = sorted(programmes, key=lambda programme: programme.label)
    if set(chosen) == set(market.programmes.all()):
        return
    market.programmes.set(chosen)
    labels = join_words([programme.label for programme in chosen]) or "aucun"
    audit.record(AuditKind.PROGRAMMES_SET, target=market, by=by, programmes=labels)


def field_names(names: Iterable[str]) -> str:
    """« montant estimé (€ HT) et procédure »."""
    fields = {field.name: field for field in Market._meta.concrete_fields}
    return join_words([str(fields[name].verbose_name) for name in names])


def searchable(market: Market) -> str:
    """What a search of the list reads."""
    return fold(" ".join(filter(None, (getattr(market, name) for name in SEARCHED))))


def _shown(value: object) -> object:
    """What the log keeps of a value: a related row by its name."""
    return str(value) if hasattr(value, "pk") else value


def _market_in_progress(market: Market) -> dict[str, object]:
    """Whom a line of another year renews: the contract that it became, or the term that it planned. What
    that line itself renewed is over."""
    contract = (
        Contract.objects.filter(lots__market=market, ends_on__isnull=False)
        .select_related("contractor")
        .order_by("-ends_on", "-pk")
        .first()
    )
    if contract:
        return {
            "is_renewal": True,
            "incumbent": contract.contractor.name,
            "previous_ends_on": contract.last_day,
        }
    ends_on = last_day_of_term(
        starts_on=market.starts_on,
        launch_on=market.launch_on,
        previous_ends_on=market.previous_ends_on,
        months=market.total_months,
    )
    return {
        "is_renewal": market.is_renewal or ends_on is not None,
        "incumbent": "",
        "previous_ends_on": ends_on,
    }


def _origin(market: Market, plan: PurchasePlan) -> dict[str, str]:
    """Where a line of another year comes from: its reference belongs to that year's plan."""
    if not market.reference or market.plan.year == plan.year:
        return {}
    return {"Référence d’origine": f"{market.reference} (plan {market.plan.year})"}


def _years_later(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 29 February.
        return day.replace(year=day.year + years, day=28)
