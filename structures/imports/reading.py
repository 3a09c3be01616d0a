"""The sheets of a directory file, and the lines under their headers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from config.lib.intake import Header, Issue, Record, as_text, find_header, normalise, read_records
from config.lib.spreadsheet import UnreadableFile, read_tables
from structures.imports.cells import KINDS
from structures.imports.columns import ALIASES, KEY, label
from structures.rules.places import split_address


UNREAD_SHEET = "Cette feuille n’a pas de ligne d’en-tête reconnue : elle n’est pas lue."
NO_HEADER = "n’a pas de ligne d’en-tête reconnue : il y faut au moins les colonnes « siret » et « type »."


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
        "name" if field is None and normalise(title) in KINDS else field for field, title in header.columns
    ]
    return replace(header, fields=tuple(fields)) if fields.count("name") == 1 else header


def _implied_kind(header: Header) -> str:
    title = normalise(header.known.get("name", ""))
    return "" if "kind" in header.known or title not in KINDS else KINDS[title].value


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
