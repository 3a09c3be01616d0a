"""The answer to a list of SIRETs, a line for each card."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from structures.models import Structure
from structures.queries.siret_lists import Checked


COLUMNS = (
    Column("Ligne"),
    Column("Écrit", width=24),
    Column("SIRET", width=18),
    Column("Constat", width=28),
    Column("Nom", width=36),
    Column("Type"),
    Column("Type en toutes lettres", width=36),
    Column("Réservation possible", width=32),
    Column("SIRET au répertoire", width=18),
    Column("Commune", width=20),
    Column("Absente de sa source depuis le"),
    Column("Vérifiée le"),
    Column("Remarque", width=48),
)


def siret_workbook(checked: Iterable[Checked], *, created_at: datetime) -> bytes:
    return write_workbook([Sheet("SIRET", list(COLUMNS), _rows(checked))], created_at=created_at)


def siret_csv(checked: Iterable[Checked]) -> bytes:
    return write_csv([column.title for column in COLUMNS], _rows(checked))


def _rows(checked: Iterable[Checked]) -> list[list[Any]]:
    return [_row(one, card) for one in checked for card in (one.cards or one.elsewhere or [None])]


def _row(one: Checked, card: Structure | None) -> list[Any]:
    pasted = [one.pasted.line, one.pasted.written, one.pasted.siret, one.status.label]
    told = (
        [
            str(card), card.kind, card.get_kind_display(), card.family.label, card.siret, card.city,
            card.gone_on, card.verified_on,
        ]
        if card
        else [""] * 6 + [None, None]
    )  # fmt: skip
    return [*pasted, *told, one.remark]
