from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Mandate, Membership, Organisation, User, scope
from accounts.roles import Role
from procurement.enums import BUYER_CATEGORY_SHORT, BuyerCategory, PlanState


def served(hat: Membership, path: str) -> Q:
    """Rows whose buyer (reached by `path`) the office of this hat serves today."""
    return Q(**{f"{path}__in": Mandate.objects.partners_of(hat.organisation_id)})


class BuyerQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: served(hat, "pk")  # noqa: E731
        own = lambda hat: Q(pk=hat.organisation_id)  # noqa: E731
        return self.filter(
            scope(
                user,
                {Role.FACILITATOR: office, Role.MANAGER: office, Role.BUYER: own, Role.PRESCRIBER: own},
            )
        )

    def without_plan(self, year: int):
        """Those who have handed nothing in for that year: no plan, or a draft."""
        handed_in = Q(plans__year=year) & ~Q(plans__state=PlanState.DRAFT)
        return self.exclude(pk__in=self.model.objects.filter(handed_in).values("pk"))


class Buyer(models.Model):
    """A public body that buys (donneur d’ordre)."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="buyer", verbose_name="organisation"
    )
    category = models.CharField("catégorie", max_length=10, choices=BuyerCategory)
    city = models.CharField("commune", max_length=120, blank=True)

    objects = BuyerQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("organisation", "category", "city")

    class Meta:
        verbose_name = "acheteur"

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        return reverse("procurement:buyer_detail", args=[self.pk])

    @property
    def short_category(self) -> str:
        return BUYER_CATEGORY_SHORT[BuyerCategory(self.category)]


class DepartmentQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        office = lambda hat: served(hat, "buyer")  # noqa: E731
        return self.filter(
            scope(
                user,
                {
                    Role.FACILITATOR: office,
                    Role.MANAGER: office,
                    Role.BUYER: lambda hat: Q(buyer=hat.organisation_id),
                    Role.PRESCRIBER: lambda hat: Q(prescribers=hat.pk),
                },
            )
        )

    def named(self):
        """Their names alone, with that of their buyer: a list to choose from may hold hundreds."""
        rows = self.annotate(buyer_name=F("buyer__organisation__name")).only("name")
        return rows.order_by("buyer_name", "name", "pk")


class Department(models.Model):
    """A department of a buyer that expresses needs and decides of proposals (service prescripteur)."""

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="departments", verbose_name="acheteur")
    name = models.CharField("nom du service", max_length=160)
    contact_name = models.CharField("interlocuteur", max_length=120, blank=True)
    contact_email = models.EmailField("adresse électronique", blank=True)
    prescribers = models.ManyToManyField(
        Membership, blank=True, related_name="departments", verbose_name="prescripteurs"
    )

    objects = DepartmentQuerySet.as_manager()

    class Privacy:
        personal = ("contact_name", "contact_email")
        identifying = ()
        plain = ("id", "buyer", "name")

    class Meta:
        verbose_name = "service prescripteur"
        verbose_name_plural = "services prescripteurs"
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "name"],
                name="department_name_once_per_buyer",
                violation_error_message="Cet acheteur a déjà un service de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name
