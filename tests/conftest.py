"""A cast on one stage: an office, a buyer and its department, a contractor, and strangers to all of them."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from hypothesis import settings as hypothesis

from accounts.enums import OrganisationKind
from accounts.roles import Role
from procurement.services import previews
from tests.accounts.factories import MandateFactory, OfficeFactory, OrganisationFactory, person
from tests.procurement.factories import BuyerFactory, DepartmentFactory


# A busy machine proves nothing against a formula.
hypothesis.register_profile("patient", deadline=None)
hypothesis.load_profile("patient")

INLINE = re.compile(rb"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)[^>]*>|\{\{|\{%", re.IGNORECASE)


class PageReader(Client):
    """A client that refuses what the content security policy would: inline scripts, styles and handlers."""

    def request(self, **request):
        response = super().request(**request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            found = INLINE.search(response.content)
            assert not found, (
                f"{request.get('PATH_INFO')}: {response.content[found.start() - 80 : found.end() + 80]!r}"
            )
        return response

    def sign_in(self, user) -> "PageReader":
        self.force_login(user)
        if user.membership:
            session = self.session
            session["membership_id"] = user.membership.pk
            session.save()
        return self


@pytest.fixture
def client():
    return PageReader()


@pytest.fixture(autouse=True)
def _nothing_understood_yet():
    """Keys begin again with each test; what is kept by key must not outlive it."""
    previews.forget()


@pytest.fixture
def as_user():
    """`as_user(facilitator).get(url)`"""
    return lambda user: PageReader().sign_in(user)


@pytest.fixture
def stage(db):
    """Organisations without people: what the cast plays on."""
    office, other_office = OfficeFactory(), OfficeFactory(organisation__name="Office d’ailleurs")
    buyer = BuyerFactory()
    other_buyer = BuyerFactory(organisation__name="Ville d’ailleurs")
    MandateFactory(office=office, partner=buyer.organisation)
    MandateFactory(office=other_office, partner=other_buyer.organisation)
    return SimpleNamespace(
        office=office,
        other_office=other_office,
        buyer=buyer,
        other_buyer=other_buyer,
        department=DepartmentFactory(buyer=buyer),
        company=OrganisationFactory(kind=OrganisationKind.COMPANY, name="Jardins Services"),
        other_company=OrganisationFactory(kind=OrganisationKind.COMPANY, name="Travaux d’ailleurs"),
        structure=OrganisationFactory(kind=OrganisationKind.STRUCTURE, name="Atelier du Lac"),
        funder=OrganisationFactory(kind=OrganisationKind.FUNDER, name="Fonds du territoire"),
        platform=OrganisationFactory(kind=OrganisationKind.PLATFORM, name="Plateforme"),
    )


@pytest.fixture
def facilitator(stage):
    return person(Role.FACILITATOR, stage.office.organisation, first_name="Farida")


@pytest.fixture
def manager(stage):
    return person(Role.MANAGER, stage.office.organisation, first_name="Mona")


@pytest.fixture
def buyer(stage):
    return person(Role.BUYER, stage.buyer.organisation, first_name="Bruno")


@pytest.fixture
def prescriber(stage):
    user = person(Role.PRESCRIBER, stage.buyer.organisation, first_name="Paul")
    stage.department.prescribers.add(user.membership)
    return user


@pytest.fixture
def contractor(stage):
    return person(Role.CONTRACTOR, stage.company, first_name="Carine")


@pytest.fixture
def structure_member(stage):
    return person(Role.STRUCTURE, stage.structure, first_name="Samir")


@pytest.fixture
def funder(stage):
    MandateFactory(office=stage.office, partner=stage.funder)
    return person(Role.FUNDER, stage.funder, first_name="Flore")


@pytest.fixture
def administrator(stage):
    return person(Role.ADMINISTRATOR, stage.platform, first_name="Adèle", is_staff=True, is_superuser=True)


@pytest.fixture
def other_facilitator(stage):
    return person(Role.FACILITATOR, stage.other_office.organisation, first_name="Odile")


@pytest.fixture
def other_buyer(stage):
    return person(Role.BUYER, stage.other_buyer.organisation, first_name="Oscar")


@pytest.fixture
def other_contractor(stage):
    return person(Role.CONTRACTOR, stage.other_company, first_name="Olga")
