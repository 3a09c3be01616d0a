"""Unusable arguments of any command of interfaces.md: one French sentence, exit code 2."""

import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from config.lib.commands import AnsweringCommand


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("classic --bogus 1", "Option ou argument inconnu : --bogus 1."),
        ("classic extra", "Option ou argument inconnu : extra."),
        ("classic --amount", "--amount attend une valeur."),
        ("classic --verbosity 7", "-v/--verbosity : 7 n’est pas un choix (0, 1, 2, 3)."),
        ("classic --verbosity bas", "-v/--verbosity : 'bas' n’est pas utilisable."),
    ],
)
def test_an_unusable_argument_is_told_in_french(arguments, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("estimate_hours", *arguments.split())

    assert (str(refusal.value), refusal.value.returncode) == (sentence, 2)


def test_a_missing_argument_is_named():
    with pytest.raises(CommandError) as refusal:
        call_command("import_structures")

    assert str(refusal.value) == "Il manque : FILE."


def test_what_has_no_translation_is_shown_as_it_is():
    parser = AnsweringCommand().create_parser("manage.py", "answer")

    with pytest.raises(CommandError) as refusal:
        parser.error("something else")

    assert str(refusal.value) == "Arguments inutilisables : something else."


def test_on_the_command_line_the_sentence_goes_to_stderr_alone():
    ended = subprocess.run(
        [sys.executable, "manage.py", "estimate_hours", "classic", "--bogus"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "Option ou argument inconnu : --bogus.\n"
