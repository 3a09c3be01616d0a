from datetime import date

import pytest

from clauses.queries import advice
from procurement.models import Family, Market
from tests.procurement.factories import MarketFactory, PurchasePlanFactory
from tests.structures.factories import StructureFactory


pytestmark = pytest.mark.django_db

CODES = ("espaces-verts", "nettoyage", "travaux-peinture", "mise-sous-pli", "amo-etudes")


def test_a_plan_of_500_lines_is_suggested_in_time(stage, measure):
    plan = PurchasePlanFactory(buyer=stage.buyer)
    families = list(Family.objects.filter(code__in=CODES).order_by("code"))
    for rank in range(500):
        MarketFactory(plan=plan, family=families[rank % len(families)], place="Créteil (94)")
    for rank in range(1_000):
        StructureFactory(naf_code=("8130Z", "8121Z", "8899B")[rank % 3])
    rows = Market.objects.filter(plan=plan).order_by("pk")
    rows = rows.select_related("family", "plan__buyer__organisation").prefetch_related("programmes")

    found = measure(
        "suggérer un plan de 500 lignes, 1 000 structures",
        lambda: advice.advise(rows.all(), stage.office, date(2026, 11, 25)),
    )

    # A promise of two seconds; shared machines get some slack.
    assert found["best"] < 2
