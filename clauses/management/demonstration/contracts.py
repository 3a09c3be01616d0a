"""Contracts under way, from their line in last year’s plan to their last declaration."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from clauses.enums import InQpv, Modality, RejectionReason
from clauses.management.demonstration import offers, territory as t
from clauses.management.demonstration.calendar import days_ago, month_start, morning, told_as_of
from clauses.management.demonstration.cast import Cast
from clauses.management.demonstration.plans import add_line
from clauses.management.demonstration.stories import STORIES, Person, Story
from clauses.models import Clause, Placement, Public
from clauses.services import (
    clauses,
    declarations,
    eligibility,
    participants,
    placements,
    proposals,
    validation,
)
from clauses.services.eligibility import Grounds
from clauses.services.participants import Identity
from clauses.services.placements import Engagement
from clauses.services.proposals import Draft
from procurement.models import Contract, Department, Lot, Programme
from procurement.services import plans
from procurement.services.contracts import Award
from structures.enums import StructureKind
from structures.models import Structure


def tell_stories(cast: Cast, offices: dict[tuple[str, str], Department], now: datetime) -> None:
    for buyer in dict.fromkeys(story.buyer for story in STORIES):
        _last_year(cast, buyer, offices, now)
    for story in STORIES:
        _tell(cast, story, offices, now)


def _last_year(cast: Cast, buyer: str, offices: dict, now: datetime) -> None:
    """The plan that the running contracts come from, answered in its time."""
    start = morning(month_start(now.date(), -16))
    with told_as_of(start):
        plan = plans.start(buyer=cast.buyers[buyer], year=start.year, by=None)
        for story in STORIES:
            if story.buyer == buyer:
                add_line(plan, story.line, offices[buyer, story.line.department], now, by=None)
        plan = plans.submit(plan=plan, by=cast.facilitator, at=start)
        plans.answer(plan=plan, office=cast.office, by=cast.facilitator, at=start + timedelta(days=20))


def _tell(cast: Cast, story: Story, offices: dict, now: datetime) -> None:
    begun = month_start(now.date(), -story.months_ago)
    clause = _agree(cast, story, morning(begun - timedelta(days=150)))
    clause = _notify(cast, story, clause, begun)
    _hire(cast, story, clause, begun, now)
    _declare(cast, story, clause.contract, now)


def _agree(cast: Cast, story: Story, moment: datetime) -> Clause:
    lot = Lot.objects.select_related("market__plan", "market__department").get(
        market__title=story.line.title, market__plan__buyer=cast.buyers[story.buyer]
    )
    draft = Draft(
        kind=story.kind,
        terms=offers.terms(story.kind, lot, story.labour_share, story.rate),
        department=lot.market.department,
    )
    with told_as_of(moment):
        proposal = offers.propose(cast, lot, draft, moment)
        proposal = proposals.send(proposal=proposal, by=cast.facilitator, at=moment)
    with told_as_of(moment + timedelta(days=9)) as later:
        offers.accept(cast, proposal, later)
    return Clause.objects.get(proposal=proposal)


def _notify(cast: Cast, story: Story, clause: Clause, begun: date) -> Clause:
    line = story.line
    award = Award(
        reference=story.reference,
        title=line.title,
        contractor=cast.organisations[story.company],
        notified_on=begun - timedelta(days=20),
        starts_on=begun,
        ends_on=month_start(begun, line.months),
        amount=Decimal(line.amount),
        qpv_share=None if line.qpv_share is None else Decimal(line.qpv_share),
        programmes=Programme.objects.filter(code=line.programme),
    )
    with told_as_of(morning(award.notified_on)) as moment:
        return clauses.commit(clause=clause, award=award, by=cast.facilitator, at=moment)


def _hire(cast: Cast, story: Story, clause: Clause, begun: date, now: datetime) -> None:
    agency = _temp_agency()
    for person in story.people:
        starts_on = month_start(now.date(), -len(person.hours))
        starts_on = max(starts_on, begun)
        with told_as_of(morning(starts_on - timedelta(days=7))) as moment:
            participant = participants.add(
                office=cast.office, identity=_identity(person), by=cast.facilitator
            )
            eligibility.grant(
                participant=participant, grounds=_grounds(person, starts_on), by=cast.facilitator, at=moment
            )
            placements.open_for(
                participant=participant,
                clause=clause,
                engagement=Engagement(
                    modality=person.modality,
                    contract_type=person.contract_type,
                    starts_on=starts_on,
                    employer_structure=agency if person.modality == Modality.MADE_AVAILABLE else None,
                    job_title=person.job_title,
                ),
                by=cast.facilitator,
            )


def _temp_agency() -> Structure:
    return Structure.objects.filter(kind=StructureKind.ETTI).order_by("sort_name", "pk")[0]


def _identity(person: Person) -> Identity:
    return Identity(
        first_name=person.first_name,
        last_name=person.last_name,
        born_on=date(person.born_in, 5, 17),
        sex=person.sex,
        city=person.city,
        postcode="94000",
        in_qpv=InQpv(person.in_qpv),
        training_level=person.level,
    )


def _grounds(person: Person, starts_on: date) -> Grounds:
    seen_on = starts_on - timedelta(days=10)
    public = Public.objects.in_force(seen_on).get(code=person.public)
    return Grounds(
        public=public,
        valid_from=starts_on - timedelta(days=7),
        valid_to=month_start(starts_on, 24),
        proof=public.proof,
        proof_issued_on=seen_on,
        proof_seen_on=seen_on,
    )


def _declare(cast: Cast, story: Story, contract: Contract, now: datetime) -> None:
    rows = list(Placement.objects.filter(clause__contract=contract).select_related("participant"))
    by_name = {(row.participant.first_name, row.participant.last_name): row for row in rows}
    by = _declarer(cast, story)
    months = max((len(person.hours) for person in story.people), default=0)
    for back in range(months, 0, -1):
        hours = {
            by_name[person.first_name, person.last_name].pk: Decimal(person.hours[-back])
            for person in story.people
            if len(person.hours) >= back
        }
        _declare_month(
            cast,
            story,
            contract,
            month_start(now.date(), -back),
            hours,
            by,
            now,
            is_last=back == 1,
            is_rejected=story.rejected and back == 2,
        )


def _declarer(cast: Cast, story: Story):
    """The demonstration contractor declares for its own company; the other companies send by the office."""
    return cast.users["entreprise@demo.example"] if story.company == t.COMPANY else cast.facilitator


def _declare_month(cast, story, contract, period, hours, by, now, *, is_last, is_rejected) -> None:
    if is_last and story.last == "missing":
        return
    sent_at = min(morning(month_start(period, 1) + timedelta(days=4)), days_ago(now, 0))
    with told_as_of(sent_at) as moment:
        if is_last and story.last == "draft":
            declarations.save(contract=contract, period=period, hours=hours, by=by, at=moment)
            return
        declaration = declarations.send(contract=contract, period=period, hours=hours, by=by, at=moment)
    if is_last and story.last == "sent":
        return
    with told_as_of(min(sent_at + timedelta(days=6), now)) as moment:
        if is_rejected:
            validation.reject(
                declaration=declaration, reason=RejectionReason.MISSING_PROOF, by=cast.facilitator, at=moment
            )
        else:
            validation.validate(declaration=declaration, by=cast.facilitator, at=moment)
