"""The parameters of a debt, as they were frozen, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clauses.enums import Objective, PerEuroMode, ProvisionKind, Weight
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
    "objective": ("Mode de calcul", lambda code: Objective(code).label),
    "amount": ("Montant retenu", _amount),
    "labour_share": ("Part de main-d’œuvre", _share),
    "rate": ("Taux d’insertion", _share),
    "hourly_cost": ("Coût horaire", lambda text: f"{format_number(Decimal(text))}\N{NO-BREAK SPACE}€/h"),
    "transferred_monthly_hours": ("Heures mensuelles du personnel à reprendre", _hours),
    "euros_per_hour": ("Montant facturé qui doit une heure", _amount),
    "threshold_amount": ("Seuil de facturation", _amount),
    "threshold_mode": ("Au-delà du seuil", lambda code: PerEuroMode(code).label),
    "hours_worked": ("Heures travaillées du marché", _hours),
    "full_time_months": ("Mois de temps plein", lambda text: f"{format_number(Decimal(text))} mois"),
    "yearly_hours": ("Durée annuelle d’un temps plein", _hours),
    "months": ("Durée du marché", lambda text: f"{text} mois"),
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


# What the hours meant on the day of the calculation.
EFFORT = {
    "per_month": ("Par mois", _hours),
    "weeks": ("Semaines à temps plein", lambda text: format_number(Decimal(text))),
    "posts": ("Postes à temps plein sur la durée", lambda text: format_number(Decimal(text))),
    "at_once": ("Personnes en même temps", str),
    "people": ("Personnes en tout", str),
    "share": ("Part des heures de travail du marché", _share),
    "weight": ("Pour une entreprise ordinaire", lambda code: Weight(code).label),
}


def effort(parameters: Mapping) -> list[Fact]:
    return list(_facts(EFFORT, parameters.get("effort", {})))


def kept_on(parameters: Mapping) -> date | None:
    return date.fromisoformat(parameters["on"]) if "on" in parameters else None


def references(parameters: Mapping) -> list[Mapping]:
    """Rows of the reference table as they were, those of the conversions last."""
    rows = [*parameters.get("references", []), *parameters.get("conversions", [])]
    return [{"from_amount": None} | row for row in rows]


def sections(parameters: Mapping) -> list[tuple[str, list[Fact]]]:
    """Only what was known then."""
    proposal, contract = parameters.get("proposal", {}), parameters.get("contract", {})
    computed = proposal.get("parameters") or {}
    named = [
        ("Le calcul", [*_facts(PROPOSAL, proposal), *_facts(COMPUTATION, computed)]),
        ("Ce que les heures représentaient", effort(computed)),
        ("Le contrat", list(_facts(CONTRACT, contract))),
        ("Les valeurs de référence d’alors", [_reference(row) for row in computed.get("references", [])]),
        (
            "Les conventions de conversion d’alors",
            [_reference(row) for row in computed.get("conversions", [])],
        ),
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
