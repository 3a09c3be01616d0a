"""The words of a proposal: assembled from the library until the department agrees, kept from then on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Office
from clauses.enums import ClauseState, Objective, PerEuroMode, ProposalState, ProvisionKind, TextKind
from clauses.models import Clause, ClauseText, ClauseWording, Proposal, Public, ReferenceValue
from clauses.rules import wording
from clauses.rules.provisions import Terms
from config.lib.french import NO_BREAK_SPACE, format_amount, format_number
from procurement.models import Lot


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
    """`frozen_at` once the department agreed; `is_outdated` when today's text would say something else."""

    wordings: tuple[Wording, ...]
    is_notified: bool = False
    frozen_at: datetime | None = None
    is_outdated: bool = False


def of(proposal: Proposal, on: date) -> Reading:
    """Once the department agreed, those kept that day: what the buyer publishes does not move by itself."""
    clause: Clause | None = getattr(proposal, "clause", None)
    if clause is None:
        return Reading(assembled(proposal, on))
    rows = list(ClauseWording.objects.filter(clause=clause).order_by("pk"))
    kept, frozen_at = tuple(_kept(row) for row in rows), rows[0].frozen_at if rows else None
    if clause.state != ClauseState.AWAITING_CONTRACT:
        return Reading(kept, True, frozen_at)
    current = assembled(proposal, on)
    if not kept:
        return Reading(current)
    return Reading(kept, frozen_at=frozen_at, is_outdated=kept != current)


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
        _of_lots(proposal)
        | _of_usage(on)
        | _of_publics(on)
        | {
            "objet": market.title,
            "acheteur": str(market.plan.buyer),
            # The pages of the companies ask for every month.
            "frequence": "chaque mois",
            "contact": _contact(proposal.office),
        }
    )


def _of_lots(proposal: Proposal) -> dict[str, str]:
    """All the lots of the market under the same clause: the contract documents are one for all of them."""
    together = [proposal, *_beside(proposal)]
    together.sort(key=lambda found: found.lot.number)
    said = wording.from_lots(
        ProvisionKind(proposal.kind), {found.lot.number: _terms(found) for found in together}
    )
    titles = {found.lot.number: found.lot.title for found in together}
    is_divided = Lot.objects.filter(market=proposal.lot.market_id).count() > 1
    return said | {"lots": wording.name_lots(titles, is_divided=is_divided)}


def _beside(proposal: Proposal) -> Iterable[Proposal]:
    """Those agreed to, and those that are as far as this one: a buyer reads nothing of a draft."""
    return (
        Proposal.objects.alive()
        .filter(
            lot__market=proposal.lot.market_id, office=proposal.office_id, kind=proposal.kind,
            state__in=[ProposalState.ACCEPTED, proposal.state],
        )
        .exclude(lot=proposal.lot_id)
        .select_related("lot")
    )  # fmt: skip


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
    return f"{NO_BREAK_SPACE};\n".join(lines) + "." if lines else ""


def _contact(office: Office) -> str:
    """A name alone reaches nobody: blank then."""
    means = [word for word in (office.email, office.phone) if word]
    return f"{office} ({', '.join(means)})" if means else ""
