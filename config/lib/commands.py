"""What the commands of interfaces.md have in common: one JSON object or sentences, and exit codes."""

import json
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from config.lib.french import format_number
from config.lib.intake import Counts, Issue, answer
from config.lib.spreadsheet import UnreadableFile
from config.lib.spreadsheet.tables import TOO_LARGE, Limits


SHOWN_ISSUES = 50
# What argparse says in English → what people read; a group is what they typed.
USAGE = (
    (r"unrecognized arguments: (.+)", "Option ou argument inconnu : {0}."),
    (r"argument (\S+): expected .*argument.*", "{0} attend une valeur."),
    (r"the following arguments are required: (.+)", "Il manque : {0}."),
    (r"argument (\S+): invalid choice: (.+?) \(choose from (.+)\)", "{0} : {1} n’est pas un choix ({2})."),
    (r"argument (\S+): invalid \S+ value: (.+)", "{0} : {1} n’est pas utilisable."),
)


class Refusal(Exception):
    """Arguments that cannot be used; the sentence is for whoever typed them."""


class AnsweringCommand(BaseCommand):
    """`answer` does the work; `sentences` tells it to people. Exit code 2 on what cannot be used or read."""

    refusals: tuple[type[Exception], ...] = (Refusal, UnreadableFile)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = lambda message: _refuse(parser, message)
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="répond par un objet JSON")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        try:
            answered = self.answer(**options)
        except self.refusals as refusal:
            self.stderr.write(str(refusal))
            sys.exit(2)
        if as_json:
            self.stdout.write(json.dumps(answered, ensure_ascii=False, cls=DjangoJSONEncoder))
        else:
            self.stdout.write("\n".join(self.sentences(answered)))

    def answer(self, **options: Any) -> dict[str, Any]:
        raise NotImplementedError

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        raise NotImplementedError


class ImportCommand(AnsweringCommand):
    """`preview` reads a file and says what would be done; `apply` does it. Dry unless `--wet-run`."""

    # Sentences that the counts do not tell; the work leaves them here.
    remarks: tuple[str, ...] = ()
    # What the file calls the place of an issue.
    line_word = "ligne"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", help="le fichier à importer")
        parser.add_argument("--wet-run", action="store_true", help="écrit pour de bon")

    def answer(self, *, file: str, wet_run: bool, **options: Any) -> dict[str, Any]:
        work = self.apply if wet_run else self.preview
        self.wet_run = wet_run
        return answer(*work(Path(file).name, read_bytes(file), **options))

    def preview(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        raise NotImplementedError

    def apply(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        raise NotImplementedError

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        numbers = {name: format_number(answered[name]) for name in answered if name != "issues"}
        issues = [Issue(**issue) for issue in answered["issues"]]
        return [
            "{rows} lignes lues : {applied} appliquées ({created} créées, {updated} modifiées, "
            "{unchanged} inchangées), {waiting} en attente.".format(**numbers),
            *(_sentence(issue, self.line_word) for issue in issues[:SHOWN_ISSUES]),
            *_beyond(len(issues) - SHOWN_ISSUES),
            *self.remarks,
            *([] if self.wet_run else ["Rien n’est écrit : ajoutez --wet-run pour appliquer."]),
        ]


def _refuse(parser: CommandParser, message: str) -> NoReturn:
    """One sentence in French, instead of the whole usage in English."""
    sentence = next(
        (
            words.format(*found.groups())
            for pattern, words in USAGE
            if (found := re.fullmatch(pattern, message))
        ),
        f"Arguments inutilisables : {message}.",
    )
    if not parser.called_from_command_line:
        raise CommandError(sentence, returncode=2)
    parser.exit(2, f"{sentence}\n")


def read_bytes(path: str) -> bytes:
    try:
        # Before reading: a file of a gigabyte would take all the memory to be refused.
        if Path(path).stat().st_size > Limits().size:
            raise UnreadableFile(path, TOO_LARGE)
        return Path(path).read_bytes()
    except OSError as error:
        raise UnreadableFile(path, "n’existe pas ou ne peut pas être ouvert.") from error


def _sentence(issue: Issue, line_word: str) -> str:
    column = f", colonne « {issue.column} »" if issue.column else ""
    value = f" : « {issue.value} »" if issue.value else ""
    return f"{issue.sheet}, {line_word} {issue.line}{column}{value}. {issue.reason}"


def _beyond(count: int) -> list[str]:
    return [f"… et {format_number(count)} autres remarques."] if count > 0 else []
