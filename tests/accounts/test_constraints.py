"""Each constraint of the accounts is broken once."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import OrganisationKind
from accounts.models import Mandate, Membership, Office, Organisation, User
from tests.accounts.factories import (
    MandateFactory,
    MembershipFactory,
    OfficeFactory,
    OrganisationFactory,
    UserFactory,
)


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_an_address_is_in_lower_case(db):
    refused(lambda: User.objects.create(email="Camille@test.example"))


def test_an_address_belongs_to_one_account(db):
    UserFactory(email="camille@test.example")

    refused(lambda: UserFactory(email="camille@test.example"))


def test_a_membership_is_held_once_while_it_lasts(db):
    held = MembershipFactory()

    refused(lambda: Membership.objects.create(user=held.user, organisation=held.organisation, role=held.role))


def test_a_siret_names_one_organisation_of_a_kind(db):
    OrganisationFactory(siret="73282932000074")

    refused(lambda: OrganisationFactory(siret="73282932000074"))
    assert OrganisationFactory(siret="73282932000074", kind=OrganisationKind.FUNDER).pk


def test_many_organisations_may_lack_a_siret(db):
    OrganisationFactory.create_batch(2, siret="")

    assert Organisation.objects.filter(siret="").count() == 2


@pytest.mark.parametrize("wrong", [{"answer_days": 0}, {"link_days": 181}, {"small_count_floor": 0}])
def test_the_settings_of_an_office_stay_within_bounds(db, wrong):
    office = OfficeFactory()

    refused(lambda: Office.objects.filter(pk=office.pk).update(**wrong))


def test_a_mandate_ends_after_its_start(db):
    mandate = MandateFactory()

    refused(lambda: Mandate.objects.filter(pk=mandate.pk).update(ends_on=mandate.starts_on))
    mandate.ends_on = mandate.starts_on
    with pytest.raises(ValidationError, match="se termine après son début"):
        mandate.full_clean()


def test_a_mandate_starts_once_a_day(db):
    mandate = MandateFactory()

    refused(lambda: MandateFactory(office=mandate.office, partner=mandate.partner))
    assert MandateFactory(office=mandate.office, partner=mandate.partner, starts_on=date(2028, 1, 1)).pk
