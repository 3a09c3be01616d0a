"""A list of SIRETs as people paste it: a column of a workbook, lines of a letter."""

import re
from dataclasses import dataclass

from config.lib import siret as sirets


_NUMBER = re.compile(r"(?<!\d)\d{3}[\s.]?\d{3}[\s.]?\d{3}[\s.]?\d{5}(?!\d)")


@dataclass(frozen=True)
class Pasted:
    """A number of a line; `problem` says what is wrong with it, `first_line` where it was already."""

    line: int
    written: str
    siret: str
    problem: str = ""
    first_line: int | None = None


def read(text: str) -> list[Pasted]:
    """One entry a number, or a line that has none; empty lines are passed over."""
    entries: list[Pasted] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for written in _numbers(line):
            siret, problem = _judge(written)
            entries.append(Pasted(number, written, siret, problem, seen.get(siret) if siret else None))
            seen.setdefault(siret, number)
    return entries


def _numbers(line: str) -> list[str]:
    found = _NUMBER.findall(line)
    return found or [part for part in [line.strip()] if part]


def _judge(written: str) -> tuple[str, str]:
    try:
        siret = sirets.clean(written)
    except ValueError as error:
        return "", str(error)
    problem = sirets.explain(siret) or ""
    return (siret if len(siret) == 14 and siret.isdecimal() else ""), problem
