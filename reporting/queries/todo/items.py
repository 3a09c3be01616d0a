from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from accounts.models import User


# Of each kind; beyond, the lists themselves are the better place.
AT_MOST = 40


@dataclass(frozen=True)
class Item:
    """One thing to do: for the reader, or for the `owner` whom the reader waits for."""

    what: str
    about: str
    since: date
    verb: str
    url: str
    until: date | None = None
    owner: str = ""


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    unit: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Home:
    tasks: tuple[Item, ...] = ()
    waits: tuple[Item, ...] = ()
    figures: tuple[Figure, ...] = ()


def oldest_first(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: (item.since, item.what, item.about, item.url)))


def day(moment: datetime) -> date:
    return localtime(moment).date()


def named(name: str, belonging: str) -> str:
    """« Entretien des écoles – Ville de Rivebelle »."""
    return f"{name} – {belonging}" if belonging else name


def plural(count: int, word: str, words: str = "") -> str:
    return f"{count} {word if count < 2 else words or f'{word}s'}"


def organisation_of(user: User) -> int:
    """Of the hat worn; whoever wears none has no home."""
    assert user.membership is not None  # noqa: S101 (for the type checker)
    return user.membership.organisation_id
