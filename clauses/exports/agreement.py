"""Suggestions and verdicts as a spreadsheet: the same counts as the page, then every line."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from clauses.enums import Verdict
from clauses.models import Suggestion
from clauses.queries.agreement import Agreement, Share
from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook


class ExportColumn(NamedTuple):
    column: Column
    read: Callable[[Suggestion], Any]


COLUMNS = (
    ExportColumn(Column("Acheteur"), lambda row: row.market.plan.buyer.organisation.name),
    ExportColumn(Column("Année"), lambda row: row.market.plan.year),
    ExportColumn(Column("Référence"), lambda row: row.market.reference),
    ExportColumn(Column("Objet"), lambda row: row.market.title),
    ExportColumn(Column("Famille"), lambda row: row.market.family and row.market.family.label),
    ExportColumn(Column("Suggestion"), lambda row: row.get_outcome_display()),
    ExportColumn(Column("Heures suggérées"), lambda row: row.hours),
    ExportColumn(Column("Raisons"), lambda row: " ".join(row.reasons)),
    ExportColumn(Column("Règle"), lambda row: str(row.rule or "Règle du logiciel")),
    ExportColumn(Column("Avis suggéré"), lambda row: row.get_suggested_verdict_display()),
    ExportColumn(Column("Avis rendu"), lambda row: row.get_verdict_display()),
    ExportColumn(Column("Raison rendue"), lambda row: row.reason_label),
    ExportColumn(Column("Accord"), lambda row: "oui" if row.agrees else "non"),
    ExportColumn(Column("Rendu le"), lambda row: localtime(row.computed_at).date()),
)
COUNTS = [Column("Avis"), Column("Conformes à la suggestion"), Column("Accord (%)")]


def workbook(rows: Iterable[Suggestion], counted: Agreement, *, created_at: datetime) -> bytes:
    sheets = [
        Sheet("Par suggestion", _crossing_columns(), _crossings(counted)),
        Sheet("Par famille", [Column("Famille"), *COUNTS], list(map(_share, counted.families))),
        Sheet("Par version", [Column("Règle"), *COUNTS], list(map(_share, counted.rules))),
        Sheet("Lignes", [column for column, _ in COLUMNS], _rows(rows)),
    ]
    return write_workbook(sheets, created_at=created_at)


def csv(rows: Iterable[Suggestion]) -> bytes:
    return write_csv([column.title for column, _ in COLUMNS], _rows(rows))


def _crossing_columns() -> list[Column]:
    return [Column("Suggestion"), *(Column(str(verdict.label)) for verdict in Verdict), *COUNTS]


def _crossings(counted: Agreement) -> list[list[Any]]:
    rows = [[row.share.label, *row.counts, *_share(row.share)[1:]] for row in counted.crossings]
    return [*rows, [counted.whole.label, *([None] * len(Verdict)), *_share(counted.whole)[1:]]]


def _share(share: Share) -> list[Any]:
    return [share.label, share.total, share.agreeing, share.rate]


def _rows(rows: Iterable[Suggestion]) -> list[list[Any]]:
    return [[read(row) for _, read in COLUMNS] for row in rows]
