import pytest

from jobs.enums import JobState
from tests.accounts.factories import OrganisationFactory
from tests.jobs.factories import JobFactory
from tests.reporting.factories import ReportEditionFactory


HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def job(stage, manager):
    def job(**situation):
        return JobFactory(organisation=stage.office.organisation, requested_by=manager, **situation)

    return job


def words(response):
    return " ".join(response.content.decode().split())


def test_a_job_that_waits_says_so_and_polls(manager, job, as_user):
    waiting = job()

    page = words(as_user(manager).get(waiting.get_absolute_url()))

    assert "Le travail attend son tour." in page
    assert 'hx-trigger="every 1s"' in page
    assert "Actualiser" in page


def test_a_poll_gets_the_fragment_and_goes_on(manager, job, as_user):
    running = job(running=True, progress=30, step="Mise en page du document")

    response = as_user(manager).get(running.get_absolute_url(), **HTMX)

    assert response.status_code == 200
    assert 'max="100" value="30"' in words(response)
    assert "Mise en page du document" in words(response)
    assert "<h1>" not in words(response)


def test_a_job_that_is_done_ends_the_poll_and_leads_to_the_edition(manager, job, as_user):
    done = job(done=True, result={"pk": 12})

    response = as_user(manager).get(done.get_absolute_url(), **HTMX)

    assert response.status_code == 286
    assert "/rapports/12/" in words(response)
    assert "hx-trigger" not in words(as_user(manager).get(done.get_absolute_url()))


def test_a_job_that_failed_says_why_and_what_to_do(manager, job, as_user):
    failed = job(failed=True)

    response = as_user(manager).get(failed.get_absolute_url(), **HTMX)

    assert response.status_code == 286
    assert "Le disque est plein." in words(response)
    assert "Relancer" in words(response)


def test_a_failed_job_is_relaunched(manager, job, as_user):
    failed = job(failed=True)

    response = as_user(manager).post(f"{failed.get_absolute_url()}relancer/", follow=True)

    failed.refresh_from_db()
    assert failed.state == JobState.QUEUED
    assert "Le travail est relancé." in words(response)


def test_a_job_under_way_is_not_relaunched(manager, job, as_user):
    running = job(running=True)

    response = as_user(manager).post(f"{running.get_absolute_url()}relancer/", follow=True)

    running.refresh_from_db()
    assert running.state == JobState.RUNNING
    assert "rien à relancer" in words(response)


def test_colleagues_of_the_office_follow_it_too(facilitator, job, as_user):
    assert as_user(facilitator).get(job().get_absolute_url()).status_code == 200


def test_what_the_shell_asked_for_is_nobody_s_but_the_office_s(manager, job, as_user):
    asked = job()
    asked.requested_by = None
    asked.save(update_fields=["requested_by"])

    assert "Demandé le" in words(as_user(manager).get(asked.get_absolute_url()))


def test_a_job_is_named_even_without_a_title(job):
    assert str(job(title="")).startswith("Rapport n° ")


def test_outside_the_office_people_see_their_own_jobs_only(buyer, stage):
    own = JobFactory(organisation=stage.buyer.organisation, requested_by=buyer)
    JobFactory(organisation=stage.buyer.organisation)
    JobFactory(organisation=OrganisationFactory(), requested_by=buyer)

    assert list(type(own).objects.visible_to(buyer)) == [own]


@pytest.mark.django_db
def test_the_result_of_a_job_has_its_page():
    edition = ReportEditionFactory(figures={})

    assert JobFactory(done=True, result={"pk": edition.pk}).get_result_url() == edition.get_absolute_url()
