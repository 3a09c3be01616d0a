from datetime import date

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Mandate, Office, User, scope
from accounts.roles import Role
from jobs.models import Job
from procurement.models import Buyer
from reporting.enums import ReportKind
from reporting.rules import periods


class ReportEditionQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: Q(office=hat.organisation_id)  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: Q(buyer=hat.organisation_id),
                    Role.FUNDER: lambda hat: Q(office__in=Mandate.objects.offices_of(hat.organisation_id)),
                },
            )
        )

    def latest_first(self):
        return self.order_by("-issued_at", "-pk")

    def series_of(self, edition: "ReportEdition"):
        """The editions of the same report on the same period."""
        return self.filter(
            kind=edition.kind,
            office=edition.office_id,
            buyer=edition.buyer_id,
            starts_on=edition.starts_on,
            ends_on=edition.ends_on,
        )

    def next_number(self) -> int:
        """Of a series: the editions of one report on one period."""
        return (self.aggregate(last=Max("number"))["last"] or 0) + 1


class ReportEdition(models.Model):
    """A report as it was issued: its PDF, its figures and their fingerprint never change again."""

    job = models.OneToOneField(Job, models.PROTECT, related_name="edition", verbose_name="travail")
    kind = models.CharField("nature", max_length=12, choices=ReportKind)
    office = models.ForeignKey(Office, models.PROTECT, related_name="editions", verbose_name="office")
    buyer = models.ForeignKey(
        Buyer, models.PROTECT, null=True, blank=True, related_name="editions", verbose_name="acheteur"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au (exclu)")
    number = models.PositiveSmallIntegerField("édition")
    cutoff_at = models.DateTimeField("données arrêtées le")
    figures = models.JSONField("chiffres", encoder=DjangoJSONEncoder)
    file = models.FileField("document", upload_to="reports/%Y/")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    pages = models.PositiveSmallIntegerField("pages")
    issued_at = models.DateTimeField("émise le", db_default=Now())
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="demandée par"
    )

    objects = ReportEditionQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ("issued_by",)
        plain = (
            "id", "job", "kind", "office", "buyer", "starts_on", "ends_on", "number", "cutoff_at",
            "figures", "file",
            "sha256", "pages", "issued_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "édition de rapport"
        verbose_name_plural = "éditions de rapport"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "kind", "buyer", "starts_on", "ends_on", "number"],
                name="edition_number_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="edition_ends_after_its_start",
                violation_error_message="La période se termine après son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – édition {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:edition_detail", args=[self.pk])

    @property
    def period(self) -> str:
        return periods.describe(self.starts_on, self.ends_on)

    @property
    def last_day(self) -> date:
        return periods.last_day(self.ends_on)
