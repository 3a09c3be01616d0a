from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate

from accounts.enums import OrganisationKind


class Organisation(models.Model):
    """A body that people belong to: an office, a buyer, a company, a structure, a funder."""

    kind = models.CharField("nature", max_length=20, choices=OrganisationKind)
    name = models.CharField("nom", max_length=200)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    created_at = models.DateTimeField("créée le", db_default=Now())

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "kind", "name", "siret", "created_at")

    class Meta:
        verbose_name = "organisation"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "siret"],
                condition=~Q(siret=""),
                name="organisation_siret_once_per_kind",
                violation_error_message="Une organisation de cette nature porte déjà ce SIRET.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """The body that carries the facilitators (association or public body), with its own settings."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="office", verbose_name="organisation"
    )
    email = models.EmailField("adresse de contact", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    answer_days = models.PositiveSmallIntegerField(
        "délai de décision (jours)",
        default=28,
        help_text="Quatre semaines, d’après les entretiens d’acheteurs (2020).",
    )
    link_days = models.PositiveSmallIntegerField("validité d’un lien de décision (jours)", default=28)
    small_count_floor = models.PositiveSmallIntegerField(
        "effectif minimal publié",
        default=5,
        help_text="En dessous, un effectif est masqué dans ce qui sort de l’office.",
    )

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("organisation", "email", "phone", "answer_days", "link_days", "small_count_floor")

    class Meta:
        verbose_name = "office"

    def __str__(self) -> str:
        return self.organisation.name


class MandateQuerySet(models.QuerySet):
    def in_force(self):
        today = TruncDate(Now())
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), starts_on__lte=today)

    def partners_of(self, organisation_id: int):
        """Ids of the buyers and funders that an office serves today."""
        return self.in_force().filter(office=organisation_id).values("partner")

    def offices_of(self, organisation_id: int):
        return self.in_force().filter(partner=organisation_id).values("office")


class Mandate(models.Model):
    """The agreement under which an office works for a buyer, or reports to a funder, between two dates."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="mandates", verbose_name="office")
    partner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mandates", verbose_name="organisation"
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au (exclu)", null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "office", "partner", "starts_on", "ends_on")

    class Meta:
        verbose_name = "convention"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="mandate_ends_after_its_start",
                violation_error_message="La convention se termine après son début.",
            ),
            models.UniqueConstraint(
                fields=["office", "partner", "starts_on"],
                name="mandate_once_per_start",
                violation_error_message="Cette convention existe déjà à cette date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} – {self.partner}"
