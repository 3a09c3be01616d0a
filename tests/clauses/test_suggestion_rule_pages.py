from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from clauses.models import Suggestion, SuggestionRule
from tests.clauses.conftest import NOON
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


PAGE, REVISE = reverse("clauses:suggestion_rule"), reverse("clauses:suggestion_rule_revise")


@pytest.fixture
def common(db):
    return SuggestionRule.objects.get(office=None, version=2)


def typed(common, **changed):
    numbers = {name: str(getattr(common, name)) for name in SuggestionRule.NUMBERS}
    return {**numbers, "follows_last_verdict": "on", "note": "Essai", "started_from": common.pk} | changed


def test_the_rule_is_read_with_its_meaning_its_sources_and_its_doubts(facilitator, as_user, common):
    page = as_user(facilitator).get(PAGE)

    assertContains(page, "Règle commune, version 2")
    assertContains(page, "Plancher d’une clause")
    assertContains(page, "En dessous, une clause d’exécution n’est pas suggérée.")
    assertContains(page, "MEF Sud 77")
    assertContains(page, "à confirmer")
    assertContains(page, REVISE)


def test_a_manager_reads_without_setting(manager, as_user, common):
    assertNotContains(as_user(manager).get(PAGE), REVISE)


def test_the_form_starts_from_the_rule_in_force(facilitator, as_user, common):
    assertContains(as_user(facilitator).get(REVISE), 'value="900\N{NARROW NO-BREAK SPACE}000"')


def test_what_would_change_is_seen_before_anything_is_kept(stage, facilitator, as_user, common):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    MarketFactory(plan=plan, title="Tonte des stades", estimated_amount=Decimal(200_000))

    page = as_user(facilitator).post(REVISE, typed(common, minimum_hours="1 000", preview="1"))

    assertContains(page, "1 suggestion changerait")
    assertContains(page, "Tonte des stades")
    assert SuggestionRule.objects.count() == 2


def test_without_a_line_the_preview_says_so(stage, facilitator, as_user, common):
    page = as_user(facilitator).post(REVISE, typed(common, minimum_hours="200", note="", preview="1"))

    assertContains(page, "Aucun plan n’est déposé")


def test_a_new_version_is_kept_with_its_reason_and_its_author(stage, facilitator, as_user, common):
    page = as_user(facilitator).post(REVISE, typed(common, rate="7,5", save="1"), follow=True)

    assertRedirects(page, PAGE)
    assertContains(page, "La version 3 de la règle est en vigueur.")
    assertContains(page, "Règle de l’office, version 3")
    assertContains(page, "Essai")
    assert SuggestionRule.objects.get(office=stage.office).rate == Decimal("7.5")


def test_coming_back_to_a_former_version_writes_another(stage, facilitator, as_user, common):
    client = as_user(facilitator)
    client.post(REVISE, typed(common, minimum_hours="200", save="1"))
    own = SuggestionRule.objects.get(office=stage.office)
    address = f"{REVISE}?depuis={common.pk}"

    assertContains(client.get(address), "Retour à «")
    client.post(address, typed(common, started_from=own.pk, note="Retour", save="1"))

    back = SuggestionRule.objects.latest("version")
    assert (back.version, back.minimum_hours, back.copied_from) == (4, 150, common)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"criterion_hours": "200"}, "Le plancher d’une clause est au moins celui d’un critère."),
        ({"reserve_lot_structures": "9"}, "au moins autant de structures que réserver un lot"),
        ({"rate": "120"}, "100 % au plus."),
        ({"minimum_hours": "12,5"}, "Écrivez un nombre entier"),
        ({"minimum_hours": "cent"}, "Écrivez un nombre entier"),
        ({"minimum_hours": "1000000"}, "100 000 heures au plus."),
        ({"minimum_hours": ""}, "Écrivez un nombre"),
        ({"reserve_lot_structures": "0"}, "Une structure au moins."),
        ({"note": ""}, "Dites pourquoi la règle change."),
        ({}, "Rien n’a changé"),
    ],
)
def test_numbers_that_cannot_be_are_refused_with_a_sentence(facilitator, as_user, common, changed, sentence):
    page = as_user(facilitator).post(REVISE, typed(common, save="1") | changed)

    assertContains(page, sentence, status_code=422)
    assert SuggestionRule.objects.count() == 2


def test_a_version_written_by_a_colleague_meanwhile_is_read_first(stage, facilitator, as_user, common):
    client = as_user(facilitator)
    client.post(REVISE, typed(common, minimum_hours="200", save="1"))

    page = client.post(REVISE, typed(common, minimum_hours="300", save="1"))

    assertContains(page, "a été écrite entre-temps", status_code=422)


@pytest.mark.parametrize("wanted", ["x", "999999"])
def test_a_version_that_is_not_ours_does_not_exist(facilitator, as_user, common, wanted):
    assert as_user(facilitator).get(f"{REVISE}?depuis={wanted}").status_code == 404


def test_without_any_version_the_numbers_of_the_software_are_shown(facilitator, as_user, common):
    SuggestionRule.objects.all().delete()

    assertContains(as_user(facilitator).get(PAGE), "Règle du logiciel")


def admin_page(name, *args):
    return reverse(f"admin:clauses_suggestionrule_{name}", args=args)


def test_an_administrator_writes_the_next_common_version(administrator, as_user, common):
    client = as_user(administrator)
    assertContains(client.get(admin_page("add")), 'value="150"')
    given = typed(common, minimum_hours="160", sources="{}", source="Usage")

    client.post(admin_page("add"), given)

    added = SuggestionRule.objects.latest("version")
    assert (added.office, added.version, added.minimum_hours) == (None, 3, 160)
    assert added.created_by == User.objects.get(pk=administrator.pk)


def test_a_version_that_a_suggestion_rests_on_is_read_only(stage, administrator, as_user, common):
    client, change = as_user(administrator), admin_page("change", common.pk)
    given = typed(common, minimum_hours="160", sources="{}", source="Usage")
    client.post(change, given)
    assert SuggestionRule.objects.get(pk=common.pk).minimum_hours == 160
    Suggestion.objects.create(
        market=MarketFactory(), office=stage.office, rule=common, version=2, outcome="none",
        suggested_verdict="to_study", verdict="to_study", computed_at=NOON,
    )  # fmt: skip

    answer = client.post(change, given | {"minimum_hours": "170"})

    assert answer.status_code == 403
    assert SuggestionRule.objects.get(pk=common.pk).minimum_hours == 160
