from decimal import ROUND_HALF_UP, Decimal


# Every rounded figure of the application passes here: an attestation, a screen and a report that
# round differently by one hundredth are a dispute.


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Half-up, away from zero for negatives; never a negative zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0


def round_hours(hours: Decimal) -> Decimal:
    return round_half_up(hours, 2)


def whole_hours(hours: Decimal) -> Decimal:
    return round_half_up(hours, 0)


def round_amount(amount: Decimal) -> Decimal:
    """Euros, to the cent."""
    return round_half_up(amount, 2)


def percentage(part: Decimal | int, whole: Decimal | int, places: int = 1) -> Decimal | None:
    """`None` when there is no whole to compare with: a rate of nothing is not zero."""
    if whole == 0:
        return None
    return round_half_up(Decimal(100) * part / whole, places)
