"""The buyer's reasons for leaving the social conditions out, signed and dated."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from clauses.enums import Standing
from clauses.models import Derogation
from clauses.queries.answers import is_closed
from clauses.queries.derogations import agreed_standings, standings, unjustified
from config.lib.french import join_words
from procurement.enums import DutyMotive
from procurement.models import Market
from procurement.queries import duties
from procurement.queries.duties import Assessment
from procurement.rules.duty import Exemption


SHOWN = 3


class DerogationRefused(Exception):
    """The law asks nothing of this market, or does not open this motive to it."""


class JustificationMissing(Exception):
    def __init__(self, markets: list[Market]):
        self.markets = markets
        named = join_words([f"« {market} »" for market in markets[:SHOWN]])
        others = f" et {len(markets) - SHOWN} de plus" if len(markets) > SHOWN else ""
        super().__init__(
            "L’article L. 2112-2-1 demande une condition d’exécution sociale ou une dérogation motivée : "
            f"il en manque une pour {named}{others}."
        )


@transaction.atomic
def sign(*, market: Market, motive: DutyMotive, text: str, by: User, at: datetime) -> Derogation:
    """Replaces the one in force, which stays in the history. Raises `DerogationRefused`."""
    # Locked: the buyer and the office may sign at once.
    rows = Market.objects.select_for_update(of=("self",)).select_related("plan__buyer")
    market = rows.get(pk=market.pk)
    assessment = duties.of_one(market)
    exemption = _open(assessment, motive)
    if not text.strip():
        raise DerogationRefused("Écrivez la justification : elle figure au dossier de la consultation.")
    Derogation.objects.in_force().filter(market=market).update(withdrawn_at=at, withdrawn_by=by)
    derogation = Derogation.objects.create(
        market=market,
        motive=motive,
        wording=exemption.wording,
        text=text.strip(),
        facts=_facts(market, assessment),
        signed_at=at,
        signed_by=by,
    )
    audit.record(AuditKind.DEROGATION_SIGNED, target=market, by=by, motive=motive.label)
    return derogation


@transaction.atomic
def withdraw(*, derogation: Derogation, by: User, at: datetime) -> Derogation:
    """Raises `DerogationRefused` when it is withdrawn already, or when a closed market rests on it."""
    # Locked first, as who signs and who publishes the answer do.
    Market.objects.select_for_update(of=("self",)).get(pk=derogation.market_id)
    derogation = Derogation.objects.select_for_update(of=("self",)).get(pk=derogation.pk)
    if derogation.withdrawn_at:
        raise DerogationRefused("Cette dérogation est déjà retirée.")
    derogation.withdrawn_at, derogation.withdrawn_by = at, by
    derogation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    try:
        require_kept(derogation.market)
    except JustificationMissing as error:
        # Once the market is closed, its derogation may be replaced, not taken off.
        raise DerogationRefused(
            "Ce marché est fermé sans condition d’exécution : signez une autre dérogation, elle remplacera "
            "celle-ci."
        ) from error
    audit.record(AuditKind.DEROGATION_WITHDRAWN, target=derogation.market, by=by)
    return derogation


def require_justified(markets: Iterable[Market], *, by: User) -> None:
    """For what an office is about to close. Raises `JustificationMissing` with those that may not be yet.

    A reservation or a criterion alone is let through, and the history of the market says so.
    """
    rows = list(markets)
    _close(rows, standings(rows), by)


def require_kept(market: Market) -> None:
    """For a proposal that was just taken back. Raises `JustificationMissing` when a closed market rested on
    it alone."""
    # Locked: the answer that closes it may be published at once.
    rows = Market.objects.select_for_update(of=("self",)).select_related("plan__buyer")
    market = rows.get(pk=market.pk)
    if is_closed(market) and unjustified([market]):
        raise JustificationMissing([market])


def require_agreed(market: Market, *, by: User) -> None:
    """For the contract about to be notified: what was agreed on counts, what awaits an answer does not.

    Raises `JustificationMissing`, or leaves a trace as `require_justified` does.
    """
    _close([market], agreed_standings([market]), by)


def _close(markets: list[Market], found: dict[int, Standing], by: User) -> None:
    if missing := [row for row in markets if found.get(row.pk) == Standing.MISSING]:
        raise JustificationMissing(missing)
    leaning: list[tuple[Market, dict]] = [
        (row, {}) for row in markets if found.get(row.pk) == Standing.LEANING
    ]
    audit.record_many(AuditKind.CLOSED_WITHOUT_CONDITION, leaning, by=by)


def _open(assessment: Assessment, motive: DutyMotive) -> Exemption:
    if not assessment.duty.has_social_duty:
        raise DerogationRefused(
            "La loi n’impose pas de condition sociale à ce marché : il n’y a pas à y déroger."
        )
    for exemption in assessment.duty.exemptions:
        if exemption.code == motive:
            return exemption
    raise DerogationRefused(
        f"Le motif « {motive.label} » n’est pas ouvert à ce marché : vérifiez sa nature et sa durée."
    )


def _facts(market: Market, assessment: Assessment) -> dict[str, object]:
    return {
        "buyer": str(market.plan.buyer),
        "reference": market.reference,
        "title": market.title,
        "nature": market.get_nature_display(),
        "total_months": market.total_months,
        "launch_on": market.launch_on,
        "launch_precision": market.launch_precision,
        "amount": assessment.amount,
        "threshold": assessment.duty.threshold,
        "text": assessment.duty.text,
        "source": assessment.duty.source,
    }
