from django.db import models


class Family(models.Model):
    """A purchase family of the territory: what is bought, in the words of buyers."""

    code = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("libellé", max_length=120)
    cpv_prefixes = models.CharField(
        "préfixes CPV", max_length=200, blank=True, help_text="Début des codes CPV, séparés par des espaces."
    )
    source = models.CharField("source", max_length=300, blank=True)
    is_to_confirm = models.BooleanField("à confirmer", default=False)
    naf_prefixes = models.CharField(
        "préfixes NAF",
        max_length=200,
        blank=True,
        help_text=(
            "Début des codes NAF des établissements qui savent faire ce métier, sans point, "
            "séparés par des espaces."
        ),
    )
    keywords = models.CharField(
        "mots du métier",
        max_length=400,
        blank=True,
        help_text=(
            "Débuts de mots que portent l’objet d’un marché ou le nom d’une structure, "
            "séparés par des virgules."
        ),
    )
    takes_staff_over = models.BooleanField(
        "reprise de personnel fréquente",
        default=False,
        help_text="La convention collective du métier oblige souvent le nouveau titulaire.",
    )
    trade_source = models.CharField("source du métier", max_length=300, blank=True)
    trade_is_to_confirm = models.BooleanField("métier à confirmer", default=False)

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "code", "label", "cpv_prefixes", "source", "is_to_confirm", "naf_prefixes", "keywords",
            "takes_staff_over", "trade_source", "trade_is_to_confirm",
        )  # fmt: skip

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
    is_to_confirm = models.BooleanField("à confirmer", default=False)

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "code", "label", "source", "is_to_confirm")

    class Meta:
        verbose_name = "programme"

    def __str__(self) -> str:
        return self.label
