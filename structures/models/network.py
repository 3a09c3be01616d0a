from django.db import models

from structures.models.structure import Structure


class Network(models.Model):
    """A federation or a network that structures belong to."""

    code = models.SlugField("code", max_length=60, unique=True)
    label = models.CharField("nom", max_length=160)
    website = models.URLField("site", max_length=300, blank=True)
    source = models.CharField("source du site", max_length=300, blank=True)
    structures = models.ManyToManyField(
        Structure, blank=True, related_name="networks", verbose_name="structures"
    )

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "code", "label", "website", "source")

    class Meta:
        verbose_name = "réseau"
        verbose_name_plural = "réseaux"

    def __str__(self) -> str:
        return self.label


class Label(models.Model):
    """A mark of quality or an approval that a structure holds (ESUS, RSEi…)."""

    code = models.SlugField("code", max_length=60, unique=True)
    label = models.CharField("nom", max_length=160)
    description = models.CharField("ce qu’il dit", max_length=300, blank=True)
    website = models.URLField("site", max_length=300, blank=True)
    structures = models.ManyToManyField(
        Structure, blank=True, related_name="labels", verbose_name="structures"
    )

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "code", "label", "description", "website")

    class Meta:
        verbose_name = "label"

    def __str__(self) -> str:
        return self.label
