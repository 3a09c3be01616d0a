from django.conf import settings
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Office, User, scope
from accounts.roles import OFFICE_ROLES, Role
from clauses.enums import VERDICT_ICONS, VERDICT_TONES, Verdict, VerdictReason
from procurement.models import Market, PlanAnswer


def is_told() -> Exists:
    """Of a screening: its own office has answered the plan. Another’s answer tells nothing of it."""
    return Exists(PlanAnswer.objects.filter(plan=OuterRef("market__plan"), office=OuterRef("office")))


class ScreeningQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    # Nothing is told to the buyer before the office publishes its answer (story 3).
                    Role.BUYER: lambda hat: (
                        Q(is_told(), market__plan__buyer=hat.organisation_id) & ~Q(verdict="")
                    ),
                },
            )
        )


def with_verdicts(markets: models.QuerySet, user: User) -> models.QuerySet:
    """Adds `verdict` (empty while a line is to be seen) and `shown_screenings`, as this person sees them."""
    shown = Screening.objects.visible_to(user).order_by("-decided_at", "-pk")
    own_rows = Prefetch("screenings", shown.select_related("decided_by"), to_attr="shown_screenings")
    joined, present = _present(markets, shown, user)
    return joined.annotate(
        verdict=Coalesce(present, Value(""), output_field=models.CharField())
    ).prefetch_related(own_rows)


def _present(
    markets: models.QuerySet, shown: models.QuerySet, user: User
) -> tuple[models.QuerySet, F | Subquery]:
    """An office has one row a line at most: joined, it is read twice as fast as looked up line by line."""
    hat = user.membership
    if hat is None or hat.role not in OFFICE_ROLES:
        return markets, Subquery(shown.filter(market=OuterRef("pk")).values("verdict")[:1])
    own = FilteredRelation("screenings", condition=Q(screenings__office=hat.organisation_id))
    return markets.annotate(own_screening=own), F("own_screening__verdict")


class Screening(models.Model):
    """The present verdict of an office on one line of a plan; former ones stay in the history.

    An empty verdict was given, then undone: the line is to be seen again.
    """

    market = models.ForeignKey(Market, models.CASCADE, related_name="screenings", verbose_name="marché")
    office = models.ForeignKey(Office, models.PROTECT, related_name="screenings", verbose_name="office")
    verdict = models.CharField("avis", max_length=14, choices=Verdict, blank=True)
    reason = models.CharField("raison", max_length=20, choices=VerdictReason, blank=True)
    comment = models.TextField("commentaire", blank=True)
    decided_at = models.DateTimeField("rendu le")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="rendu par"
    )

    objects = ScreeningQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("decided_by",)
        plain = ("id", "market", "office", "verdict", "reason", "comment", "decided_at")

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        constraints = [
            models.UniqueConstraint(
                fields=["market", "office"],
                name="screening_once_per_market_and_office",
                violation_error_message="Ce marché a déjà un avis de l’office.",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.NOT_CLAUSABLE) | ~Q(reason=""),
                name="screening_not_clausable_has_a_reason",
                violation_error_message="Un avis « Non clausable » demande une raison.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=VerdictReason.OTHER) | ~Q(comment=""),
                name="screening_other_reason_is_explained",
                violation_error_message="La raison « Autre » demande une précision.",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(verdict=Verdict.NOT_CLAUSABLE),
                name="screening_reason_is_for_not_clausable",
                violation_error_message="Seul un avis « Non clausable » porte une raison.",
            ),
        ]
        indexes = [models.Index(fields=["office", "verdict"], name="screening_by_verdict")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display() or 'Avis annulé'} – {self.market}"

    @property
    def tone(self) -> str:
        return VERDICT_TONES[Verdict(self.verdict)]

    @property
    def icon(self) -> str:
        return VERDICT_ICONS[Verdict(self.verdict)]
