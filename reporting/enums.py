from django.db import models


class ReportKind(models.TextChoices):
    BUYER = "buyer", "Rapport d’acheteur"
