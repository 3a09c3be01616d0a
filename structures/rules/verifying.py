"""Since when a card of the directory ought to be checked again."""

from datetime import date, timedelta


# A year: teams, trades and telephone numbers rarely hold longer.
VERIFIED_FOR = timedelta(days=365)


def verify_again_on(*, verified_on: date | None, added_on: date) -> date:
    """A card that nobody ever checked has been waiting since it entered the directory."""
    return added_on if verified_on is None else verified_on + VERIFIED_FOR


def last_day_out_of_date(today: date) -> date:
    """Cards checked on this day or before are due today."""
    return today - VERIFIED_FOR
