"""What a plan does not say yet, before it is handed in: asked, not answered, not even « je ne sais pas »."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts import audit
from procurement.enums import Nature, Procedure
from procurement.models import Market
from procurement.models.market import ASKED


# What an empty answer is, field by field; the others are null.
_EMPTY = {"nature": Nature.UNKNOWN, "procedure": Procedure.UNKNOWN, "place": ""}


@dataclass(frozen=True)
class Missing:
    """How many lines of a plan do not answer one question."""

    field: str
    label: str
    lines: int


def lacking(markets: QuerySet[Market], field: str) -> QuerySet[Market]:
    """The lines where nobody has answered this."""
    return _with_said(markets).filter(_lacks(field))


def of_lines(markets: QuerySet[Market]) -> list[Missing]:
    """In the order of the page that asks, without what every line answers; one query."""
    counted = _with_said(markets).order_by()
    counts = counted.aggregate(**{field: Count("pk", filter=_lacks(field)) for field in ASKED})
    return [Missing(field, label, counts[field]) for field, label in labels() if counts[field]]


def labels() -> list[tuple[str, str]]:
    """Every question, in words."""
    return list(zip(ASKED, audit.field_labels(Market(), ASKED), strict=True))


def _with_said(markets: QuerySet[Market]) -> QuerySet[Market]:
    """Both databases look for words in a text; only one of them does in a list."""
    return markets.annotate(said=Cast("unknowns", TextField()))


def _lacks(field: str) -> Q:
    empty = Q(**{field: _EMPTY[field]}) if field in _EMPTY else Q(**{f"{field}__isnull": True})
    return empty & ~Q(said__contains=f'"{field}"')
