"""What the directory knows of a list of SIRETs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Substr

from structures.enums import SIRET_STATUS_ICONS, SIRET_STATUS_TONES, SiretStatus
from structures.models import Structure
from structures.rules.siret_lists import Pasted


# SQLite counts the values of a question.
AT_ONCE = 500
SIREN = 9


@dataclass(frozen=True)
class Checked:
    """A number that was pasted, the cards under it, else those of the same company elsewhere."""

    pasted: Pasted
    status: SiretStatus
    cards: list[Structure]
    elsewhere: list[Structure]

    @property
    def tone(self) -> str:
        return SIRET_STATUS_TONES[self.status]

    @property
    def icon(self) -> str:
        return SIRET_STATUS_ICONS[self.status]

    @property
    def remark(self) -> str:
        told = [self.pasted.problem] if self.pasted.problem else []
        if self.pasted.first_line:
            told.append(f"Déjà à la ligne {self.pasted.first_line}.")
        return " ".join(told)


def check(entries: Iterable[Pasted], structures: QuerySet[Structure]) -> list[Checked]:
    """One answer an entry, in their order; the number of questions grows by the five hundred."""
    entries = list(entries)
    known = _by(structures, "siret", {entry.siret for entry in entries})
    unknown = {entry.siret[:SIREN] for entry in entries if entry.siret and entry.siret not in known}
    companies = _by(structures.annotate(siren=Substr("siret", 1, SIREN)), "siren", unknown)
    return [
        _checked(entry, known.get(entry.siret, []), companies.get(entry.siret[:SIREN], []))
        for entry in entries
    ]


def counts(checked: Iterable[Checked]) -> list[tuple[SiretStatus, int]]:
    """In the order of the statuses, those that occur."""
    found = Counter(one.status for one in checked)
    return [(status, found[status]) for status in SiretStatus if found[status]]


def _checked(entry: Pasted, cards: list[Structure], elsewhere: list[Structure]) -> Checked:
    return Checked(entry, _status(entry, cards, elsewhere), cards, [] if cards else elsewhere)


def _status(entry: Pasted, cards: list[Structure], elsewhere: list[Structure]) -> SiretStatus:
    if cards:
        is_gone = all(card.gone_on for card in cards)
        return SiretStatus.GONE if is_gone else SiretStatus.KNOWN
    if entry.problem:
        # The national directory has some wrong keys: those were found above.
        return SiretStatus.WRONG
    return SiretStatus.ELSEWHERE if elsewhere else SiretStatus.UNKNOWN


def _by(structures: QuerySet[Structure], column: str, values: Iterable[str]) -> dict[str, list[Structure]]:
    found: dict[str, list[Structure]] = defaultdict(list)
    for some in _by_hundreds(sorted(filter(None, values))):
        for row in structures.filter(**{f"{column}__in": some}).order_by("siret", "kind"):
            found[getattr(row, column)].append(row)
    return found


def _by_hundreds(values: list[str]) -> Iterator[list[str]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
