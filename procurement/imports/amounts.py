import re
from datetime import date, time, timedelta
from decimal import Decimal

from config.lib.rounding import round_amount
from config.lib.spreadsheet import Cell
from procurement.imports.cells import NOTHING, Reading, words


HIGHEST = Decimal("999999999999.99")
UNREADABLE = "Ce montant ne se lit pas : écrivez par exemple 80 000 ou 1,2 M€."
NEGATIVE = "Un montant négatif n’est pas un montant estimé."
TOO_HIGH = "Ce montant dépasse ce qu’un marché peut valoir."
PLACEHOLDER = "Ce nombre tient lieu de montant inconnu : il n’est pas retenu."
RANGE = "Fourchette ou plafond : le montant le plus haut est retenu."
FLOOR = "Montant plancher, retenu tel quel : le marché vaut au moins cela."
APPROXIMATE = "Montant approximatif, retenu tel quel."
WITH_TAX = "Montant TTC retenu tel quel, alors que le plan compte hors taxes."
VERY_HIGH = "Montant très élevé : deux nombres sont peut-être réunis dans la cellule."
MERGED_AMOUNT = "Cellule fusionnée sur plusieurs lignes : ce montant est compté à chacune."
PER_PERIOD = "Montant par période retenu tel quel, alors que le plan compte le total."

# What people type when a form does not let them say that they do not know.
_TYPED_IN_A_ROW = {Decimal(number) for number in (99, 999, 123, 1234, 123_456, 1_234_567, 123_456_789)}
_SUSPECT = Decimal(5_000_000_000)
_TEN = Decimal(10)
_SEVEN_NINES = Decimal(9_999_999)

_THOUSAND, _MILLION, _BILLION = Decimal(1_000), Decimal(1_000_000), Decimal(1_000_000_000)
_SCALES = {
    "k": _THOUSAND, "mille": _THOUSAND, "m": _MILLION, "million": _MILLION, "millions": _MILLION,
    "md": _BILLION, "mds": _BILLION, "milliard": _BILLION, "milliards": _BILLION,
}  # fmt: skip
_LONGEST = 60

# Said around the number, in the folded form of `fold`; each leaves its doubt.
_ASIDES = (
    (re.compile(r"\(?(?<![a-z])(?:h\.? ?t\.?|hors taxes?)(?![a-z])\)?"), ""),
    (re.compile(r"\(?(?<![a-z])(?:t\.? ?t\.? ?c\.?|toutes taxes(?: comprises)?)(?![a-z])\)?"), WITH_TAX),
    (re.compile(r"(?:/|(?<![a-z])par) ?(?:an|annee|mois)(?![a-z])|(?<![a-z])annuels?(?![a-z])"), PER_PERIOD),
    (
        re.compile(
            r"(?<![a-z])(?:environ|env\.?|de l'ordre de|autour de|\(?(?:estimation|estime)\)?)(?![a-z])|[~≈]"
        ),
        APPROXIMATE,
    ),
    (
        re.compile(
            r"(?<![a-z])(?:jusqu'a|max(?:imum|i)?\.?|plafond(?: de)?|(?:strictement )?inferieur"
            r"(?: ou egal)? a|moins de)(?![a-z])|[<≤]=?"
        ),
        RANGE,
    ),
    (
        re.compile(
            r"(?<![a-z])(?:min(?:imum|i)?\.?|plancher(?: de)?|(?:strictement )?superieur(?: ou egal)? a"
            r"|(?:ou )?plus(?: de)?|au moins|a partir de)(?![a-z])|[>≥]=?"
        ),
        FLOOR,
    ),
)
_BETWEEN = re.compile(r"(?:compris(?:e|es)? )?(?:entre |de )?(.+?) ?(?: a | et |-|–|/) ?(.+)")
# Two bounds and no word between them: without this, « min 50 000 max 200 000 » is one number.
_BOUNDED = re.compile(r"min(?:imum|i)?\.? ?:? ?(.+?) ?[,;/–-]? ?max(?:imum|i)?\.? ?:? ?(.+)")
_SCALED = re.compile(
    r"(?P<number>-?\d[\d .,']*?) ?(?P<scale>milliards?|millions?|mille|mds?|m|k)?"
    r" ?(?:d'|de )?(?:euros?|eur|€|e)?"
)

_PLAIN = re.compile(r"\d+")
_SPACED = re.compile(r"\d{1,3}(?:([ '])\d{3})(?:\1\d{3})*(?:[.,]\d*)?")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d*)?")
_COMMAED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_DECIMAL = re.compile(r"\d+[.,]\d*")


def read_amount(cell: Cell, unit: str = "") -> Reading:
    """Euros; a bare number counts in `unit` (k, m). Never raises. « 0 » and « 999 » are no amounts."""
    if isinstance(cell, bool | date | time | timedelta):
        return Reading(reason=UNREADABLE)
    if isinstance(cell, int | float | Decimal):
        number = Decimal(str(cell)) if isinstance(cell, float) else Decimal(cell)
        return _judge(number, "", _SCALES.get(unit, Decimal(1)))
    text = words(cell)
    return _read_text(text, unit) if text else NOTHING


def read_lowest(cell: Cell, unit: str = "") -> Decimal | None:
    """The lower bound of « 200 000 à 250 000 » and of « 1 à 5 M€ », where both are amounts. Never raises."""
    if not isinstance(cell, str):
        return None
    text = words(cell)
    named = _BOUNDED.fullmatch(text) if len(text) <= _LONGEST else None
    bare, _ = _set_asides(f"{named[1]} a {named[2]}" if named else text[:_LONGEST])
    bounds = _BETWEEN.fullmatch(bare)
    if bounds is None or _scaled(bare, unit) is not None:
        return None
    low, high = (_judged(bound) for bound in _bounds(bounds[1], bounds[2], unit))
    return min(low, high) if low is not None and high is not None and low != high else None


def _judged(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else _judge(amount, "").value


def _read_text(text: str, unit: str) -> Reading:
    if len(text) > _LONGEST:
        return Reading(reason=UNREADABLE)
    if named := _BOUNDED.fullmatch(text):
        text = f"{named[1]} a {named[2]}"
    bare, doubt = _set_asides(text)
    amount = _scaled(bare, unit)
    if amount is None and (bounds := _BETWEEN.fullmatch(bare)):
        amount, doubt = _upper(bounds[1], bounds[2], unit), RANGE
    if amount is None:
        return Reading(reason=UNREADABLE)
    return _judge(amount, doubt)


def _set_asides(text: str) -> tuple[str, str]:
    doubts = []
    for pattern, doubt in _ASIDES:
        text, found = pattern.subn(" ", text)
        if found and doubt:
            doubts.append(doubt)
    return " ".join(text.split()), doubts[0] if doubts else ""


def _upper(low: str, high: str, unit: str) -> Decimal | None:
    lowest, highest = _bounds(low, high, unit)
    return None if lowest is None or highest is None else max(lowest, highest)


def _bounds(low: str, high: str, unit: str) -> tuple[Decimal | None, Decimal | None]:
    """« 1 à 5 M€ » says its scale once; « 40 000 et 1 M€ » says it of the second only."""
    lowest, highest = _scaled(low, unit), _scaled(high, unit)
    scaled = _SCALED.fullmatch(high)
    if scaled and scaled["scale"] and lowest is not None and highest is not None:
        shared = _scaled(low, scaled["scale"])
        if shared is not None and shared <= highest:
            lowest = shared
    return lowest, highest


def _scaled(text: str, unit: str) -> Decimal | None:
    found = _SCALED.fullmatch(text)
    if found is None:
        return None
    scale = found["scale"] or unit
    number = _number(found["number"].removeprefix("-"), is_scaled=bool(scale))
    if number is None:
        return None
    signed = -number if found["number"].startswith("-") else number
    # Compared before it is multiplied: a context keeps 28 digits only.
    return signed * _SCALES[scale] if scale and number < HIGHEST else signed


def _number(text: str, *, is_scaled: bool) -> Decimal | None:
    """« 80.000 » is eighty thousand, but « 1.250 M€ » and « 0.500 » have decimals."""
    decimal_first = is_scaled or text.startswith("0")
    if _PLAIN.fullmatch(text) or (decimal_first and _DECIMAL.fullmatch(text)):
        return Decimal(text.replace(",", "."))
    if _SPACED.fullmatch(text):
        return Decimal(re.sub(r"[ ']", "", text).replace(",", "."))
    if _DOTTED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _COMMAED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def _judge(number: Decimal, doubt: str, scale: Decimal = Decimal(1)) -> Reading:
    if not number.is_finite():
        return Reading(reason=UNREADABLE)
    amount = number * scale if abs(number) < HIGHEST else number
    if amount < 0:
        return Reading(reason=NEGATIVE)
    if amount > HIGHEST:
        return Reading(reason=TOO_HIGH)
    if _is_placeholder(amount):
        return Reading(reason=PLACEHOLDER)
    return Reading(round_amount(amount), VERY_HIGH if amount >= _SUSPECT else doubt)


def _is_placeholder(amount: Decimal) -> bool:
    whole = amount.to_integral_value()
    only_nines = whole >= _SEVEN_NINES and set(str(whole)) == {"9"}
    return amount < _TEN or (whole == amount and (amount in _TYPED_IN_A_ROW or only_nines))
