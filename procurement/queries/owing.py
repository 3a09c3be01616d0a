"""The lines under the social duty, found by the database: those that `duties.of` finds one by one."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations_with_replacement, product

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When

from procurement.enums import BuyerCategory, Certainty, DatePrecision, Nature, Regime
from procurement.models import Lot, Market, SpecificService
from procurement.queries import duties
from procurement.rules.duty import Law, natures_of
from procurement.rules.spans import first_day_reaching
from procurement.rules.stretches import Stretch, stretches


NONE = Q(pk__in=[])


def owing(markets: QuerySet[Market]) -> QuerySet[Market]:
    """Those of which the duty is settled, whatever their launch and their nature may still be."""
    groups = _groups(duties.law())
    if not groups:
        return markets.none()
    smallest = min(stretch.amount for found in groups for stretch in found)
    in_lots = _larger_in_lots(markets, smallest)
    wanted = NONE
    for found, whose in groups.items():
        wanted |= whose & _reached(found, in_lots)
    return _with_regime(markets).filter(wanted)


Group = tuple[Nature, Regime]


def _groups(law: Law) -> dict[tuple[Stretch, ...], Q]:
    """Whom each series of thresholds concerns; most kinds of buyers and natures share theirs."""
    whose: dict[tuple[Stretch, ...], dict[BuyerCategory, list[Group]]] = defaultdict(dict)
    for category, nature, regime in product(BuyerCategory, Nature, Regime):
        if found := stretches(law, category, natures_of(nature, regime)):
            whose[found].setdefault(category, []).append((nature, regime))
    return {found: _concerned(groups) for found, groups in whose.items()}


def _concerned(groups: dict[BuyerCategory, list[Group]]) -> Q:
    by_groups: dict[tuple[Group, ...], list[BuyerCategory]] = defaultdict(list)
    for category, found in groups.items():
        by_groups[tuple(found)].append(category)
    concerned = NONE
    for same, categories in by_groups.items():
        concerned |= Q(plan__buyer__category__in=categories) & _one_of(same)
    return concerned


def _one_of(groups: tuple[Group, ...]) -> Q:
    by_regimes: dict[tuple[Regime, ...], list[Nature]] = defaultdict(list)
    for nature in Nature:
        if regimes := tuple(regime for each, regime in groups if each == nature):
            by_regimes[regimes].append(nature)
    found = NONE
    for regimes, natures in by_regimes.items():
        found |= Q(nature__in=natures, regime__in=regimes)
    return found


def _with_regime(markets: QuerySet[Market]) -> QuerySet[Market]:
    """As `Law.regime` tells it, from what the buyer says or from the CPV code."""
    listed = SpecificService.objects.filter(
        cpv_from__lte=OuterRef("cpv_code"), cpv_to__gte=OuterRef("cpv_code")
    )
    open_still = listed.filter(valid_to=None)
    on_the_day = listed.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("launch_on")), valid_from__lte=OuterRef("launch_on")
    )
    told = Q(specific_service=Certainty.UNKNOWN) & (
        Exists(on_the_day) | (Q(launch_on=None) & Exists(open_still))
    )
    return markets.alias(
        regime=Case(
            When(defence=Certainty.YES, then=Value(Regime.DEFENCE)),
            When(Q(specific_service=Certainty.YES) | told, then=Value(Regime.SPECIFIC)),
            default=Value(Regime.ORDINARY),
        )
    )


def _larger_in_lots(markets: QuerySet[Market], smallest: Decimal) -> dict[int, Decimal]:
    """Value of the lots of the lines that say less than their lots do."""
    lots = Lot.objects.filter(market__in=markets.order_by().values("pk")).values("market").order_by()
    reached = lots.annotate(amount=Sum("estimated_amount")).filter(amount__gte=smallest)
    said = Q(market__estimated_amount__gte=F("amount"))
    return dict(reached.exclude(said).values_list("market", "amount"))


def _reached(found: tuple[Stretch, ...], in_lots: dict[int, Decimal]) -> Q:
    """The first and the last day that a line leaves open each lie in a stretch whose amount it reaches."""
    reached = NONE
    for first, last in combinations_with_replacement(found, 2):
        bar = max(first.amount, last.amount)
        large = [pk for pk, amount in in_lots.items() if amount >= bar]
        reached |= _opened(first, last) & (_worth(bar) | Q(pk__in=large))
    return reached


def _worth(bar: Decimal) -> Q:
    """Whatever the amount turns out to be, where a band is all that is known."""
    return Q(lowest_amount__gte=bar) | Q(lowest_amount=None, estimated_amount__gte=bar)


def _opened(first: Stretch, last: Stretch) -> Q:
    years = Q(plan__year__gte=_first_whole_year(first.start))
    days = Q(launch_on__gte=first.start)
    if first.end:
        years &= Q(plan__year__lt=_first_whole_year(first.end))
        days &= Q(launch_on__lt=first.end)
    if first != last:
        years &= Q(plan__year__gte=last.start.year)
        days &= _lasting_until(last.start)
    if last.end:
        years &= Q(plan__year__lt=last.end.year)
        days &= ~_lasting_until(last.end)
    return days | (Q(launch_on=None) & years)


def _first_whole_year(day: date) -> int:
    return day.year if day == date(day.year, 1, 1) else day.year + 1


def _lasting_until(day: date) -> Q:
    """Whose launch may still be on that day or after it."""
    lasting = NONE
    for start, precisions in _starts(day):
        lasting |= Q(launch_precision__in=precisions, launch_on__gte=start)
    return lasting


def _starts(day: date) -> Iterator[tuple[date, list[DatePrecision]]]:
    by_start: dict[date, list[DatePrecision]] = defaultdict(list)
    for precision in DatePrecision:
        by_start[first_day_reaching(day, precision)].append(precision)
    yield from by_start.items()
