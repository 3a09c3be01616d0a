"""The figures of a buyer's report: one function behind the screen, the JSON and the PDF."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import Office
from clauses.enums import EligibilityState, InQpv, Sex
from clauses.models import Eligibility, Participant
from config.lib.text import fold
from procurement.models import Buyer, Contract
from reporting.queries.months import MonthFigures, by_month
from reporting.queries.window import Hours, Window, hours
from reporting.rules.periods import last_day, years_before
from reporting.rules.small_counts import WITHHELD, Count as PeopleCount, conceal, conceal_total


NO_PUBLIC = "Sans éligibilité reconnue sur la période"


@dataclass(frozen=True)
class ContractFigures:
    reference: str
    title: str
    contractor: str
    starts_on: date
    ends_on: date | None
    people: PeopleCount
    hours: Hours


@dataclass(frozen=True)
class Part:
    label: str
    people: PeopleCount


@dataclass(frozen=True)
class Breakdown:
    """The people told apart by one trait; without parts when none may be told."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class BuyerFigures:
    office: str
    buyer: str
    siret: str
    starts_on: date
    ends_on: date
    cutoff_at: datetime
    small_count_floor: int
    totals: Hours
    people: PeopleCount
    contracts: tuple[ContractFigures, ...]
    months: tuple[MonthFigures, ...]
    breakdowns: tuple[Breakdown, ...]


def figures(
    *, office: Office, buyer: Buyer, starts_on: date, ends_on: date, cutoff_at: datetime
) -> BuyerFigures:
    """Of the contracts that this office follows for this buyer; small counts of people are hidden."""
    window = Window(starts_on, ends_on, cutoff_at)
    contracts = window.contracts(Contract.objects.filter(office=office, buyer=buyer))
    people, floor = window.participants(contracts), office.small_count_floor
    traits = people.aggregate(**_traits(last_day(ends_on)))
    return BuyerFigures(
        office=str(office),
        buyer=str(buyer),
        siret=buyer.organisation.siret,
        starts_on=starts_on,
        ends_on=ends_on,
        cutoff_at=cutoff_at,
        small_count_floor=floor,
        totals=_totals(window, contracts),
        people=conceal_total(traits["people"], floor),
        contracts=_contracts(window, contracts, floor),
        months=by_month(window, contracts),
        breakdowns=(*_by_trait(traits, floor), _by_public(people, window, floor)),
    )


def _totals(window: Window, contracts: QuerySet[Contract]) -> Hours:
    due = window.movements(contracts).aggregate(due=Sum("hours"))["due"]
    return hours(due, window.entries(contracts).aggregate(**window.sums))


def _contracts(window: Window, contracts: QuerySet[Contract], floor: int) -> tuple[ContractFigures, ...]:
    due = window.due_by("clause__contract", contracts)
    sums = window.sums_by("declaration__contract", contracts)
    rows = list(
        contracts.order_by("reference", "pk").values(
            "pk", "reference", "title", "contractor__name", "starts_on", "ends_on"
        )
    )
    people = _shown([sums.get(row["pk"], {}).get("people", 0) for row in rows], floor)
    return tuple(
        ContractFigures(
            reference=row["reference"],
            title=row["title"],
            contractor=row["contractor__name"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            people=count,
            hours=hours(due.get(row["pk"]), sums.get(row["pk"])),
        )
        for row, count in zip(rows, people, strict=True)
    )


def _shown(counts: list[int], floor: int) -> list[PeopleCount]:
    return conceal(counts, floor) or [WITHHELD] * len(counts)


def _traits(on: date) -> dict[str, Count]:
    """Every count of people in one query; ages are those of the last day of the period."""
    before_26, before_50 = years_before(on, 26), years_before(on, 50)
    return {
        "people": Count("pk"),
        **{f"sex_{sex}": Count("pk", filter=Q(sex=sex)) for sex in Sex},
        "under_26": Count("pk", filter=Q(born_on__gt=before_26)),
        "from_26_to_49": Count("pk", filter=Q(born_on__lte=before_26, born_on__gt=before_50)),
        "from_50": Count("pk", filter=Q(born_on__lte=before_50)),
        **{f"qpv_{answer}": Count("pk", filter=Q(in_qpv=answer)) for answer in InQpv},
    }


SEXES = {"sex_woman": "Femmes", "sex_man": "Hommes", "sex_unknown": "Non précisé"}
AGES = {
    "under_26": "Moins de 26 ans",
    "from_26_to_49": "De 26 à 49 ans",
    "from_50": "50 ans et plus",
}
QPV = {
    "qpv_yes": "En quartier prioritaire",
    "qpv_no": "Hors quartier prioritaire",
    "qpv_unknown": "À vérifier",
}


def _by_trait(traits: dict[str, int], floor: int) -> list[Breakdown]:
    titles = {"Sexe": SEXES, "Âge": AGES, "Lieu de résidence": QPV}
    return [
        _breakdown(title, [(label, traits[name]) for name, label in labels.items()], floor)
        for title, labels in titles.items()
    ]


def _by_public(people: QuerySet[Participant], window: Window, floor: int) -> Breakdown:
    """By the reason of the latest eligibility that was in force in the period."""
    in_force = Eligibility.objects.filter(
        participant=OuterRef("pk"),
        state=EligibilityState.GRANTED,
        decided_at__lte=window.cutoff_at,
        valid_from__lt=window.ends_on,
        valid_to__gt=window.starts_on,
    ).order_by("-valid_from", "-pk")
    rows = (
        people.annotate(public=Subquery(in_force.values("public__label")[:1]))
        .values("public")
        .annotate(people=Count("pk"))
        .values_list("public", "people")
        .order_by()
    )
    # Sorted here: the two databases do not agree on accents.
    ranked = sorted(rows, key=lambda row: (row[0] is None, fold(row[0] or "")))
    return _breakdown("Public", [(label or NO_PUBLIC, count) for label, count in ranked], floor)


def _breakdown(title: str, counts: list[tuple[str, int]], floor: int) -> Breakdown:
    shown = conceal([count for _, count in counts], floor)
    if shown is None:
        return Breakdown(title, ())
    parts = zip(counts, shown, strict=True)
    return Breakdown(title, tuple(Part(label, count) for (label, _), count in parts))
