"""What a share of hours weighs each month, and what a consortium still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.lib.french import format_number, join_words
from config.lib.rounding import round_hours


@dataclass(frozen=True)
class Share:
    """What a member takes: `hours` over the period, `free` those it has left each month, when known."""

    name: str
    is_lead: bool
    has_agreed: bool
    hours: Decimal | None
    free: Decimal | None = None


def months_between(starts_on: date, ends_on: date) -> int:
    """Months that the period touches; the end is not one of its days."""
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month
    return max(months + (1 if ends_on.day > 1 else 0), 1)


def monthly(hours: Decimal, starts_on: date, ends_on: date) -> Decimal:
    return round_hours(hours / months_between(starts_on, ends_on))


def gaps(shares: Sequence[Share], wanted: Decimal | None, months: int) -> list[str]:
    """In sentences; `shares` are those of the members that have not declined."""
    return [*_people(shares), *_hours(shares, wanted), *_capacity(shares, months)]


def _people(shares: Sequence[Share]) -> list[str]:
    told = []
    if len(shares) < 2:
        told.append("Un groupement réunit au moins deux structures.")
    if shares and not any(share.is_lead for share in shares):
        told.append("Aucun mandataire n’est désigné : il parle pour tous devant l’acheteur.")
    waiting = [share.name for share in shares if not share.has_agreed]
    if waiting:
        told.append(f"L’accord manque encore : {join_words(waiting)}.")
    return told


def _hours(shares: Sequence[Share], wanted: Decimal | None) -> list[str]:
    if wanted is None:
        return []
    left = wanted - sum((share.hours or Decimal(0) for share in shares), Decimal(0))
    if left > 0:
        return [f"Il reste {format_number(left)} heures à répartir."]
    return [f"{format_number(-left)} heures sont réparties en trop."] if left < 0 else []


def _capacity(shares: Sequence[Share], months: int) -> list[str]:
    told = []
    for share in shares:
        each = round_hours((share.hours or Decimal(0)) / months)
        if share.free is not None and each > share.free:
            told.append(
                f"{share.name} prendrait {format_number(each)} heures par mois, pour "
                f"{format_number(share.free)} disponibles."
            )
    return told
