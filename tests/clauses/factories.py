from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from clauses.enums import (
    ClauseState,
    DeclarationState,
    EligibilityState,
    Modality,
    MovementKind,
    ProposalState,
    ProvisionKind,
    RefusalReason,
    RejectionReason,
    Sex,
    TextKind,
    Verdict,
    WorkContractType,
)
from clauses.models import (
    Clause,
    ClauseText,
    DecisionLink,
    Declaration,
    Derogation,
    Eligibility,
    HourEntry,
    HoursMovement,
    Participant,
    Placement,
    Proposal,
    Public,
    Screening,
    Urgency,
)
from config.lib.text import fold
from procurement.enums import DutyMotive
from tests.accounts.factories import OfficeFactory, UserFactory
from tests.procurement.factories import ContractFactory, DepartmentFactory, LotFactory, MarketFactory


MORNING = datetime(2026, 11, 2, 9, tzinfo=UTC)


class ScreeningFactory(DjangoModelFactory):
    class Meta:
        model = Screening

    market = factory.SubFactory(MarketFactory)
    office = factory.SubFactory(OfficeFactory)
    verdict = Verdict.CLAUSABLE
    decided_at = MORNING
    decided_by = factory.SubFactory(UserFactory)


class UrgencyFactory(DjangoModelFactory):
    class Meta:
        model = Urgency

    class Params:
        lifted = factory.Trait(lifted_at=MORNING, lifted_by=factory.SubFactory(UserFactory))

    market = factory.SubFactory(MarketFactory)
    office = factory.SubFactory(OfficeFactory)
    reason = "Le marché en cours finit en juin"
    flagged_at = MORNING
    flagged_by = factory.SubFactory(UserFactory)


class ProposalFactory(DjangoModelFactory):
    class Meta:
        model = Proposal

    class Params:
        sent = factory.Trait(
            state=ProposalState.SENT, sent_at=MORNING, sent_by=factory.SubFactory(UserFactory)
        )
        accepted = factory.Trait(
            state=ProposalState.ACCEPTED,
            sent_at=MORNING,
            sent_by=factory.SubFactory(UserFactory),
            decided_at=MORNING,
            decider_name="Dominique Leroy",
        )
        refused = factory.Trait(
            state=ProposalState.REFUSED,
            sent_at=MORNING,
            sent_by=factory.SubFactory(UserFactory),
            decided_at=MORNING,
            decider_name="Dominique Leroy",
            refusal_reason=RefusalReason.TOO_LATE,
        )
        rework = factory.Trait(
            state=ProposalState.REWORK,
            sent_at=MORNING,
            sent_by=factory.SubFactory(UserFactory),
            decided_at=MORNING,
            decider_name="Dominique Leroy",
        )
        withdrawn = factory.Trait(state=ProposalState.WITHDRAWN)

    lot = factory.SubFactory(LotFactory)
    office = factory.SubFactory(OfficeFactory)
    department = factory.SubFactory(DepartmentFactory, buyer=factory.SelfAttribute("..lot.market.plan.buyer"))
    kind = ProvisionKind.EXECUTION_CONDITION
    amount = Decimal("1000000.00")
    labour_share = Decimal("0.5000")
    rate = Decimal("0.0500")
    hourly_cost = Decimal("30.00")
    hours_due = Decimal("833.00")
    created_by = factory.SubFactory(UserFactory)


class DecisionLinkFactory(DjangoModelFactory):
    class Meta:
        model = DecisionLink

    proposal = factory.SubFactory(ProposalFactory, sent=True)
    recipient_name = "Dominique Leroy"
    recipient_email = "dominique.leroy@rivebelle.example"
    created_at = MORNING
    expires_at = MORNING + timedelta(days=28)


class ClauseFactory(DjangoModelFactory):
    class Meta:
        model = Clause

    class Params:
        running = factory.Trait(
            state=ClauseState.RUNNING,
            committed_at=MORNING,
            committed_by=factory.SubFactory(UserFactory),
            contract=factory.SubFactory(
                ContractFactory,
                office=factory.SelfAttribute("..office"),
                buyer=factory.SelfAttribute("..buyer"),
            ),
        )

    proposal = factory.SubFactory(ProposalFactory, accepted=True)
    lot = factory.SelfAttribute("proposal.lot")
    office = factory.SelfAttribute("proposal.office")
    buyer = factory.SelfAttribute("proposal.lot.market.plan.buyer")
    department = factory.SelfAttribute("proposal.department")
    kind = factory.SelfAttribute("proposal.kind")
    hours_planned = factory.SelfAttribute("proposal.hours_due")


class HoursMovementFactory(DjangoModelFactory):
    class Meta:
        model = HoursMovement

    clause = factory.SubFactory(ClauseFactory, running=True)
    kind = MovementKind.INITIAL
    hours = Decimal("833.00")
    effective_on = date(2026, 1, 10)
    recorded_at = MORNING
    recorded_by = factory.SubFactory(UserFactory)


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    office = factory.SubFactory(OfficeFactory)
    first_name = "Ana"
    last_name = factory.Sequence(lambda n: f"Diallo{n}")
    born_on = date(1990, 6, 15)
    sex = Sex.WOMAN
    sort_name = factory.LazyAttribute(lambda row: fold(f"{row.last_name} {row.first_name}"))
    created_by = factory.SubFactory(UserFactory)


class PublicFactory(DjangoModelFactory):
    class Meta:
        model = Public
        django_get_or_create = ("code", "valid_from")

    code = "public-de-test"
    label = "Demandeur d’emploi de longue durée"
    proof = "Attestation France Travail"
    valid_from = date(2021, 1, 1)
    source = "test"


class EligibilityFactory(DjangoModelFactory):
    class Meta:
        model = Eligibility

    participant = factory.SubFactory(ParticipantFactory)
    state = EligibilityState.GRANTED
    public = factory.SubFactory(PublicFactory)
    proof = "Attestation France Travail"
    proof_seen_on = date(2026, 1, 15)
    valid_from = date(2026, 1, 15)
    valid_to = date(2028, 1, 15)
    decided_at = MORNING
    decided_by = factory.SubFactory(UserFactory)


class PlacementFactory(DjangoModelFactory):
    class Meta:
        model = Placement

    clause = factory.SubFactory(ClauseFactory, running=True)
    participant = factory.SubFactory(ParticipantFactory, office=factory.SelfAttribute("..clause.office"))
    modality = Modality.DIRECT_HIRE
    contract_type = WorkContractType.CDD
    starts_on = date(2026, 2, 1)
    created_by = factory.SubFactory(UserFactory)


class DeclarationFactory(DjangoModelFactory):
    class Meta:
        model = Declaration

    class Params:
        sent = factory.Trait(
            state=DeclarationState.SENT, sent_at=MORNING, sent_by=factory.SubFactory(UserFactory)
        )
        validated = factory.Trait(
            state=DeclarationState.VALIDATED,
            sent_at=MORNING,
            sent_by=factory.SubFactory(UserFactory),
            decided_at=MORNING,
            decided_by=factory.SubFactory(UserFactory),
        )
        rejected = factory.Trait(
            state=DeclarationState.REJECTED,
            sent_at=MORNING,
            sent_by=factory.SubFactory(UserFactory),
            decided_at=MORNING,
            decided_by=factory.SubFactory(UserFactory),
            rejection_reason=RejectionReason.WRONG_HOURS,
        )

    contract = factory.SubFactory(ContractFactory)
    period = date(2026, 3, 1)


class HourEntryFactory(DjangoModelFactory):
    class Meta:
        model = HourEntry

    declaration = factory.SubFactory(
        DeclarationFactory, contract=factory.SelfAttribute("..placement.clause.contract")
    )
    placement = factory.SubFactory(PlacementFactory)
    hours_done = Decimal("120.00")


class DerogationFactory(DjangoModelFactory):
    class Meta:
        model = Derogation

    market = factory.SubFactory(MarketFactory)
    motive = DutyMotive.RESTRICTS
    wording = "Une telle prise en compte restreindrait la concurrence."
    text = "Trois entreprises seulement tiennent ce métier, aucune à moins de deux heures."
    facts = factory.LazyFunction(
        lambda: {
            "buyer": "Ville de Rivebelle", "reference": "2027-001", "title": "Entretien des espaces verts",
            "nature": "Services", "months": 12, "launch_on": "2027-03-15", "amount": "1000000.00",
            "threshold": "216000.00", "text": "Conditions obligatoires.", "source": "Article L. 2112-2-1",
        }
    )  # fmt: skip
    signed_at = MORNING
    signed_by = factory.SubFactory(UserFactory)


class ClauseTextFactory(DjangoModelFactory):
    class Meta:
        model = ClauseText

    kind = TextKind.EXECUTION_CONDITION
    office = factory.SubFactory(OfficeFactory)
    version = 2
    valid_from = date(2026, 10, 1)
    title = "Clause sociale d’insertion"
    article = "Article L. 2112-2"
    body = "Le titulaire réserve ${heures} à l’insertion."
