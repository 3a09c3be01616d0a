"""The parameters of a debt, as they were frozen, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clauses.enums import ProvisionKind
from config.lib.french import format_amount, format_date_short, format_hours, format_number, format_percentage


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


def _share(text: str) -> str:
    return format_percentage((Decimal(text) * 100).normalize())


def _amount(text: str) -> str:
    return format_amount(Decimal(text))


def _hours(text: str) -> str:
    return format_hours(Decimal(text))


def _day(text: str) -> str:
    return format_date_short(date.fromisoformat(text))


def _percent(text: str) -> str:
    return format_percentage(Decimal(text).normalize())


PROPOSAL = {
    "kind": ("Disposition", lambda code: ProvisionKind(code).label),
    "amount": ("Montant retenu", _amount),
    "labour_share": ("Part de main-d’œuvre", _share),
    "rate": ("Taux d’insertion", _share),
    "hourly_cost": ("Coût horaire", lambda text: f"{format_number(Decimal(text))}\N{NO-BREAK SPACE}€/h"),
    "reserved_share": ("Part minimale de travailleurs concernés", _share),
    "criterion_weight": ("Pondération du critère", _share),
    "hours_due": ("Heures calculées", _hours),
}
CONTRACT = {
    "reference": ("Contrat", str),
    "contractor": ("Titulaire", str),
    "amount": ("Montant notifié", _amount),
    "notified_on": ("Notifié le", _day),
    "qpv_share": ("Part en QPV", _percent),
}


COMPUTATION = {"formula": ("Formule", str)}


def sections(parameters: Mapping) -> list[tuple[str, list[Fact]]]:
    """Only what was known then."""
    proposal, contract = parameters.get("proposal", {}), parameters.get("contract", {})
    computed = proposal.get("parameters") or {}
    named = [
        ("Le calcul", [*_facts(PROPOSAL, proposal), *_facts(COMPUTATION, computed)]),
        ("Le contrat", list(_facts(CONTRACT, contract))),
        ("Les valeurs de référence d’alors", [_reference(row) for row in computed.get("references", [])]),
    ]
    return [(title, facts) for title, facts in named if facts]


def _facts(table: Mapping, values: Mapping) -> Iterator[Fact]:
    for name, (label, write) in table.items():
        if values.get(name) not in (None, ""):
            yield Fact(label, write(values[name]))


def _reference(row: Mapping) -> Fact:
    unsure = " (à confirmer)" if row.get("is_to_confirm") else ""
    value = f"{format_number(Decimal(row['value']))}\N{NO-BREAK SPACE}{row['unit']}"
    return Fact(row["label"], f"{value}{unsure}, {row['source']}")
