from django.db import models


class Family(models.Model):
    """A purchase family of the territory: what is bought, in the words of buyers."""

    code = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("libellé", max_length=120)
    cpv_prefixes = models.CharField("préfixes CPV", max_length=120, blank=True)

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "code", "label", "cpv_prefixes")

    class Meta:
        verbose_name = "famille d’achats"
        verbose_name_plural = "familles d’achats"

    def __str__(self) -> str:
        return self.label


class Programme(models.Model):
    """A programme that money or rules come from: ANRU, PLIE…"""

    code = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("libellé", max_length=120)
    source = models.CharField("source", max_length=300, blank=True)

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "code", "label", "source")

    class Meta:
        verbose_name = "programme"

    def __str__(self) -> str:
        return self.label
