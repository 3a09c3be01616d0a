from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.enums import OrganisationKind
from accounts.models import Membership
from accounts.roles import Role
from tests.accounts.factories import MembershipFactory, OrganisationFactory, UserFactory


def members_shown(response):
    return {row["membership"].user.email for row in response.context["rows"]}


def test_a_manager_sees_the_members_and_the_invitations_of_the_office(
    as_user, manager, facilitator, buyer, stage
):
    MembershipFactory(
        user=UserFactory(email="attendue@test.example"),
        organisation=stage.office.organisation,
        role=Role.FACILITATOR,
        accepted_at=None,
    )

    response = as_user(manager).get("/equipe/")

    assert members_shown(response) == {manager.email, facilitator.email, "attendue@test.example"}
    assert response.context["rows"][0]["membership"].user.email == "attendue@test.example"


def test_a_pending_invitation_shows_only_the_address(as_user, manager, stage):
    invited = UserFactory(first_name="Secrète", email="attendue@test.example")
    MembershipFactory(
        user=invited, organisation=stage.office.organisation, role=Role.FACILITATOR, accepted_at=None
    )

    assert "Secrète" not in as_user(manager).get("/equipe/").content.decode()


def test_an_old_invitation_is_marked_as_expired(as_user, manager, stage):
    MembershipFactory(
        organisation=stage.office.organisation,
        role=Role.FACILITATOR,
        accepted_at=None,
        invited_at=timezone.now() - timedelta(days=15),
    )

    assert "Invitation expirée" in as_user(manager).get("/equipe/").content.decode()


def test_an_administrator_sees_everybody(as_user, administrator, manager, buyer, contractor):
    response = as_user(administrator).get("/equipe/")

    assert members_shown(response) == {administrator.email, manager.email, buyer.email, contractor.email}


@pytest.mark.parametrize("words", ["élodie", "ELODIE", "elodie@rivebelle", "écully elodie"])
def test_accents_and_capitals_do_not_hide_anybody(as_user, manager, stage, words):
    found = UserFactory(email="elodie@rivebelle.example", first_name="Élodie", last_name="Écully")
    MembershipFactory(user=found, organisation=stage.office.organisation, role=Role.FACILITATOR)

    response = as_user(manager).get("/equipe/", {"q": words})

    assert members_shown(response) == {"elodie@rivebelle.example"}


@pytest.mark.parametrize(
    ("state", "shown"), [("pending", {"p@test.example"}), ("ended", {"e@test.example"}), ("nonsense", None)]
)
def test_the_list_is_filtered_by_situation(as_user, manager, stage, state, shown):
    fields = {"organisation": stage.office.organisation, "role": Role.FACILITATOR}
    MembershipFactory(user=UserFactory(email="p@test.example"), accepted_at=None, **fields)
    MembershipFactory(
        user=UserFactory(email="e@test.example"), ended_at=datetime(2026, 6, 1, tzinfo=UTC), **fields
    )

    response = as_user(manager).get("/equipe/", {"state": state})

    assert members_shown(response) == (shown or {"p@test.example", manager.email})


def test_an_empty_search_says_what_to_do(as_user, manager):
    assert "Personne ne correspond." in as_user(manager).get("/equipe/", {"q": "zzz"}).content.decode()


def test_the_list_asks_as_much_for_ten_members_as_for_one(
    as_user, administrator, django_assert_max_num_queries, stage
):
    client = as_user(administrator)
    with django_assert_max_num_queries(30) as one:
        client.get("/equipe/")
    MembershipFactory.create_batch(10, organisation=stage.office.organisation, role=Role.FACILITATOR)
    MembershipFactory.create_batch(
        5, organisation=stage.office.organisation, role=Role.FACILITATOR, accepted_at=None
    )

    with django_assert_max_num_queries(30) as many:
        client.get("/equipe/")

    assert len(many) == len(one)


def test_a_long_list_comes_by_fifty(as_user, manager, stage):
    MembershipFactory.create_batch(60, organisation=stage.office.organisation, role=Role.FACILITATOR)

    response = as_user(manager).get("/equipe/", {"page": "2", "q": "martin"})

    assert len(response.context["rows"]) == 11
    assert "?q=martin&amp;page=1" in response.content.decode()


def test_a_manager_invites_a_colleague(as_user, manager, stage, prompt_worker, mailoutbox):
    with prompt_worker():
        response = as_user(manager).post(
            f"/organisations/{stage.office.pk}/inviter/",
            {"email": "Nadia@confluent.example", "role": Role.FACILITATOR, "job_title": ""},
            follow=True,
        )

    assert "L’invitation est envoyée à nadia@confluent.example." in response.content.decode()
    assert mailoutbox[0].to == ["nadia@confluent.example"]


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        (OrganisationKind.OFFICE, ["facilitator", "manager"]),
        (OrganisationKind.BUYER, ["buyer", "prescriber"]),
        (OrganisationKind.COMPANY, ["contractor"]),
        (OrganisationKind.STRUCTURE, ["structure"]),
        (OrganisationKind.FUNDER, ["funder"]),
        (OrganisationKind.PLATFORM, ["administrator"]),
    ],
)
def test_the_roles_offered_are_those_of_the_organisation(as_user, administrator, kind, roles):
    organisation = OrganisationFactory(kind=kind)

    form = as_user(administrator).get(f"/organisations/{organisation.pk}/inviter/").context["form"]

    assert [value for value, _ in form.fields["role"].choices] == roles
    assert form.fields["role"].initial == (roles[0] if len(roles) == 1 else None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "pas une adresse"},
        {"role": Role.ADMINISTRATOR},
        {"role": ""},
        {"job_title": "x" * 121},
    ],
)
def test_a_doubtful_invitation_comes_back(as_user, manager, stage, wrong):
    answer = {"email": "nadia@confluent.example", "role": Role.FACILITATOR, "job_title": ""} | wrong

    response = as_user(manager).post(f"/organisations/{stage.office.pk}/inviter/", answer)

    assert response.status_code == 422
    assert not Membership.objects.pending().exists()


def test_inviting_somebody_who_is_there_says_so(as_user, manager, facilitator, stage):
    answer = {"email": facilitator.email, "role": Role.FACILITATOR, "job_title": ""}

    response = as_user(manager).post(f"/organisations/{stage.office.pk}/inviter/", answer)

    assert response.status_code == 422
    assert "déjà ce rôle" in response.content.decode()


@pytest.fixture
def pending(stage):
    return MembershipFactory(
        user=UserFactory(email="attendue@test.example"),
        organisation=stage.office.organisation,
        role=Role.FACILITATOR,
        accepted_at=None,
    )


def test_an_invitation_is_sent_again(as_user, manager, pending, prompt_worker, mailoutbox):
    with prompt_worker():
        response = as_user(manager).post(f"/equipe/{pending.pk}/renvoyer/", follow=True)

    assert "envoyée de nouveau à attendue@test.example" in response.content.decode()
    assert len(mailoutbox) == 1


def test_an_accepted_invitation_is_not_sent_again(as_user, manager, facilitator, prompt_worker, mailoutbox):
    with prompt_worker():
        response = as_user(manager).post(f"/equipe/{facilitator.membership.pk}/renvoyer/", follow=True)

    assert "déjà été acceptée" in response.content.decode()
    assert mailoutbox == []


def test_an_invitation_is_cancelled_after_a_question(as_user, manager, pending):
    client = as_user(manager)
    assert "Annuler l’invitation" in client.get(f"/equipe/{pending.pk}/retirer/").content.decode()

    response = client.post(f"/equipe/{pending.pk}/retirer/", follow=True)

    assert "est annulée" in response.content.decode()
    pending.refresh_from_db()
    assert pending.ended_at


def test_a_member_is_removed_after_a_question(as_user, manager, facilitator):
    client = as_user(manager)
    assert "Son accès cesse" in client.get(f"/equipe/{facilitator.membership.pk}/retirer/").content.decode()

    response = client.post(f"/equipe/{facilitator.membership.pk}/retirer/", follow=True)

    assert "ne fait plus partie de" in response.content.decode()
    assert as_user(facilitator).get("/").status_code == 302


def test_a_refused_removal_says_why(as_user, administrator, manager):
    response = as_user(administrator).post(f"/equipe/{manager.membership.pk}/retirer/", follow=True)

    assert "dernier responsable" in response.content.decode()
    assert Membership.objects.in_force().filter(user=manager).exists()


def test_nobody_is_offered_to_remove_themselves(as_user, manager):
    (row,) = as_user(manager).get("/equipe/").context["rows"]

    assert not row["may_remove"]


def test_the_history_of_the_team_is_shown_to_its_manager_only(as_user, manager, other_buyer, stage):
    answer = {"email": "nadia@confluent.example", "role": Role.FACILITATOR, "job_title": ""}
    as_user(manager).post(f"/organisations/{stage.office.pk}/inviter/", answer)

    assert "a invité nadia@confluent.example" in as_user(manager).get("/equipe/").content.decode()
    assert "nadia@confluent.example" not in as_user(other_buyer).get("/equipe/").content.decode()


def test_the_administrator_finds_the_organisation_by_name_or_siret(as_user, administrator):
    OrganisationFactory(name="Écully Services", siret="73282932000074")
    client = as_user(administrator)

    for query in ({"q": "ecully"}, {"q": "73282932000074"}, {"kind": "company", "q": "écully services"}):
        assert [found.name for found in client.get("/organisations/", query).context["page"]] == [
            "Écully Services"
        ]
    assert "Aucune organisation ne correspond." in client.get("/organisations/", {"q": "zz"}).content.decode()


def test_the_organisations_ask_as_much_for_ten_as_for_one(
    as_user, administrator, django_assert_max_num_queries
):
    client = as_user(administrator)
    with django_assert_max_num_queries(30) as one:
        client.get("/organisations/")
    for organisation in OrganisationFactory.create_batch(10):
        MembershipFactory(organisation=organisation)

    with django_assert_max_num_queries(30) as many:
        client.get("/organisations/")

    assert len(many) == len(one)
