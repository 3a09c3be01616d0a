from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from structures.enums import MEMBER_TONES, DeclineReason, Liability, MemberState
from structures.models.sourcing import Need
from structures.models.structure import Structure
from structures.models.trade import Trade


class ConsortiumQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """With the need."""
        return self.filter(need__in=Need.objects.visible_to(user))


class Consortium(models.Model):
    """Structures that would answer a need together, and what each would take of it."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="consortia", verbose_name="besoin")
    name = models.CharField("nom du groupement", max_length=160)
    liability = models.CharField("forme", max_length=12, choices=Liability, default=Liability.JOINT_LEAD)
    hours = models.DecimalField(
        "heures à répartir",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"), "Un nombre d’heures est plus grand que zéro.")],
        help_text="Sur toute la période, si vous les connaissez.",
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au (exclu)")
    note = models.TextField("note pour l’acheteur", max_length=2000, blank=True)
    formed_at = models.DateTimeField("formé le")

    objects = ConsortiumQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "need", "name", "liability", "hours", "starts_on", "ends_on", "note", "formed_at")

    class Meta:
        verbose_name = "groupement"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="consortium_ends_after_it_starts",
                violation_error_message="La fin doit suivre le début.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("structures:consortium", args=[self.pk])


class ConsortiumMemberQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(consortium__need__in=Need.objects.visible_to(user))

    def agreed(self):
        return self.filter(state=MemberState.AGREED)

    def working_on(self, day: date):
        """Those of the consortia whose period holds that day."""
        return self.filter(consortium__starts_on__lte=day, consortium__ends_on__gt=day)


class ConsortiumMember(models.Model):
    """A structure asked to join a consortium: its share, and whether it agrees."""

    consortium = models.ForeignKey(
        Consortium, models.CASCADE, related_name="members", verbose_name="groupement"
    )
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="consortium_places", verbose_name="structure"
    )
    state = models.CharField("état", max_length=8, choices=MemberState, default=MemberState.THOUGHT)
    is_lead = models.BooleanField("mandataire", default=False)
    trade = models.ForeignKey(
        Trade, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="métier"
    )
    hours = models.DecimalField(
        "heures",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Une part ne peut pas être négative.")],
        help_text="Sur toute la période du groupement ; elles réduisent la capacité de la structure.",
    )
    part = models.CharField("lots ou prestations", max_length=200, blank=True)
    reason = models.CharField("raison du refus", max_length=10, choices=DeclineReason, blank=True)
    comment = models.CharField("précision", max_length=300, blank=True)

    objects = ConsortiumMemberQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "consortium", "structure", "state", "is_lead", "trade", "hours", "part", "reason",
            "comment",
        )  # fmt: skip

    class Meta:
        verbose_name = "membre d’un groupement"
        verbose_name_plural = "membres d’un groupement"
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "structure"],
                name="structure_once_per_consortium",
                violation_error_message="Cette structure est déjà dans le groupement.",
            ),
            models.UniqueConstraint(
                fields=["consortium"],
                condition=Q(is_lead=True),
                name="one_lead_per_consortium",
                violation_error_message="Un groupement a un seul mandataire.",
            ),
            models.CheckConstraint(
                condition=Q(state=MemberState.DECLINED) & ~Q(reason="")
                | ~Q(state=MemberState.DECLINED) & Q(reason=""),
                name="member_declined_iff_reasoned",
                violation_error_message="Un refus se donne avec sa raison, et seulement lui.",
            ),
            models.CheckConstraint(
                condition=~Q(state=MemberState.DECLINED) | Q(is_lead=False),
                name="member_declined_leads_nothing",
                violation_error_message="Une structure qui décline n’est pas mandataire.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.structure} – {self.consortium}"

    @property
    def tone(self) -> str:
        return MEMBER_TONES[MemberState(self.state)]
