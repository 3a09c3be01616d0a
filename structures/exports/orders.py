"""Small purchases, as a spreadsheet."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from structures.models import DirectOrder


class ExportColumn(NamedTuple):
    column: Column
    read: Callable[[DirectOrder], Any]


COLUMNS = (
    ExportColumn(Column("Date"), lambda order: order.ordered_on),
    ExportColumn(Column("Acheteur"), lambda order: str(order.buyer)),
    ExportColumn(Column("Achat"), lambda order: order.title),
    ExportColumn(Column("Structure"), lambda order: str(order.structure)),
    ExportColumn(Column("SIRET", width=18), lambda order: order.structure.siret),
    ExportColumn(Column("Type"), lambda order: order.structure.kind),
    ExportColumn(Column("Famille"), lambda order: order.structure.family.word),
    ExportColumn(Column("Quantité", number_format="#,##0.###"), lambda order: order.quantity),
    ExportColumn(Column("Unité du prix"), lambda order: order.get_unit_display()),
    ExportColumn(Column("Prix unitaire (€ HT)", number_format="#,##0.00##"), lambda order: order.unit_price),
    ExportColumn(Column("Total (€ HT)", number_format="#,##0.00"), lambda order: order.total_amount),
    ExportColumn(Column("Sur devis"), lambda order: "oui" if order.quote_id else "non"),
    ExportColumn(Column("État"), lambda order: order.get_state_display()),
)


def workbook(orders: Iterable[DirectOrder], *, at: datetime) -> bytes:
    sheet = Sheet("Achats directs", [column for column, _ in COLUMNS], _rows(orders))
    return write_workbook([sheet], created_at=at)


def csv(orders: Iterable[DirectOrder]) -> bytes:
    return write_csv([column.title for column, _ in COLUMNS], _rows(orders))


def _rows(orders: Iterable[DirectOrder]) -> list[list[Any]]:
    return [[read(order) for _, read in COLUMNS] for order in orders]
