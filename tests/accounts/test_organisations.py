from datetime import UTC, date, datetime

import pytest

from accounts import audit
from accounts.enums import OrganisationKind
from accounts.models import Mandate, Organisation
from accounts.services import organisations
from tests.accounts.factories import MandateFactory, OfficeFactory, OrganisationFactory


AT = datetime(2027, 1, 4, 9, tzinfo=UTC)


def test_an_office_opens_with_its_settings(administrator):
    office = organisations.open_office(name="Office du Lac", by=administrator, at=AT)

    assert office.organisation.kind == OrganisationKind.OFFICE
    assert office.organisation.created_at == AT
    assert office.answer_days == 28
    assert [event.sentence for event in audit.history(office)] == ["a ouvert l’office"]


@pytest.mark.parametrize("kind", [OrganisationKind.BUYER, OrganisationKind.FUNDER])
def test_a_mandate_links_an_office_to_a_buyer_or_a_funder(db, kind):
    office, partner = OfficeFactory(), OrganisationFactory(kind=kind)

    mandate = organisations.start_mandate(office=office, partner=partner, starts_on=date(2027, 1, 1), by=None)

    assert (mandate.office, mandate.partner, mandate.ends_on) == (office, partner, None)
    assert [event.sentence for event in audit.history(partner)] == [
        "a ouvert la convention avec Office du Confluent"
    ]


@pytest.mark.parametrize("kind", [OrganisationKind.COMPANY, OrganisationKind.OFFICE])
def test_an_office_has_no_mandate_with_a_company_nor_with_another_office(db, kind):
    partner = OrganisationFactory(kind=kind)

    with pytest.raises(organisations.MandateRefused, match="à un acheteur ou à un financeur"):
        organisations.start_mandate(
            office=OfficeFactory(), partner=partner, starts_on=date(2027, 1, 1), by=None
        )

    assert not Mandate.objects.exists()


@pytest.mark.parametrize("ends_on", [None, date(2027, 6, 1)])
def test_two_mandates_of_the_same_pair_do_not_overlap(db, ends_on):
    running = MandateFactory(ends_on=ends_on)

    with pytest.raises(organisations.MandateRefused, match="court déjà"):
        organisations.start_mandate(
            office=running.office, partner=running.partner, starts_on=date(2027, 1, 1), by=None
        )


def test_a_mandate_may_follow_another_on_the_very_day_it_ends(db):
    ended = MandateFactory(ends_on=date(2027, 1, 1))

    organisations.start_mandate(
        office=ended.office, partner=ended.partner, starts_on=date(2027, 1, 1), by=None
    )

    assert Mandate.objects.filter(partner=ended.partner).count() == 2


def test_a_hospital_group_may_work_with_two_offices_at_once(db):
    running = MandateFactory()

    organisations.start_mandate(
        office=OfficeFactory(organisation=OrganisationFactory(kind=OrganisationKind.OFFICE)),
        partner=running.partner,
        starts_on=date(2027, 1, 1),
        by=None,
    )

    assert Organisation.objects.get(pk=running.partner.pk).mandates.count() == 2


def test_a_funder_is_added_with_a_name(administrator):
    added = organisations.add(
        kind=OrganisationKind.FUNDER, name="Fonds du Lac", siret="", by=administrator, at=AT
    )

    assert (added.kind, added.name, added.created_at) == (OrganisationKind.FUNDER, "Fonds du Lac", AT)
    assert audit.history(added)[0].sentence == "a ajouté l’organisation"


def test_an_organisation_is_renamed_and_the_log_says_which_fields(administrator):
    company = OrganisationFactory(name="Jardins")

    organisations.rename(organisation=company, name="Jardins Services", siret="", by=administrator)
    organisations.rename(organisation=company, name="Jardins Services", siret="", by=administrator)

    company.refresh_from_db()
    assert company.name == "Jardins Services"
    assert [event.sentence for event in audit.history(company)] == ["a modifié l’organisation : nom"]


def test_a_mandate_ends_on_a_day_and_may_run_on_again(administrator):
    mandate = MandateFactory()

    organisations.end_mandate(mandate=mandate, ends_on=date(2027, 7, 1), by=administrator)
    organisations.end_mandate(mandate=mandate, ends_on=None, by=administrator)

    mandate.refresh_from_db()
    assert mandate.ends_on is None
    assert [event.sentence.rpartition(" : ")[2] for event in audit.history(mandate.partner)] == [
        "aucun",
        "01/07/2027",
    ]


def test_a_mandate_does_not_end_before_it_starts(administrator):
    mandate = MandateFactory()

    with pytest.raises(organisations.MandateRefused, match="après son début"):
        organisations.end_mandate(mandate=mandate, ends_on=mandate.starts_on, by=administrator)


@pytest.mark.parametrize("ends_on", [None, date(2028, 6, 1)])
def test_a_mandate_does_not_run_into_the_next_one(administrator, ends_on):
    first = MandateFactory(ends_on=date(2027, 1, 1))
    MandateFactory(office=first.office, partner=first.partner, starts_on=date(2028, 1, 1))

    with pytest.raises(organisations.MandateRefused, match="commence avant la fin"):
        organisations.end_mandate(mandate=first, ends_on=ends_on, by=administrator)
