from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.urls import reverse

from accounts.models import Office, Organisation, User, scope
from accounts.roles import Role
from config.lib.text import fold
from procurement.models import Buyer, Market
from structures.enums import MeetingOutcome, MeetingSituation, MeetingState, Presence
from structures.models.structure import Structure


class MeetingKind(models.Model):
    """A sort of meeting that offices hold, as the administrator words it."""

    code = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("nature", max_length=120, unique=True)
    meaning = models.CharField("ce que c’est", max_length=300, blank=True)
    rank = models.PositiveSmallIntegerField("ordre", default=100)
    is_offered = models.BooleanField(
        "proposée", default=True, help_text="Une nature qui n’est plus proposée reste lue là où elle a servi."
    )

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "code", "label", "meaning", "rank", "is_offered")

    class Meta:
        verbose_name = "nature de rencontre"
        verbose_name_plural = "natures de rencontres"

    def __str__(self) -> str:
        return self.label


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The office that holds it; a buyer that was invited."""
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(
            scope(user, {Role.FACILITATOR: office, Role.MANAGER: office, Role.BUYER: _was_invited})
        )

    def matching(self, words: str):
        return self.filter(*(Q(search_text__contains=word) for word in fold(words).split()))

    def about(self, buyer: Buyer):
        """Held with it, or for one of its markets."""
        present = Guest.objects.filter(meeting=OuterRef("pk"), organisation=buyer.pk)
        markets = Market.objects.filter(meetings=OuterRef("pk"), plan__buyer=buyer.pk)
        return self.filter(Exists(present) | Exists(markets))

    def in_reading_order(self, at: datetime):
        """What awaits its outcome, then what comes, the nearest first; then the rest, the latest first."""
        rank = Case(
            When(_SITUATIONS[MeetingSituation.TO_NOTE](at), then=0),
            When(_SITUATIONS[MeetingSituation.UPCOMING](at), then=1),
            default=2,
        )
        ahead = Case(When(state=MeetingState.PLANNED, then=F("starts_at")))
        return self.alias(rank=rank, ahead=ahead).order_by("rank", "ahead", "-starts_at", "pk")

    def with_guests(self):
        """`invited` organisations, of which `came` so many."""
        return self.annotate(
            invited=Count("guests", distinct=True),
            came=Count("guests", filter=Q(guests__presence=Presence.CAME), distinct=True),
        )

    def in_situation(self, situation: MeetingSituation, at: datetime):
        return self.filter(_SITUATIONS[situation](at))


class Meeting(models.Model):
    """A visit, an appointment or an event that an office holds: when, where, why, and what came of it."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="meetings", verbose_name="office")
    kind = models.ForeignKey(MeetingKind, models.PROTECT, related_name="meetings", verbose_name="nature")
    title = models.CharField("objet", max_length=200)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    place = models.CharField("lieu", max_length=200, blank=True)
    about = models.TextField(
        "en quelques lignes",
        max_length=2000,
        blank=True,
        help_text="Lu par les organisations invitées : ni nom de personne, ni ce qui doit rester à l’office.",
    )
    markets = models.ManyToManyField(
        Market, blank=True, related_name="meetings", verbose_name="marchés concernés"
    )
    state = models.CharField("état", max_length=9, choices=MeetingState, default=MeetingState.PLANNED)
    # Calendars keep the highest one.
    revision = models.PositiveIntegerField("numéro de version", default=0)
    outcome = models.CharField("ce qui en est sorti", max_length=9, choices=MeetingOutcome, blank=True)
    outcome_note = models.TextField("en un paragraphe", max_length=2000, blank=True)
    outcome_noted_at = models.DateTimeField("noté le", null=True, blank=True)
    outcome_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="noté par",
    )
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    planned_at = models.DateTimeField("saisie le")
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="saisie par"
    )
    search_text = models.TextField("texte de recherche", blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("outcome_noted_by", "planned_by")
        plain = (
            "id", "office", "kind", "title", "starts_at", "ends_at", "place", "about", "state", "revision",
            "outcome", "outcome_note", "outcome_noted_at", "cancelled_at", "planned_at", "search_text",
        )  # fmt: skip

    class Meta:
        verbose_name = "rencontre"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_its_start",
                violation_error_message="La rencontre se termine après son début.",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(outcome=""),
                    state=MeetingState.HELD,
                    outcome_noted_at__isnull=False,
                    outcome_noted_by__isnull=False,
                )
                | Q(
                    ~Q(state=MeetingState.HELD),
                    outcome="",
                    outcome_noted_at__isnull=True,
                    outcome_noted_by__isnull=True,
                ),
                name="meeting_held_iff_outcome_noted",
                violation_error_message="Une rencontre tenue dit ce qui en est sorti.",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.CANCELLED, cancelled_at__isnull=False)
                | (~Q(state=MeetingState.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="meeting_cancelled_iff_dated",
                violation_error_message="Une rencontre annulée l’est à une date.",
            ),
        ]
        indexes = [models.Index(fields=["office", "starts_at"], name="meeting_by_office")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("structures:meeting", args=[self.pk])

    def situation(self, at: datetime) -> MeetingSituation:
        if self.state == MeetingState.PLANNED:
            return MeetingSituation.TO_NOTE if self.ends_at <= at else MeetingSituation.UPCOMING
        return MeetingSituation(self.state)

    def index(self) -> None:
        """Fill what searches read; whoever writes a meeting calls it first."""
        self.search_text = fold(f"{self.title} {self.place} {self.about}")


class GuestQuerySet(models.QuerySet):
    def in_reading_order(self):
        return self.order_by("sort_name", "pk")


class Guest(models.Model):
    """An organisation asked to a meeting, and whether it came: no person is named."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests", verbose_name="rencontre")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisation"
    )
    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="structure"
    )
    name = models.CharField(
        "autre organisation", max_length=200, blank=True, help_text="Une organisation, pas une personne."
    )
    email = models.EmailField("adresse électronique", blank=True)
    sort_name = models.CharField("nom de tri", max_length=300, blank=True, editable=False)
    invited_at = models.DateTimeField("invitation envoyée le", null=True, blank=True)
    presence = models.CharField("venue", max_length=7, choices=Presence, default=Presence.UNKNOWN)

    objects = GuestQuerySet.as_manager()

    class Privacy:
        personal = ("email",)
        identifying = ()
        plain = (
            "id", "meeting", "organisation", "structure", "name", "sort_name", "invited_at", "presence",
        )  # fmt: skip

    class Meta:
        verbose_name = "organisation invitée"
        verbose_name_plural = "organisations invitées"
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, structure__isnull=True, name="")
                | Q(organisation__isnull=True, structure__isnull=False, name="")
                | (Q(organisation__isnull=True, structure__isnull=True) & ~Q(name="")),
                name="guest_is_one_organisation",
                violation_error_message="Un invité est un acheteur, une structure ou une autre organisation.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "organisation"],
                name="organisation_once_per_meeting",
                violation_error_message="Cette organisation est déjà invitée.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "structure"],
                name="structure_once_per_meeting",
                violation_error_message="Cette structure est déjà invitée.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.structure or self.name)

    @property
    def is_invited(self) -> bool:
        return self.invited_at is not None


def _was_invited(hat) -> Q:
    return Q(
        Exists(
            Guest.objects.filter(
                meeting=OuterRef("pk"), organisation=hat.organisation_id, invited_at__isnull=False
            )
        )
    )


_SITUATIONS = {
    MeetingSituation.UPCOMING: lambda at: Q(state=MeetingState.PLANNED, ends_at__gt=at),
    MeetingSituation.TO_NOTE: lambda at: Q(state=MeetingState.PLANNED, ends_at__lte=at),
    MeetingSituation.HELD: lambda at: Q(state=MeetingState.HELD),
    MeetingSituation.CANCELLED: lambda at: Q(state=MeetingState.CANCELLED),
}
