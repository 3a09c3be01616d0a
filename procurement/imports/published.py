"""Published contracts (DECP): judge each row, then against the rows above it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from config.lib import siret as siret_numbers
from config.lib.intake import Issue
from config.lib.text import fold
from procurement.enums import Nature
from procurement.imports import published_values as values
from procurement.imports.cells import Reading
from procurement.imports.published_rows import Contractor, Modification, Published, PublishedRow
from procurement.rules.cpv import nature_of


# SIRET of the buyer, identifier.
Key = tuple[str, str]
# CPV code, title.
Mark = tuple[str, str]

NOT_A_RECORD = "Cet élément n’est pas un contrat."
NO_REFERENCE = "L’identifiant du contrat manque : rien ne permet de le reconnaître."
NO_BUYER = "Le SIRET de l’acheteur manque : rien ne permet de reconnaître le contrat."
LONG_REFERENCE = "L’identifiant dépasse les 16 caractères du schéma officiel ; il est gardé."
BAD_RANK = "Le rang d’une modification est un nombre entier."
TOO_LONG = "Cet identifiant est trop long pour en être un."
_LENGTHS = {"buyer_siret": 40, "reference": 120, "buyer_name": 300}
_OFFICIAL_LENGTH = 16


@dataclass(frozen=True)
class Line:
    """One row judged. Without a key it waits."""

    row: PublishedRow
    issues: list[Issue]
    key: Key | None = None
    values: dict[str, Any] = field(default_factory=dict)
    rank: int = 0
    # Which of the contracts of its identifier: some buyers publish all the lots of a market under one.
    nth: int = 0

    @property
    def mark(self) -> Mark:
        return mark_of(self.values["cpv_code"], self.values["title"])


def judge(published: Published) -> list[Line]:
    """Each row on its own, then against the rows above it."""
    firsts: dict[Key, list[Line]] = {}
    seen: set[tuple] = set()
    return [
        _among(line, firsts.setdefault(line.key, []), seen) if line.key else line
        for line in map(_judge, published.rows)
    ]


def mark_of(cpv_code: str, title: str) -> Mark:
    """What a contract buys, as far as it tells it from the others of its identifier."""
    return cpv_code, fold(title)


def _judge(row: PublishedRow) -> Line:
    reference, buyer = row.text("reference"), _digits(row.text("buyer_siret"))
    for name, value, missing in (("reference", reference, NO_REFERENCE), ("buyer_siret", buyer, NO_BUYER)):
        if not value or len(value) > _LENGTHS[name]:
            reason = TOO_LONG if value else missing if row.record.cells else NOT_A_RECORD
            return Line(row, [row.record.issue(name, reason)])
    judged = _Judged(row, buyer)
    return Line(row, judged.issues, (buyer, reference), judged.values, judged.rank)


def _digits(text: str) -> str:
    """The number of a buyer; what a spreadsheet has mangled is kept as it stands."""
    try:
        return siret_numbers.clean(text)
    except ValueError:
        return text


class _Judged:
    """The values and doubts of one row whose key is good."""

    def __init__(self, row: PublishedRow, buyer: str):
        self.row, self.buyer = row, buyer
        self.issues: list[Issue] = []
        self.values: dict[str, Any] = {"is_concession": row.is_concession}
        self._identify()
        self._describe()
        self._place()
        self._weigh()
        self._name_contractors()
        self._modify()

    def _take(self, name: str, reading: Reading, told: str = "") -> Any:
        if reading.reason:
            self._doubt(told or name, reading.reason)
        return reading.value

    def _doubt(self, name: str, reason: str) -> None:
        self.issues.append(self.row.record.issue(name, reason))

    def _identify(self) -> None:
        row = self.row
        if wrong := siret_numbers.explain(self.buyer):
            self._doubt("buyer_siret", f"{wrong} Le numéro est gardé tel quel.")
        if row.is_official and len(row.text("reference")) > _OFFICIAL_LENGTH:
            self._doubt("reference", LONG_REFERENCE)
        self.rank = self._take("rank", _rank(row.rank)) or 0
        self.values["buyer_name"] = row.text("buyer_name")[: _LENGTHS["buyer_name"]]

    def _describe(self) -> None:
        text, take, held = self.row.text, self._take, self.values
        held["title"] = take("title", values.read_title(text("title")))
        held["legal_nature"] = take("legal_nature", values.read_legal_nature(text("legal_nature")))
        held["cpv_code"] = take("cpv_code", values.read_cpv(text("cpv_code")))
        held["procedure"] = take("procedure", values.read_procedure(text("procedure")))
        told = values.NATURES.get(text("nature").casefold(), Nature.UNKNOWN)
        held["nature"] = nature_of(held["cpv_code"]) if told == Nature.UNKNOWN else told
        held["notified_on"] = take("notified_on", values.read_day(text("notified_on")))

    def _place(self) -> None:
        text = self.row.text
        place, doubt = values.read_place(text("place_code"), text("place_kind"), text("buyer_department"))
        self.values |= place
        if doubt:
            self._doubt("place_code", doubt)

    def _weigh(self) -> None:
        text, take, held = self.row.text, self._take, self.values
        held["amount"] = take("amount", values.read_amount(text("amount")))
        held["duration_months"] = take("duration_months", values.read_duration(text("duration_months")))
        held["offers"] = take("offers", values.read_offers(text("offers")))
        row = self.row
        considered, doubts = values.read_considerations(row.considerations, of_table=row.is_table)
        self.values |= considered
        for doubt in doubts:
            self._doubt("considerations", doubt)

    def _name_contractors(self) -> None:
        for contractor in self.row.contractors:
            if doubt := values.doubt_of_identifier(contractor.id, contractor.kind):
                self.issues.append(replace(self.row.record.issue("contractors", doubt), value=contractor.id))
        self.values["contractors"] = _told(self.row.contractors)

    def _modify(self) -> None:
        """Initial facts stay beside what the later acts made of them."""
        held = self.values
        held |= {"initial_amount": held["amount"], "initial_duration_months": held["duration_months"]}
        held |= {"modifications": self.rank, "modified_on": held["notified_on"] if self.rank else None}
        for number, act in enumerate(self.row.modifications, start=1):
            self._apply(number, act)

    def _apply(self, number: int, act: Modification) -> None:
        take, held = self._take, self.values
        held["modifications"] = max(number, take("modifications", _rank(act.rank)) or 0)
        for name, reading in (
            ("amount", values.read_amount(act.amount)),
            ("duration_months", values.read_duration(act.duration_months)),
            ("modified_on", values.read_day(act.notified_on)),
        ):
            held[name] = take(name, reading, "modifications") or held[name]
        held["contractors"] = _told(act.contractors) or held["contractors"]


def _rank(text: str) -> Reading:
    return Reading(0) if text in ("", "0", "0.0") else values.read_whole(text, 9_999, BAD_RANK)


def _told(contractors: Iterable[Contractor]) -> list[dict[str, str]]:
    return [contractor._asdict() for contractor in contractors]


def _among(line: Line, firsts: list[Line], seen: set[tuple]) -> Line:
    """The line beside those of its contract; it waits where it tells nothing that they do not."""
    nth = next((nth for nth, first in enumerate(firsts) if not _is_another(line, first)), len(firsts))
    twin = next((first for first in firsts if first.mark == line.mark), None)
    if nth == len(firsts) and twin:
        place = twin.row.record.line
        return _refused(
            line, f"Cette ligne donne à un autre contrat l’identifiant déjà pris à la ligne {place}."
        )
    told = (line.key, nth, line.rank, line.row.contractors)
    if nth == len(firsts):
        firsts.append(line)
    elif not line.row.is_table:
        place = firsts[nth].row.record.line
        return _refused(
            line, f"Cet enregistrement répète l’acheteur et l’identifiant de l’enregistrement {place}."
        )
    elif told in seen:
        place = firsts[nth].row.record.line
        return _refused(line, f"Cette ligne répète le contrat déjà donné à la ligne {place}.")
    seen.add(told)
    return replace(line, nth=nth)


def _refused(line: Line, reason: str) -> Line:
    return Line(line.row, [line.row.record.issue("reference", reason)])


def _is_another(line: Line, first: Line) -> bool:
    """Under one identifier: another lot has another title, and another amount or contractor with it."""
    row, other = line.row, first.row
    if row.is_table and row.uid != other.uid:
        return True
    if line.mark[1] == first.mark[1] or line.rank != first.rank:
        return False
    amounts = {line.values["initial_amount"], first.values["initial_amount"]} - {None}
    # In a table, each contractor of a contract has its line.
    return len(amounts) > 1 or (not row.is_table and row.contractors != other.contractors)
