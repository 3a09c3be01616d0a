"""An importation taken back within the hour: the plan as it was, or a sentence saying what prevents it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts import audit
from clauses.enums import Verdict
from clauses.models import Screening
from clauses.services import screening
from clauses.services.screening import Opinion
from config.lib.spreadsheet import write_csv
from procurement.enums import DatePrecision, Nature, PlanFileState
from procurement.models import Department, FileUndo, Lot, Market, PlanFile
from procurement.periodic import forget_undos
from procurement.services import departments, lots, markets, plan_files, plans, undoing
from procurement.services.drafts import PlanNotDraft
from tests.clauses.factories import ProposalFactory
from tests.procurement.factories import ContractFactory, MarketFactory, PurchasePlanFactory
from tests.procurement.test_plan_file_pages import words


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
SOON = AT + timedelta(minutes=59)
HEADER = ["Réf", "Objet", "Montant", "Lancement", "Service", "Référent", "Nature", "Couleur", "Durée"]
ROWS = [
    ["A1", "Parcs et squares", "95 k€", "T2 2027", "Jardins", "Sophie Martin", "Services", "vert", "4 ans"],
    ["A2", "Voirie", "1 M€", "mars", "Voirie", "", "Travaux", "", ""],
    ["A3", "Bancs", "", "", "Jardins", "", "", "", ""],
]


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def before(plan, stage):
    """A market that the file changes in every kind of field."""
    return MarketFactory(
        plan=plan,
        reference="A1",
        title="Parcs",
        department=stage.department,
        contact_name="Dominique Leroy",
        extra={"Couleur": "bleu"},
        search_text="parcs a1",
    )


@pytest.fixture
def apply(plan, buyer):
    def apply(*rows):
        data = write_csv(HEADER, rows or ROWS)
        received = plan_files.receive(plan=plan, data=data, name="plan.csv", by=buyer)
        plan_files.apply(plan_file=received, by=buyer, at=AT)
        return PlanFile.objects.select_related("plan__buyer__organisation").get(pk=received.pk)

    return apply


def undo(file, by, at=SOON):
    return undoing.undo(plan_file=file, by=by, at=at)


def rows_of(plan):
    names = [field.attname for field in Market._meta.concrete_fields]
    return list(plan.markets.order_by("pk").values(*names))


def test_the_plan_is_as_it_was(plan, before, apply, buyer, stage):
    rows, lines, services = rows_of(plan), Lot.objects.count(), Department.objects.count()
    file = apply()
    changed = plan.markets.get(pk=before.pk)
    assert (changed.title, changed.estimated_amount, changed.nature) == (
        "Parcs et squares",
        Decimal(95_000),
        Nature.SERVICES,
    )
    assert (changed.launch_on, changed.launch_precision) == (date(2027, 4, 1), DatePrecision.QUARTER)

    undo(file, buyer)

    assert rows_of(plan) == rows
    assert (Lot.objects.count(), Department.objects.count()) == (lines, services)


def test_the_log_says_so(plan, before, apply, buyer, stage):
    undo(apply(), buyer)

    plan_says = [event.sentence for event in audit.history(plan)]
    assert plan_says[0] == "a annulé l’importation du fichier plan.csv : 2 retirés, 1 rétablis"
    assert audit.history(before)[0].sentence == "a rétabli ce marché comme il était avant le fichier plan.csv"
    buyer_says = [event.sentence for event in audit.history(stage.buyer.organisation)]
    assert "a retiré le service Jardins" in buyer_says


def test_the_file_may_be_applied_again_and_undone_again(plan, before, apply, buyer):
    file = undo(apply(), buyer)
    assert (file.state, file.applied_at, file.applied_by) == (PlanFileState.READ, None, None)

    found = plan_files.apply(plan_file=file, by=buyer, at=AT)
    assert (found.counts.created, found.counts.updated) == (2, 1)
    undo(file, buyer)

    assert plan.markets.get().title == "Parcs"


def test_names_of_people_are_kept_for_the_hour_only(apply, before):
    apply()
    assert FileUndo.objects.get().before[str(before.pk)]["contact_name"] == "Dominique Leroy"

    with time_machine.travel(SOON, tick=False):
        forget_undos()
    assert FileUndo.objects.count() == 1
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        forget_undos()

    assert not FileUndo.objects.exists()


def test_an_importation_of_more_than_an_hour_stays(apply, buyer, plan):
    file = apply()

    with pytest.raises(undoing.UndoRefused, match="Le délai pour annuler cette importation est passé"):
        undo(file, buyer, at=AT + timedelta(hours=1))

    assert plan.markets.count() == 3


def test_a_plan_handed_in_is_left_alone(apply, buyer, plan):
    file = apply()
    plans.submit(plan=plan, by=buyer, at=AT)

    with pytest.raises(PlanNotDraft, match="reprenez-le"):
        undo(file, buyer)


def typed(plan, market, by):
    markets.edit(market=market, values={"place": "Créteil"}, by=by)


def divided(plan, market, by):
    lots.add(market=market, title="Nord", by=by)


@pytest.mark.parametrize("reference", ["A1", "A2"])
@pytest.mark.parametrize(
    ("touch", "said"),
    [(typed, "a modifié lieu d’exécution"), (divided, "a ajouté le lot 2")],
)
def test_what_somebody_has_touched_since_is_named(plan, before, apply, buyer, reference, touch, said):
    file = apply()
    market = plan.markets.get(reference=reference)
    touch(plan, market, buyer)

    with pytest.raises(undoing.UndoRefused, match=f"« {market} » n’est plus tel .* Bruno .*{said}"):
        undo(file, buyer)

    file.refresh_from_db()
    assert (file.state, plan.markets.count()) == (PlanFileState.APPLIED, 3)


@pytest.mark.parametrize("reference", ["A1", "A2"])
def test_what_the_office_has_judged_since_is_named(plan, before, apply, buyer, facilitator, stage, reference):
    file = apply()
    market = plan.markets.get(reference=reference)
    plans.submit(plan=plan, by=buyer, at=AT)
    screening.decide(
        market=market,
        office=stage.office,
        opinion=Opinion(Verdict.CLAUSABLE),
        by=facilitator,
        at=SOON,
    )
    plans.reopen(plan=plan, by=buyer)

    with pytest.raises(undoing.UndoRefused, match=f"« {market} » n’est plus tel .* Farida"):
        undo(file, buyer)


def test_what_hangs_on_a_market_without_a_word_in_the_log_is_named(plan, apply, buyer, facilitator, stage):
    file = apply()
    Screening.objects.create(
        market=plan.markets.get(reference="A2"), office=stage.office, decided_at=AT, decided_by=facilitator
    )

    with pytest.raises(undoing.UndoRefused, match="« Voirie » porte déjà : avis"):
        undo(file, buyer)


def test_a_lot_under_contract_is_named(plan, apply, buyer, stage):
    file = apply()
    contract = ContractFactory(buyer=stage.buyer, office=stage.office)
    Lot.objects.filter(market__reference="A2").update(contract=contract)

    with pytest.raises(undoing.UndoRefused, match="« Voirie » porte déjà : contrat"):
        undo(file, buyer)


def test_a_lot_under_contract_that_the_file_left_alone_changes_nothing(plan, before, apply, buyer, stage):
    other = MarketFactory(plan=plan, reference="Z")
    file = apply()
    lots.add(market=other, title="Nord", by=buyer)
    contract = ContractFactory(buyer=stage.buyer, office=stage.office)
    Lot.objects.filter(market=other).update(contract=contract)

    assert undo(file, buyer).state == PlanFileState.READ
    assert set(plan.markets.all()) == {before, other}


def test_a_department_asked_about_a_market_of_another_plan_stays(plan, apply, buyer, stage):
    file = apply()
    held = stage.buyer.departments.get(name="Jardins")
    ProposalFactory(lot__market__plan=PurchasePlanFactory(buyer=stage.buyer, year=2031), department=held)

    undo(file, buyer)

    assert set(stage.buyer.departments.all()) == {held, stage.department}


def test_a_later_file_is_undone_first(plan, before, apply, buyer):
    first = apply()
    second = apply(["A1", "Parcs, squares et jardins", *[""] * 7])

    with pytest.raises(undoing.UndoRefused, match="n’est plus tel que le fichier l’a laissé"):
        undo(first, buyer)
    undo(second, buyer)

    assert plan.markets.get(reference="A1").title == "Parcs et squares"


def test_a_new_line_that_somebody_took_out_needs_no_undo(plan, before, apply, buyer):
    file = apply()
    markets.remove(market=plan.markets.get(reference="A3"), by=buyer)

    undo(file, buyer)

    assert plan.markets.get().title == "Parcs"


def test_a_changed_line_that_somebody_took_out_is_not_brought_back(plan, before, apply, buyer):
    file = apply()
    markets.remove(market=plan.markets.get(reference="A1"), by=buyer)

    with pytest.raises(undoing.UndoRefused, match="a été retiré depuis"):
        undo(file, buyer)


def test_a_department_that_serves_elsewhere_stays(plan, apply, buyer, stage):
    file = apply()
    kept = stage.buyer.departments.get(name="Jardins")
    MarketFactory(plan=plan, reference="Z", department=kept)
    completed = stage.buyer.departments.get(name="Voirie")
    departments.edit(
        department=completed,
        name="Voirie",
        contact_name="Paul",
        contact_email="",
        prescribers=[],
        by=buyer,
    )

    undo(file, buyer)

    assert {kept, completed} <= set(stage.buyer.departments.all())


def test_a_file_that_changed_nothing_is_undone_too(plan, before, apply, buyer):
    apply()
    same = apply()

    assert undo(same, buyer).state == PlanFileState.READ


# On the page.


def test_an_importation_is_undone_on_its_page(plan, before, apply, buyer, as_user):
    with time_machine.travel(SOON, tick=False):
        file = apply()
        visitor = as_user(buyer)
        page = words(visitor.get(file.get_absolute_url()))
        assert "Vous pouvez annuler cette importation jusqu’à 11 h 00." in page
        assert "Annuler cette importation" in page

        response = visitor.post(reverse("procurement:plan_file_undo", args=[file.pk]), follow=True)

    assert "L’importation est annulée : le plan est comme avant" in words(response)
    assert "Appliquer au plan 2027" in words(response)


def test_a_refusal_is_told_on_the_page(plan, apply, buyer, as_user):
    with time_machine.travel(SOON, tick=False):
        file = apply()
        markets.edit(market=plan.markets.get(reference="A2"), values={"place": "Créteil"}, by=buyer)

        response = as_user(buyer).post(reverse("procurement:plan_file_undo", args=[file.pk]), follow=True)

    assert "Rien n’est annulé. « Voirie » n’est plus tel" in words(response)


def test_after_the_hour_the_page_offers_no_undo(apply, buyer, as_user):
    file = apply()

    with time_machine.travel(AT + timedelta(hours=2), tick=False):
        assert "Annuler cette importation" not in words(as_user(buyer).get(file.get_absolute_url()))
