from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Organisation, User, scope
from accounts.roles import Role
from structures.enums import StructureKind


class StructureQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        everybody = (Role.FACILITATOR, Role.MANAGER, Role.BUYER, Role.STRUCTURE, Role.ADMINISTRATOR)
        return self.filter(scope(user, {role: lambda hat: Q() for role in everybody}))


class Structure(models.Model):
    """An inclusive employer's establishment under one of its kinds (SIAE, EA, ESAT, GEIQ…)."""

    siret = models.CharField("SIRET", max_length=14)
    kind = models.CharField("type", max_length=5, choices=StructureKind)
    siret_is_valid = models.BooleanField(
        "clé du SIRET juste",
        default=True,
        help_text="Le répertoire national porte quelques SIRET à la clé fausse.",
    )
    name = models.CharField("raison sociale", max_length=300)
    brand = models.CharField("nom d’usage", max_length=300, blank=True)
    legal_form = models.CharField("forme juridique", max_length=120, blank=True)
    naf_code = models.CharField("code NAF", max_length=6, blank=True)
    address = models.CharField("adresse", max_length=300, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=120, blank=True)
    department_code = models.CharField("département", max_length=3, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    website = models.URLField("site", max_length=300, blank=True)
    source = models.CharField("source", max_length=120, blank=True)
    search_text = models.TextField("texte de recherche", blank=True, editable=False)
    sort_name = models.CharField("nom de tri", max_length=300, blank=True, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="structures",
        verbose_name="organisation",
    )
    extra = models.JSONField(
        "autres colonnes du fichier", default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    issues = models.JSONField("cellules non comprises", default=list, blank=True, encoder=DjangoJSONEncoder)
    added_at = models.DateTimeField("ajoutée le", db_default=Now())
    seen_at = models.DateTimeField("vue dans la source le", null=True, blank=True)
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    verified_by_name = models.CharField("vérifiée par", max_length=160, blank=True)

    objects = StructureQuerySet.as_manager()

    class Privacy:
        personal = ("verified_by_name",)
        identifying = ()
        plain = (
            "id", "siret", "kind", "siret_is_valid", "name", "brand", "legal_form", "naf_code", "address",
            "postcode", "city", "department_code", "latitude", "longitude", "website",
            "source", "search_text",
            "sort_name", "organisation", "extra", "issues", "added_at", "seen_at", "verified_on",
        )  # fmt: skip

    class Meta:
        verbose_name = "structure"
        constraints = [
            models.UniqueConstraint(
                fields=["siret", "kind"],
                name="structure_once_per_siret_and_kind",
                violation_error_message="Cette structure est déjà au répertoire sous ce type.",
            )
        ]
        indexes = [
            models.Index(fields=["department_code", "kind"], name="structure_by_department"),
            models.Index(fields=["sort_name", "id"], name="structure_by_name"),
            models.Index(fields=["latitude", "longitude"], name="structure_by_place"),
        ]

    def __str__(self) -> str:
        return self.brand or self.name

    def get_absolute_url(self) -> str:
        return reverse("structures:detail", args=[self.pk])
