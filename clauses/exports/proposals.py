"""The proposals as a spreadsheet."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from clauses.enums import ProvisionKind
from clauses.models import Proposal
from clauses.rules.catalogue import PROVISIONS
from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook


class ExportColumn(NamedTuple):
    column: Column
    read: Callable[[Proposal], Any]


def _day(moment: datetime | None) -> Any:
    return moment and localtime(moment).date()


COLUMNS = (
    ExportColumn(Column("Acheteur"), lambda row: row.lot.market.plan.buyer.organisation.name),
    ExportColumn(Column("Année"), lambda row: row.lot.market.plan.year),
    ExportColumn(Column("Référence"), lambda row: row.lot.market.reference),
    ExportColumn(Column("Marché"), lambda row: row.lot.market.title),
    ExportColumn(Column("Lot"), lambda row: str(row.lot)),
    ExportColumn(Column("Service"), lambda row: row.department and row.department.name),
    ExportColumn(Column("Disposition"), lambda row: row.get_kind_display()),
    ExportColumn(Column("Article"), lambda row: PROVISIONS[ProvisionKind(row.kind)].article),
    ExportColumn(Column("Valeur DECP"), lambda row: ", ".join(PROVISIONS[ProvisionKind(row.kind)].decp)),
    ExportColumn(Column("Montant retenu (€ HT)"), lambda row: row.amount),
    ExportColumn(Column("Part de main-d’œuvre", number_format="0.00%"), lambda row: row.labour_share),
    ExportColumn(Column("Taux d’insertion", number_format="0.00%"), lambda row: row.rate),
    ExportColumn(Column("Coût horaire (€)"), lambda row: row.hourly_cost),
    ExportColumn(Column("Heures proposées"), lambda row: row.hours_due),
    ExportColumn(Column("Mode de calcul"), lambda row: row.get_objective_display()),
    ExportColumn(Column("Calcul"), lambda row: row.parameters.get("formula")),
    ExportColumn(Column("État"), lambda row: row.get_state_display()),
    ExportColumn(Column("Envoyée le"), lambda row: _day(row.sent_at)),
    ExportColumn(Column("Réponse avant le"), lambda row: row.answer_by_on),
    ExportColumn(Column("Décidée le"), lambda row: _day(row.decided_at)),
    ExportColumn(Column("Raison du refus"), lambda row: row.get_refusal_reason_display()),
    ExportColumn(Column("Mot du service"), lambda row: row.decision_comment),
)


def workbook(proposals: Iterable[Proposal], *, created_at: datetime) -> bytes:
    sheet = Sheet("Propositions", [column for column, _ in COLUMNS], _rows(proposals))
    return write_workbook([sheet], created_at=created_at)


def csv(proposals: Iterable[Proposal]) -> bytes:
    return write_csv([column.title for column, _ in COLUMNS], _rows(proposals))


def _rows(proposals: Iterable[Proposal]) -> list[list[Any]]:
    return [[read(row) for _, read in COLUMNS] for row in proposals]
