"""The list of clauses as a spreadsheet: one row a clause, hours to the hundredth on every database."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from clauses.models import Clause
from clauses.queries import balance
from clauses.rules.eligibility import last_day
from config.lib.rounding import round_hours
from config.lib.spreadsheet import Column, Sheet


CONTRACT: list[tuple[str, Callable[[Clause], Any]]] = [
    ("Référence du contrat", lambda clause: clause.contract.reference if clause.contract else ""),
    ("Titulaire", lambda clause: str(clause.contract.contractor) if clause.contract else ""),
    ("Notifié le", lambda clause: clause.contract and clause.contract.notified_on),
    ("Début", lambda clause: clause.contract and clause.contract.starts_on),
    (
        "Dernier jour",
        lambda clause: (
            last_day(clause.contract.ends_on) if clause.contract and clause.contract.ends_on else None
        ),
    ),
    ("Montant notifié (€ HT)", lambda clause: clause.contract and clause.contract.amount),
]
COLUMNS: list[tuple[str, Callable[[Clause], Any]]] = [
    ("Acheteur", lambda clause: str(clause.buyer)),
    ("Marché", lambda clause: clause.lot.market.title),
    ("Lot", lambda clause: clause.lot.number),
    ("Disposition", lambda clause: clause.get_kind_display()),
    ("État", lambda clause: clause.get_state_display()),
    *CONTRACT,
    ("Heures dues", lambda clause: round_hours(clause.hours_due)),
    ("Heures déclarées", lambda clause: round_hours(clause.hours_declared)),
    ("Heures validées, réalisées", lambda clause: round_hours(clause.hours_done)),
    ("Heures validées, retenues", lambda clause: round_hours(clause.hours_credited)),
    ("Reste à réaliser", lambda clause: round_hours(balance.of(clause).remaining)),
]


def sheet(clauses: Iterable[Clause], on: date) -> Sheet:
    columns = [Column(title) for title, _ in COLUMNS]
    rows = [[*(read(clause) for _, read in COLUMNS), _progress(clause, on)] for clause in clauses]
    return Sheet("Clauses", [*columns, Column("Avancement")], rows)


def _progress(clause: Clause, on: date) -> str:
    word = balance.progress(clause, on)
    return word.label if word else ""
