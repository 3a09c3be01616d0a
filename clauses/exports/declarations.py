"""Declared months as a spreadsheet, without any person's name."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from clauses.enums import DeclarationState
from clauses.models import Declaration
from clauses.queries.months import Month
from config.lib.rounding import round_hours
from config.lib.spreadsheet import Column, Sheet


def _hours(hours: Decimal | None) -> Decimal | None:
    return None if hours is None else round_hours(hours)


FOR_OFFICE: list[tuple[str, Callable[[Declaration], Any]]] = [
    ("Mois", lambda row: row.period),
    ("Acheteur", lambda row: str(row.contract.buyer)),
    ("Entreprise", lambda row: str(row.contract.contractor)),
    ("Contrat", lambda row: row.contract.reference),
    ("État", lambda row: row.get_state_display()),
    ("Envoyée le", lambda row: row.sent_at),
    ("Examinée le", lambda row: row.decided_at),
    ("Heures réalisées", lambda row: round_hours(row.hours_done)),
    (
        "Heures retenues",
        lambda row: round_hours(row.hours_credited) if row.state == DeclarationState.VALIDATED else None,
    ),
]
FOR_COMPANY: list[tuple[str, Callable[[Month], Any]]] = [
    ("Mois", lambda month: month.period),
    ("Contrat", lambda month: month.reference),
    ("Objet", lambda month: month.title),
    ("Acheteur", lambda month: month.buyer),
    ("État", lambda month: month.state.label),
    ("Heures réalisées", lambda month: _hours(month.hours_done)),
    ("Heures retenues", lambda month: _hours(month.hours_credited)),
]


def of_office(declarations: Iterable[Declaration]) -> Sheet:
    return _sheet(FOR_OFFICE, declarations)


def of_company(months: Iterable[Month]) -> Sheet:
    return _sheet(FOR_COMPANY, months)


def _sheet(readings: list, rows: Iterable) -> Sheet:
    columns = [Column(title) for title, _ in readings]
    return Sheet("Déclarations", columns, [[read(row) for _, read in readings] for row in rows])
