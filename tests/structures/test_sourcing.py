from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError

from accounts import audit
from accounts.enums import AuditKind
from structures import queries, tasks
from structures.enums import ApproachState, DeclineReason
from structures.models import Approach, Need
from structures.services import sourcing
from structures.workflow import APPROACH_TRANSITIONS, ApproachTransition, TransitionRefused
from tests.procurement.factories import LotFactory, MarketFactory
from tests.structures.factories import (
    ApproachFactory,
    ContactFactory,
    NeedFactory,
    OfferFactory,
    StructureFactory,
    TownFactory,
)


MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def need(facilitator, stage):
    return NeedFactory(office=stage.office, opened_by=facilitator)


@pytest.fixture
def asked(need, facilitator, django_capture_on_commit_callbacks) -> Approach:
    approach = ApproachFactory(need=need, structure=ContactFactory().structure)
    sourcing.send(need=need, approaches=[approach], by=facilitator, at=MONDAY)
    approach.refresh_from_db()
    return approach


def test_a_link_that_was_never_sent_opens_nothing(need):
    shortlisted = ApproachFactory(need=need)

    with pytest.raises(sourcing.LinkClosed):
        sourcing.read(token=shortlisted.token, on=MONDAY.date())


def test_a_need_is_opened_from_a_market_without_its_amount_nor_its_buyer(stage):
    market = MarketFactory(
        plan__buyer=stage.buyer,
        title="Tonte",
        place="Créteil",
        launch_on=date(2027, 9, 1),
        estimated_amount=90_000,
    )
    said = queries.told_of(market)

    assert said == {
        "title": "Tonte",
        "told": "Tonte\nLancement prévu : 09/2027.\nDurée : 12 mois.",
        "place": "Créteil",
    }
    assert queries.told_of(None) == {}


def test_a_structure_is_shortlisted_once(need, facilitator):
    structure = StructureFactory()
    for _ in range(2):
        sourcing.shortlist(need=need, structures=[structure], by=facilitator, at=MONDAY)

    assert need.approaches.get().state == ApproachState.SHORTLISTED
    assert [event.kind for event in audit.history(need)] == [AuditKind.STRUCTURE_SHORTLISTED]


def test_a_need_is_sent_to_who_is_reached_first(asked, mailoutbox):
    assert (asked.state, asked.sent_at) == (ApproachState.SENT, MONDAY)
    assert asked.recipient_email == asked.structure.contacts.get().email


def test_the_letter_says_what_is_allowed_and_where_to_answer(asked, time_machine):
    # A link is signed with its second.
    time_machine.move_to(MONDAY, tick=False)
    tasks.ask_structure(asked.pk)

    (letter,) = mail.outbox
    assert letter.to == [asked.recipient_email]
    assert asked.need.told in letter.body
    assert f"/besoin/{asked.token}/" in letter.body
    assert "cherche des structures qui sauraient répondre à un besoin :" in letter.body


def test_the_buyer_is_named_only_when_it_agreed(asked, stage):
    asked.need.market = MarketFactory(plan__buyer=stage.buyer)
    asked.need.names_buyer = True
    asked.need.save()
    tasks.ask_structure(asked.pk)

    assert f"un besoin de {stage.buyer}" in mail.outbox[0].body


def test_a_need_may_be_about_one_lot(facilitator, stage, as_user):
    market = MarketFactory(plan__buyer=stage.buyer, title="Entretien")
    lot = LotFactory(market=market, number=2, title="Vitrerie")
    visitor = as_user(facilitator)

    page = visitor.get(f"/structures/besoins/ouvrir/?market={market.pk}&lot={lot.pk}")
    given = page.context["form"].initial | {"answer_by_on": "2027-04-01"}
    visitor.post(f"/structures/besoins/ouvrir/?market={market.pk}&lot={lot.pk}", given)

    need = Need.objects.get()
    assert (need.lot, need.title) == (lot, f"Entretien – {lot}")
    assert visitor.get(f"/structures/besoins/ouvrir/?market={market.pk}&lot=999999").status_code == 404
    assert visitor.get(f"/structures/besoins/ouvrir/?lot={lot.pk}").context["lot"] is None


def test_the_only_lot_of_a_market_is_the_market(facilitator, stage, as_user):
    market = MarketFactory(plan__buyer=stage.buyer)
    page = as_user(facilitator).get(
        f"/structures/besoins/ouvrir/?market={market.pk}&lot={market.lots.get().pk}"
    )
    assert page.context["lot"] is None


def test_a_lot_without_its_market_is_refused(need):
    need.lot = MarketFactory().lots.get()
    with pytest.raises(IntegrityError, match="need_lot_within_a_market"):
        need.save()


def test_nothing_is_sent_when_one_cannot_be_reached(need, facilitator):
    reached = ApproachFactory(need=need, structure=ContactFactory().structure)
    unreached = ApproachFactory(need=need, structure__name="Sans adresse")

    with pytest.raises(sourcing.SourcingRefused, match="n’est connue pour Sans adresse"):
        sourcing.send(need=need, approaches=[reached, unreached], by=facilitator, at=MONDAY)
    assert not Approach.objects.unanswered().exists()


def test_the_public_address_of_the_directory_is_used_without_a_contact(need, facilitator):
    approach = ApproachFactory(need=need, structure__email="accueil@x.example")
    (sent,) = sourcing.send(need=need, approaches=[approach], by=facilitator, at=MONDAY)
    assert sent.recipient_email == "accueil@x.example"


def test_a_reminder_waits_a_day(need, asked, facilitator):
    assert sourcing.remind(need=need, approaches=[asked], by=facilitator, at=MONDAY) == []
    assert sourcing.remind(need=need, approaches=[asked], by=facilitator, at=TUESDAY) == [asked]
    asked.refresh_from_db()
    assert asked.reminded_at == TUESDAY

    tasks.remind_structure(asked.pk)
    assert mail.outbox[0].subject.startswith("Rappel")
    assert "Nous vous avons écrit le 1 mars 2027" in mail.outbox[0].body.replace("1er", "1")


def test_no_reminder_leaves_once_the_answer_came(asked):
    sourcing.take_interest(approach=asked, name="Ada", comment="", by=None, at=TUESDAY)
    tasks.remind_structure(asked.pk)
    assert mail.outbox == []


def test_an_answer_is_kept_and_told_to_who_asked(asked):
    sourcing.decline(
        approach=asked, reason=DeclineReason.SIZE, name="Ada L.", comment="À deux, oui.", by=None, at=FRIDAY
    )
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ApproachState.DECLINED, DeclineReason.SIZE)
    assert (asked.answered_at, asked.answered_by_name) == (FRIDAY, "Ada L.")

    tasks.announce_answer(asked.pk)
    (letter,) = mail.outbox
    assert letter.to == [asked.need.opened_by.email]
    assert "Trop grand pour nous seuls" in letter.body
    assert "À deux, oui." in letter.body


def test_a_structure_may_change_its_mind_until_the_need_is_closed(need, asked, facilitator):
    sourcing.decline(approach=asked, reason=DeclineReason.SIZE, name="A", comment="", by=None, at=TUESDAY)
    sourcing.take_interest(approach=asked, name="A", comment="", by=None, at=FRIDAY)
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ApproachState.INTERESTED, "")

    sourcing.close(need=need, outcome="Lot 2 réservé", by=facilitator, at=FRIDAY)
    with pytest.raises(sourcing.SourcingRefused, match="n’est plus attendue"):
        sourcing.take_interest(approach=asked, name="A", comment="", by=None, at=FRIDAY)


def test_only_what_was_not_sent_is_dropped(need, asked, facilitator):
    with pytest.raises(sourcing.SourcingRefused, match="reste dans la liste"):
        sourcing.drop(approach=asked, by=facilitator)
    other = ApproachFactory(need=need)
    sourcing.drop(approach=other, by=facilitator)
    assert list(need.approaches.all()) == [asked]


def test_a_closed_need_is_left_as_it_is(need, facilitator):
    sourcing.close(need=need, outcome="", by=facilitator, at=MONDAY)
    for act in (
        lambda: sourcing.close(need=need, outcome="", by=facilitator, at=MONDAY),
        lambda: sourcing.shortlist(need=need, structures=[], by=facilitator, at=MONDAY),
        lambda: sourcing.change(need=need, values={}, by=facilitator),
    ):
        with pytest.raises(sourcing.SourcingRefused, match="est close"):
            act()


def test_what_changed_is_said(need, facilitator):
    values = {name: getattr(need, name) for name in sourcing.OWN}
    sourcing.change(need=need, values=values, by=facilitator)
    sourcing.change(need=need, values=values | {"place": "Ivry"}, by=facilitator)

    (event,) = audit.history(need)
    assert event.payload["fields"] == "lieu"


@pytest.mark.parametrize("state", ApproachState)
@pytest.mark.parametrize("transition", ApproachTransition)
def test_every_state_and_transition(transition, state, need, facilitator):
    approach = ApproachFactory(need=need, state=state)
    act = {
        ApproachTransition.TAKE_INTEREST: lambda: sourcing.take_interest(
            approach=approach, name="A", comment="", by=None, at=FRIDAY
        ),
        ApproachTransition.DECLINE: lambda: sourcing.decline(
            approach=approach, reason=DeclineReason.TRADE, name="A", comment="", by=None, at=FRIDAY
        ),
        ApproachTransition.SEND: lambda: sourcing.send(
            need=need, approaches=[approach], by=facilitator, at=FRIDAY
        ),
    }[transition]
    sources, target = APPROACH_TRANSITIONS[transition]
    ContactFactory(structure=approach.structure)

    if state in sources:
        act()
        approach.refresh_from_db()
        assert approach.state == target
    elif transition == ApproachTransition.SEND:
        # Those already sent are no longer in the list to send.
        assert act() == []
    else:
        with pytest.raises(TransitionRefused):
            act()


def test_the_best_and_nearest_come_first_without_those_thought_of(need):
    TownFactory(insee_code="94028", name="Créteil")
    far = OfferFactory(structure__latitude=48.86, structure__longitude=2.35).structure
    near = OfferFactory(structure__latitude=48.79, structure__longitude=2.46).structure
    OfferFactory(structure__gone_on=date(2027, 1, 1))
    thought_of = ApproachFactory(need=need, structure=OfferFactory().structure)
    need.place = "Créteil"

    found = queries.candidates_for(need, "mise sous pli", besides=[thought_of])

    assert [answer.structure for answer in found.answers] == [near, far]
    assert (found.total, found.trades) == (2, ["Mise sous pli et routage"])
    assert queries.candidates_for(need, " ", besides=[]).answers == []


class TestAccess:
    def test_a_buyer_sees_the_needs_of_its_markets_only(self, buyer, stage, need):
        mine = NeedFactory(office=need.office, market=MarketFactory(plan__buyer=stage.buyer))
        assert list(Need.objects.visible_to(buyer)) == [mine]

    def test_a_structure_sees_what_it_was_sent(self, need, asked, structure_member):
        own = structure_member.membership.organisation
        ApproachFactory(need=need, structure__organisation=own)
        asked.structure.organisation = own
        asked.structure.save()
        assert list(Approach.objects.visible_to(structure_member)) == [asked]


class TestPages:
    @pytest.fixture
    def visitor(self, facilitator, as_user, time_machine):
        time_machine.move_to(FRIDAY)
        return as_user(facilitator)

    def test_from_a_market_to_an_answer(self, visitor, client, stage, django_capture_on_commit_callbacks):
        market = MarketFactory(plan__buyer=stage.buyer, title="Mise sous pli du magazine")
        structure = OfferFactory().structure
        ContactFactory(structure=structure)

        page = visitor.get(f"/structures/besoins/ouvrir/?market={market.pk}")
        given = page.context["form"].initial | {"answer_by_on": "2027-04-01"}
        visitor.post(f"/structures/besoins/ouvrir/?market={market.pk}", given)
        need = Need.objects.get()
        page = visitor.get(need.get_absolute_url())
        assert [answer.structure for answer in page.context["candidates"].answers] == [structure]
        visitor.post(f"{need.get_absolute_url()}retenir/", {"structure": structure.pk})
        approach = Approach.objects.get()
        with django_capture_on_commit_callbacks(execute=True):
            visitor.post(f"{need.get_absolute_url()}envoyer/", {"approach": approach.pk})
        approach.refresh_from_db()

        link = f"/besoin/{approach.token}/"
        assert "Mise sous pli du magazine" in client.get(link).content.decode()
        client.post(link, {"name": "Ada", "interested": "1", "comment": "Dès juin."})

        approach.refresh_from_db()
        assert approach.read_at
        assert approach.state == ApproachState.INTERESTED
        text = visitor.get(need.get_absolute_url()).content.decode()
        assert "Dès juin." in text
        assert "Intéressée : 1" in text

    def test_declining_asks_why(self, client, asked):
        link = f"/besoin/{asked.token}/"
        answer = client.post(link, {"name": "Ada", "decline": "1"})
        assert answer.status_code == 422
        assert "Choisissez une raison" in answer.content.decode()

        client.post(link, {"name": "Ada", "decline": "1", "reason": "distance"})
        asked.refresh_from_db()
        assert asked.state == ApproachState.DECLINED

    def test_a_scanner_that_follows_the_link_decides_nothing(self, client, asked):
        client.head(f"/besoin/{asked.token}/")
        asked.refresh_from_db()
        assert asked.read_at is None
        client.get(f"/besoin/{asked.token}/")
        asked.refresh_from_db()
        assert (asked.state, asked.read_at is not None) == (ApproachState.SENT, True)

    def test_an_altered_link_opens_nothing(self, client, asked):
        answer = client.get(f"/besoin/{asked.token[:-2]}/")
        assert answer.status_code == 404
        assert "incomplet ou modifié" in answer.content.decode()

    def test_a_closed_need_takes_no_answer(self, client, need, asked, facilitator):
        sourcing.close(need=need, outcome="", by=facilitator, at=FRIDAY)
        link = f"/besoin/{asked.token}/"
        assert "Cette recherche est close" in client.get(link).content.decode()
        assert client.post(link, {"name": "Ada", "interested": "1"}).status_code == 422

    def test_refusals_are_said_on_the_page(self, visitor, need, asked):
        page = need.get_absolute_url()
        assert visitor.post(f"{page}retenir/", {}).status_code == 422
        unreached = ApproachFactory(need=need)
        told = visitor.post(f"{page}envoyer/", {"approach": unreached.pk}, follow=True).content.decode()
        assert "aucune adresse électronique n’est connue" in told
        told = visitor.post(f"/structures/besoins/retirer/{asked.pk}/", follow=True).content.decode()
        assert "reste dans la liste" in told
        visitor.post(f"{page}clore/", {"outcome": "Aucune"})
        for verb, given in (("clore", {}), ("retenir", {"structure": unreached.structure_id})):
            assert "est close" in visitor.post(f"{page}{verb}/", given, follow=True).content.decode()
        edited = {"title": "T", "told": "T", "answer_by_on": "2027-04-01"}
        assert visitor.post(f"{page}modifier/", edited).status_code == 422

    def test_a_need_is_edited_and_structures_reminded(self, visitor, need, asked):
        page = need.get_absolute_url()
        visitor.post(f"{page}modifier/", {"title": "Autre", "told": "Dit", "answer_by_on": "2027-04-01"})
        need.refresh_from_db()
        assert need.title == "Autre"
        visitor.post(f"{page}relancer/", {"approach": asked.pk})
        asked.refresh_from_db()
        assert asked.reminded_at
        other = ApproachFactory(need=need)
        visitor.post(f"/structures/besoins/retirer/{other.pk}/")
        assert need.approaches.count() == 1

    def test_the_list_counts_in_as_many_queries_for_ten_as_for_one(
        self, visitor, need, django_assert_max_num_queries
    ):
        for _ in range(10):
            ApproachFactory(need=NeedFactory(office=need.office, opened_by=need.opened_by))
        with django_assert_max_num_queries(6):
            visitor.get("/structures/besoins/")
