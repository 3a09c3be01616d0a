from datetime import date

from django.db import models
from django.db.models import Q

from accounts.models import Office, User, scope
from accounts.roles import Role
from clauses.enums import TextKind
from clauses.models.clause import Clause


class ClauseTextQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        known = lambda hat: Q(office=hat.organisation_id) | Q(office__isnull=True)  # noqa: E731
        return self.filter(scope(user, {Role.FACILITATOR: known, Role.MANAGER: known}))

    def known_to(self, office: Office):
        """The office's own texts and those common to all."""
        return self.filter(Q(office=office) | Q(office__isnull=True))

    def newest_last(self):
        """The office's own text prevails over the common one, whatever their dates."""
        return self.order_by(models.F("office").asc(nulls_first=True), "valid_from", "version", "pk")

    def by_kind(self, on: date) -> dict[str, "ClauseText"]:
        """The version of each text that holds on that day."""
        return {row.kind: row for row in self.filter(valid_from__lte=on).newest_last()}


class ClauseText(models.Model):
    """One version of one text of the library. Never changed: whoever edits it writes the next version."""

    kind = models.CharField("nature du texte", max_length=12, choices=TextKind)
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clause_texts",
        verbose_name="office",
        help_text="Vide : commun à tous les offices.",
    )
    version = models.PositiveSmallIntegerField("version")
    valid_from = models.DateField("à partir du")
    title = models.CharField("titre", max_length=120)
    article = models.CharField("article", max_length=120)
    body = models.TextField("texte")

    objects = ClauseTextQuerySet.as_manager()

    class Privacy:
        personal = ()
        identifying = ()
        plain = ("id", "kind", "office", "version", "valid_from", "title", "article", "body")

    class Meta:
        verbose_name = "texte de clause"
        verbose_name_plural = "textes de clause"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version"],
                condition=Q(office__isnull=True),
                name="clause_text_common_version_once",
                violation_error_message="Cette version du texte commun existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["kind", "office", "version"],
                name="clause_text_office_version_once",
                violation_error_message="Cette version du texte existe déjà.",
            ),
            models.CheckConstraint(
                condition=~Q(body="") & ~Q(title="") & ~Q(article=""),
                name="clause_text_is_written",
                violation_error_message="Un texte a un titre, un article et un contenu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class ClauseWording(models.Model):
    """The words of a clause as they stood when the department agreed to it.

    The office may take up today's text until the contract is notified; from then on they never change.
    """

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="wordings", verbose_name="clause")
    source = models.ForeignKey(
        ClauseText, models.PROTECT, related_name="wordings", verbose_name="version du texte"
    )
    kind = models.CharField("nature du texte", max_length=12, choices=TextKind)
    title = models.CharField("titre", max_length=120)
    article = models.CharField("article", max_length=120)
    version = models.PositiveSmallIntegerField("version")
    valid_from = models.DateField("version du")
    text = models.TextField("texte")
    missing = models.JSONField("restait à compléter", default=list, blank=True)
    frozen_at = models.DateTimeField("figé le")

    class Privacy:
        personal = ()
        identifying = ()
        plain = (
            "id", "clause", "source", "kind", "title", "article", "version", "valid_from", "text",
            "missing", "frozen_at",
        )  # fmt: skip

    class Meta:
        verbose_name = "rédaction d’une clause"
        verbose_name_plural = "rédactions des clauses"
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "kind"],
                name="clause_wording_once_per_kind",
                violation_error_message="Le texte de cette clause est déjà figé.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} – {self.clause}"
