from datetime import date

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import Organisation, User, scope
from accounts.roles import Role
from config.lib.departments import department_label
from config.lib.text import fold
from structures.enums import (
    FAMILIES,
    MEANINGS,
    LegalFamily,
    StructureKind,
)
from structures.rules.naming import display_name
from structures.rules.places import DEGREE_KM, Centre
from structures.rules.searching import fold_town, names_text, search_text, search_words
from structures.rules.verifying import last_day_out_of_date, verify_again_on


def square_km(centre: Centre, prefix: str = "") -> Combinable:
    """Of each row from the centre, flat: within a region, true to a metre in a hundred."""
    north = (F(f"{prefix}latitude") - centre.latitude) * DEGREE_KM
    east = (F(f"{prefix}longitude") - centre.longitude) * centre.east_km
    return ExpressionWrapper(north * north + east * east, output_field=models.FloatField())


class StructureQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        everybody = (Role.FACILITATOR, Role.MANAGER, Role.BUYER, Role.STRUCTURE, Role.ADMINISTRATOR)
        return self.filter(scope(user, {role: lambda hat: Q() for role in everybody}))

    def own_of(self, user: User):
        """The cards that a structure keeps itself."""
        return self.filter(scope(user, {Role.STRUCTURE: lambda hat: Q(organisation=hat.organisation_id)}))

    def matching(self, query: str):
        """Cards that hold every word of the query, in their names, town or SIRET."""
        return self.filter(*(Q(search_text__contains=word) for word in search_words(query)))

    def in_place(self, place: str):
        """« 94 », « 94000 », « saint maur », « lac »: the start of a postcode, of a town or of its words."""
        town = fold_town(place)
        if town.isdecimal():
            return self.filter(postcode__startswith=town)
        return self.filter(Q(sort_city__startswith=town) | Q(sort_city__contains=f" {town}"))

    def near(self, centre: Centre, radius_km: int | None = None):
        """Annotated with the square of the distance: no root and no division, so that both bases agree."""
        measured = self.annotate(square_km=square_km(centre))
        if radius_km is None:
            return measured
        latitudes, longitudes = centre.box(radius_km)
        return measured.filter(
            latitude__range=latitudes, longitude__range=longitudes, square_km__lte=radius_km**2
        )

    def offering(self, what: Q):
        """Those with an offer of this sort."""
        offers = self.model.offers.rel.related_model.objects.filter(what, structure=OuterRef("pk"))
        return self.filter(Exists(offers))

    def of_family(self, family: LegalFamily):
        return self.filter(kind__in=[kind for kind, own in FAMILIES.items() if own == family])

    def up_to_date(self, today: date):
        """Cards whose verification still holds today."""
        return self.filter(verified_on__gt=last_day_out_of_date(today))

    def to_verify(self, today: date):
        return self.filter(Q(verified_on__isnull=True) | Q(verified_on__lte=last_day_out_of_date(today)))


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
    email = models.EmailField("adresse électronique publique", blank=True)
    phone = models.CharField("téléphone public", max_length=30, blank=True)
    activities = models.CharField("activités annoncées", max_length=600, blank=True)
    headcount = models.DecimalField(
        "effectif (équivalents temps plein)", max_digits=7, decimal_places=2, null=True, blank=True
    )
    source = models.CharField("source", max_length=120, blank=True)
    search_text = models.TextField("texte de recherche", blank=True, editable=False)
    # A space before each word, so that the start of a word is one « contains ».
    names_text = models.TextField("noms et activités à chercher", blank=True, editable=False)
    sort_name = models.CharField("nom de tri", max_length=300, blank=True, editable=False)
    sort_city = models.CharField("commune de tri", max_length=120, blank=True, editable=False)
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
    corrected_fields = models.JSONField(
        "champs corrigés à la main",
        default=list,
        blank=True,
        help_text="Un fichier du répertoire ne les remplace pas.",
    )
    seen_at = models.DateTimeField("vue dans la source le", null=True, blank=True)
    gone_on = models.DateField("absente de sa source depuis le", null=True, blank=True)
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    verified_by_name = models.CharField("vérifiée par", max_length=160, blank=True)

    objects = StructureQuerySet.as_manager()

    class Privacy:
        personal = ("verified_by_name", "email", "phone")
        identifying = ()
        plain = (
            "id", "siret", "kind", "siret_is_valid", "name", "brand", "legal_form", "naf_code", "address",
            "postcode", "city", "department_code", "latitude", "longitude", "website",
            "activities", "headcount", "source", "search_text", "names_text",
            "sort_name", "sort_city", "organisation", "extra", "issues", "added_at",
            "corrected_fields", "seen_at", "gone_on", "verified_on",
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
            models.Index(fields=["sort_city", "sort_name"], name="structure_by_city"),
            models.Index(fields=["latitude", "longitude"], name="structure_by_place"),
        ]

    def __str__(self) -> str:
        return self.display_name or f"SIRET {self.siret}"

    def get_absolute_url(self) -> str:
        return reverse("structures:detail", args=[self.pk])

    @property
    def display_name(self) -> str:
        return display_name(brand=self.brand, name=self.name)

    @property
    def family(self) -> LegalFamily:
        return FAMILIES[StructureKind(self.kind)]

    @property
    def meaning(self) -> str:
        return MEANINGS[StructureKind(self.kind)]

    @property
    def department_label(self) -> str:
        return department_label(self.department_code)

    @property
    def verify_again_on(self) -> date:
        return verify_again_on(verified_on=self.verified_on, added_on=localtime(self.added_at).date())

    def index(self) -> None:
        """Fill the columns that searches and sorts read; whoever writes a card calls it first."""
        self.search_text = search_text(self.brand, self.name, self.siret, self.city)
        self.names_text = names_text(self.brand, self.name, self.activities)
        self.sort_name = fold(str(self))[:300]
        self.sort_city = fold_town(self.city)[:120]
