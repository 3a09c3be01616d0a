"""A directory file: read → judge → plan. Nothing here writes to the directory."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator

from config.lib import siret as siret_numbers
from config.lib.departments import DEPARTMENTS, department_of
from config.lib.french import MINUS
from config.lib.intake import Counts, Header, Issue, Record, as_text, find_header, normalise, read_records
from config.lib.spreadsheet import UnreadableFile, read_tables
from structures.enums import StructureKind
from structures.models import Structure
from structures.rules.naming import display_name
from structures.rules.places import split_address


ALIASES = {
    "siret": ("siret", "n° siret", "numéro siret", "numéro de siret"),
    "kind": ("kind", "type", "type de structure", "nature", "catégorie"),
    "name": ("name", "raison sociale", "dénomination", "nom", "nom de la structure"),
    "brand": ("brand", "nom d’usage", "enseigne", "nom commercial"),
    "legal_form": ("legal_form", "forme juridique"),
    "naf_code": ("naf", "code naf", "ape", "code ape"),
    "address": ("address", "adresse", "adresse postale"),
    "address_more": ("complément adresse", "complément d’adresse", "lieudit bp", "lieudit"),
    "postcode": ("post_code", "postcode", "code postal", "cp"),
    "city": ("city", "commune", "ville"),
    "department_code": ("department", "département", "code département"),
    "longitude": ("longitude", "lon"),
    "latitude": ("latitude", "lat"),
    "website": ("website", "site", "site internet", "site web", "url"),
    "email": ("email", "e mail", "mail", "courriel", "adresse électronique"),
    "phone": ("phone", "tel", "tél", "téléphone", "tel public"),
    "activities": ("secteur d’activités", "activités", "métiers", "pôles de compétences"),
    "headcount": ("nombre de travailleurs dans la structure (en etp)", "effectif", "etp"),
    "source": ("source",),
}
KEY = ("siret", "kind")
# Everything a file may change; `extra` and `issues` follow from the line as a whole.
FIELDS = (
    *(name for name in ALIASES if name not in (*KEY, "address_more")),
    "siret_is_valid",
    "extra",
    "issues",
)
Key = tuple[str, str]

_KINDS = {normalise(spelling): kind for kind in StructureKind for spelling in (kind.value, kind.label)}
# The national list has a few numbers whose check digit is wrong: they are cards all the same.
_CAN_BE_A_KEY = re.compile(r"(?!0{14})[0-9]{14}")
_BLANK = {name: Structure._meta.get_field(name).get_default() for name in FIELDS}
_SOURCE_LENGTH = Structure._meta.get_field("source").max_length
UNREAD_SHEET = "Cette feuille n’a pas de ligne d’en-tête reconnue : elle n’est pas lue."
NO_HEADER = "n’a pas de ligne d’en-tête reconnue : il y faut au moins les colonnes « siret » et « type »."
_URL = URLValidator(schemes=["http", "https"], message="Cette adresse de site est incomplète ou illisible.")


class PlainText(forms.CharField):
    """A text that may be long: what does not fit is cut, and said."""

    def __init__(self, name: str, missing: str = ""):
        length = Structure._meta.get_field(name).max_length
        too_long = f"Ce texte dépasse {length} caractères : la fin est coupée."
        reasons = {"max_length": too_long, "required": missing}
        super().__init__(required=bool(missing), max_length=length, error_messages=reasons)

    def fallback(self, text: str) -> str:
        return text[: self.max_length]


class ShapedText(forms.CharField):
    """A code, tidied then checked; left out of the card when it has not the shape."""

    def __init__(self, shape: str, reason: str, tidy: Callable[[str], str]):
        super().__init__(required=False, validators=[RegexValidator(shape, reason)])
        self.tidy = tidy

    def to_python(self, value: str) -> str:
        text = super().to_python(value)
        return self.tidy(text) if text else ""

    def fallback(self, text: str) -> str:
        return ""


class Coordinate(forms.FloatField):
    def __init__(self, limit: int):
        reason = f"Une coordonnée va de {MINUS}{limit} à {limit} degrés."
        validators = [MinValueValidator(-limit, reason), MaxValueValidator(limit, reason)]
        unread = {"invalid": "Cette coordonnée ne se lit pas comme un nombre."}
        super().__init__(required=False, validators=validators, error_messages=unread)

    def to_python(self, value: str) -> float | None:
        return super().to_python(value.replace(",", "."))

    def fallback(self, text: str) -> None:
        return None


class WebAddress(forms.CharField):
    def __init__(self):
        super().__init__(required=False, validators=[_URL], max_length=300)

    def fallback(self, text: str) -> str:
        return ""


class ElectronicAddress(forms.EmailField):
    def __init__(self):
        super().__init__(
            required=False, error_messages={"invalid": "Cette adresse électronique est illisible."}
        )

    def fallback(self, text: str) -> str:
        return ""


class Headcount(forms.DecimalField):
    def __init__(self):
        refusals = ("invalid", "min_value", "max_digits", "max_decimal_places")
        reasons = dict.fromkeys(refusals, "Cet effectif ne se lit pas comme un nombre.")
        super().__init__(required=False, min_value=0, max_digits=7, decimal_places=2, error_messages=reasons)

    def to_python(self, value: str) -> Decimal | None:
        return super().to_python(value.replace(",", "."))

    def fallback(self, text: str) -> None:
        return None


class SharedFields(dict):
    """Copying the fields for each of thousands of lines took half of the reading; no line changes them."""

    def __deepcopy__(self, memo: dict) -> "SharedFields":
        return self


class StructureRow(forms.Form):
    """One line of a directory file, its cells as texts."""

    siret = forms.CharField(error_messages={"required": "Le SIRET manque."})
    kind = forms.CharField(error_messages={"required": "Le type de structure manque."})
    name = PlainText("name", missing="La raison sociale manque.")
    brand = PlainText("brand")
    legal_form = PlainText("legal_form")
    naf_code = ShapedText(
        r"^\d{4}[A-Z]$",
        "Un code NAF s’écrit comme 81.21Z.",
        tidy=lambda text: re.sub(r"[ .]", "", text).upper(),
    )
    address = PlainText("address")
    # Spreadsheets drop the zero that starts « 01000 ».
    postcode = ShapedText(
        r"^\d{5}$", "Un code postal compte 5 chiffres.", tidy=lambda text: text.replace(" ", "").zfill(5)
    )
    city = PlainText("city")
    department_code = ShapedText(
        f"^({'|'.join(DEPARTMENTS)})$",
        "Ce code n’est pas celui d’un département.",
        tidy=lambda text: text.upper().zfill(2),
    )
    longitude = Coordinate(180)
    latitude = Coordinate(90)
    website = WebAddress()
    email = ElectronicAddress()
    phone = PlainText("phone")
    activities = PlainText("activities")
    headcount = Headcount()
    source = PlainText("source")

    def __init__(self, data: Mapping[str, str]):
        self.base_fields = SharedFields(self.base_fields)
        super().__init__(data)

    def clean_siret(self) -> str:
        try:
            number = siret_numbers.clean(self.cleaned_data["siret"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if not _CAN_BE_A_KEY.fullmatch(number):
            raise forms.ValidationError(siret_numbers.explain(number))
        return number

    def clean_kind(self) -> StructureKind:
        kind = _KINDS.get(normalise(self.cleaned_data["kind"]))
        if kind is None:
            raise forms.ValidationError(
                f"Ce type n’est pas connu ; le sont {', '.join(StructureKind.values)}."
            )
        return kind


@dataclass(frozen=True)
class Reading:
    """The lines of the sheets whose header was recognised; the other sheets are named in `issues`."""

    name: str
    headers: Mapping[str, Header]
    records: list[Record]
    issues: list[Issue]

    @property
    def columns(self) -> list[tuple[str, int, list[tuple[str, str]]]]:
        """Per sheet, the line of its header and what each title was understood as, if anything."""
        return [
            (sheet, header.line, [(title, label(name) if name else "") for name, title in header.columns])
            for sheet, header in self.headers.items()
        ]


@dataclass(frozen=True)
class Line:
    """A line and what it would write, a value per column of its sheet; it waits when `key` is missing."""

    record: Record
    issues: list[Issue]
    key: Key | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.record.text(name) for name in ALIASES}


@dataclass(frozen=True)
class Change:
    """A line that becomes a card; `differing` are the fields where the card of the directory differs."""

    line: Line
    key: Key
    values: Mapping[str, Any]
    structure: Structure | None = None
    differing: tuple[str, ...] = ()

    @property
    def display_name(self) -> str:
        return display_name(brand=self.values["brand"], name=self.values["name"])

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """What the field is called, what the card says, what the file says."""
        return [
            (label(name), _shown(getattr(self.structure, name)), _shown(self.values[name]))
            for name in self.differing
        ]


@dataclass(frozen=True)
class DirectoryPlan:
    """What applying the file does, line by line; `gone` are cards that the file’s sources no longer list."""

    created: list[Change]
    updated: list[Change]
    unchanged: list[Change]
    waiting: list[Line]
    gone: list[Structure]
    issues: list[Issue]
    counts: Counts


def read(data: bytes, name: str) -> Reading:
    """Raises `UnreadableFile` with the reason."""
    headers, records, issues = {}, [], []
    for table in read_tables(data, name):
        header = _named_by_its_kind(find_header(table, ALIASES))
        if header and _tells_structures(header):
            headers[table.name] = header
            implied = _implied_kind(header)
            records.extend(_whole(record, implied) for record in read_records(table, header))
        elif table.rows:
            issues.append(Issue(table.name, table.rows[0].line, "", "", UNREAD_SHEET))
    if not headers:
        raise UnreadableFile(name, NO_HEADER)
    if not records:
        raise UnreadableFile(name, "n’a aucune ligne sous son en-tête.")
    return Reading(name, headers, records, issues)


def _named_by_its_kind(header: Header | None) -> Header | None:
    """A list of GEIQ names them under « GEIQ », and says no type."""
    if header is None or {"kind", "name"} & header.known.keys():
        return header
    fields = [
        "name" if field is None and normalise(title) in _KINDS else field for field, title in header.columns
    ]
    return replace(header, fields=tuple(fields)) if fields.count("name") == 1 else header


def _implied_kind(header: Header) -> str:
    title = normalise(header.known.get("name", ""))
    return "" if "kind" in header.known or title not in _KINDS else _KINDS[title].value


def _whole(record: Record, implied_kind: str) -> Record:
    """With the type that its list implies, and an address in its parts."""
    cells = dict(record.cells)
    if implied_kind:
        cells["kind"] = implied_kind
    more = as_text(cells.pop("address_more", ""))
    street = " – ".join(part for part in (as_text(cells.get("address", "")), more) if part)
    if street:
        cells["address"] = street
    if street and not {"postcode", "city"} & cells.keys():
        cells |= split_address(street)
    titles = {name: title for name, title in record.titles.items() if name != "address_more"}
    for name in cells.keys() - titles.keys():
        titles[name] = titles.get("address" if name in ("postcode", "city") else "name", "")
    return replace(record, cells=cells, titles=titles)


def _tells_structures(header: Header) -> bool:
    """A column of the key and another: a list without types is a list of structures, all of which wait."""
    return len(header.known) > 1 and not header.known.keys().isdisjoint(KEY)


def label(name: str) -> str:
    return str(Structure._meta.get_field(name).verbose_name)


def judge(records: Iterable[Record]) -> list[Line]:
    """Each line on its own, then against the lines above: the first to bear a key has it."""
    first_of: dict[Key, Record] = {}
    lines = []
    for record in records:
        line = _judge(record)
        if line.key and first_of.setdefault(line.key, record) is not record:
            line = _repeat(line, first_of[line.key])
        lines.append(line)
    return lines


def plan(reading: Reading, known: Iterable[Structure]) -> DirectoryPlan:
    """The difference between the file and the cards of the directory."""
    lines = judge(reading.records)
    cards = {(card.siret, card.kind): card for card in known}
    origin = PurePath(reading.name).stem[:_SOURCE_LENGTH]
    changes = [_change(line, line.key, cards.get(line.key), origin) for line in lines if line.key]
    created = [change for change in changes if change.structure is None]
    updated = [change for change in changes if change.differing]
    unchanged = [change for change in changes if change.structure and not change.differing]
    waiting = [line for line in lines if not line.key]
    return DirectoryPlan(
        created,
        updated,
        unchanged,
        waiting,
        _gone(changes, cards),
        [*reading.issues, *(issue for line in lines for issue in line.issues)],
        Counts(len(reading.records), len(created), len(updated), len(unchanged), len(waiting)),
    )


def _judge(record: Record) -> Line:
    form = StructureRow({name: record.text(name) for name in ALIASES})
    form.is_valid()
    issues = record.issues(form)
    if not form.cleaned_data.keys() >= set(KEY):
        return Line(record, issues)
    siret, kind = (form.cleaned_data[name] for name in KEY)
    if wrong_key := siret_numbers.explain(siret):
        issues.append(record.issue("siret", f"{wrong_key} Le numéro est gardé tel quel."))
    return Line(
        record, issues, (siret, kind.value), _values(record, form, issues, siret_is_valid=not wrong_key)
    )


def _values(record: Record, form: StructureRow, issues: list[Issue], *, siret_is_valid: bool) -> dict:
    values = {name: _value(record, form, name) for name in record.titles if name not in KEY}
    if values.get("postcode") and not values.get("department_code"):
        values["department_code"] = department_of(values["postcode"])
    return values | {
        "siret_is_valid": siret_is_valid,
        "extra": {title: as_text(cell) for title, cell in record.extra.items()},
        # Without the line: it moves when the file is sorted, and the card has not changed.
        "issues": [{"column": i.column, "value": i.value, "reason": i.reason} for i in issues],
    }


def _value(record: Record, form: StructureRow, name: str) -> Any:
    if name in form.cleaned_data:
        return form.cleaned_data[name]
    return form.fields[name].fallback(record.text(name))


def _shown(value: Any) -> str:
    """A value of a card beside the one it replaces."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return " ; ".join(f"{title} : {text}" for title, text in value.items())
    if isinstance(value, list):
        return " ; ".join(f"{issue['column']} « {issue['value']} »" for issue in value)
    return as_text(value)


def _repeat(line: Line, first: Record) -> Line:
    where = f"ligne {first.line}"
    if first.sheet != line.record.sheet:
        where = f"{where} de la feuille « {first.sheet} »"
    reason = f"Cette ligne répète le SIRET et le type déjà donnés {where}."
    return Line(line.record, [line.record.issue("siret", reason), *line.issues])


def _change(line: Line, key: Key, structure: Structure | None, origin: str) -> Change:
    """A column that the file lacks leaves the card as it is, and so does what a person put right."""
    if structure is None:
        return Change(line, key, _BLANK | {"source": origin} | line.values)
    standing = {name: getattr(structure, name) for name in FIELDS}
    kept = {
        *structure.corrected_fields,
        *(["department_code"] if "postcode" in structure.corrected_fields else []),
    }
    values = standing | {name: value for name, value in line.values.items() if name not in kept}
    return Change(
        line, key, values, structure, tuple(name for name in FIELDS if values[name] != standing[name])
    )


def _gone(changes: list[Change], cards: Mapping[Key, Structure]) -> list[Structure]:
    """Only among cards that came from a source of this file: the others never were its business."""
    listed = {change.key for change in changes}
    sources = {change.values["source"] for change in changes}
    gone = [
        card for key, card in cards.items() if key not in listed and card.seen_at and card.source in sources
    ]
    return sorted(gone, key=lambda card: (card.sort_name, card.pk))
