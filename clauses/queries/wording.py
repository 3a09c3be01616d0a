"""The words of a proposal: assembled from the library until its contract is notified, kept ever after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Office
from clauses.enums import ClauseState, Objective, PerEuroMode, ProvisionKind, TextKind
from clauses.models import Clause, ClauseText, ClauseWording, Proposal, Public, ReferenceValue
from clauses.rules import wording
from clauses.rules.provisions import Terms
from config.lib.french import format_amount, format_number


@dataclass(frozen=True)
class Wording:
    """One text, ready to paste; `missing` names what the text still has blank."""

    kind: TextKind
    source_id: int
    title: str
    article: str
    version: int
    valid_from: date
    text: str
    missing: tuple[str, ...]

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Reading:
    """`frozen_at` when these are the words of a notified contract."""

    wordings: tuple[Wording, ...]
    is_notified: bool = False
    frozen_at: datetime | None = None


def of(proposal: Proposal, on: date) -> Reading:
    """Once the contract is notified, the words kept that day and no others."""
    clause = Clause.objects.filter(proposal=proposal).order_by("pk").first()
    if clause is None or clause.state == ClauseState.AWAITING_CONTRACT:
        return Reading(assembled(proposal, on))
    kept = list(ClauseWording.objects.filter(clause=clause).order_by("pk"))
    return Reading(tuple(_kept(row) for row in kept), True, kept[0].frozen_at if kept else None)


def assembled(proposal: Proposal, on: date) -> tuple[Wording, ...]:
    """The texts of that day's library with the terms of the proposal; empty for a kind without a model."""
    kinds = wording.TEXTS.get(ProvisionKind(proposal.kind), ())
    if not kinds:
        return ()
    library = ClauseText.objects.known_to(proposal.office).by_kind(on)
    values = _values(proposal, on)
    return tuple(_filled(library[kind], values) for kind in kinds if kind in library)


@dataclass(frozen=True)
class Version:
    id: int
    version: int
    valid_from: date
    title: str
    article: str
    body: str
    office_id: int | None


@dataclass(frozen=True)
class Shelf:
    """One text of the library: the version in force, then those it replaced, latest first."""

    kind: TextKind
    current: Version
    former: tuple[Version, ...]


def library(texts: Iterable[ClauseText]) -> list[Shelf]:
    """`texts` come newest last; in the order of the kinds, those without any version left out."""
    found: dict[str, list[Version]] = {kind: [] for kind in TextKind}
    for row in texts:
        found[row.kind].insert(0, _version(row))
    return [Shelf(TextKind(kind), rows[0], tuple(rows[1:])) for kind, rows in found.items() if rows]


def _version(row: ClauseText) -> Version:
    return Version(row.pk, row.version, row.valid_from, row.title, row.article, row.body, row.office_id)


def _filled(text: ClauseText, values: dict[str, str]) -> Wording:
    filled = wording.assemble(text.body, values)
    # A reserved lot rests on the article of the structures it is reserved to.
    article = wording.assemble(text.article, values).text
    return Wording(
        TextKind(text.kind), text.pk, text.title, article[0].upper() + article[1:], text.version,
        text.valid_from, filled.text, filled.missing,
    )  # fmt: skip


def _kept(row: ClauseWording) -> Wording:
    return Wording(
        TextKind(row.kind), row.source_id, row.title, row.article, row.version, row.valid_from, row.text,
        tuple(row.missing),
    )  # fmt: skip


def _values(proposal: Proposal, on: date) -> dict[str, str]:
    market = proposal.lot.market
    return (
        wording.from_terms(ProvisionKind(proposal.kind), _terms(proposal))
        | _of_usage(on)
        | _of_publics(on)
        | {
            "objet": market.title,
            "acheteur": str(market.plan.buyer),
            "lots": str(proposal.lot),
            # The pages of the companies ask for every month.
            "frequence": "chaque mois",
            "contact": _contact(proposal.office),
        }
    )


def _terms(proposal: Proposal) -> Terms:
    return Terms(
        objective=Objective(proposal.objective) if proposal.objective else None,
        rate=proposal.rate,
        euros_per_hour=proposal.euros_per_hour,
        threshold_amount=proposal.threshold_amount,
        threshold_mode=PerEuroMode(proposal.threshold_mode) if proposal.threshold_mode else None,
        reserved_share=proposal.reserved_share,
        criterion_weight=proposal.criterion_weight,
        hours_due=proposal.hours_due,
    )


def _of_usage(on: date) -> dict[str, str]:
    kept = ReferenceValue.objects.by_code(on)
    hour, late, day = (
        kept.get(code) for code in ("penalty-missing-hour", "penalty-late-documents", "documents-due-day")
    )
    return {
        "penalite": format_amount(hour.value) if hour else "",
        "penalite_retard": format_amount(late.value) if late else "",
        "echeance": format_number(day.value) if day else "",
    }


def _of_publics(on: date) -> dict[str, str]:
    publics = Public.objects.in_force(on).order_by("pk")
    proofs = dict.fromkeys(_proof(public) for public in publics)
    return {"publics": _listed(public.label for public in publics), "justificatifs": _listed(proofs)}


def _proof(public: Public) -> str:
    if public.proof_max_months is None:
        return public.proof
    return f"{public.proof} (de moins de {public.proof_max_months} mois)"


def _listed(items: Iterable[str]) -> str:
    lines = [f"– {item}" for item in items]
    return " ;\n".join(lines) + "." if lines else ""


def _contact(office: Office) -> str:
    """A name alone reaches nobody: blank then."""
    means = [word for word in (office.email, office.phone) if word]
    return f"{office} ({', '.join(means)})" if means else ""
