from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts import audit
from accounts.enums import AuditKind
from structures.enums import AreaKind, CapacityPeriod, CapacityUnit, ServiceKind
from structures.models import Capacity, Contact, Offer, Structure, Trade
from structures.queries import offers_of
from structures.services import cards, contacts, directory, offers
from tests.structures.factories import ContactFactory, OfferFactory, StructureFactory, TownFactory


TODAY = date(2027, 3, 1)
SIRET = "41816609600069"


def kinds(structure: Structure) -> list[AuditKind]:
    return [event.kind for event in audit.history(structure)]


def test_a_corrected_card_is_found_under_its_new_name(facilitator):
    structure = StructureFactory(name="ASSOC XYZ")

    cards.correct(structure=structure, values={"brand": "La Fabrique", "postcode": "93100"}, by=facilitator)

    structure.refresh_from_db()
    assert Structure.objects.matching("fabrique").get() == structure
    assert structure.department_code == "93"
    assert structure.corrected_fields == ["brand", "postcode"]
    assert kinds(structure) == [AuditKind.STRUCTURE_CORRECTED]


def test_nothing_changed_is_nothing_said(facilitator):
    structure = StructureFactory(name="Atelier")
    cards.correct(structure=structure, values={"name": "Atelier"}, by=facilitator)
    assert kinds(structure) == []


def test_a_file_does_not_undo_what_a_person_put_right(facilitator):
    structure = StructureFactory(siret=SIRET, name="ASSOC XYZ", city="Creteil", source="ASP")
    cards.correct(structure=structure, values={"name": "La Fabrique", "postcode": "93100"}, by=facilitator)

    content = f"siret;type;nom;commune;code postal;source\n{SIRET};EI;ASSOC XYZ;Créteil;94000;ASP\n"
    plan = directory.bring_in(
        name="siae.csv", content=content.encode(), by=None, at=datetime(2027, 3, 2, tzinfo=UTC)
    )

    structure.refresh_from_db()
    assert (structure.name, structure.postcode, structure.city) == ("La Fabrique", "93100", "Créteil")
    assert structure.department_code == "93"
    assert plan.counts.updated == 1


def test_a_card_gone_from_its_source_is_marked_and_comes_back():
    at = datetime(2027, 3, 2, 12, tzinfo=UTC)
    other = "80746931700018"
    both = f"siret;type;nom;source\n{SIRET};EI;A;ASP\n{other};EI;B;ASP\n".encode()
    one = f"siret;type;nom;source\n{other};EI;B;ASP\n".encode()
    for content in (both, one):
        directory.bring_in(name="siae.csv", content=content, by=None, at=at)

    assert Structure.objects.get(siret=SIRET).gone_on == date(2027, 3, 2)

    directory.bring_in(name="siae.csv", content=both, by=None, at=at)
    assert Structure.objects.get(siret=SIRET).gone_on is None


test_a_card_gone_from_its_source_is_marked_and_comes_back = pytest.mark.django_db(
    test_a_card_gone_from_its_source_is_marked_and_comes_back
)


def values(**changes) -> dict:
    return {
        "trade": Trade.objects.get(code="mise-sous-pli"),
        "service_kind": ServiceKind.SERVICE,
        "area_kind": AreaKind.DEPARTMENTS,
        "radius_km": None,
        "area_codes": " 94 ",
        "details": "",
    } | changes


def test_a_trade_is_declared_changed_and_withdrawn(facilitator):
    structure = StructureFactory()
    offer = offers.declare(structure=structure, values=values(), by=facilitator, on=TODAY)
    assert (offer.verified_on, offer.source) == (TODAY, facilitator.membership.organisation.name)

    offers.change(offer=offer, values=values(area_codes=" 93 94 "), by=facilitator, on=TODAY)
    assert Offer.objects.get().area_codes == " 93 94 "

    offers.withdraw(offer=offer, by=facilitator)
    assert not Offer.objects.exists()
    assert set(kinds(structure)) == {
        AuditKind.OFFER_DECLARED,
        AuditKind.OFFER_CHANGED,
        AuditKind.OFFER_WITHDRAWN,
    }


def test_a_trade_is_declared_once_per_way_of_working(facilitator):
    structure = StructureFactory()
    offers.declare(structure=structure, values=values(), by=facilitator, on=TODAY)
    offers.declare(
        structure=structure, values=values(service_kind=ServiceKind.STAFF), by=facilitator, on=TODAY
    )
    with pytest.raises(offers.OfferKnown, match="propose déjà « Mise sous pli et routage"):
        offers.declare(structure=structure, values=values(), by=facilitator, on=TODAY)
    assert Offer.objects.count() == 2


def declare_capacity(offer, quantity, starts_on, by) -> Capacity:
    return offers.declare_capacity(
        offer=offer,
        quantity=Decimal(quantity),
        unit=CapacityUnit.HOURS,
        period=CapacityPeriod.MONTH,
        starts_on=starts_on,
        by=by,
        on=TODAY,
    )


def test_a_new_capacity_ends_the_one_before_and_replaces_the_ones_after(facilitator):
    offer = OfferFactory()
    declare_capacity(offer, 100, date(2027, 1, 1), facilitator)
    declare_capacity(offer, 80, date(2027, 9, 1), facilitator)
    declare_capacity(offer, 120, date(2027, 4, 1), facilitator)

    rows = offer.capacities.order_by("starts_on").values_list("quantity", "starts_on", "ends_on")
    assert list(rows) == [
        (100, date(2027, 1, 1), date(2027, 4, 1)),
        (120, date(2027, 4, 1), None),
    ]


def test_a_card_tells_its_trades_where_and_how_much(facilitator, django_assert_num_queries):
    structure = StructureFactory()
    TownFactory(insee_code="94028", name="Créteil")
    trades = {trade.code: trade for trade in Trade.objects.all()}
    for code, area_kind, area_codes, radius_km in (
        ("blanchisserie", AreaKind.TOWNS, " 94028 ", None),
        ("couture", AreaKind.REGIONS, " 11 ", None),
        ("mise-sous-pli", AreaKind.RADIUS, "", 30),
        ("traiteur", AreaKind.COUNTRY, "", None),
    ):
        OfferFactory(
            structure=structure,
            trade=trades[code],
            area_kind=area_kind,
            area_codes=area_codes,
            radius_km=radius_km,
        )
    declare_capacity(structure.offers.get(trade__code="couture"), 60, date(2027, 1, 1), facilitator)

    with django_assert_num_queries(4):
        told = offers_of(structure, on=TODAY)

    assert [(one.offer.trade.code, one.area) for one in told] == [
        ("blanchisserie", "Créteil"),
        ("couture", "Île-de-France"),
        ("mise-sous-pli", "À moins de 30 km"),
        ("traiteur", "Dans toute la France"),
    ]
    assert [one.capacity and one.capacity.quantity for one in told] == [None, 60, None, None]


def test_one_contact_is_reached_first(facilitator):
    structure = StructureFactory()
    first = contacts.add(structure=structure, values={"name": "A", "email": "a@x.example"}, by=facilitator)
    second = contacts.add(
        structure=structure, values={"name": "B", "phone": "01 99 00 00 01"}, by=facilitator
    )
    assert first.is_first
    assert not second.is_first

    contacts.change(contact=second, values={"is_first": True}, by=facilitator)
    assert list(Contact.objects.filter(is_first=True)) == [second]

    contacts.remove(contact=second, by=facilitator)
    assert list(Contact.objects.all()) == [first]


class TestPages:
    @pytest.fixture
    def client(self, facilitator, as_user):
        return as_user(facilitator)

    def test_a_card_is_kept_from_end_to_end(self, client, db):
        structure = StructureFactory()
        TownFactory(insee_code="94028", name="Créteil")
        page = f"/structures/{structure.pk}/"

        client.post(f"{page}corriger/", {"name": "La Fabrique", "postcode": "94000"})
        trade = Trade.objects.get(code="traiteur").pk
        offer = {"trade": trade, "service_kind": "service", "area_kind": "towns", "area": "Créteil"}
        client.post(f"{page}metiers/ajouter/", offer)
        kept = Offer.objects.get()
        client.post(
            f"/structures/metiers/{kept.pk}/capacite/",
            {"quantity": "40", "unit": "hours", "period": "month", "starts_on": "2026-01-01"},
        )
        client.post(f"{page}contacts/ajouter/", {"name": "Ada", "email": "ada@x.example"})
        text = client.get(page).content.decode()

        for told in ("La Fabrique", "Traiteur et réceptions", "Créteil", "40", "heures", "ada@x.example"):
            assert told in text

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"area_kind": "radius"}, "Donnez le rayon"),
            ({"area_kind": "towns", "area": "Nulle-Part"}, "Aucun lieu n’est reconnu"),
            ({"area_kind": "regions", "area": "Atlantide"}, "Aucun lieu n’est reconnu"),
            ({"area_kind": "departments", "area": ""}, "Aucun lieu n’est reconnu"),
            ({"trade": ""}, "Choisissez un métier"),
        ],
    )
    def test_an_offer_that_cannot_be_is_refused_beside_its_field(self, client, db, wrong, said):
        structure = StructureFactory()
        trade = Trade.objects.get(code="traiteur").pk
        given = {"trade": trade, "service_kind": "service", "area_kind": "country"} | wrong

        answer = client.post(f"/structures/{structure.pk}/metiers/ajouter/", given)

        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not Offer.objects.exists()

    def test_a_contact_without_any_way_to_reach_it_is_refused(self, client, db):
        structure = StructureFactory()
        answer = client.post(f"/structures/{structure.pk}/contacts/ajouter/", {"name": "Ada"})
        assert answer.status_code == 422
        assert "Donnez une adresse électronique ou un téléphone." in answer.content.decode()

    def test_a_structure_does_not_see_the_contacts_of_another(self, as_user, db):
        from accounts.roles import Role
        from tests.accounts.factories import MembershipFactory

        ContactFactory(email="ada@x.example")
        member = MembershipFactory(role=Role.STRUCTURE)
        assert not Contact.objects.visible_to(member.user).exists()

    def test_the_list_understands_a_need_and_a_place(self, client, db):
        TownFactory(insee_code="94028", name="Créteil")
        near = OfferFactory(structure__latitude=48.79, structure__longitude=2.46).structure
        OfferFactory(structure__latitude=45.0, structure__longitude=4.8)

        answer = client.get("/structures/", {"q": "routage", "place": "Créteil", "within": "10"})

        assert [row.structure for row in answer.context["answers"]] == [near]
        text = answer.content.decode()
        assert "Métier compris : Mise sous pli et routage" in text
        assert "1 km" in text
