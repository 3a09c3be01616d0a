from django.db import models


class StructureKind(models.TextChoices):
    ACI = "ACI", "Atelier et chantier d’insertion"
    AI = "AI", "Association intermédiaire"
    EI = "EI", "Entreprise d’insertion"
    ETTI = "ETTI", "Entreprise de travail temporaire d’insertion"
    EITI = "EITI", "Entreprise d’insertion par le travail indépendant"
    GEIQ = "GEIQ", "Groupement d’employeurs pour l’insertion et la qualification"
    EA = "EA", "Entreprise adaptée"
    EATT = "EATT", "Entreprise adaptée de travail temporaire"
    ESAT = "ESAT", "Établissement ou service d’aide par le travail"
    RQ = "RQ", "Régie de quartier"
    SEP = "SEP", "Service de l’emploi pénitentiaire"
    OPCS = "OPCS", "Organisation porteuse de la clause sociale"


class LegalFamily(models.TextChoices):
    """Which reservation of the Code de la commande publique a structure may answer."""

    INSERTION = "insertion", "Insertion (art. L. 2113-13)"
    DISABILITY = "disability", "Handicap (art. L. 2113-12)"
    PRISON = "prison", "Milieu pénitentiaire (art. L. 2113-13-1)"
    NONE = "none", "Sans réservation"


FAMILIES: dict[StructureKind, LegalFamily] = {
    StructureKind.ACI: LegalFamily.INSERTION,
    StructureKind.AI: LegalFamily.INSERTION,
    StructureKind.EI: LegalFamily.INSERTION,
    StructureKind.ETTI: LegalFamily.INSERTION,
    StructureKind.EITI: LegalFamily.INSERTION,
    StructureKind.EA: LegalFamily.DISABILITY,
    StructureKind.EATT: LegalFamily.DISABILITY,
    StructureKind.ESAT: LegalFamily.DISABILITY,
    StructureKind.SEP: LegalFamily.PRISON,
    StructureKind.GEIQ: LegalFamily.NONE,
    StructureKind.RQ: LegalFamily.NONE,
    StructureKind.OPCS: LegalFamily.NONE,
}
