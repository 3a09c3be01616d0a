"""The reference values laid out to be read: by what they are about, what holds today and what does not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clauses.models import ReferenceValue
from clauses.queries.references import Reference, copy
from config.lib.french import format_amount, format_number
from procurement.enums import DelayCode
from procurement.models import Delay


DELAY_CODES = tuple(code.value for code in DelayCode)
# Title → the beginnings of the codes that belong there; the longest beginning wins.
SHELVES = {
    "Coût d’une heure": ("hourly-cost", "cleaning-hourly-cost"),
    "Taux d’insertion": ("rate", "compared-rate"),
    "Part de main-d’œuvre": ("labour-share",),
    "Clause de formation": ("training-",),
    "Heures par euro facturé": ("per-euro-",),
    "Conseiller ou non une clause": ("clause-hours-floor", "effort-"),
    "Convertir des heures": ("yearly-hours", "monthly-hours", "weekly-hours", "hours-per-person"),
    "Délais de l’office": (*DELAY_CODES, "renewal-", "shared-need-"),
    "Bornes de la loi": ("reserved-", "ess-", "weekly-hours-maximum"),
    "Pendant l’exécution": ("penalty-", "documents-", "cdi-", "eligibility-"),
}  # fmt: skip
OTHERS = "Autres valeurs"


@dataclass(frozen=True)
class Row:
    reference: Reference
    valid_to: date | None
    is_in_force: bool

    @property
    def number(self) -> str:
        return f"{format_number(self.reference.value)}\N{NO-BREAK SPACE}{self.reference.unit}"

    @property
    def bracket(self) -> str:
        start = self.reference.from_amount
        return "" if start is None else f"à partir de {format_amount(start)}"


@dataclass(frozen=True)
class Shelf:
    title: str
    rows: list[Row]


def shelves(on: date, *, keep: Callable[[Row], bool]) -> list[Shelf]:
    """In the order of the table above; empty shelves are left out."""
    found: dict[str, list[Row]] = {title: [] for title in (*SHELVES, OTHERS)}
    for row in filter(keep, _rows(on)):
        found[_shelf(row.reference.code)].append(row)
    return [Shelf(title, rows) for title, rows in found.items() if rows]


def _rows(on: date) -> Iterable[Row]:
    in_force = {row.pk for row in ReferenceValue.objects.by_code(on).values()}
    yield from _delays(on)
    # The general value first, then those of the trades; the brackets in their order.
    for row in ReferenceValue.objects.order_by("from_amount", "code", "-valid_from", "pk"):
        yield Row(copy(row), row.valid_to, row.pk in in_force)


def _delays(on: date) -> Iterable[Row]:
    """The usual ones: an office reads its own on the page where it sets them."""
    usual = Delay.objects.general()
    in_force = set(usual.in_force(on).values_list("pk", flat=True))
    for row in usual.order_by("code", "-valid_from", "pk"):
        told = Reference(
            id=row.pk, code=row.code, label=row.get_code_display(), value=Decimal(row.value), unit=row.unit,
            source=row.source, valid_from=row.valid_from, is_to_confirm=row.is_to_confirm,
        )  # fmt: skip
        yield Row(told, row.valid_to, row.pk in in_force)


def _shelf(code: str) -> str:
    starts = [
        (len(start), title) for title, codes in SHELVES.items() for start in codes if code.startswith(start)
    ]
    return max(starts)[1] if starts else OTHERS
