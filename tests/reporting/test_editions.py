"""From the question to the frozen edition, by the very task that the workers run."""

import json
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

import page
import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from accounts import audit
from accounts.models import Mandate
from jobs.enums import JobState
from jobs.models import STALE_AFTER, Job
from jobs.services import lease, queue
from reporting.models import ReportEdition
from reporting.queries import frozen
from reporting.rules.periods import PeriodRefused
from reporting.services import editions
from reporting.tasks import build_edition
from tests.reporting import territory
from tests.reporting.factories import ReportEditionFactory
from tests.reporting.territory import CUTOFF


STORAGE = ReportEdition._meta.get_field("file").storage


@pytest.fixture
def ask(small_territory, manager):
    def ask(**changes):
        options = {
            "office": small_territory.office,
            "buyer": small_territory.buyer,
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2027, 1, 1),
            "by": manager,
            "at": CUTOFF,
        }
        return editions.ask(**options | changes)

    return ask


def made(job):
    build_edition(job.pk)
    return ReportEdition.objects.get(job=job)


def content(edition):
    with edition.file.open("rb") as file:
        return file.read()


def text_of(pdf):
    pages = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).split())


def test_an_edition_is_numbered_dated_and_sealed(ask, manager):
    job = ask()

    edition = made(job)

    job.refresh_from_db()
    assert (job.state, job.progress, job.result) == (JobState.DONE, 100, {"pk": edition.pk})
    assert job.title == "Rapport – Ville de Rivebelle, année 2026"
    assert (edition.number, edition.cutoff_at, edition.issued_by) == (1, CUTOFF, manager)
    assert edition.sha256 == sha256(content(edition)).hexdigest()
    assert edition.pages == len(PdfReader(BytesIO(content(edition))).pages)
    assert [event.sentence for event in audit.history(edition)] == ["a reçu l’édition 1"]
    assert audit.history(job).get().sentence == "a demandé « Rapport – Ville de Rivebelle, année 2026 »"


def test_the_document_says_the_figures_of_the_json(ask):
    edition = made(ask())
    text = text_of(content(edition))

    assert edition.figures["totals"]["validated"] == "484.50"
    for said in (
        "du 1er janvier 2026 au 31 décembre 2026",
        "engagements jusqu’au 31/12/2026",
        "484,5\u00a0h",
        "1\u202f280,50",
        "28,9\u00a0%",
        "2026-A",
        "Propreté Claire",
        "14 personnes",
        "n.\u00a0c.",
        "Édition 1",
        "11 janvier 2027 à 10:00",
        frozen.fingerprint(edition.figures),
    ):
        assert " ".join(said.split()) in text, said


def test_the_document_carries_the_figures_whose_fingerprint_it_prints(ask):
    edition = made(ask())

    with pikepdf.open(BytesIO(content(edition))) as document:
        attached = {name: file.get_file().read_bytes() for name, file in document.attachments.items()}

    assert json.loads(attached["chiffres.json"]) == edition.figures
    assert sha256(attached["chiffres.json"]).hexdigest() == frozen.fingerprint(edition.figures)
    assert "Propreté Claire" in attached["contrats.csv"].decode("utf-8-sig")


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_the_document_is_for_archivists_and_screen_readers(ask, profile):
    result = page.validate_pdf_bytes(content(made(ask())), profile=profile)

    assert result.is_compliant, result


def test_the_same_data_and_cut_off_give_the_same_bytes(ask):
    first = made(ask())
    again = content(first)
    job, file = first.job, first.file
    first.delete()
    Job.objects.filter(pk=job.pk).update(
        state=JobState.QUEUED, finished_at=None, attempts_allowed=9, published_at=None
    )

    second = made(job)

    assert second.file.name != file.name
    assert content(second) == again


def test_a_later_question_gives_the_next_edition(ask):
    first = made(ask())
    second = made(ask(at=CUTOFF + timedelta(days=30)))

    assert (first.number, second.number) == (1, 2)
    assert second.figures["totals"]["validated"] == "512.50"
    first.refresh_from_db()
    assert first.figures["totals"]["validated"] == "484.50"


def test_another_period_has_numbers_of_its_own(ask):
    made(ask())

    assert made(ask(ends_on=date(2026, 4, 1))).number == 1


def test_asked_twice_while_it_is_being_made_it_is_one_job(ask):
    first = ask()

    assert ask(at=CUTOFF + timedelta(seconds=2)) == first
    lease.claim(job_id=first.pk, at=CUTOFF)
    assert ask(at=CUTOFF + timedelta(seconds=4)) == first


def test_asked_again_after_a_failure_it_is_another_job(ask):
    first = ask()
    lease.refuse(job=lease.claim(job_id=first.pk, at=CUTOFF), reason="Panne", at=CUTOFF)

    assert ask() != first


def test_a_relaunched_failure_takes_the_number_that_is_free_by_then(ask, manager):
    failed = ask()
    lease.refuse(job=lease.claim(job_id=failed.pk, at=CUTOFF), reason="Panne", at=CUTOFF)
    made(ask())
    queue.relaunch(job=failed, by=manager, at=CUTOFF)

    assert made(failed).number == 2


def test_the_second_message_of_a_job_makes_nothing(ask):
    job = ask()
    made(job)

    build_edition(job.pk)

    assert ReportEdition.objects.count() == 1
    assert len(files()) == 1


def test_what_a_killed_worker_left_is_removed(ask):
    job = ask()
    lease.claim(job_id=job.pk, at=CUTOFF - STALE_AFTER * 2)
    STORAGE.save(f"reports/2027/{job.pk}-1.pdf", ContentFile(b"half a file"))

    edition = made(job)

    assert files() == [f"{job.pk}-2.pdf"]
    assert edition.number == 1


def test_a_file_whose_edition_could_not_be_written_is_removed(ask, small_territory):
    job = ask()
    ReportEditionFactory(
        job=job, office=small_territory.office, buyer=small_territory.buyer, figures={}, file="", number=7
    )

    build_edition(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.QUEUED, 1)
    assert files() == []


def files():
    return sorted(STORAGE.listdir("reports/2027")[1]) if STORAGE.exists("reports/2027") else []


@pytest.fixture(autouse=True)
def _empty_storage_on_the_day(time_machine):
    time_machine.move_to(CUTOFF)
    for name in files():
        STORAGE.delete(f"reports/2027/{name}")


def test_a_period_that_cannot_be_is_refused(ask):
    with pytest.raises(PeriodRefused, match="premier jour d’un mois"):
        ask(starts_on=date(2026, 1, 15))

    assert not Job.objects.exists()


def test_a_buyer_that_the_office_never_served_is_refused(ask, small_territory):
    Mandate.objects.filter(partner=small_territory.buyer.pk).delete()

    with pytest.raises(editions.BuyerNotServed, match="n’a pas de convention avec « Ville de Rivebelle »"):
        ask()


def test_a_buyer_served_in_the_past_still_gets_its_report(ask, small_territory):
    Mandate.objects.filter(partner=small_territory.buyer.pk).update(ends_on=date(2026, 6, 1))

    assert ask().state == JobState.QUEUED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("edition_number_once", {"number": 1}),
        ("edition_ends_after_its_start", {"number": 2, "ends_on": date(2026, 1, 1)}),
    ],
)
def test_the_database_refuses_an_edition_that_cannot_be(constraint, values):
    edition = ReportEditionFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ReportEditionFactory(office=edition.office, buyer=edition.buyer, figures={}, **values)
    assert constraint in {rule.name for rule in ReportEdition._meta.constraints}


def test_the_essentials_fill_one_page_and_no_total_stands_alone(ask, small_territory):
    office, buyer = small_territory.office, small_territory.buyer
    for rank in range(45):
        title = "Rénovation thermique et mise en accessibilité du groupe scolaire"
        territory.owes(
            territory.contract(office, buyer, f"2026-K{rank:02}", title, "Bâtiment SAS"), 100 + rank
        )

    pages = [page.extract_text() for page in PdfReader(BytesIO(content(made(ask())))).pages]

    assert "L’essentiel" in pages[1]
    assert "Contrat par contrat" in pages[2]
    [last] = [text for text in pages if "\nEnsemble" in text]
    assert "2026-K44" in last
