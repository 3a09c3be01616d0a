"""A large plan file: kept at once, read and applied by a worker, followed on its page."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import audit
from accounts.enums import AuditKind
from config.lib.spreadsheet import write_csv
from jobs.enums import JobKind, JobState
from jobs.models import Job
from jobs.services import lease
from procurement.background import apply_plan_file, read_plan_file
from procurement.enums import PlanFileState
from procurement.imports import difference
from procurement.models import PlanFile
from procurement.services import intake, markets, plan_files, plans, previews
from procurement.workflow import TransitionRefused
from tests.procurement.factories import MarketFactory, PurchasePlanFactory
from tests.procurement.test_plan_file_pages import words


AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
HTMX = {"HTTP_HX_REQUEST": "true"}
PLAN = write_csv(["Réf", "Objet", "Montant"], [[f"A{n}", f"Parc {n}", "80 k€"] for n in range(8)])


@pytest.fixture(autouse=True)
def _every_file_is_large(settings):
    settings.PLAN_FILE_BYTES_AT_ONCE = settings.PLAN_FILE_LINES_AT_ONCE = 5


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer)


@pytest.fixture
def sent(plan, buyer):
    return intake.send(plan=plan, data=PLAN, name="plan.csv", by=buyer, at=AT)


@pytest.fixture
def understood(sent):
    read_plan_file(sent.job_id)
    sent.refresh_from_db()
    return sent


@pytest.fixture
def asked(understood, buyer):
    return intake.ask_to_apply(plan_file=understood, by=buyer, at=AT)


def test_a_large_file_is_kept_at_once_and_read_later(sent, buyer, stage):
    assert (sent.state, sent.counts) == (PlanFileState.RECEIVED, {})
    assert (sent.job.kind, sent.job.requested_by) == (JobKind.PLAN_FILE_READ, buyer)
    assert sent.job.organisation == stage.buyer.organisation
    assert str(sent.job) == "Lecture de « plan.csv » – Ville de Rivebelle, 2027"


def test_a_small_file_is_read_at_once(plan, buyer, settings):
    settings.PLAN_FILE_BYTES_AT_ONCE = len(PLAN)

    file = intake.send(plan=plan, data=PLAN, name="plan.csv", by=buyer, at=AT)

    assert (file.state, file.job) == (PlanFileState.READ, None)


def test_a_worker_reads_it_and_nothing_is_written_in_the_plan(plan, understood):
    assert understood.state == PlanFileState.READ
    assert (understood.counts["rows"], understood.counts["created"]) == (8, 8)
    assert understood.job.result == {"pk": understood.pk}
    assert not plan.markets.exists()


def test_the_worker_says_how_many_lines_are_understood(sent, monkeypatch):
    told = []
    monkeypatch.setattr(difference, "_TOLD_EVERY", 4)
    monkeypatch.setattr(lease, "advance", lambda **said: told.append((said["progress"], said["step"])))

    read_plan_file(sent.job_id)

    assert told == [
        (1, "Ouverture du fichier"),
        (5, "Lignes comprises : 0 sur 8"),
        (50, "Lignes comprises : 4 sur 8"),
    ]


def test_a_file_that_cannot_be_read_says_why(plan, buyer):
    file = intake.send(plan=plan, data=b"Ville;Budget\n", name="plan.csv", by=buyer, at=AT)

    read_plan_file(file.job_id)

    file.refresh_from_db()
    assert file.state == PlanFileState.RECEIVED
    assert file.job.state == JobState.FAILED
    assert "n’a pas de ligne d’en-tête reconnue" in file.job.error


def test_a_file_given_up_meanwhile_is_left_alone(sent, buyer):
    plan_files.discard(plan_file=sent, by=buyer)

    read_plan_file(sent.job_id)

    sent.refresh_from_db()
    assert sent.state == PlanFileState.DISCARDED
    assert "« Lire le fichier » n’est pas possible" in sent.job.error


def test_a_worker_applies_it_in_the_name_of_who_asked(plan, understood, asked, buyer):
    apply_plan_file(asked.pk)

    understood.refresh_from_db()
    asked.refresh_from_db()
    assert (understood.state, understood.applied_by) == (PlanFileState.APPLIED, buyer)
    assert (asked.state, asked.result) == (JobState.DONE, {"pk": understood.pk})
    assert plan.markets.count() == 8
    assert audit.history(plan).filter(kind=AuditKind.PLAN_IMPORTED).count() == 1


def test_asked_twice_it_is_applied_once(plan, understood, asked, buyer):
    again = intake.ask_to_apply(plan_file=understood, by=buyer, at=AT)

    apply_plan_file(asked.pk)
    apply_plan_file(again.pk)

    assert again == asked
    assert plan.markets.count() == 8


def test_what_changes_in_the_plan_meanwhile_is_read_again(plan, understood, asked, buyer, monkeypatch):
    """Between the reading and the lock, somebody types one of the lines."""
    read = plan_files.read

    def read_then_typed(plan_file, tell=None):
        reading = read(plan_file, tell)
        markets.add(plan=plan, values={"reference": "A0", "title": "Parc"}, by=buyer)
        return reading

    monkeypatch.setattr(plan_files, "read", read_then_typed)

    apply_plan_file(asked.pk)

    asked.refresh_from_db()
    assert asked.state == JobState.DONE
    assert plan.markets.count() == 8
    assert plan.markets.get(reference="A0").title == "Parc 0"


def test_a_worker_that_dies_while_it_writes_leaves_nothing_half_applied(plan, asked, monkeypatch):
    record = audit.record

    def cut(kind, **fact):
        if kind == AuditKind.PLAN_IMPORTED:
            raise OSError("the machine is switched off")
        return record(kind, **fact)

    monkeypatch.setattr(audit, "record", cut)
    apply_plan_file(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, plan.markets.count()) == (JobState.QUEUED, 0)

    monkeypatch.setattr(audit, "record", record)
    apply_plan_file(asked.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.attempt, plan.markets.count()) == (JobState.DONE, 2, 8)


def test_a_plan_handed_in_meanwhile_refuses_the_file(plan, asked, buyer):
    MarketFactory(plan=plan)
    plans.submit(plan=plan, by=buyer, at=AT)

    apply_plan_file(asked.pk)

    asked.refresh_from_db()
    assert "reprenez-le pour le modifier" in asked.error
    assert plan.markets.count() == 1


def test_what_is_not_yet_read_is_not_applied(sent, buyer):
    with pytest.raises(TransitionRefused, match="« Appliquer le fichier » n’est pas possible"):
        intake.ask_to_apply(plan_file=sent, by=buyer, at=AT)


# On the page.


def test_a_large_file_is_sent_then_followed(plan, buyer, as_user):
    upload = SimpleUploadedFile("plan.csv", PLAN)
    visitor = as_user(buyer)

    page = visitor.post(reverse("procurement:plan_file_send", args=[plan.pk]), {"file": upload}, follow=True)

    assert "Le travail attend son tour." in words(page)
    assert 'hx-trigger="every 1s"' in page.content.decode()
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page.content.decode()
    assert "Abandonner ce fichier" not in words(page)


def test_the_page_follows_the_worker_then_shows_itself_anew(sent, buyer, as_user):
    visitor = as_user(buyer)
    Job.objects.filter(pk=sent.job_id).update(progress=30, step="Lignes comprises : 250 sur 900")

    poll = visitor.get(sent.get_absolute_url(), **HTMX)
    read_plan_file(sent.job_id)
    after = visitor.get(sent.get_absolute_url(), **HTMX)

    assert "Lignes comprises : 250 sur 900" in words(poll)
    assert "<h1>" not in poll.content.decode()
    assert after.headers["HX-Refresh"] == "true"
    page = words(visitor.get(sent.get_absolute_url()))
    assert "Marchés à ajouter 8" in page
    assert "Le fichier est lu." not in page


def test_an_application_is_followed_on_the_page_of_the_file(understood, buyer, as_user):
    visitor = as_user(buyer)

    page = visitor.post(reverse("procurement:plan_file_apply", args=[understood.pk]), follow=True)
    apply_plan_file(Job.objects.get(kind=JobKind.PLAN_FILE_APPLY).pk)
    after = words(visitor.get(understood.get_absolute_url()))

    assert "Le travail attend son tour." in words(page)
    assert "Appliquer au plan" not in words(page)
    assert "Marchés ajoutés 8" in after


def test_a_failure_is_told_on_the_page_of_the_file_with_what_to_do(plan, buyer, as_user):
    file = intake.send(plan=plan, data=b"Ville;Budget\n", name="plan.csv", by=buyer, at=AT)
    read_plan_file(file.job_id)

    page = words(as_user(buyer).get(file.get_absolute_url()))

    assert "n’a pas de ligne d’en-tête reconnue" in page
    assert "Envoyer un autre fichier" in page
    assert "Abandonner ce fichier" in page


# What was understood is kept while it is true.


@pytest.fixture
def readings(monkeypatch):
    """How many times a file is read."""
    calls = []
    read = plan_files.preview_again
    monkeypatch.setattr(plan_files, "preview_again", lambda *given: calls.append(1) or read(*given))
    return calls


def test_leafing_through_a_preview_reads_the_file_once(understood, buyer, as_user, readings):
    for show in ("all", "created", "issues"):
        as_user(buyer).get(understood.get_absolute_url(), {"show": show})

    assert len(readings) == 1


def test_a_change_of_the_plan_or_of_the_file_reads_it_again(plan, understood, buyer, readings):
    previews.of(understood)
    markets.add(plan=plan, values={"reference": "A1", "title": "Parc"}, by=buyer)
    assert previews.of(understood).counts.updated == 1
    plan_files.correct(
        plan_file=understood,
        corrections=[difference.Correction("plan", 3, "title", "Jardin")],
        by=buyer,
    )
    understood = PlanFile.objects.get()

    assert previews.of(understood).lines[1].title == "Jardin"
    assert len(readings) == 4


def test_only_the_latest_previews_are_kept(plan, buyer, readings, monkeypatch):
    monkeypatch.setattr(previews, "LINES_KEPT", 10)
    first, second = (
        plan_files.receive(plan=plan, data=PLAN, name=name, by=buyer) for name in ("a.csv", "b.csv")
    )

    for file in (first, second, second, first):
        previews.of(file)

    assert len(readings) == 3
