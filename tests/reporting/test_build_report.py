import json
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from accounts.models import Mandate
from jobs.models import Job
from jobs.services import lease
from reporting.management.commands import build_report
from reporting.models import ReportEdition
from reporting.queries import buyer_report
from tests.reporting.territory import CUTOFF


SIRET = "21940028800015"
YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")


@pytest.fixture
def served(small_territory, time_machine):
    time_machine.move_to(CUTOFF)
    organisation = small_territory.buyer.organisation
    organisation.siret = SIRET
    organisation.save(update_fields=["siret"])
    return small_territory


def answer(capsys, *arguments):
    call_command("build_report", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def refusal(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        call_command("build_report", *arguments, "--json")
    printed = capsys.readouterr()
    assert (stop.value.code, printed.out) == (2, "")
    return printed.err.strip()


@pytest.mark.usefixtures("served")
def test_a_report_is_built_on_the_spot(capsys):
    answered = answer(capsys, "buyer", "--buyer", SIRET, *YEAR)

    edition = ReportEdition.objects.get()
    assert set(answered) == {"edition", "path", "sha256", "pages", "figures"}
    assert (answered["edition"], answered["sha256"], answered["pages"]) == (1, edition.sha256, edition.pages)
    assert answered["path"].endswith(edition.file.name)
    assert answered["figures"] == edition.figures
    assert answered["figures"]["totals"]["credited_to_date"] == "519.50"
    assert (edition.issued_by, edition.job.requested_by) == (None, None)


def test_the_path_is_that_of_the_file_on_this_machine(served, settings, tmp_path, capsys):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }

    path = answer(capsys, "buyer", "--buyer", "219 400 288 00015", *YEAR)["path"]

    assert path.startswith(str(tmp_path))
    with open(path, "rb") as file:
        assert len(PdfReader(BytesIO(file.read())).pages) == ReportEdition.objects.get().pages


@pytest.mark.usefixtures("served")
def test_people_read_sentences(capsys):
    call_command("build_report", "buyer", "--buyer", SIRET, *YEAR)

    said = capsys.readouterr().out
    assert "Rapport – Ville de Rivebelle, année 2026 : édition 1, " in said
    assert ReportEdition.objects.get().sha256 in said


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Rapport inconnu : « »"),
        (["observatory"], "Le rapport « observatory » n’existe pas encore."),
        (["weather"], "Rapport inconnu : « weather »"),
        (["buyer"], "Indiquez l’acheteur"),
        (["buyer", "--buyer", "123"], "Aucun acheteur ne porte le SIRET « 123 »."),
        (["buyer", "--buyer", "2,19E+13"], "Aucun acheteur ne porte le SIRET"),
        (["buyer", "--buyer", SIRET], "--from attend un jour"),
        (["buyer", "--buyer", SIRET, "--from", "2026-01-01", "--to", "31/12/2026"], "--to attend un jour"),
        (["buyer", "--buyer", SIRET, "--from", "2026-01-01", "--to", "9999-12-31"], "de ce siècle"),
        (["buyer", "--buyer", SIRET, "--from", "2026-02-01", "--to", "2026-01-31"], "après son début"),
        (["buyer", "--buyer", SIRET, "--from", "2026-01-02", "--to", "2026-01-31"], "premier jour d’un mois"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_one_sentence(arguments, sentence, capsys):
    said = refusal(capsys, *arguments)

    assert " ".join(sentence.split()) in " ".join(said.split())
    assert not Job.objects.exists()


def test_a_buyer_without_office_is_refused(served, capsys):
    Mandate.objects.all().delete()

    assert "Aucun office" in refusal(capsys, "buyer", "--buyer", SIRET, *YEAR)


@pytest.mark.usefixtures("served")
def test_a_report_that_cannot_be_made_is_a_failure_of_ours(capsys, monkeypatch):
    def fail(**options):
        raise ZeroDivisionError

    monkeypatch.setattr(buyer_report, "figures", fail)
    monkeypatch.setattr(build_report.time, "sleep", lambda seconds: None)

    with pytest.raises(CommandError, match="erreur inattendue"):
        call_command("build_report", "buyer", "--buyer", SIRET, *YEAR)

    assert Job.objects.get().attempt == 3


@pytest.mark.usefixtures("served")
def test_a_report_that_a_worker_has_in_hand_is_waited_for(capsys, monkeypatch, time_machine):
    asked = build_report.editions.ask

    def ask_and_be_overtaken(**options):
        job = asked(**options)
        lease.claim(job_id=job.pk, at=CUTOFF)
        return job

    monkeypatch.setattr(build_report.editions, "ask", ask_and_be_overtaken)
    monkeypatch.setattr(build_report.time, "sleep", lambda seconds: time_machine.shift(60))

    assert answer(capsys, "buyer", "--buyer", SIRET, *YEAR)["edition"] == 1
    assert Job.objects.get().attempt == 2


@pytest.mark.usefixtures("served")
def test_a_bucket_gives_the_name_of_the_file(capsys, monkeypatch):
    def refuse(file):
        raise NotImplementedError

    monkeypatch.setattr("django.db.models.fields.files.FieldFile.path", property(refuse))

    path = answer(capsys, "buyer", "--buyer", SIRET, *YEAR)["path"]

    assert path == ReportEdition.objects.get().file.name
