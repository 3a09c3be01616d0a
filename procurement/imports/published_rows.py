"""A file of published contracts (DECP), whatever its layout: one `PublishedRow` a record or a line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, NamedTuple

from config.lib.intake import Record, find_header, read_records
from config.lib.spreadsheet import Cell, UnreadableFile, read_tables
from config.lib.spreadsheet.records import load


NO_CONTRACTS = (
    "n’a pas la forme des données essentielles de la commande publique : on y attend une clé « marches »."
)
NO_HEADER = "n’a pas de ligne d’en-tête reconnue : il y faut au moins « id » et « acheteur_id »."
EMPTY = "ne contient aucun contrat."
# How consolidated files leave a cell empty without leaving it empty (« MQ »: missing, « CDL »: no such data).
_UNSAID = frozenset(("", "cdl", "mq", "nc", "null", "none", "nan", "n/a"))

CONTRACTORS = range(1, 4)
CHANGE = ("rank", "amount", "duration", "on")
ALIASES = {
    "uid": ("uid",),
    "reference": ("id", "id_marche"),
    "buyer_siret": ("acheteur_id", "acheteur.id", "id_acheteur"),
    "buyer_name": ("acheteur_nom", "acheteur.nom"),
    "title": ("objet",),
    "legal_nature": ("nature",),
    "nature": ("type",),
    "cpv_code": ("codeCPV", "code_cpv", "cpv"),
    "procedure": ("procedure",),
    "amount": ("montant",),
    "duration_months": ("dureeMois",),
    "notified_on": ("dateNotification",),
    "place_code": ("lieuExecution_code", "lieuExecution.code"),
    "place_kind": ("lieuExecution_typeCode", "lieuExecution.typeCode"),
    "buyer_department": ("acheteur_departement_code",),
    "offers": ("offresRecues",),
    "considerations": ("considerationsSociales",),
    "rank": ("modification_id",),
    "contractor_id_1": ("titulaire_id", "titulaire_id_1"),
    "contractor_kind_1": ("titulaire_typeIdentifiant", "titulaire_typeIdentifiant_1"),
    "contractor_name_1": (
        "titulaire_nom", "titulaire_denominationSociale", "titulaire_denominationSociale_1",
    ),
    "contractor_id_2": ("titulaire_id_2",),
    "contractor_kind_2": ("titulaire_typeIdentifiant_2",),
    "contractor_name_2": ("titulaire_denominationSociale_2",),
    "contractor_id_3": ("titulaire_id_3",),
    "contractor_kind_3": ("titulaire_typeIdentifiant_3",),
    "contractor_name_3": ("titulaire_denominationSociale_3",),
    "change_rank": ("idModification",),
    "change_amount": ("montantModification",),
    "change_duration": ("dureeMoisModification",),
    "change_on": ("dateNotificationModificationModification", "dateNotificationModification"),
}  # fmt: skip
# Field → the keys that lead to it; the first that is there counts. A concession has its own names.
PATHS = {
    "reference": ("id",),
    "buyer_siret": ("acheteur.id", "autoriteConcedante.id"),
    "buyer_name": ("acheteur.nom", "autoriteConcedante.nom"),
    "title": ("objet",),
    "legal_nature": ("nature",),
    "cpv_code": ("codeCPV",),
    "procedure": ("procedure",),
    "amount": ("montant", "valeurGlobale"),
    "duration_months": ("dureeMois",),
    "notified_on": ("dateNotification", "dateSignature", "dateDebutExecution"),
    "place_code": ("lieuExecution.code",),
    "place_kind": ("lieuExecution.typeCode",),
    "offers": ("offresRecues",),
}
_PATHS = {name: tuple(path.split(".") for path in paths) for name, paths in PATHS.items()}
_SEPARATORS = re.compile(r"\s*[,;|]\s*")


class Contractor(NamedTuple):
    id: str
    kind: str
    name: str


class Modification(NamedTuple):
    """What a later act changed; an empty cell changes nothing."""

    rank: str
    amount: str
    duration_months: str
    notified_on: str
    contractors: tuple[Contractor, ...] = ()


@dataclass(frozen=True)
class PublishedRow:
    """Raw texts; `is_official` when the file claims the official layout (v2), `is_table` when it is a CSV."""

    record: Record
    is_official: bool
    is_table: bool
    is_concession: bool
    considerations: tuple[str, ...]
    contractors: tuple[Contractor, ...]
    modifications: tuple[Modification, ...] = ()
    uid: str = ""
    rank: str = ""

    def text(self, name: str) -> str:
        return said(self.record.cells.get(name, ""))


@dataclass(frozen=True)
class Published:
    """What a file holds; its rows are records when it is JSON, lines otherwise."""

    name: str
    rows: list[PublishedRow]
    is_json: bool


def read(data: bytes, name: str) -> Published:
    """Raises `UnreadableFile` with the reason."""
    is_json = PurePath(name).suffix.lower() == ".json"
    rows = list(_json_rows(load(data, name), name) if is_json else _table_rows(data, name))
    if not rows:
        raise UnreadableFile(name, EMPTY)
    return Published(name, rows, is_json)


def said(cell: Any) -> str:
    """A cell without the words that only say that it is empty."""
    text = " ".join(str(cell).replace("\0", "").split()) if cell is not None else ""
    return "" if text.casefold() in _UNSAID else text


def _json_rows(content: Any, name: str) -> Iterator[PublishedRow]:
    held = content.get("marches") if isinstance(content, dict) else content
    if isinstance(held, dict):
        for kind in ("marche", "contrat-concession"):
            for rank, record in enumerate(_listed(held.get(kind)), start=1):
                yield _json_row(record, kind, rank, is_official=True)
    elif isinstance(held, list):
        for rank, record in enumerate(held, start=1):
            yield _json_row(record, "marches", rank, is_official=False)
    else:
        raise UnreadableFile(name, NO_CONTRACTS)


def _json_row(record: Any, sheet: str, rank: int, *, is_official: bool) -> PublishedRow:
    fields = record if isinstance(record, dict) else {}
    cells, titles = _flatten(fields)
    concession = "concession" in f"{sheet} {fields.get('_type', '')}".casefold()
    return PublishedRow(
        Record(sheet, rank, cells, titles=titles),
        is_official,
        False,
        concession or "autoriteConcedante" in fields,
        tuple(_texts(fields.get("considerationsSociales"), "considerationSociale")),
        tuple(_contractors(fields.get("titulaires") or fields.get("concessionnaires"))),
        tuple(_modification(act) for act in _inner(fields.get("modifications"), "modification")),
        rank="0",
    )


def _flatten(fields: Mapping[str, Any]) -> tuple[dict[str, Cell], dict[str, str]]:
    cells: dict[str, Cell] = {}
    titles = {name: paths[0] for name, paths in PATHS.items()}
    titles |= {"considerations": "considerationsSociales", "contractors": "titulaires"}
    titles |= {"modifications": "modifications"}
    for name, paths in _PATHS.items():
        for path in paths:
            if said(value := _at(fields, path)):
                cells[name], titles[name] = str(value), ".".join(path)
                break
    return cells, titles


def _at(fields: Any, path: Iterable[str]) -> Any:
    for key in path:
        fields = fields.get(key) if isinstance(fields, dict) else None
    return None if isinstance(fields, dict | list) else fields


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _inner(value: Any, *keys: str) -> Iterator[dict]:
    """« [{"titulaire": {…}}] », « [{…}] » and « {"titulaire": [{…}]} » are the same list."""
    for key in keys:
        if isinstance(value, dict) and key in value:
            value = value[key]
    for item in _listed(value):
        if isinstance(item, dict):
            inner = next((item[key] for key in keys if key in item), item)
            yield inner if isinstance(inner, dict) else {}


def _texts(value: Any, key: str) -> Iterator[str]:
    for item in _listed(value.get(key) if isinstance(value, dict) else value):
        yield from split(str(item))


def split(text: str) -> list[str]:
    """« Clause sociale, Critère social », « ['Clause sociale'] »: the values one by one."""
    values = (value.strip(" '\"") for value in _SEPARATORS.split(text.strip("[] ")))
    return [value for value in values if said(value)]


def _contractors(value: Any) -> Iterator[Contractor]:
    for fields in _inner(value, "titulaire", "concessionnaire"):
        told = Contractor(
            *(said(fields.get(key)) for key in ("id", "typeIdentifiant", "denominationSociale"))
        )
        if any(told):
            yield told


def _modification(fields: Mapping[str, Any]) -> Modification:
    return Modification(
        said(fields.get("id")),
        said(fields.get("montant") or fields.get("valeurGlobale")),
        said(fields.get("dureeMois")),
        said(fields.get("dateNotificationModification") or fields.get("dateSignatureModification")),
        tuple(_contractors(fields.get("titulaires"))),
    )


def _table_rows(data: bytes, name: str) -> Iterator[PublishedRow]:
    tables = [
        (table, find_header(table, ALIASES, ("reference", "buyer_siret")))
        for table in read_tables(data, name)
    ]
    if not any(header for _, header in tables):
        raise UnreadableFile(name, NO_HEADER)
    for table, header in tables:
        if header:
            yield from map(_table_row, read_records(table, header))


def _table_row(record: Record) -> PublishedRow:
    text = {field: said(record.text(field)) for field in record.cells}
    contractors = (
        Contractor(*(text.get(f"contractor_{part}_{rank}", "") for part in ("id", "kind", "name")))
        for rank in CONTRACTORS
    )
    rank, amount, months, day = (text.get(f"change_{part}", "") for part in CHANGE)
    act = Modification(rank, amount, months, day)
    return PublishedRow(
        replace(record, titles={**record.titles, "contractors": record.titles.get("contractor_id_1", "")}),
        is_official=False,
        is_table=True,
        is_concession="concession" in text.get("legal_nature", "").casefold(),
        considerations=tuple(split(text.get("considerations", ""))),
        contractors=tuple(contractor for contractor in contractors if any(contractor)),
        modifications=(act,) if act.rank else (),
        uid=text.get("uid", ""),
        rank=text.get("rank", ""),
    )
