from datetime import datetime

from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from reporting.queries.buyer_report import BuyerFigures
from reporting.queries.delays import DelayRow, Delays
from reporting.rules.spread import Spread


CONTRACT_COLUMNS = (
    "Référence",
    "Objet",
    "Titulaire",
    "Heures dues",
    "Heures déclarées",
    "Heures réalisées",
    "Heures retenues",
    "Heures retenues depuis le début",
    "Solde",
    "Taux (%)",
    "Personnes",
)
MONTH_COLUMNS = (
    "Mois",
    "Heures déclarées",
    "Heures réalisées",
    "Heures retenues",
    "Heures retenues depuis le début",
    "Heures dues",
)
DELAY_COLUMNS = (
    "Acheteur",
    "Service",
    "Avis",
    "Plan reçu → avis, médiane (jours)",
    "Plan reçu → avis, 9e décile (jours)",
    "Décisions",
    "Demande → décision, médiane (jours)",
    "Demande → décision, 9e décile (jours)",
)
PEOPLE_COLUMNS = ("Répartition", "Situation", "Personnes")


def workbook(figures: BuyerFigures, *, created_at: datetime) -> bytes:
    """What the report prints, ready to be added up: the hidden counts stay hidden."""
    return write_workbook(
        [
            Sheet("Contrats", columns(CONTRACT_COLUMNS), contract_rows(figures)),
            Sheet("Mois", columns(MONTH_COLUMNS), month_rows(figures)),
            Sheet("Personnes", columns(PEOPLE_COLUMNS), people_rows(figures)),
        ],
        created_at=created_at,
    )


def contracts_csv(figures: BuyerFigures) -> bytes:
    return write_csv(CONTRACT_COLUMNS, contract_rows(figures))


def columns(titles: tuple[str, ...]) -> list[Column]:
    return [Column(title) for title in titles]


def contract_rows(figures: BuyerFigures) -> list[tuple]:
    return [
        (
            contract.reference,
            contract.title,
            contract.contractor,
            contract.hours.due,
            contract.hours.declared,
            contract.hours.validated,
            contract.hours.credited,
            contract.hours.credited_to_date,
            contract.hours.balance,
            contract.hours.rate,
            contract.people,
        )
        for contract in figures.contracts
    ]


def month_rows(figures: BuyerFigures) -> list[tuple]:
    return [
        (month.month, month.declared, month.validated, month.credited, month.credited_to_date, month.due)
        for month in figures.months
    ]


def people_rows(figures: BuyerFigures) -> list[tuple]:
    parts = [
        (breakdown.title, part.label, part.people)
        for breakdown in figures.breakdowns
        for part in breakdown.parts
    ]
    return [("Ensemble", "", figures.people), *parts]


def delays_workbook(delays: Delays, *, created_at: datetime) -> bytes:
    return write_workbook(
        [
            Sheet("Par acheteur", columns(DELAY_COLUMNS), delay_rows(delays.buyers)),
            Sheet("Par service", columns(DELAY_COLUMNS), delay_rows(delays.departments)),
        ],
        created_at=created_at,
    )


def delays_csv(delays: Delays) -> bytes:
    """By department: those of a buyer are under its name."""
    return write_csv(DELAY_COLUMNS, delay_rows(delays.departments))


def delay_rows(rows: tuple[DelayRow, ...]) -> list[tuple]:
    return [
        (row.buyer, row.department, *_of_spread(row.verdicts), *_of_spread(row.decisions)) for row in rows
    ]


def _of_spread(spread: Spread | None) -> tuple:
    return (None, None, None) if spread is None else (spread.count, spread.median, spread.ninth_decile)
