from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Office, User, scope
from accounts.roles import Role
from clauses.enums import (
    ClauseState,
    DeclarationState,
    EligibilityState,
    InQpv,
    Modality,
    Sex,
    TrainingLevel,
    WorkContractType,
)
from clauses.models.clause import Clause
from clauses.models.reference import Public
from config.lib.text import fold
from procurement.models import Contract
from structures.models import Structure


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        employed = lambda hat: Q(  # noqa: E731
            pk__in=Placement.objects.filter(clause__contract__contractor=hat.organisation_id).values(
                "participant"
            )
        )
        return self.filter(
            scope(user, {Role.FACILITATOR: office, Role.MANAGER: office, Role.CONTRACTOR: employed})
        )

    def matching(self, words: str):
        return self.filter(*(Q(sort_name__contains=word) for word in fold(words).split()))

    def with_eligibility(self, on: date):
        """Adds `eligible_until` (exclusive): the end of what is granted that day, null when nothing is."""
        granted = Eligibility.objects.granted_on(on).filter(participant=OuterRef("pk")).order_by()
        end = granted.values("participant").annotate(end=Max("valid_to")).values("end")
        return self.annotate(eligible_until=Subquery(end, output_field=models.DateField()))


class Participant(models.Model):
    """A person far from employment who works under a clause (bénéficiaire). Minimal by design."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="participants", verbose_name="office")
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    born_on = models.DateField("date de naissance")
    sex = models.CharField("sexe", max_length=8, choices=Sex, default=Sex.UNKNOWN)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=120, blank=True)
    in_qpv = models.CharField("réside en QPV", max_length=8, choices=InQpv, default=InQpv.UNKNOWN)
    training_level = models.CharField(
        "niveau de formation", max_length=10, choices=TrainingLevel, default=TrainingLevel.UNKNOWN
    )
    sort_name = models.CharField("nom de tri", max_length=170, blank=True, editable=False)
    created_at = models.DateTimeField("ajoutée le", db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="ajoutée par"
    )

    objects = ParticipantQuerySet.as_manager()

    class Privacy:
        personal = (
            "first_name",
            "last_name",
            "born_on",
            "sex",
            "postcode",
            "city",
            "in_qpv",
            "training_level",
            "sort_name",
        )
        identifying = ("created_by",)
        plain = ("id", "office", "created_at")

    class Meta:
        verbose_name = "personne en parcours"
        verbose_name_plural = "personnes en parcours"
        indexes = [models.Index(fields=["office", "sort_name"], name="participant_by_name")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def get_absolute_url(self) -> str:
        return reverse("clauses:participant_detail", args=[self.pk])

    def index(self) -> None:
        """Fill the column that searches and sorts read; whoever writes a name calls it first."""
        self.sort_name = fold(f"{self.last_name} {self.first_name}")[:170]

    def age_on(self, day: date) -> int:
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (0 if had_birthday else 1)


class EligibilityQuerySet(models.QuerySet):
    def granted_on(self, day: date):
        return self.filter(state=EligibilityState.GRANTED, valid_from__lte=day, valid_to__gt=day)


class Eligibility(models.Model):
    """The facilitator's decision that hours of a person may count; the proof is seen, never kept.

    The motive (`public`, `proof`, `opinion`) is sensitive (RGPD art. 9 and 10): only the office reads it.
    """

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="eligibilities", verbose_name="personne"
    )
    state = models.CharField("décision", max_length=8, choices=EligibilityState)
    public = models.ForeignKey(Public, models.PROTECT, related_name="+", verbose_name="public")
    proof = models.CharField("justificatif vu", max_length=200, blank=True)
    proof_issued_on = models.DateField("justificatif daté du", null=True, blank=True)
    proof_seen_on = models.DateField("vu le", null=True, blank=True)
    opinion = models.TextField("avis motivé", blank=True)
    valid_from = models.DateField("éligible à partir du")
    valid_to = models.DateField("éligible jusqu’au (exclu)")
    decided_at = models.DateTimeField("décidée le")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="décidée par"
    )

    objects = EligibilityQuerySet.as_manager()

    class Privacy:
        personal = ("public", "proof", "proof_issued_on", "proof_seen_on", "opinion")
        identifying = ("participant", "decided_by")
        plain = ("id", "state", "valid_from", "valid_to", "decided_at")

    class Meta:
        verbose_name = "éligibilité"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="eligibility_ends_after_its_start",
                violation_error_message="L’éligibilité se termine après son début.",
            ),
            models.CheckConstraint(
                condition=~Q(state=EligibilityState.GRANTED)
                | Q(proof_seen_on__isnull=False)
                | ~Q(opinion=""),
                name="eligibility_rests_on_a_proof_or_an_opinion",
                violation_error_message="Indiquez le justificatif vu et sa date, ou un avis motivé.",
            ),
            models.CheckConstraint(
                condition=Q(proof_issued_on__isnull=True)
                | Q(proof_seen_on__isnull=True)
                | Q(proof_seen_on__gte=F("proof_issued_on")),
                name="eligibility_proof_seen_after_its_issue",
                violation_error_message="Un justificatif ne peut pas être vu avant sa date.",
            ),
        ]
        indexes = [models.Index(fields=["participant", "valid_to"], name="eligibility_by_end")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} – {self.participant}"


class PlacementQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(clause__office=hat.organisation_id)  # noqa: E731
        own = lambda hat: Q(clause__contract__contractor=hat.organisation_id)  # noqa: E731
        return self.filter(
            scope(user, {Role.FACILITATOR: office, Role.MANAGER: office, Role.CONTRACTOR: own})
        )

    def running_in(self, starts_on: date, ends_on: date):
        """Placements that touch the period [starts_on, ends_on[."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on), starts_on__lt=ends_on)

    def with_hours(self):
        """Adds `hours_declared` (sent or validated), `hours_done` and `hours_credited` (validated)."""
        validated = Q(entries__declaration__state=DeclarationState.VALIDATED)
        told = Q(entries__declaration__state__in=[DeclarationState.SENT, DeclarationState.VALIDATED])
        zero = Decimal(0)
        return self.annotate(
            hours_declared=Sum("entries__hours_done", filter=told, default=zero),
            hours_done=Sum("entries__hours_done", filter=validated, default=zero),
            hours_credited=Sum("entries__hours_credited", filter=validated, default=zero),
        )

    def declarable(self, contract: Contract, starts_on: date, ends_on: date):
        """Lines of a contract's month: placements of running clauses, and those already written."""
        running = self.filter(clause__state=ClauseState.RUNNING).running_in(starts_on, ends_on)
        written = Q(entries__declaration__contract=contract, entries__declaration__period=starts_on)
        return self.filter(
            Q(pk__in=running.values("pk")) | Q(pk__in=self.filter(written).values("pk")),
            clause__contract=contract,
        )


class Placement(models.Model):
    """One work contract or mission of a person under a clause."""

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="placements", verbose_name="personne"
    )
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="placements", verbose_name="clause")
    modality = models.CharField("modalité", max_length=16, choices=Modality)
    contract_type = models.CharField("type de contrat", max_length=20, choices=WorkContractType)
    employer_structure = models.ForeignKey(
        Structure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name="structure employeuse",
    )
    job_title = models.CharField("métier", max_length=120, blank=True)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin (exclue)", null=True, blank=True)
    created_at = models.DateTimeField("ouvert le", db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="ouvert par"
    )

    objects = PlacementQuerySet.as_manager()

    class Privacy:
        personal = ("job_title",)
        identifying = ("participant", "created_by")
        plain = (
            "id", "clause", "modality", "contract_type", "employer_structure", "starts_on",
            "ends_on", "created_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "placement"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="placement_ends_after_its_start",
                violation_error_message="Le placement se termine après son début.",
            ),
            models.CheckConstraint(
                condition=Q(modality=Modality.DIRECT_HIRE, employer_structure__isnull=True)
                | Q(~Q(modality=Modality.DIRECT_HIRE), employer_structure__isnull=False),
                name="placement_employer_matches_modality",
                violation_error_message=(
                    "Une embauche directe n’a pas de structure employeuse ; "
                    "les autres modalités en demandent une."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} – {self.get_contract_type_display()}"
