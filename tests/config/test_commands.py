import json

import pytest
from django.core.management import call_command

from config.lib.commands import AnsweringCommand, ImportCommand, Refusal
from config.lib.intake import Counts, Issue
from config.lib.spreadsheet.tables import Limits


class Doubling(AnsweringCommand):
    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("number", type=int)

    def answer(self, *, number, **options):
        if number < 0:
            raise Refusal("Le nombre doit être positif.")
        return {"double": number * 2}

    def sentences(self, answered):
        return [f"Le double est {answered['double']}."]


class ManyIssues(ImportCommand):
    def preview(self, name, content, **options):
        return Counts(), [Issue("Feuille", line, "", "", "Illisible.") for line in range(1, 53)]


def test_people_read_sentences(capsys):
    call_command(Doubling(), "4")

    assert capsys.readouterr().out == "Le double est 8.\n"


def test_programs_read_one_object(capsys):
    call_command(Doubling(), "4", "--json")

    assert json.loads(capsys.readouterr().out) == {"double": 8}


def test_what_cannot_be_used_exits_with_2_and_one_sentence(capsys):
    with pytest.raises(SystemExit, match="2"):
        call_command(Doubling(), "--json", "--", "-4")

    printed = capsys.readouterr()
    assert (printed.out, printed.err.strip()) == ("", "Le nombre doit être positif.")


@pytest.mark.parametrize("method", ["answer", "sentences"])
def test_a_command_says_what_it_answers_and_how_it_tells_it(method):
    with pytest.raises(NotImplementedError):
        getattr(AnsweringCommand(), method)(**({} if method == "answer" else {"answered": {}}))


@pytest.mark.parametrize("method", ["preview", "apply"])
def test_an_import_says_what_it_reads_and_writes(method):
    with pytest.raises(NotImplementedError):
        getattr(ImportCommand(), method)("a.csv", b"")


def test_people_see_the_first_issues_only(capsys, tmp_path):
    (tmp_path / "a.csv").write_text("a")

    call_command(ManyIssues(), str(tmp_path / "a.csv"))

    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "Feuille, ligne 1. Illisible."
    assert lines[-2] == "… et 2 autres remarques."


def test_a_file_that_would_fill_the_memory_is_refused_before_it_is_read(tmp_path, capsys):
    vast = tmp_path / "national.json"
    with vast.open("wb") as file:
        file.truncate(Limits().size + 1)

    with pytest.raises(SystemExit) as refused:
        call_command(ManyIssues(), str(vast))

    assert refused.value.code == 2
    assert "est trop grand : découpez-le en plusieurs fichiers." in capsys.readouterr().err
