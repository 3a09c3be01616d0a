"""A small territory whose figures of 2026 were computed by hand; every test of the report counts on them.

Contract A, 9 people, 600 h due:    January 9 × 20 h, February 9 × 10.5 h validated; March 9 × 5 h sent.
Contract B, 7 people, 1,000 h due:  December 2025 7 × 10 h; March 7 × 30 h validated, 25 h retained each;
                                    April 7 × 8 h rejected; May 7 × 4 h validated after the cut-off;
                                    June 7 × 3 h sent after the cut-off.
Contract C, nobody, 200 h due.      Two people of A are also in B: 14 people in all.
Beside: a contract that ended in 2025, one of another buyer, one of another office, 500 h due from 2027 on
and 70 h due that were recorded after the cut-off. None of them counts.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from clauses.enums import DeclarationState, InQpv, RejectionReason, Sex
from tests.accounts.factories import OfficeFactory, OrganisationFactory, UserFactory
from tests.clauses.factories import (
    ClauseFactory,
    DeclarationFactory,
    EligibilityFactory,
    HourEntryFactory,
    HoursMovementFactory,
    ParticipantFactory,
    PlacementFactory,
    PublicFactory,
)
from tests.procurement.factories import BuyerFactory, ContractFactory


CUTOFF = datetime(2027, 1, 11, 9, tzinfo=UTC)
BEFORE = datetime(2026, 12, 1, 9, tzinfo=UTC)
AFTER = datetime(2027, 2, 1, 9, tzinfo=UTC)
YEAR = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1), "cutoff_at": CUTOFF}


def build(office, buyer):
    """Returns contract A, the one that is read closely."""
    people = [participant(office, rank) for rank in range(14)]
    green = contract(office, buyer, "2026-A", "Entretien des espaces verts", "Jardins Services")
    cleaning = contract(office, buyer, "2026-B", "Nettoyage des écoles", "Propreté Claire", date(2025, 9, 1))
    painting = contract(office, buyer, "2026-C", "Peinture du gymnase", "Couleurs du Val", date(2026, 10, 1))

    clauses = [owes(green, 600), owes(cleaning, 1000, date(2025, 9, 1)), owes(painting, 200)]
    owes(cleaning, 500, date(2027, 3, 1))
    owes(cleaning, 70, recorded_at=AFTER)

    on_green = [PlacementFactory(clause=clauses[0], participant=person) for person in people[:9]]
    on_cleaning = [PlacementFactory(clause=clauses[1], participant=person) for person in people[7:]]
    validated(green, date(2026, 1, 1), on_green, "20.00")
    validated(green, date(2026, 2, 1), on_green, "10.50")
    sent(green, date(2026, 3, 1), on_green, "5.00")
    validated(cleaning, date(2025, 12, 1), on_cleaning, "10.00")
    validated(cleaning, date(2026, 3, 1), on_cleaning, "30.00", credited="25.00")
    rejected(cleaning, date(2026, 4, 1), on_cleaning, "8.00")
    validated(cleaning, date(2026, 5, 1), on_cleaning, "4.00", decided_at=AFTER)
    sent(cleaning, date(2026, 6, 1), on_cleaning, "3.00", sent_at=AFTER)

    build_beside(office, buyer)
    return green


def build_beside(office, buyer):
    """What is near enough to be counted by mistake."""
    over = contract(
        office, buyer, "2025-Z", "Marché terminé", "Ancienne SARL", date(2025, 1, 1), date(2026, 1, 1)
    )
    elsewhere = contract(office, BuyerFactory(), "2026-X", "Autre acheteur", "Jardins Services")
    others = contract(OfficeFactory(), buyer, "2026-Y", "Autre office", "Jardins Services")
    contract(office, buyer, "2026-W", "Sans clause", "Jardins Services")
    for stranger in (over, elsewhere, others):
        clause = owes(stranger, 300, stranger.starts_on)
        validated(stranger, stranger.starts_on, [PlacementFactory(clause=clause)], "99.00")


def participant(office, rank):
    """8 women and 6 men; 5 under 26, 7 under 50, 2 above; 6 in a QPV, 5 not, 3 to check; publics 9 and 5."""
    born = date(2004, 5, 1) if rank < 5 else date(1986, 5, 1) if rank < 12 else date(1970, 5, 1)
    in_qpv = InQpv.YES if rank < 6 else InQpv.NO if rank < 11 else InQpv.UNKNOWN
    person = ParticipantFactory(
        office=office, sex=Sex.WOMAN if rank < 8 else Sex.MAN, born_on=born, in_qpv=in_qpv
    )
    label = "Demandeur d’emploi de longue durée" if rank < 9 else "Bénéficiaire du RSA"
    public = PublicFactory(code=f"public-{rank < 9}", label=label)
    EligibilityFactory(participant=person, public=public, decided_at=BEFORE)
    return person


def contract(
    office, buyer, reference, title, contractor, starts_on=date(2026, 1, 1), ends_on=date(2027, 9, 1)
):
    return ContractFactory(
        office=office,
        buyer=buyer,
        reference=reference,
        title=title,
        contractor=OrganisationFactory(name=contractor),
        notified_on=starts_on,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=BEFORE,
    )


def owes(contract, hours, effective_on=date(2026, 1, 10), recorded_at=BEFORE):
    clause = ClauseFactory(
        running=True, contract=contract, office=contract.office, buyer=contract.buyer, committed_at=BEFORE
    )
    HoursMovementFactory(
        clause=clause, hours=Decimal(hours), effective_on=effective_on, recorded_at=recorded_at
    )
    return clause


def validated(contract, period, placements, hours, *, credited=None, decided_at=BEFORE):
    declare(
        contract,
        period,
        placements,
        hours,
        credited or hours,
        state=DeclarationState.VALIDATED,
        sent_at=BEFORE,
        decided_at=decided_at,
        decided_by=UserFactory(),
    )


def sent(contract, period, placements, hours, *, sent_at=BEFORE):
    declare(contract, period, placements, hours, None, state=DeclarationState.SENT, sent_at=sent_at)


def rejected(contract, period, placements, hours, *, decided_at=BEFORE):
    declare(
        contract,
        period,
        placements,
        hours,
        None,
        state=DeclarationState.REJECTED,
        sent_at=BEFORE,
        decided_at=decided_at,
        decided_by=UserFactory(),
        rejection_reason=RejectionReason.WRONG_HOURS,
    )


def declare(contract, period, placements, hours, credited, **fields):
    declaration = DeclarationFactory(contract=contract, period=period, sent_by=UserFactory(), **fields)
    for placement in placements:
        HourEntryFactory(
            declaration=declaration,
            placement=placement,
            hours_done=Decimal(hours),
            hours_credited=credited and Decimal(credited),
        )
