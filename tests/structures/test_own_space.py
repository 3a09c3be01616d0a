from datetime import UTC, datetime

import pytest
from pytest_django.asserts import assertContains

from structures.enums import ApproachState
from structures.models import Correction, Structure
from structures.services import sourcing
from tests.structures.factories import ApproachFactory, NeedFactory, OfferFactory, StructureFactory


FRIDAY = datetime(2027, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def visitor(structure_member, as_user, time_machine):
    time_machine.move_to(FRIDAY, tick=False)
    return as_user(structure_member)


@pytest.fixture
def offer(stage):
    return OfferFactory(structure__organisation=stage.structure, structure__name="Atelier du Lac")


def test_a_structure_keeps_its_own_cards_only(structure_member, facilitator, offer):
    StructureFactory()
    assert list(Structure.objects.own_of(structure_member)) == [offer.structure]
    assert list(Structure.objects.own_of(facilitator)) == []


def test_what_it_corrects_waits_for_an_office(visitor, offer):
    page = f"/ma-fiche/{offer.structure_id}/corriger/"
    for name in ("Atelier", "Atelier du grand lac"):
        given = {"name": name, "city": "Créteil", "postcode": "94000"}
        visitor.post(page, given | {"comment": "Nous faisons aussi le conditionnement."})

    correction = Correction.objects.get()
    assert (correction.office, correction.values) == (None, {"name": "Atelier du grand lac"})
    assert correction.proposed_by_name.startswith("Samir")
    assertContains(visitor.get("/ma-fiche/"), "attend d’être relue")
    assert visitor.get(page).context["form"].initial["name"] == "Atelier du grand lac"


def test_its_capacity_shows_at_once(visitor, offer):
    page = f"/ma-fiche/metiers/{offer.pk}/capacite/"
    given = {"quantity": "120", "unit": "hours", "period": "month", "starts_on": "2027-03-01"}
    assertContains(visitor.post(page, given, follow=True), "120 heures par mois")
    assert offer.capacities.get().declared_by_name.startswith("Samir")


def test_it_answers_what_it_received(visitor, offer, stage):
    need = NeedFactory(office=stage.office)
    approach = ApproachFactory(need=need, structure=offer.structure, state=ApproachState.SENT)
    assertContains(visitor.get("/besoins-recus/"), "À donner")
    page = f"/besoins-recus/{approach.pk}/"
    assertContains(visitor.get(page), need.told)

    assertContains(visitor.post(page, {"decline": "1"}), "Choisissez une raison", status_code=422)
    visitor.post(page, {"decline": "1", "reason": "size"})
    assertContains(visitor.post(page, {"interested": "1", "comment": "À deux."}, follow=True), "est envoyée")

    approach.refresh_from_db()
    assert (approach.state, approach.comment) == (ApproachState.INTERESTED, "À deux.")
    assert approach.read_at == FRIDAY
    assert approach.answered_by_name.startswith("Samir")


def test_a_closed_search_takes_no_answer(visitor, offer, stage, facilitator):
    need = NeedFactory(office=stage.office)
    approach = ApproachFactory(need=need, structure=offer.structure, state=ApproachState.SENT)
    sourcing.close(need=need, outcome="Devis demandé", by=facilitator, at=FRIDAY)
    page = f"/besoins-recus/{approach.pk}/"
    assertContains(visitor.post(page, {"interested": "1"}), "plus attendue", status_code=422)
    assertContains(visitor.get("/besoins-recus/"), "Close sans réponse")
    assertContains(visitor.get(page), "Devis demandé")


def test_who_has_no_card_is_told_what_to_do(visitor):
    assertContains(visitor.get("/ma-fiche/"), "Aucune fiche n’est rattachée")
    assertContains(visitor.get("/besoins-recus/"), "Aucun besoin")


def test_the_list_asks_as_much_for_ten_as_for_one(visitor, offer, stage, django_assert_max_num_queries):
    for _ in range(10):
        ApproachFactory(
            need=NeedFactory(office=stage.office), structure=offer.structure, state=ApproachState.SENT
        )
    visitor.get("/besoins-recus/")
    with django_assert_max_num_queries(6):
        visitor.get("/besoins-recus/")
