from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains, assertNotContains

from accounts import audit
from structures.enums import ApproachState, CapacityPeriod, CapacityUnit, DeclineReason, MemberState
from structures.models import Capacity, Consortium, ConsortiumMember
from structures.queries import commitments
from structures.rules.consortia import Share, gaps, monthly, months_between
from structures.services import consortia, sourcing
from tests.procurement.factories import MarketFactory
from tests.structures.factories import (
    ApproachFactory,
    ConsortiumFactory,
    ConsortiumMemberFactory,
    NeedFactory,
    OfferFactory,
)


FRIDAY = datetime(2027, 3, 5, 9, tzinfo=UTC)
APRIL, OCTOBER = date(2027, 4, 1), date(2027, 10, 1)
SHARE = {
    "state": MemberState.THOUGHT, "is_lead": False, "trade": None, "hours": None, "part": "", "reason": "",
    "comment": "",
}  # fmt: skip


@pytest.fixture
def need(facilitator, stage):
    return NeedFactory(office=stage.office, opened_by=facilitator)


@pytest.fixture
def group(need):
    return ConsortiumFactory(need=need)


def settle(member, by, **values):
    return consortia.settle(member=member, values=SHARE | values, by=by)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (APRIL, OCTOBER, 6),
        (date(2027, 4, 15), date(2027, 4, 20), 1),
        (APRIL, date(2027, 5, 1), 1),
        (date(2027, 4, 15), date(2027, 6, 2), 3),
        (date(2026, 12, 1), date(2027, 2, 1), 2),
    ],
)
def test_a_period_touches_months(starts_on, ends_on, months):
    assert months_between(starts_on, ends_on) == months


def test_a_share_weighs_the_same_each_month():
    assert monthly(Decimal(1000), APRIL, OCTOBER) == Decimal("166.67")


def test_what_a_consortium_lacks_is_said():
    alone = Share("A", False, False, Decimal(600), free=Decimal(80))
    assert gaps([alone], Decimal(1000), 6) == [
        "Un groupement réunit au moins deux structures.",
        "Aucun mandataire n’est désigné : il parle pour tous devant l’acheteur.",
        "L’accord manque encore : A.",
        "Il reste 400 heures à répartir.",
        "A prendrait 100 heures par mois, pour 80 disponibles.",
    ]
    both = [Share("A", True, True, Decimal(600)), Share("B", False, True, Decimal(500), Decimal(90))]
    assert gaps(both, Decimal(1000), 6) == ["100 heures sont réparties en trop."]
    assert gaps(both, Decimal(1100), 6) == []
    assert gaps([*both, Share("C", False, True, None)], None, 6) == []
    assert gaps([], None, 6) == ["Un groupement réunit au moins deux structures."]


def test_one_lead_at_a_time(group, facilitator):
    first, second = (ConsortiumMemberFactory(consortium=group) for _ in range(2))
    settle(first, facilitator, is_lead=True)
    settle(second, facilitator, is_lead=True, state=MemberState.AGREED)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_lead, second.is_lead, second.state) == (False, True, MemberState.AGREED)
    assert "consortium_agreed" in [event.kind for event in audit.history(group.need)]


def test_who_declines_keeps_the_reason_and_leads_nothing(group, facilitator):
    member = ConsortiumMemberFactory(consortium=group, is_lead=True)
    settle(member, facilitator, is_lead=True, state=MemberState.DECLINED, reason=DeclineReason.CAPACITY)
    member.refresh_from_db()
    assert (member.is_lead, member.reason) == (False, DeclineReason.CAPACITY)

    settle(member, facilitator, state=MemberState.AGREED, reason=DeclineReason.CAPACITY)
    member.refresh_from_db()
    assert member.reason == ""


def test_a_structure_joins_once_and_leaves(group, facilitator):
    structure = OfferFactory().structure
    member = consortia.join(consortium=group, structure=structure, by=facilitator)
    assert consortia.join(consortium=group, structure=structure, by=facilitator) == member
    assert consortia.leave(member=member, by=facilitator) == group
    assert [event.kind for event in audit.history(group.need)] == ["member_taken_out", "member_thought_of"]


def test_what_changed_is_said_once(group, facilitator):
    values = {name: getattr(group, name) for name in consortia.OWN}
    consortia.change(consortium=group, values=values, by=facilitator)
    consortia.change(consortium=group, values=values | {"hours": Decimal(900)}, by=facilitator)
    (event,) = audit.history(group.need)
    assert event.payload["fields"] == "heures à répartir"


def test_a_closed_search_forms_no_group(group, facilitator):
    member = ConsortiumMemberFactory(consortium=group)
    sourcing.close(need=group.need, outcome="", by=facilitator, at=FRIDAY)
    values = {name: getattr(group, name) for name in consortia.OWN}
    for act in (
        lambda: consortia.form(need=group.need, values=values, by=facilitator, at=FRIDAY),
        lambda: consortia.change(consortium=group, values=values, by=facilitator),
        lambda: consortia.join(consortium=group, structure=member.structure, by=facilitator),
        lambda: settle(member, facilitator),
        lambda: consortia.leave(member=member, by=facilitator),
    ):
        with pytest.raises(sourcing.SourcingRefused, match="est close"):
            act()


class TestCommitments:
    @pytest.fixture
    def offer(self, db):
        offer = OfferFactory()
        Capacity.objects.create(
            offer=offer, quantity=150, unit=CapacityUnit.HOURS, period=CapacityPeriod.MONTH,
            starts_on=date(2027, 1, 1), declared_on=date(2027, 1, 1),
        )  # fmt: skip
        return offer

    def place(self, offer, **values):
        given = {"state": MemberState.AGREED, "trade": offer.trade, "hours": Decimal(600)}
        return ConsortiumMemberFactory(structure=offer.structure, **(given | values))

    def test_an_agreed_share_reduces_the_capacity_of_its_months(self, offer):
        member = self.place(offer)
        key = (offer.structure_id, offer.trade_id)
        assert commitments.promised(APRIL) == {key: Decimal("100.00")}
        assert commitments.promised(OCTOBER) == {}
        assert commitments.free(APRIL, structures=[offer.structure_id]) == {key: Decimal(50)}
        besides = commitments.free(APRIL, structures=[offer.structure_id], besides=member.consortium_id)
        assert besides == {key: Decimal(150)}

    @pytest.mark.parametrize(
        "values",
        [
            {"state": MemberState.THOUGHT},
            {"state": MemberState.DECLINED, "reason": DeclineReason.SIZE},
            {"trade": None},
            {"hours": None},
        ],
    )
    def test_what_is_not_agreed_or_not_told_reduces_nothing(self, offer, values):
        self.place(offer, **values)
        assert commitments.promised(APRIL) == {}

    def test_more_than_all_is_promised_leaves_nothing(self, offer):
        self.place(offer, hours=Decimal(6000))
        assert list(commitments.free(APRIL, structures=[offer.structure_id]).values()) == [0]

    def test_the_shape_counts_shares_and_tells_who_declined(self, offer, group):
        member = self.place(offer, consortium=group, is_lead=True)
        silent = ConsortiumMemberFactory(consortium=group)
        out = self.place(
            OfferFactory(), consortium=group, state=MemberState.DECLINED, reason=DeclineReason.SIZE
        )

        shape = commitments.shape(group)

        assert [(place.member, place.monthly, place.free) for place in shape.places] == [
            (member, Decimal("100.00"), Decimal(150)),
            (silent, None, None),
        ]
        assert (shape.shared, shape.declined) == (Decimal(600), [out])


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": MemberState.DECLINED}, "member_declined_iff_reasoned"),
        ({"reason": DeclineReason.SIZE}, "member_declined_iff_reasoned"),
        (
            {"state": MemberState.DECLINED, "reason": DeclineReason.SIZE, "is_lead": True},
            "member_declined_leads_nothing",
        ),
    ],
)
def test_constraints(group, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ConsortiumMemberFactory(consortium=group, **values)


def test_a_structure_and_a_lead_are_once_in_a_consortium(group):
    first = ConsortiumMemberFactory(consortium=group, is_lead=True)
    for values in ({"is_lead": True}, {"structure": first.structure}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConsortiumMemberFactory(consortium=group, **values)
    with pytest.raises(IntegrityError, match="ends_after"), transaction.atomic():
        ConsortiumFactory(need=group.need, ends_on=APRIL)


class TestPages:
    @pytest.fixture
    def visitor(self, facilitator, as_user, time_machine):
        time_machine.move_to(FRIDAY)
        return as_user(facilitator)

    def test_from_a_need_to_a_group(self, visitor, need):
        able, other = (OfferFactory().structure for _ in range(2))
        for structure in (able, other):
            ApproachFactory(need=need, structure=structure, state=ApproachState.INTERESTED)
        declined = ApproachFactory(need=need, state=ApproachState.DECLINED)
        assertContains(visitor.get(need.get_absolute_url()), "Former un groupement")

        page = f"{need.get_absolute_url()}groupement/"
        name = visitor.get(page).context["form"].initial["name"]
        given = {"name": name, "liability": "joint_lead", "hours": "900", "starts_on": "2027-04-01"}
        answer = visitor.post(page, given | {"ends_on": "2027-03-01"})
        assertContains(answer, "La fin doit suivre le début.", status_code=422)
        visitor.post(page, given | {"ends_on": "2027-10-01"})
        group = Consortium.objects.get()
        join = f"{group.get_absolute_url()}reunir/"
        assertContains(visitor.post(join, {}), "Choisissez une structure", status_code=422)
        assert visitor.post(join, {"structure": declined.structure_id}).status_code == 422
        for structure in (able, other):
            visitor.post(join, {"structure": structure.pk})
        one, two = ConsortiumMember.objects.order_by("pk")
        share = f"/structures/groupements/membres/{one.pk}/"
        trade = able.offers.get().trade_id
        visitor.post(
            share, {"state": "agreed", "is_lead": "on", "hours": "600", "trade": trade, "part": "Lot 1"}
        )
        answer = visitor.post(f"/structures/groupements/membres/{two.pk}/", {"state": "declined"})
        assertContains(answer, "Dites pourquoi elle décline", status_code=422)
        visitor.post(f"/structures/groupements/membres/{two.pk}/", {"state": "declined", "reason": "size"})

        page = visitor.get(group.get_absolute_url())
        for text in ("Mandataire", "Lot 1", "Il reste 300 heures", "Trop grand pour nous seuls"):
            assertContains(page, text)
        assertContains(visitor.get(need.get_absolute_url()), group.name)

    def test_the_buyer_reads_and_changes_nothing(self, as_user, buyer, stage):
        need = NeedFactory(office=stage.office, market=MarketFactory(plan__buyer=stage.buyer))
        member = ConsortiumMemberFactory(consortium__need=need, consortium__note="Prêt en avril.")
        page = as_user(buyer).get(member.consortium.get_absolute_url())
        assertContains(page, "Prêt en avril.")
        assertNotContains(page, "Noter sa part")

    def test_refusals_are_said_on_the_page(self, visitor, group, facilitator):
        member = ConsortiumMemberFactory(consortium=group)
        asked = ApproachFactory(need=group.need)
        sourcing.close(need=group.need, outcome="", by=facilitator, at=FRIDAY)
        given = {
            "name": "N", "liability": "joint", "starts_on": "2027-04-01", "ends_on": "2027-10-01",
        }  # fmt: skip
        base = group.get_absolute_url()
        for page, values in (
            (f"{group.need.get_absolute_url()}groupement/", given),
            (f"{base}modifier/", given),
            (f"/structures/groupements/membres/{member.pk}/", {"state": "agreed"}),
        ):
            assertContains(visitor.post(page, values), "est close", status_code=422)
        for page, values in (
            (f"{base}reunir/", {"structure": asked.structure_id}),
            (f"/structures/groupements/membres/{member.pk}/retirer/", {}),
        ):
            assertContains(visitor.post(page, values, follow=True), "est close")

    def test_a_group_is_edited_and_a_member_taken_out(self, visitor, group):
        member = ConsortiumMemberFactory(consortium=group)
        given = {"name": "Autre", "liability": "several", "starts_on": "2027-04-01", "ends_on": "2027-10-01"}
        visitor.post(f"{group.get_absolute_url()}modifier/", given)
        visitor.post(f"/structures/groupements/membres/{member.pk}/retirer/")
        group.refresh_from_db()
        assert (group.name, group.members.count()) == ("Autre", 0)
        assertContains(visitor.get(group.get_absolute_url()), "Personne n’est encore du groupement")
