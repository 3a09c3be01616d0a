"""The communes of France from an official file: code, postcode, name and point. Nothing here writes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from config.lib.intake import Counts, Issue, Record, find_header, read_records
from config.lib.spreadsheet import UnreadableFile, read_tables
from structures.models import Town


ALIASES = {
    "insee_code": ("insee", "insee_code", "code insee", "code commune", "code commune insee"),
    "postcode": ("postcode", "zip_code", "code postal"),
    "name": ("name", "nom", "commune", "nom de la commune", "libellé"),
    "latitude": ("latitude", "gps_lat", "lat"),
    "longitude": ("longitude", "gps_lng", "lon", "lng"),
}
# What a file of communes may change.
FIELDS = ("name", "department_code", "latitude", "longitude", "sort_name")
_CODE = re.compile(r"(\d{5}|2[AB]\d{3})")


@dataclass(frozen=True)
class TownPlan:
    created: list[Town]
    updated: list[Town]
    issues: list[Issue]
    counts: Counts


def read(data: bytes, name: str) -> list[Record]:
    """Raises `UnreadableFile` with the reason."""
    records = []
    for table in read_tables(data, name):
        if header := find_header(table, ALIASES, required=ALIASES):
            records.extend(read_records(table, header))
    if not records:
        raise UnreadableFile(
            name,
            "n’a pas de ligne d’en-tête reconnue : il y faut les colonnes « code INSEE », « code postal », "
            "« nom », « latitude » et « longitude ».",
        )
    return records


def plan(records: Iterable[Record], known: Iterable[Town]) -> TownPlan:
    """A commune is known by its code and its postcode; the first line to bear both has them."""
    standing = {(town.insee_code, town.postcode): town for town in known}
    created, updated, unchanged, issues = {}, [], 0, []
    for record in records:
        town, reason = _judge(record)
        if town is None or (town.insee_code, town.postcode) in created:
            issues.append(record.issue("insee_code", reason or "Cette commune est déjà plus haut."))
            continue
        before = standing.get((town.insee_code, town.postcode))
        if before is None:
            created[town.insee_code, town.postcode] = town
        elif _differs(before, town):
            town.pk = before.pk
            updated.append(town)
        else:
            unchanged += 1
    rows = len(created) + len(updated) + unchanged + len(issues)
    return TownPlan(
        list(created.values()),
        updated,
        issues,
        Counts(rows, len(created), len(updated), unchanged, len(issues)),
    )


def _judge(record: Record) -> tuple[Town | None, str]:
    insee, postcode = record.text("insee_code").upper().zfill(5), record.text("postcode").zfill(5)
    if not _CODE.fullmatch(insee):
        return None, "Un code INSEE de commune compte 5 caractères."
    if not postcode.isdecimal() or len(postcode) != 5 or not record.text("name"):
        return None, "Le nom ou le code postal manque."
    try:
        latitude, longitude = (
            float(record.text(name).replace(",", ".")) for name in ("latitude", "longitude")
        )
    except ValueError:
        return None, "Les coordonnées ne se lisent pas."
    town = Town(
        insee_code=insee,
        postcode=postcode,
        name=record.text("name")[:120],
        department_code=insee[:3] if insee.startswith(("97", "98")) else insee[:2],
        latitude=latitude,
        longitude=longitude,
    )
    town.index()
    return town, ""


def _differs(before: Town, after: Town) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in FIELDS)
