from django.db import models

from structures.rules.searching import fold_town


class Town(models.Model):
    """A commune of France under one of its postcodes, and where it lies."""

    insee_code = models.CharField("code INSEE", max_length=5)
    postcode = models.CharField("code postal", max_length=5)
    name = models.CharField("nom", max_length=120)
    department_code = models.CharField("département", max_length=3)
    latitude = models.FloatField("latitude")
    longitude = models.FloatField("longitude")
    sort_name = models.CharField("nom de tri", max_length=120, editable=False)

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "insee_code", "postcode", "name", "department_code", "latitude", "longitude", "sort_name",
        )  # fmt: skip

    class Meta:
        verbose_name = "commune"
        constraints = [
            models.UniqueConstraint(fields=["insee_code", "postcode"], name="town_once_per_postcode")
        ]
        indexes = [
            models.Index(fields=["sort_name"], name="town_by_name"),
            models.Index(fields=["postcode"], name="town_by_postcode"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.postcode})"

    def index(self) -> None:
        self.sort_name = fold_town(self.name)
