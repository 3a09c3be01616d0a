import json
from decimal import Decimal

from config.lib.spreadsheet.delimited import decode
from config.lib.spreadsheet.tables import TOO_LARGE, Cell, Limits, Row, UnreadableFile, written_rows


def read_rows(data: bytes, name: str, limits: Limits) -> list[Row]:
    """A list of objects as a table: the keys first (line 0), then each record under its rank."""
    records = _listed(load(data, name))
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnreadableFile(name, "doit contenir une liste d’objets JSON.")
    keys = list(dict.fromkeys(key for record in records for key in record))
    if len(keys) * len(records) > limits.cells:
        raise UnreadableFile(name, TOO_LARGE)
    rows = (
        Row(rank, [_cell(record.get(key)) for key in keys]) for rank, record in enumerate(records, start=1)
    )
    return [Row(0, keys), *written_rows(rows, name, limits)] if keys else []


def _listed(loaded):
    """The list itself, or the only one that an answer of a platform wraps in an object."""
    if not isinstance(loaded, dict):
        return loaded
    lists = [value for value in loaded.values() if isinstance(value, list) and _holds_objects(value)]
    return lists[0] if len(lists) == 1 else loaded


def _holds_objects(values: list) -> bool:
    return bool(values) and all(isinstance(value, dict) for value in values)


def load(data: bytes, name: str):
    """Whatever the JSON holds, its decimals exact. Raises `UnreadableFile` with the reason."""
    try:
        return json.loads(decode(data, name), parse_float=Decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        reason = f"n’est pas un JSON valide : erreur ligne {error.lineno}, colonne {error.colno}."
        raise UnreadableFile(name, reason) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(name, "contient un nombre ou une imbrication que JSON n’admet pas.") from error


def _refuse_constant(constant: str):
    raise ValueError(constant)


def _cell(value) -> Cell:
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
