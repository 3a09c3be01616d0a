from django.db import models

from config.lib.text import fold
from procurement.models import Family
from structures.rules.searching import split_synonyms


class Sector(models.Model):
    """A branch of work that gathers trades."""

    code = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("libellé", max_length=120)

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "code", "label")

    class Meta:
        verbose_name = "secteur"

    def __str__(self) -> str:
        return self.label


class Trade(models.Model):
    """Something that structures know how to do, and the other words people have for it."""

    code = models.SlugField("code", max_length=60, unique=True)
    label = models.CharField("libellé", max_length=120)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="trades", verbose_name="secteur")
    family = models.ForeignKey(
        Family,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trades",
        verbose_name="famille d’achats",
    )
    synonyms = models.CharField(
        "autres mots",
        max_length=600,
        blank=True,
        help_text="Ce que d’autres disent pour la même chose, séparé par des virgules : « mise sous pli ».",
    )
    naf_prefixes = models.CharField(
        "préfixes NAF",
        max_length=200,
        blank=True,
        help_text="Début des codes NAF du métier, séparés par des espaces ; sans eux, ceux de la famille.",
    )

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "code", "label", "sector", "family", "synonyms", "naf_prefixes")

    class Meta:
        verbose_name = "métier"

    def __str__(self) -> str:
        return self.label

    @property
    def phrases(self) -> tuple[str, ...]:
        """Everything it is called, folded: its own name, the parts of it, the other words."""
        parts = self.label.replace(" et ", ",")
        return (fold(self.label), *split_synonyms(f"{parts},{self.synonyms}"))
