"""What helps the facilitator on the page of one line: the verdict of before, whom to call."""

from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clauses.enums import Verdict
from clauses.models import Screening
from procurement.models import Family
from tests.clauses.factories import ScreeningFactory
from tests.procurement.factories import MarketFactory, PurchasePlanFactory
from tests.structures.factories import StructureFactory


def test_the_form_of_a_line_says_that_it_starts_from_the_verdict_of_the_year_before(
    stage, facilitator, as_user
):
    gardens = Family.objects.get(code="espaces-verts")
    before = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, year=2026), family=gardens)
    ScreeningFactory(market=before, office=stage.office, verdict=Verdict.TO_STUDY)
    line = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, submitted=True), family=gardens)
    client, page = as_user(facilitator), reverse("clauses:screening_detail", args=[line.pk])

    shown = client.get(page)

    assertContains(shown, "Prérempli avec l’avis de 2026")
    assert shown.context["form"].initial["verdict"] == Verdict.TO_STUDY
    assert not Screening.objects.filter(market=line).exists()
    ScreeningFactory(market=line, office=stage.office)
    assertNotContains(client.get(page), "Prérempli")


def test_the_page_of_a_line_names_the_structures_to_call_first(stage, facilitator, as_user):
    gardens = Family.objects.get(code="espaces-verts")
    line = MarketFactory(
        plan=PurchasePlanFactory(buyer=stage.buyer, submitted=True), family=gardens, place="94"
    )
    near = StructureFactory(naf_code="8130Z")

    page = as_user(facilitator).get(reverse("clauses:screening_detail", args=[line.pk]))

    assertContains(page, "Structures à appeler d’abord")
    assertContains(page, reverse("structures:detail", args=[near.pk]))
