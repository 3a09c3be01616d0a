import re
from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import audit
from accounts.models import AuditEvent
from clauses.enums import ProposalState, ProvisionKind
from clauses.models import Clause, DecisionLink
from tests.clauses.factories import MORNING, DecisionLinkFactory, ProposalFactory
from tests.clauses.reading import plain
from tests.procurement.factories import LotFactory, MarketFactory, PurchasePlanFactory


pytestmark = pytest.mark.django_db

IDENTITY = {"decider_name": "Dominique Leroy", "decider_job": "Cheffe de service"}
VERBS = ("proposal_accept", "proposal_refuse", "proposal_rework")


@pytest.fixture(autouse=True)
def that_day(time_machine):
    time_machine.move_to(MORNING, tick=False)
    return time_machine


@pytest.fixture
def lot(stage):
    return LotFactory(market=MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer), lot=None))


@pytest.fixture
def proposal(stage, lot, facilitator):
    stage.office.email, stage.office.phone = "contact@confluent.example", "01 02 03 04 05"
    stage.office.save()
    return ProposalFactory(
        lot=lot,
        office=stage.office,
        department=stage.department,
        sent=True,
        sent_by=facilitator,
        explanation="Des jardiniers du quartier cherchent du travail.",
        changes=["Le taux passe de 10 % à 5 %."],
    )


@pytest.fixture
def link(proposal):
    return DecisionLinkFactory(proposal=proposal)


def seen_in(page):
    """What the form of a page remembers of the proposal that it shows."""
    return re.search(r'name="seen" value="([^"]+)"', page.content.decode())[1]


def page_of(link):
    return reverse("clauses:decision", args=[link.token])


def test_the_page_says_what_is_asked_and_what_it_takes(client, link):
    page = client.get(page_of(link))

    text = plain(page.content.decode())
    assert "Votre réponse pour « Entretien des espaces verts »" in text
    assert "Rien dans vos besoins techniques." in text
    assert "833 h" in text
    assert "69,4 h" in text
    assert "sur 12 mois" in text
    assert "Des jardiniers du quartier cherchent du travail." in text
    assert "Le taux passe de 10 % à 5 %." in text
    assert 'value="Dominique Leroy"' in text


def test_a_reservation_shows_its_share_and_no_hours(client, stage, proposal, link):
    proposal.kind, proposal.rate, proposal.hours_due = ProvisionKind.RESERVED_DISABILITY, None, None
    proposal.reserved_share, proposal.explanation, proposal.changes = "0.5", "", []
    proposal.lot.market.launch_on = None
    proposal.lot.market.save()
    proposal.save()

    page = client.get(page_of(link))

    assertContains(page, "Part de travailleurs concernés")
    for absent in ("Heures d’insertion", "Chaque mois", "Lancement prévu", "Pourquoi ce marché"):
        assertNotContains(page, absent)


def test_hours_of_a_market_without_duration_are_not_spread(client, proposal, link):
    proposal.lot.market.duration_months = None
    proposal.lot.market.save()

    assertNotContains(client.get(page_of(link)), "Chaque mois")


def test_the_address_of_the_page_goes_nowhere_else(client, link):
    page = client.get(page_of(link))

    # Not `no-referrer`: browsers would then hide the origin of the form too, and Django refuse it.
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]


def test_reading_marks_the_link_opened_and_decides_nothing(client, link):
    client.get(page_of(link))
    client.get(page_of(link))

    link.refresh_from_db()
    assert (link.opened_at, link.used_at) == (MORNING, None)
    assert link.proposal.state == ProposalState.SENT
    assert audit.history(link.proposal).count() == 1


def test_a_scanner_that_asks_for_the_head_leaves_no_trace(client, link):
    client.head(page_of(link))

    link.refresh_from_db()
    assert link.opened_at is None


def test_an_acceptance_by_link_is_signed_and_shown_again(client, link):
    answered = client.post(page_of(link), IDENTITY | {"answer": "accept", "comment": "Volontiers."})

    assertRedirects(answered, page_of(link), fetch_redirect_response=False)
    page = client.get(page_of(link))
    assertContains(page, "Votre réponse est enregistrée")
    assertContains(page, "Proposition acceptée")
    assertContains(page, "Volontiers.")
    assertNotContains(page, "<form")
    decided = Clause.objects.get().proposal
    assert (decided.decider_name, decided.decider_job) == ("Dominique Leroy", "Cheffe de service")
    assert decided.decided_by is None


def test_a_refusal_by_link_gives_its_reason(client, link):
    client.post(page_of(link), IDENTITY | {"answer": "refuse", "refusal_reason": "too_late"})

    assertContains(client.get(page_of(link)), "Calendrier trop serré")
    link.proposal.refresh_from_db()
    assert link.proposal.state == ProposalState.REFUSED


def test_a_rework_is_asked_by_link(client, link):
    client.post(page_of(link), IDENTITY | {"answer": "rework", "comment": "Un taux plus bas ?"})

    link.proposal.refresh_from_db()
    assert (link.proposal.state, link.proposal.decision_comment) == ("rework", "Un taux plus bas ?")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"answer": "accept"}, "Ce champ est obligatoire."),
        (IDENTITY, "Choisissez une des trois réponses."),
        (IDENTITY | {"answer": "delete"}, "Choisissez une des trois réponses."),
        (IDENTITY | {"answer": "refuse"}, "Choisissez une raison."),
        (IDENTITY | {"answer": "refuse", "refusal_reason": "whim"}, "n’en fait pas partie"),
        (IDENTITY | {"answer": "refuse", "refusal_reason": "other"}, "demande une précision"),
        (IDENTITY | {"answer": "rework"}, "ce que l’office devrait revoir"),
        (IDENTITY | {"answer": "accept", "decider_name": "A" * 121}, "au plus 120 caractères"),
    ],
)
def test_an_incomplete_answer_is_asked_again_with_what_was_typed(client, link, sent, sentence):
    page = client.post(page_of(link), sent | {"comment": ""})

    assertContains(page, sentence, status_code=422)
    assertContains(page, "Votre réponse n’est pas encore enregistrée", status_code=422)
    link.refresh_from_db()
    assert link.used_at is None
    assert not Clause.objects.exists()


def test_what_was_typed_stays_when_something_lacks(client, link):
    page = client.post(page_of(link), {"answer": "refuse", "decider_name": "Ana Roy", "comment": "Trop tôt"})

    assertContains(page, 'value="Ana Roy"', status_code=422)
    assertContains(page, "Trop tôt", status_code=422)
    assertContains(page, '<details class="answer-why" open>', status_code=422)


def test_an_answer_is_given_once(client, link):
    client.post(page_of(link), IDENTITY | {"answer": "accept"})

    again = client.post(page_of(link), IDENTITY | {"answer": "refuse", "refusal_reason": "cost"})

    assertContains(again, "ne se donne qu’une fois", status_code=410)
    link.proposal.refresh_from_db()
    assert link.proposal.state == ProposalState.ACCEPTED


def test_the_second_recipient_learns_that_an_answer_was_given_and_not_which(client, proposal, link):
    second = DecisionLinkFactory(proposal=proposal, recipient_name="Ana Roy")
    client.post(page_of(link), IDENTITY | {"answer": "accept", "comment": "Volontiers."})

    page = client.get(page_of(second))

    assertContains(page, "Une réponse a déjà été donnée", status_code=410)
    for secret in ("Volontiers.", "Dominique", "Entretien des espaces verts", "Acceptée"):
        assertNotContains(page, secret, status_code=410)


def test_a_used_link_is_closed_once_the_answer_was_taken_back(client, proposal, link):
    client.post(page_of(link), IDENTITY | {"answer": "rework", "comment": "Plus petit"})
    proposal.state, proposal.decided_at, proposal.decider_name = ProposalState.SENT, None, ""
    proposal.save()

    assertContains(client.get(page_of(link)), "a déjà servi", status_code=410)


def test_an_expired_link_says_whom_to_ask(client, link, that_day):
    address = page_of(link)
    that_day.move_to(MORNING + timedelta(days=28))

    page = client.get(address)

    assertContains(page, "Ce lien a expiré", status_code=410)
    assertContains(page, "contact@confluent.example", status_code=410)
    assertNotContains(page, "Entretien des espaces verts", status_code=410)
    assertNotContains(page, "dominique.leroy", status_code=410)


def test_an_expired_link_takes_no_answer(client, link, that_day):
    address = page_of(link)
    that_day.move_to(MORNING + timedelta(days=28))

    assert client.post(address, IDENTITY | {"answer": "accept"}).status_code == 410
    assert not Clause.objects.exists()


def test_a_revoked_link_says_so(client, link):
    link.revoked_at = MORNING
    link.save()

    assertContains(client.get(page_of(link)), "annulé ou remplacé", status_code=410)


def test_an_altered_link_says_so_and_tells_nothing(client, link):
    page = client.get(page_of(link)[:-3] + "x/")

    assertContains(page, "incomplet ou modifié", status_code=404)
    assertNotContains(page, "confluent", status_code=404)


@pytest.mark.parametrize("method", ["put", "delete"])
def test_a_link_is_read_or_answered_only(client, link, method):
    assert getattr(client, method)(page_of(link)).status_code == 405


def test_a_link_works_the_same_for_somebody_signed_in(as_user, prescriber, link):
    page = as_user(prescriber).get(page_of(link))

    assertContains(page, "Votre réponse")
    assertNotContains(page, "Navigation principale")


@pytest.mark.parametrize("verb", VERBS)
def test_a_colleague_of_another_department_sees_nothing(as_user, prescriber, stage, proposal, verb):
    stage.department.prescribers.clear()

    assert as_user(prescriber).post(reverse(f"clauses:{verb}", args=[proposal.pk])).status_code == 404


@pytest.mark.parametrize(
    ("verb", "sent", "sentence"),
    [
        ("proposal_refuse", {}, "Choisissez une raison."),
        ("proposal_refuse", {"refusal_reason": "other"}, "demande une précision"),
        ("proposal_rework", {}, "ce que l’office devrait revoir"),
        ("proposal_accept", {"seen": "12"}, "La proposition a changé"),
    ],
)
def test_an_incomplete_answer_is_asked_again_signed_in(as_user, prescriber, proposal, verb, sent, sentence):
    page = as_user(prescriber).post(reverse(f"clauses:{verb}", args=[proposal.pk]), sent)

    assertContains(page, sentence, status_code=422)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SENT
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("verb", "sent", "state", "thanks"),
    [
        ("proposal_accept", {"comment": "Oui"}, "accepted", "La proposition est acceptée"),
        ("proposal_refuse", {"refusal_reason": "cost"}, "refused", "Le refus est enregistré"),
        ("proposal_rework", {"comment": "Moins"}, "rework", "La demande est envoyée"),
    ],
)
def test_a_prescriber_answers_signed_in(as_user, prescriber, proposal, verb, sent, state, thanks):
    prescriber.membership.job_title = "Responsable"
    prescriber.membership.save()
    visitor = as_user(prescriber)
    seen = {"seen": seen_in(visitor.get(proposal.get_absolute_url()))}

    page = visitor.post(reverse(f"clauses:{verb}", args=[proposal.pk]), sent | seen, follow=True)

    assertContains(page, thanks)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.decider_job) == (state, prescriber, "Responsable")


def test_an_answer_that_came_second_is_refused_with_a_sentence(as_user, prescriber, proposal):
    address = reverse("clauses:proposal_accept", args=[proposal.pk])
    as_user(prescriber).post(address)

    page = as_user(prescriber).post(address, follow=True)

    assertContains(page, "La proposition est à l’état « Acceptée »")
    assert Clause.objects.count() == 1
    assert not DecisionLink.objects.exists()


def test_a_proposal_sent_again_meanwhile_is_read_again_first(as_user, prescriber, proposal):
    visitor, address = as_user(prescriber), reverse("clauses:proposal_accept", args=[proposal.pk])
    seen = seen_in(visitor.get(proposal.get_absolute_url()))
    proposal.sent_at = MORNING - timedelta(seconds=1)
    proposal.save()

    refused = visitor.post(address, {"seen": seen})
    accepted = visitor.post(address, {"seen": seen_in(refused)}, follow=True)

    assertContains(refused, "relisez-la", status_code=422)
    assertContains(accepted, "La proposition est acceptée")
