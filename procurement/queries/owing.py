"""The lines under the social duty, found by the database: those that `duties.of` finds one by one."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations_with_replacement, product

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from procurement.enums import BuyerCategory, Certainty, DatePrecision, Nature, Regime
from procurement.models import Lot, Market
from procurement.queries import duties
from procurement.rules.duty import Law, natures_of
from procurement.rules.spans import first_day_reaching
from procurement.rules.stretches import Stretch, stretches


NONE = Q(pk__in=[])


def owing(markets: QuerySet[Market], law: Law | None = None) -> QuerySet[Market]:
    """Those of which the duty is settled, whatever their launch and their nature may still be."""
    law = law or duties.law()
    groups = _groups(law)
    if not groups:
        return markets.none()
    smallest = min(stretch.amount for found in groups for stretch in found)
    in_lots = _larger_in_lots(markets, smallest)
    regimes = _regimes(law, markets)
    wanted = NONE
    for found, whose in groups.items():
        wanted |= _concerned(whose, regimes) & _reached(found, in_lots)
    # Most lines are under every threshold: they are left out before anything else is looked at.
    return markets.filter(Q(estimated_amount__gte=smallest) | Q(pk__in=list(in_lots)), wanted)


Group = tuple[Nature, Regime]


def _groups(law: Law) -> dict[tuple[Stretch, ...], dict[BuyerCategory, list[Group]]]:
    """Whom each series of thresholds concerns; most kinds of buyers and natures share theirs."""
    whose: dict[tuple[Stretch, ...], dict[BuyerCategory, list[Group]]] = defaultdict(dict)
    for category, nature, regime in product(BuyerCategory, Nature, Regime):
        if found := stretches(law, category, natures_of(nature, regime)):
            whose[found].setdefault(category, []).append((nature, regime))
    return whose


def _concerned(groups: dict[BuyerCategory, list[Group]], regimes: dict[Regime, Q]) -> Q:
    by_groups: dict[tuple[Group, ...], list[BuyerCategory]] = defaultdict(list)
    for category, found in groups.items():
        by_groups[tuple(found)].append(category)
    concerned = NONE
    for same, categories in by_groups.items():
        concerned |= Q(plan__buyer__category__in=categories) & _one_of(same, regimes)
    return concerned


def _one_of(groups: tuple[Group, ...], regimes: dict[Regime, Q]) -> Q:
    found = NONE
    for regime in Regime:
        if natures := [nature for nature, each in groups if each == regime]:
            found |= Q(nature__in=natures) & regimes[regime]
    return found


def _regimes(law: Law, markets: QuerySet[Market]) -> dict[Regime, Q]:
    """As `Law.regime` tells it, from what the buyer says or from the CPV code."""
    defence = Q(defence=Certainty.YES)
    by_its_code = Q(specific_service=Certainty.UNKNOWN) & _listed(law, markets)
    specific = Q(specific_service=Certainty.YES) | by_its_code
    return {
        Regime.DEFENCE: defence,
        Regime.SPECIFIC: ~defence & specific,
        Regime.ORDINARY: ~defence & ~specific,
    }


def _listed(law: Law, markets: QuerySet[Market]) -> Q:
    """Whose code is in the list; the few codes of the lines are looked up here, once for all of them."""
    codes = set(markets.order_by().exclude(cpv_code="").values_list("cpv_code", flat=True).distinct())
    by_dates: dict[tuple[date, date | None], set[str]] = defaultdict(set)
    for row in law.specific_services:
        by_dates[row.valid_from, row.valid_to] |= {
            code for code in codes if row.cpv_from <= code <= row.cpv_to
        }
    listed = NONE
    for (start, end), found in by_dates.items():
        days = Q(launch_on__gte=start)
        days = days & Q(launch_on__lt=end) if end else days | Q(launch_on=None)
        listed |= Q(cpv_code__in=sorted(found)) & days
    return listed


def _larger_in_lots(markets: QuerySet[Market], smallest: Decimal) -> dict[int, Decimal]:
    """Value of the lots of the lines that say less than their lots do."""
    # Most lots say no amount: they are not even added up.
    among = Exists(markets.order_by().filter(pk=OuterRef("market")))
    lots = Lot.objects.filter(among, estimated_amount__gt=0)
    reached = (
        lots.values("market").order_by().annotate(amount=Sum("estimated_amount")).filter(amount__gte=smallest)
    )
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
