from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import Office, User, scope
from accounts.roles import Role
from config.lib import tokens
from procurement.models import Lot, Market
from structures.enums import ANSWERED, APPROACH_TONES, ApproachState, DeclineReason
from structures.models.structure import Structure


class NeedQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The office that looks; the buyer it looks for."""
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        buyer = lambda hat: Q(market__plan__buyer=hat.organisation_id)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: office, Role.MANAGER: office, Role.BUYER: buyer}))

    def with_counts(self):
        """`shortlisted`, `asked`, `interested` and `declined` structures."""
        answers = {
            "shortlisted": Q(approaches__state=ApproachState.SHORTLISTED),
            "asked": Q(approaches__sent_at__isnull=False),
            "interested": Q(approaches__state=ApproachState.INTERESTED),
            "declined": Q(approaches__state=ApproachState.DECLINED),
        }
        return self.annotate(**{name: Count("approaches", filter=which) for name, which in answers.items()})


class Need(models.Model):
    """Something to be done for which an office looks for structures, told as the buyer allows."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="needs", verbose_name="office")
    market = models.ForeignKey(
        Market, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name="marché"
    )
    lot = models.ForeignKey(
        Lot, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name="lot"
    )
    title = models.CharField("besoin", max_length=300)
    told = models.TextField(
        "ce que nous en disons aux structures",
        max_length=4000,
        help_text="Seulement ce que l’acheteur permet de dire avant la consultation.",
    )
    place = models.CharField("lieu", max_length=200, blank=True)
    names_buyer = models.BooleanField("nommer l’acheteur", default=False)
    answer_by_on = models.DateField("réponse attendue le")
    outcome = models.CharField("issue", max_length=300, blank=True)
    opened_at = models.DateTimeField("ouvert le")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="ouvert par"
    )
    closed_at = models.DateTimeField("clos le", null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("opened_by",)
        plain = (
            "id", "office", "market", "lot", "title", "told", "place", "names_buyer", "answer_by_on",
            "outcome", "opened_at", "closed_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "besoin"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(outcome=""), name="need_outcome_once_closed"
            ),
            models.CheckConstraint(
                condition=Q(lot__isnull=True) | Q(market__isnull=False), name="need_lot_within_a_market"
            ),
        ]
        indexes = [models.Index(fields=["office", "-opened_at"], name="need_by_office")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("structures:need", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class ApproachQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """With the need; to a structure, what it was sent."""
        own = Q()
        if user.membership and user.membership.role == Role.STRUCTURE:
            own = Q(structure__organisation=user.membership.organisation_id, sent_at__isnull=False)
            return self.filter(own)
        return self.filter(need__in=Need.objects.visible_to(user))

    def unanswered(self):
        return self.filter(state=ApproachState.SENT)


class Approach(models.Model):
    """A structure thought of for a need: shortlisted, then asked by a link of its own, then its answer."""

    PURPOSE = "sourcing"

    need = models.ForeignKey(Need, models.CASCADE, related_name="approaches", verbose_name="besoin")
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="approaches", verbose_name="structure"
    )
    state = models.CharField("état", max_length=11, choices=ApproachState, default=ApproachState.SHORTLISTED)
    recipient_email = models.EmailField("adresse électronique", blank=True)
    shortlisted_at = models.DateTimeField("retenue le")
    sent_at = models.DateTimeField("sollicitée le", null=True, blank=True)
    reminded_at = models.DateTimeField("relancée le", null=True, blank=True)
    read_at = models.DateTimeField("lien ouvert le", null=True, blank=True)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answered_by_name = models.CharField("répondu par", max_length=160, blank=True)
    reason = models.CharField("raison", max_length=10, choices=DeclineReason, blank=True)
    comment = models.TextField("mot de la structure", max_length=2000, blank=True)

    objects = ApproachQuerySet.as_manager()

    class Privacy:
        personal = ("recipient_email", "answered_by_name", "comment")
        identifying = ()
        plain = (
            "id", "need", "structure", "state", "shortlisted_at", "sent_at", "reminded_at", "read_at",
            "answered_at", "reason",
        )  # fmt: skip

    class Meta:
        verbose_name = "sollicitation"
        constraints = [
            models.UniqueConstraint(
                fields=["need", "structure"],
                name="structure_once_per_need",
                violation_error_message="Cette structure est déjà retenue pour ce besoin.",
            ),
            models.CheckConstraint(
                condition=Q(state=ApproachState.SHORTLISTED, sent_at__isnull=True)
                | (~Q(state=ApproachState.SHORTLISTED) & Q(sent_at__isnull=False) & ~Q(recipient_email="")),
                name="approach_sent_iff_addressed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ANSWERED, answered_at__isnull=False)
                | (~Q(state__in=ANSWERED) & Q(answered_at__isnull=True)),
                name="approach_answered_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=ApproachState.DECLINED) & ~Q(reason="")
                | ~Q(state=ApproachState.DECLINED) & Q(reason=""),
                name="approach_declined_iff_reasoned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.structure} – {self.need}"

    @property
    def token(self) -> str:
        return tokens.sign(self.PURPOSE, {"approach": self.pk})

    @property
    def tone(self) -> str:
        return APPROACH_TONES[ApproachState(self.state)]

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def is_awaited(self) -> bool:
        return self.state == ApproachState.SENT

    def is_late(self, today: date) -> bool:
        return self.is_awaited and self.need.answer_by_on < today

    def last_word_at(self) -> datetime | None:
        """When we last wrote to it."""
        return self.reminded_at or self.sent_at
