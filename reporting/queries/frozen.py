"""Figures as an edition keeps them: JSON that never changes, and its fingerprint."""

import json
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from reporting.queries.buyer_report import BuyerFigures


def freeze(figures: BuyerFigures) -> dict[str, Any]:
    return json.loads(json.dumps(asdict(figures), default=_text))


def thaw(payload: dict[str, Any]) -> BuyerFigures:
    return _revive(BuyerFigures, payload)


def canonical(payload: dict[str, Any]) -> bytes:
    """The one text of these figures, whatever the database did to the order of the keys."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, indent=1).encode()


def fingerprint(payload: dict[str, Any]) -> str:
    return sha256(canonical(payload)).hexdigest()


def _text(value: Decimal | date) -> str:
    return format(value, "f") if isinstance(value, Decimal) else value.isoformat()


def _revive(kind: Any, value: Any) -> Any:
    if value is None or kind in (int, str):
        return value
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: _revive(hints[field.name], value[field.name]) for field in fields(kind)})
    if get_origin(kind) is tuple:
        return tuple(_revive(get_args(kind)[0], item) for item in value)
    if get_origin(kind) is UnionType:
        return _revive_either(set(get_args(kind)) - {NoneType}, value)
    return kind.fromisoformat(value) if kind in (date, datetime) else kind(value)


def _revive_either(kinds: set[Any], value: Any) -> Any:
    """`X | None`, or a count of people: a number or the mark that hides it."""
    return value if kinds == {int, str} else _revive(kinds.pop(), value)
