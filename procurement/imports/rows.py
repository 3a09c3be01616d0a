"""One form per line of a plan: what each cell says, what it is doubted for, what it does not say."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from config.lib.intake import Record
from config.lib.spreadsheet import Cell
from config.lib.text import fold
from procurement.imports import vocabulary
from procurement.imports.amounts import read_amount, read_lowest
from procurement.imports.cells import NOTHING, Reading, text, words
from procurement.imports.choices import ChosenValue
from procurement.imports.columns import AMOUNTS, SCALES, unit_of
from procurement.imports.days import read_day, read_moment
from procurement.imports.known import Known
from procurement.imports.terms import AS_FIRM, Term, read_term, usual_renewal
from procurement.models import Buyer, Department, Family, Market


_TOTALS = frozenset(("total", "totaux", "total general", "sous-total", "sous total", "total ht"))
# 99 lots, 99 renewals.
_MOST_DIGITS = 2
# No longer text says « inconnu » in other words.
_LONGEST_BLANK = 20
NO_TITLE = "L’objet manque : la ligne attend qu’une personne le dise."


class Surroundings:
    """What a line is read against: the year, the families, the departments of the buyer."""

    def __init__(
        self,
        year: int,
        families: Iterable[Family],
        departments: Iterable[Department],
        buyer: Buyer,
        *,
        places: Iterable[str] = (),
        chosen: Mapping[tuple[str, str], ChosenValue] = MappingProxyType({}),
    ):
        self.year = year
        self.families = {fold(word): family for family in families for word in (family.label, family.code)}
        self.known = Known(buyer, self.families, departments, places, chosen)
        self.readings: dict[tuple[str, type, Cell], Reading] = {}
        self._prefixes = {
            prefix: family for family in self.families.values() for prefix in family.cpv_prefixes.split()
        }
        self._depths = sorted({len(prefix) for prefix in self._prefixes}, reverse=True)

    @property
    def departments(self) -> Mapping[str, Department]:
        return self.known.departments

    def family_of_cpv(self, code: str) -> Family | None:
        """The family with the longest prefix of this code."""
        starts = (code[:depth] for depth in self._depths)
        return next((self._prefixes[start] for start in starts if start in self._prefixes), None)


Reader = Callable[[Cell, Surroundings], Reading]


class CellField(forms.Field):
    """A cell understood by one of our readers; its clean value is the whole reading, doubt included."""

    def __init__(self, read: Reader):
        super().__init__(required=False)
        self.read = read


class SharedFields(dict):
    """Our fields have no state: thousands of lines share them instead of copying them."""

    def __deepcopy__(self, memo: dict) -> "SharedFields":
        return self


def _alone(read: Callable[[Cell], Reading]) -> CellField:
    return CellField(lambda cell, _: read(cell))


def _within_year(read: Callable[[Cell, int], Reading]) -> CellField:
    return CellField(lambda cell, around: read(cell, around.year))


def _word(known: vocabulary.Vocabulary, expected: str) -> CellField:
    return _alone(partial(vocabulary.read_word, vocabulary=known, expected=expected))


def _read_text(cell: Cell) -> Reading:
    written = text(cell)
    is_said = len(written) > _LONGEST_BLANK or words(written)
    return Reading(written) if is_said else NOTHING


def _read_url(cell: Cell) -> Reading:
    reading = _read_text(cell)
    if reading.value and not reading.value.startswith(("https://", "http://")):
        return Reading(reason="Une adresse commence par https://.")
    return reading


def _read_within(length: int | None, read: Callable[[Cell], Reading], cell: Cell) -> Reading:
    reading = read(cell)
    if length is None or not reading.value or len(reading.value) <= length:
        return reading
    return Reading(f"{reading.value[: length - 1]}…", f"Texte coupé à {length} caractères.")


_LENGTHS = {field.name: field.max_length for field in Market._meta.concrete_fields}


def _text_of(name: str, read: Callable[[Cell], Reading] = _read_text) -> CellField:
    """A text that fits the field of this name."""
    return _alone(partial(_read_within, _LENGTHS[name], read))


def _read_department(cell: Cell, around: Surroundings) -> Reading:
    reading = _read_within(Department._meta.get_field("name").max_length, _read_text, cell)
    return around.known.department(reading.value, reading.reason) if reading.value else NOTHING


def _read_family(cell: Cell, around: Surroundings) -> Reading:
    said = words(cell)
    if not said:
        return NOTHING
    family = around.families.get(said) or (around.family_of_cpv(said) if said[:8].isdecimal() else None)
    return around.known.family(text(cell), family)


def _read_place(cell: Cell, around: Surroundings) -> Reading:
    """What we put in our own words, from codes, is no longer what a person wrote."""
    reading = _read_within(_LENGTHS["place"], vocabulary.read_places, cell)
    is_as_written = reading.value and not reading.reason and reading.value == text(cell)
    return around.known.place(reading.value) if is_as_written else reading


def _read_cpv(cell: Cell) -> Reading:
    """« 90910000-9 », or 3100000 whose first zero a spreadsheet took."""
    said = words(cell)
    if not said:
        return NOTHING
    digits = said.split("-")[0].replace(" ", "").removesuffix(",0")
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (7, 8)):
        return Reading(reason="Un code CPV compte 8 chiffres.")
    return Reading(digits.zfill(8))


def _read_count(cell: Cell) -> Reading:
    said = words(cell).removesuffix(",0")
    if not said:
        return NOTHING
    if not (said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS):
        return Reading(reason="Ce nombre ne se lit pas.")
    return Reading(int(said))


def _read_title(cell: Cell) -> Reading:
    reading = _read_text(cell)
    if not reading.value:
        return Reading(reason=NO_TITLE)
    if len(reading.value) <= _LONGEST_BLANK and fold(reading.value) in _TOTALS:
        return Reading(reason="C’est une ligne de total, pas un marché.")
    return reading


class MarketRow(forms.Form):
    url = _text_of("reference", _read_url)
    reference = _text_of("reference")
    title = _text_of("title", _read_title)
    description = _text_of("description")
    department = CellField(_read_department)
    contact_name = _text_of("contact_name")
    nature = _word(vocabulary.NATURES, "travaux, fournitures ou services")
    family = CellField(_read_family)
    cpv_code = _alone(_read_cpv)
    procedure = _word(vocabulary.PROCEDURES, "procédure adaptée, appel d’offres ouvert…")
    estimated_amount = _alone(read_amount)
    thousands = _alone(partial(read_amount, unit="k"))
    millions = _alone(partial(read_amount, unit="m"))
    amount_origin = _word(vocabulary.ORIGINS, "prix historique, sourçage, offres ou enveloppe")
    launch_on = _within_year(read_moment)
    starts_on = _within_year(read_day)
    duration = _alone(read_term)
    duration_years = _alone(partial(read_term, unit="an"))
    renewals = _alone(_read_count)
    place = CellField(_read_place)
    is_renewal = _word(vocabulary.FLAGS, "oui ou non")
    incumbent = _text_of("incumbent")
    previous_ends_on = _within_year(read_day)
    progress_label = _text_of("progress_label", vocabulary.read_status)
    social_intent = _word(vocabulary.INTENTS, "oui, non ou à étudier")
    external_url = _text_of("external_url", _read_url)
    remarks = _text_of("remarks")
    lots = _alone(_read_count)
    labour_share = _alone(vocabulary.read_percentage)
    qpv_share = _alone(vocabulary.read_percentage)

    def __init__(self, record: Record, around: Surroundings):
        super().__init__(record.cells)
        self.around = around
        self._term_title = record.titles.get("duration") or record.titles.get("duration_years", "")
        self._unit = unit_of(record.titles.get("estimated_amount", ""))

    def _clean_fields(self) -> None:
        """Cell to field without the widgets of a page, and only the columns that the file has."""
        # A short line ends before its title.
        for name, cell in {"title": "", **self.data}.items():
            # A column that somebody says to be the amount still counts in the unit of its title.
            reading = self._reading(self._unit if name == "estimated_amount" else name, cell)
            if reading.value is None and reading.reason:
                self.add_error(name, ValidationError(reading.reason))
            else:
                self.cleaned_data[name] = reading

    def _reading(self, name: str, cell: Cell) -> Reading:
        """Plans repeat themselves; and True is 1, but not to readers."""
        key = (name, type(cell), cell)
        known = self.around.readings.get(key)
        if known is None:
            known = self.around.readings[key] = READERS[name](cell, self.around)
        return known

    @property
    def doubts(self) -> Mapping[str, str]:
        said = {name: reading.reason for name, reading in self.cleaned_data.items() if reading.reason}
        return said | ({"renewals": AS_FIRM} if self._renewal_months else {})

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name, NOTHING).value

    def values(self) -> dict[str, object]:
        """What the line says of the market, by the names of the model; what it does not say is absent."""
        values = {name: self.said(name) for name in _SAME_NAME}
        values |= self._amount() | self._moment() | self._term() | self._identity()
        said = {name: value for name, value in values.items() if value is not None and value != ""}
        # A plain amount takes the place of a band, whose lower bound must not outlive it.
        return said | ({"lowest_amount": self._lowest()} if "estimated_amount" in said else {})

    def guesses(self) -> dict[str, object]:
        """What follows from other cells: good only where nobody knows better."""
        code = self.said("cpv_code")
        guesses: dict[str, object] = {"renewal_months": self._renewal_months}
        if code:
            guesses["family"] = self.around.family_of_cpv(code)
        if "family" in self.errors:
            guesses["nature"] = vocabulary.NATURES.get(words(self.data["family"]))
        return {name: value for name, value in guesses.items() if value}

    def _amount(self) -> dict[str, object]:
        said = (self.said(name) for name in AMOUNTS)
        return {"estimated_amount": next((amount for amount in said if amount is not None), None)}

    def _lowest(self) -> Decimal | None:
        name = next(name for name in AMOUNTS if self.said(name) is not None)
        field = self._unit if name == "estimated_amount" else name
        return read_lowest(self.data[name], SCALES[field])

    @property
    def amounts_said(self) -> set[str]:
        return {name for name in AMOUNTS if self.said(name) is not None}

    def _moment(self) -> dict[str, object]:
        moment = self.said("launch_on")
        return {"launch_on": moment.on, "launch_precision": moment.precision} if moment else {}

    @property
    def _said_term(self) -> Term | None:
        return self.said("duration") or self.said("duration_years")

    @property
    def _renewal_months(self) -> int | None:
        return usual_renewal(self._said_term, self.said("renewals"), self._term_title)

    def _term(self) -> dict[str, object]:
        term = self._said_term
        if term is None:
            return {"renewals": self.said("renewals")}
        values = {"duration_months": term.months, "renewals": self.said("renewals")}
        return values | (
            {"renewals": term.renewals, "renewal_months": term.renewal_months} if term.renewals else {}
        )

    def _identity(self) -> dict[str, object]:
        url = self.said("url")
        return {"reference": url, "external_url": url} if url else {"reference": self.said("reference")}


MarketRow.base_fields = SharedFields(MarketRow.base_fields)
READERS = {name: cell.read for name, cell in MarketRow.base_fields.items() if isinstance(cell, CellField)}

# The model's field that an unread cell leaves empty; the others bear the same name.
TARGETS = {
    "url": "reference", "thousands": "estimated_amount", "millions": "estimated_amount",
    "duration": "duration_months",
    "duration_years": "duration_months",
}  # fmt: skip
_SAME_NAME = (
    "title", "description", "department", "contact_name", "nature", "family", "cpv_code", "procedure",
    "amount_origin", "starts_on", "place", "is_renewal", "incumbent", "previous_ends_on", "progress_label",
    "social_intent", "external_url", "remarks", "labour_share", "qpv_share",
)  # fmt: skip
