from datetime import date
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clauses.enums import ProposalState, ProvisionKind
from clauses.models import Clause, DecisionLink, Proposal, ReferenceValue
from procurement.models import Family
from tests.clauses.factories import MORNING, ClauseFactory, DecisionLinkFactory, ProposalFactory
from tests.clauses.reading import plain
from tests.clauses.scenes import running_clause
from tests.procurement.factories import DepartmentFactory, LotFactory, MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

LIST, NEW = "/propositions/", "/propositions/nouvelle/"
CLAUSE, RESERVED = ProvisionKind.EXECUTION_CONDITION, ProvisionKind.RESERVED_SIAE


@pytest.fixture
def lot(stage):
    market = MarketFactory(
        plan=PurchasePlanFactory(buyer=stage.buyer, submitted=True), department=stage.department, lot=None
    )
    return LotFactory(market=market)


@pytest.fixture
def page(as_user, facilitator):
    return as_user(facilitator)


@pytest.fixture
def numbers(stage):
    return {
        "department": stage.department.pk, "explanation": "Parce que.", "amount": "1 000 000",
        "labour_share": "50", "rate": "5 %", "hourly_cost": "30,00", "hours_due": "",
    }  # fmt: skip


@pytest.fixture
def draft(lot, stage, facilitator):
    return ProposalFactory(lot=lot, office=stage.office, department=stage.department, created_by=facilitator)


@pytest.fixture
def sent(lot, stage, facilitator):
    return ProposalFactory(
        lot=lot, office=stage.office, department=stage.department, sent=True, sent_by=facilitator,
        answer_by_on=date(2026, 11, 30),
    )  # fmt: skip


@pytest.fixture
def running(lot, stage):
    return running_clause(stage, lot)


def _move(clause, state):
    """Put a running clause in that state, with what the state demands."""
    if state == "awaiting_contract":
        Clause.objects.update(state=state, contract=None, committed_at=None, committed_by=None)
    if state == "closed":
        Clause.objects.update(state=state, closed_at=MORNING, closed_by=clause.committed_by)


def test_a_proposal_starts_from_a_market(page):
    answer = page.get(NEW, follow=True)

    assert answer.redirect_chain == [("/reperage/", 302)]
    assert "Choisissez d’abord un marché" in answer.content.decode()


@pytest.mark.parametrize("lot", ["abc", "999999", "²", "9" * 30, "9" * 5000, ""])
def test_a_lot_that_is_not_there_is_not_found(page, lot):
    assert page.get(NEW, {"lot": lot}).status_code == 404


def test_the_lot_of_a_plan_in_draft_is_not_found(page, stage):
    lot = LotFactory(market=MarketFactory(plan__buyer=stage.buyer, lot=None))

    assert page.get(NEW, {"lot": lot.pk}).status_code == 404


def test_every_kind_is_offered_with_its_article(page, lot):
    shown = page.get(NEW, {"lot": lot.pk, "kind": "INCONNU"}).content.decode()

    assert all(kind.label in shown.replace("&#x27;", "’") for kind in ProvisionKind)
    assert "Article L. 2112-2" in plain(shown)


def test_a_kind_that_the_lot_excludes_says_why(page, lot, stage):
    ProposalFactory(
        lot=lot, office=stage.office, kind=ProvisionKind.RESERVED_DISABILITY, rate=None, hours_due=None
    )

    shown = page.get(NEW, {"lot": lot.pk}).content.decode()

    assert "préparez une seule proposition" in shown
    assert f"?lot={lot.pk}&amp;kind={RESERVED}" not in shown
    assert f"?lot={lot.pk}&amp;kind={CLAUSE}" in shown


def test_the_numbers_start_from_the_market_and_the_references(page, lot):
    lot.market.family = Family.objects.get(code="espaces-verts")
    lot.market.save()

    form = page.get(NEW, {"lot": lot.pk, "kind": CLAUSE}).context["form"]
    shown = plain(page.get(NEW, {"lot": lot.pk, "kind": CLAUSE}).content.decode())

    assert {name: plain(str(form[name].value())) for name in ("amount", "labour_share", "rate")} == {
        "amount": "1 000 000", "labour_share": "50", "rate": "5",
    }  # fmt: skip
    assert form["department"].value() == lot.market.department_id
    assert "Référence : 30 €/h – MEF Sud 77" in shown
    assert "à confirmer" in shown


def test_the_buyer_s_own_labour_share_comes_before_the_reference(page, lot):
    lot.market.labour_share = Decimal(62)
    lot.market.save()

    form = page.get(NEW, {"lot": lot.pk, "kind": CLAUSE}).context["form"]

    assert form["labour_share"].value() == "62"


def test_the_market_s_amount_is_not_the_lot_s_when_there_are_several(page, lot):
    second = LotFactory(market=lot.market, number=2, estimated_amount=Decimal(70_000))

    amounts = [
        page.get(NEW, {"lot": pk, "kind": CLAUSE}).context["form"]["amount"].value()
        for pk in (lot.pk, second.pk)
    ]

    assert [amount and plain(amount) for amount in amounts] == [None, "70 000"]


def test_without_references_the_fields_are_blank(page, lot):
    ReferenceValue.objects.all().delete()

    form = page.get(NEW, {"lot": lot.pk, "kind": CLAUSE}).context["form"]

    assert [form[name].value() for name in ("labour_share", "rate", "hourly_cost")] == [None, None, None]


def test_the_calculation_is_shown_with_its_numbers_and_nothing_is_kept(page, lot, numbers):
    answer = page.post(_new(lot, CLAUSE), numbers | {"compute": "1"})

    assert answer.status_code == 200
    assert "1 000 000 € × 50 % × 5 % ÷ 30 €" in plain(answer.content.decode())
    assert not Proposal.objects.exists()


def test_the_calculation_with_htmx_answers_the_form_alone(page, lot, numbers):
    answer = page.post(_new(lot, CLAUSE), numbers | {"compute": "1"}, headers={"HX-Request": "true"})

    assert "833 h" in plain(answer.content.decode())
    assert "<html" not in answer.content.decode()


def test_hours_by_hand_are_shown_beside_the_computed_ones(page, lot, numbers):
    answer = page.post(_new(lot, CLAUSE), numbers | {"compute": "1", "hours_due": "800"})

    assert "Vous avez écrit 800 h" in plain(answer.content.decode())


def test_few_hours_are_advised_against(page, lot, numbers):
    answer = page.post(_new(lot, CLAUSE), numbers | {"compute": "1", "amount": "100000"})

    assert "une clause n’est pas conseillée" in answer.content.decode()


def test_a_calculation_that_lacks_a_number_says_so(page, lot, numbers):
    answer = page.post(_new(lot, CLAUSE), numbers | {"compute": "1", "hourly_cost": ""})

    assert answer.status_code == 200
    assert "Le calcul demande tous ses nombres" in answer.content.decode()


@pytest.mark.parametrize("button", ["compute", "save"])
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("rate", "500", "Un taux d’insertion va de 0 à 100 % : 500 % n’est pas possible."),
        ("rate", "-1", "Un taux d’insertion va de 0 à 100 %"),
        ("rate", "cinq", "Écrivez un nombre, par exemple 1 000 000 ou 7,5."),
        ("labour_share", "1e9", "pas plus de 6 chiffres"),
        ("hourly_cost", "0", "Le coût horaire est supérieur à zéro."),
        ("amount", "NaN", "Écrivez un nombre"),
        ("hours_due", "-5", "Le nombre d’heures est supérieur à zéro."),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_a_sentence(
    page, lot, numbers, button, field, typed, sentence
):
    answer = page.post(_new(lot, CLAUSE), numbers | {field: typed, button: "1"})

    assert answer.status_code == 422
    assert sentence in plain(answer.content.decode()).replace("&#x27;", "’")
    assert not Proposal.objects.exists()


def test_a_draft_is_kept_and_shown(page, lot, numbers, facilitator):
    answer = page.post(_new(lot, CLAUSE), numbers | {"save": "1"}, follow=True)

    proposal = Proposal.objects.get()
    assert (proposal.hours_due, proposal.rate, proposal.created_by) == (833, Decimal("0.05"), facilitator)
    assert "Le brouillon est enregistré" in answer.content.decode()
    assert "D’où viennent les chiffres" in answer.content.decode()


def test_a_reservation_asks_for_half_of_the_workers(page, lot, stage):
    data = {"department": stage.department.pk, "explanation": "", "amount": "", "reserved_share": "49"}

    answer = page.post(_new(lot, RESERVED), data | {"save": "1"})

    assert answer.status_code == 422
    assert "au moins 50 %" in plain(answer.content.decode())


def test_what_the_lot_excludes_is_refused_over_the_form(page, lot, stage, numbers):
    ProposalFactory(lot=lot, office=stage.office)

    answer = page.post(_new(lot, CLAUSE), numbers | {"save": "1"})

    assert answer.status_code == 422
    assert "Ce lot a déjà une proposition" in answer.content.decode()


def test_a_department_of_elsewhere_cannot_be_chosen(page, lot, stage, numbers):
    elsewhere = DepartmentFactory(buyer=stage.other_buyer)

    assert page.post(_new(lot, CLAUSE), numbers | {"department": elsewhere.pk}).status_code == 422


def test_a_draft_is_changed(page, draft, numbers):
    answer = page.post(f"/propositions/{draft.pk}/modifier/", numbers | {"rate": "4", "save": "1"})

    assert answer.url == f"/propositions/{draft.pk}/"
    assert Proposal.objects.get().hours_due == 667


def test_hours_that_were_computed_follow_the_calculation(page, lot, numbers):
    page.post(_new(lot, CLAUSE), numbers | {"save": "1"})
    computed = page.get(f"/propositions/{Proposal.objects.get().pk}/modifier/").context["form"]
    page.post(
        f"/propositions/{Proposal.objects.get().pk}/modifier/", numbers | {"hours_due": "800", "save": "1"}
    )
    by_hand = page.get(f"/propositions/{Proposal.objects.get().pk}/modifier/").context["form"]

    assert (computed["hours_due"].value(), by_hand["hours_due"].value()) == (None, "800")


def test_a_draft_may_become_another_kind(page, draft, stage):
    chooser = page.get(f"/propositions/{draft.pk}/modifier/?autre=1")
    data = {"department": stage.department.pk, "explanation": "", "amount": "", "reserved_share": "60"}

    page.post(f"/propositions/{draft.pk}/modifier/?kind={RESERVED}", data | {"save": "1"})

    changed = Proposal.objects.get()
    assert f"/propositions/{draft.pk}/modifier/?kind={RESERVED}" in chooser.content.decode()
    assert (changed.kind, changed.rate, changed.hours_due) == (RESERVED, None, None)


def test_what_was_sent_is_no_longer_changed(page, sent):
    answer = page.get(f"/propositions/{sent.pk}/modifier/", follow=True)

    assert "Seul un brouillon se modifie" in answer.content.decode()


def test_a_proposal_is_sent_from_its_page(page, draft):
    answer = page.post(f"/propositions/{draft.pk}/envoyer/", follow=True)

    assert Proposal.objects.get().state == ProposalState.SENT
    assert "La proposition est envoyée à Espaces verts" in answer.content.decode()
    assert "pas encore lu" in answer.content.decode()


def test_sending_to_nobody_is_refused_with_a_sentence(page, draft, stage):
    stage.department.contact_email = ""
    stage.department.save()

    answer = page.post(f"/propositions/{draft.pk}/envoyer/", follow=True)

    assert "ni adresse électronique ni compte" in answer.content.decode()


@pytest.mark.parametrize(
    ("verb", "sentence", "state"),
    [
        ("renvoyer", "Un nouveau message part", ProposalState.SENT),
        ("reprendre", "de nouveau un brouillon", ProposalState.DRAFT),
        ("retirer", "La proposition est retirée", ProposalState.WITHDRAWN),
        ("envoyer", "n’est pas possible", ProposalState.SENT),
    ],
)
def test_a_sent_proposal_is_taken_further(page, sent, verb, sentence, state):
    answer = page.post(f"/propositions/{sent.pk}/{verb}/", follow=True)

    assert sentence in answer.content.decode()
    assert Proposal.objects.get().state == state


def test_a_link_is_revoked_from_the_page_and_once(page, sent):
    link = DecisionLinkFactory(proposal=sent)

    done = page.post(f"/propositions/liens/{link.pk}/annuler/", follow=True)
    again = page.post(f"/propositions/liens/{link.pk}/annuler/", follow=True)

    assert DecisionLink.objects.get().revoked_at
    assert "est annulé" in done.content.decode()
    assert "notice-error" in again.content.decode()


def test_the_page_says_who_acts_next_and_since_when(page, sent):
    shown = plain(page.get(f"/propositions/{sent.pk}/").content.decode())

    assert "Répondre à la proposition" in shown
    assert "à rendre avant le 30 novembre 2026" in shown


@pytest.mark.parametrize("trait", ["sent", "accepted", "refused", "rework", "withdrawn"])
def test_the_page_shows_every_state(page, lot, stage, trait):
    proposal = ProposalFactory(lot=lot, office=stage.office, department=stage.department, **{trait: True})
    DecisionLinkFactory(proposal=proposal, opened_at=MORNING)
    DecisionLinkFactory(proposal=proposal, used_at=MORNING)
    DecisionLinkFactory(proposal=proposal, revoked_at=MORNING)

    assert page.get(f"/propositions/{proposal.pk}/").status_code == 200


def test_an_accepted_proposal_leads_to_its_clause(page, lot, stage):
    proposal = ProposalFactory(lot=lot, office=stage.office, department=stage.department, accepted=True)
    ClauseFactory(proposal=proposal)

    assert "Voir la clause qui en est née" in page.get(f"/propositions/{proposal.pk}/").content.decode()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("awaiting_contract", "Notifier le contrat pour fixer les heures"),
        ("running", "Suivre les heures"),
        ("closed", "Plus rien : la clause est close"),
    ],
)
def test_the_next_step_of_an_accepted_proposal_follows_its_clause(page, running, state, sentence):
    _move(running, state)

    shown = plain(page.get(f"/propositions/{running.proposal_id}/").content.decode())

    told = shown.split('class="next-step-words">')[1].split("</p>")[0]
    assert sentence in told
    assert ("depuis" in told) == (state == "awaiting_contract")
    assert (running.get_absolute_url() in told) == (state == "running")
    assert ("next-step-quiet" in shown) == (state != "awaiting_contract")


@pytest.mark.parametrize(("state", "boxes"), [("awaiting_contract", 1), ("running", 0), ("closed", 0)])
def test_a_service_is_not_alarmed_by_what_others_do(as_user, prescriber, running, state, boxes):
    _move(running, state)

    shown = as_user(prescriber).get(f"/propositions/{running.proposal_id}/").content.decode()

    assert shown.count('class="next-step next-step-quiet"') == boxes
    assert 'class="next-step"' not in shown


def test_what_waits_for_a_service_stands_out_for_it_alone(as_user, prescriber, buyer, sent):
    address = f"/propositions/{sent.pk}/"

    assert 'class="next-step"' in as_user(prescriber).get(address).content.decode()
    assert 'class="next-step next-step-quiet"' in as_user(buyer).get(address).content.decode()


def test_the_prescriber_answers_on_the_page_and_sees_no_link(as_user, prescriber, sent):
    DecisionLinkFactory(proposal=sent)

    shown = as_user(prescriber).get(f"/propositions/{sent.pk}/").content.decode()

    assert reverse("clauses:proposal_accept", args=[sent.pk]) in shown
    # What is proposed is read first, on a telephone too.
    assert shown.index("Ce qui est proposé</h2>") < shown.index("Votre réponse</h2>")
    assert "Liens envoyés" not in shown
    assert "Reprendre la proposition</button>" not in shown


def test_the_buyer_reads_without_acting(as_user, buyer, sent):
    shown = as_user(buyer).get(f"/propositions/{sent.pk}/").content.decode()

    assert "Votre réponse</h2>" not in shown
    assert '<button class="btn btn-primary"' not in shown.split("page-head")[1]


@pytest.mark.parametrize("count", [1, 10])
def test_the_list_costs_the_same_for_one_and_for_ten(page, stage, count, django_assert_num_queries):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    for market in MarketFactory.create_batch(count, plan=plan):
        ProposalFactory(
            lot=market.lots.get(), office=stage.office, department=stage.department, sent=True,
            answer_by_on=date(2020, 1, 1),
        )  # fmt: skip

    with django_assert_num_queries(7):
        page.get(LIST)


def test_the_list_is_narrowed_by_its_address(page, sent, draft_elsewhere, stage):
    Proposal.objects.filter(pk=sent.pk).update(answer_by_on=date(2020, 1, 1))
    criteria = {
        "q": "entretien", "buyer": stage.buyer.pk, "state": "sent", "department": stage.department.pk,
        "kind": CLAUSE,
    }  # fmt: skip

    for name, value in {**criteria, "state ": "late"}.items():
        shown = page.get(LIST, {name.strip(): value})
        assert [row.pk for row, _ in shown.context["rows"]] == [sent.pk], name
    assert len(page.get(LIST).context["rows"]) == 2


@pytest.fixture
def draft_elsewhere(stage):
    market = MarketFactory(
        plan=PurchasePlanFactory(buyer=stage.other_buyer, submitted=True),
        title="Jouets",
        search_text="jouets",
    )
    return ProposalFactory(
        lot=market.lots.get(), office=stage.office, kind=RESERVED, rate=None, hours_due=None,
        department=None,
    )  # fmt: skip


def test_a_criterion_typed_swaps_the_results_and_writes_the_address(page, sent):
    answer = page.get(LIST, {"state": "sent"}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Push-Url"] == "?state=sent"
    assert "<html" not in answer.content.decode()


def test_an_empty_list_says_what_to_do(page, as_user, buyer, sent):
    assert "Aucune proposition ne répond" in page.get(LIST, {"q": "introuvable"}).content.decode()
    Proposal.objects.all().delete()

    assert "depuis le repérage" in page.get(LIST).content.decode()
    assert "dès que l’office les envoie" in as_user(buyer).get(LIST).content.decode()


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_the_list_is_exported(page, sent, extension):
    answer = page.get(reverse(f"clauses:proposal_export_{extension}"))

    if extension == "csv":
        rows = [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()]
    else:
        rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][:2] == type(rows[0])(["Acheteur", "Année"])
    assert {"Clause sociale", "Réponse attendue"} <= set(rows[1])


def _new(lot, kind):
    return f"{NEW}?lot={lot.pk}&kind={kind}"


def test_numbers_of_a_retained_option_start_the_form(lot, facilitator, as_user):
    numbers = {
        "objective": "cleaning", "amount": "300000", "rate": "10", "transferred_monthly_hours": "500",
        "months": "12", "hourly_cost": "n’importe quoi",
    }  # fmt: skip

    page = as_user(facilitator).get(_counted(lot, **numbers))

    form = page.context["form"]
    assert form.initial["transferred_monthly_hours"] == 500
    assert form.initial["rate"] == Decimal("0.1")
    # Not readable in the address: the reference value stays.
    assert form.initial["hourly_cost"] == 25
    assert "labour_share" not in form.fields


def test_a_clause_counted_otherwise_is_computed_and_kept(lot, facilitator, as_user):
    visitor = as_user(facilitator)
    url = _counted(lot, objective="per-euro")
    numbers = {
        "amount": "3 000 000", "euros_per_hour": "2 000", "threshold_amount": "2 700 000",
        "threshold_mode": "franchise",
    }  # fmt: skip

    assert visitor.get(url).context["form"].initial["threshold_amount"] == 0
    shown = visitor.post(url, numbers | {"compute": "1"})
    visitor.post(url, numbers)

    assert "150 h" in plain(shown.text)
    proposal = Proposal.objects.get(lot=lot)
    assert (proposal.objective, proposal.hours_due) == ("per-euro", 150)
    detail = plain(visitor.get(proposal.get_absolute_url()).text)
    assert "Heures par euro facturé" in detail
    assert "Ce que cela représente" in detail
    assert "les heures dues suivront le montant facturé" in detail
    again = visitor.get(reverse("clauses:proposal_change", args=[proposal.pk]))
    assert again.context["form"].objective == "per-euro"


@pytest.mark.parametrize("chosen", ["classic", "training", "nonsense"])
def test_the_usual_way_of_counting_has_no_name_of_its_own(lot, facilitator, as_user, chosen):
    page = as_user(facilitator).get(_counted(lot, objective=chosen))

    assert page.context["form"].objective is None


def test_a_reservation_is_not_counted_otherwise(lot, facilitator, as_user):
    page = as_user(facilitator).get(_counted(lot, kind="RESERVE_SIAE", objective="fte"))

    assert page.context["form"].objective is None
    assert "Compter les heures autrement" not in page.text


def _counted(lot, **query):
    address = {"lot": lot.pk, "kind": "CONDITION_EXECUTION"} | query
    return f"{reverse('clauses:proposal_create')}?{urlencode(address)}"
