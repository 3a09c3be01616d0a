from django.db import models


class PublicDirectory(models.Model):
    """A public directory or site that the cards of all offices point to, as the administrator keeps it."""

    code = models.SlugField("code", max_length=60, unique=True)
    label = models.CharField("nom", max_length=160)
    url = models.URLField("adresse", max_length=300)
    meaning = models.CharField("ce qu’on y trouve", max_length=300, blank=True)
    source = models.CharField("source", max_length=300)
    is_to_confirm = models.BooleanField("à confirmer", default=True)
    rank = models.PositiveSmallIntegerField("ordre", default=100)
    is_shown = models.BooleanField("montré", default=True)

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "code", "label", "url", "meaning", "source", "is_to_confirm", "rank", "is_shown")

    class Meta:
        verbose_name = "annuaire public"
        verbose_name_plural = "annuaires publics"

    def __str__(self) -> str:
        return self.label
