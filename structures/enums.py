from decimal import Decimal

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

    INSERTION = "insertion", "Insertion (art. L. 2113-13)"
    DISABILITY = "disability", "Handicap (art. L. 2113-12)"
    PRISON = "prison", "Milieu pénitentiaire (art. L. 2113-13-1)"
    NONE = "none", "Sans réservation"

    @property
    def word(self) -> str:
        return self.label.partition(" (")[0]


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

# Who counts as what: articles L. 5132-4 and L. 5213-13 of the Code du travail, L. 344-2 of the Code de
# l’action sociale et des familles; the reservations are those of the Code de la commande publique.
_SIAE = "structure d’insertion par l’activité économique (article L. 5132-4 du code du travail)"
_INSERTION_RESERVE = (
    "Un marché ou un lot peut lui être réservé, avec au moins la moitié de travailleurs défavorisés "
    "(article L. 2113-13 du code de la commande publique)."
)
_DISABILITY_RESERVE = (
    "Un marché ou un lot peut lui être réservé, avec au moins la moitié de travailleurs handicapés "
    "(article L. 2113-12 du code de la commande publique)."
)

MEANINGS: dict[StructureKind, str] = {
    StructureKind.ACI: (
        f"Cette {_SIAE} salarie et accompagne des personnes éloignées de l’emploi sur ses chantiers. "
        f"{_INSERTION_RESERVE}"
    ),
    StructureKind.AI: (
        f"Cette {_SIAE} met des salariés à disposition, pour quelques heures ou quelques mois. "
        f"{_INSERTION_RESERVE}"
    ),
    StructureKind.EI: (
        f"Cette {_SIAE} produit et vend comme une entreprise, en formant des salariés en parcours. "
        f"{_INSERTION_RESERVE}"
    ),
    StructureKind.ETTI: (
        f"Cette {_SIAE} délègue des intérimaires en parcours aux entreprises titulaires. {_INSERTION_RESERVE}"
    ),
    StructureKind.EITI: (
        f"Cette {_SIAE} accompagne des travailleurs indépendants en parcours. {_INSERTION_RESERVE}"
    ),
    StructureKind.GEIQ: (
        "Ce groupement d’employeurs recrute et forme en alternance pour ses entreprises adhérentes : il aide "
        "un titulaire à faire ses heures, mais aucune réservation de marché ne porte sur lui."
    ),
    StructureKind.EA: (
        "Cette entreprise emploie une majorité de travailleurs handicapés "
        f"(article L. 5213-13 du code du travail). {_DISABILITY_RESERVE}"
    ),
    StructureKind.EATT: (
        "Cette entreprise adaptée délègue des intérimaires handicapés "
        f"(article L. 5213-13 du code du travail). {_DISABILITY_RESERVE}"
    ),
    StructureKind.ESAT: (
        "Cet établissement médico-social donne du travail à des personnes handicapées "
        "(article L. 344-2 du code de l’action sociale et des familles). "
        f"{_DISABILITY_RESERVE}"
    ),
    StructureKind.RQ: (
        "Cette association de quartier emploie des habitants pour l’entretien et le lien social ; une "
        "réservation n’est possible que si elle est aussi conventionnée comme EI ou ACI."
    ),
    StructureKind.SEP: (
        "Ce service fait travailler des personnes détenues. Un marché ou un lot peut lui être réservé "
        "(article L. 2113-13-1 du code de la commande publique), jamais avec les deux autres familles."
    ),
    StructureKind.OPCS: (
        "Cette organisation accompagne les clauses sociales d’un territoire : elle conseille et suit, "
        "elle n’exécute pas les marchés."
    ),
}


class ServiceKind(models.TextChoices):
    """How a structure works for a buyer or a contractor."""

    SERVICE = "service", "Prestation de service"
    STAFF = "staff", "Mise à disposition de personnel"
    PRODUCTION = "production", "Fabrication et vente de biens"


class AreaKind(models.TextChoices):
    """How far a structure goes for a trade."""

    RADIUS = "radius", "Rayon autour de l’établissement"
    TOWNS = "towns", "Communes"
    DEPARTMENTS = "departments", "Départements"
    REGIONS = "regions", "Régions"
    COUNTRY = "country", "France entière"


class CapacityUnit(models.TextChoices):
    HOURS = "hours", "heures"
    PLACES = "places", "places"


class CapacityPeriod(models.TextChoices):
    MONTH = "month", "par mois"
    YEAR = "year", "par an"


class ApproachState(models.TextChoices):
    """How far a structure was approached for a need."""

    SHORTLISTED = "shortlisted", "Retenue"
    SENT = "sent", "Sollicitée"
    INTERESTED = "interested", "Intéressée"
    DECLINED = "declined", "Décline"


APPROACH_TONES = {
    ApproachState.SHORTLISTED: "neutral",
    ApproachState.SENT: "awaiting",
    ApproachState.INTERESTED: "success",
    ApproachState.DECLINED: "warning",
}
ANSWERED = (ApproachState.INTERESTED, ApproachState.DECLINED)


class DeclineReason(models.TextChoices):
    """Why a structure leaves a need to others."""

    CAPACITY = "capacity", "Pas de capacité disponible à ces dates"
    TRADE = "trade", "Ce n’est pas notre métier"
    DISTANCE = "distance", "Trop loin de chez nous"
    SIZE = "size", "Trop grand pour nous seuls"
    TERMS = "terms", "Délais ou conditions impossibles à tenir"
    OTHER = "other", "Autre raison"


class Liability(models.TextChoices):
    """How the members of a consortium answer for one another (articles R. 2142-19 to R. 2142-27 CCP)."""

    JOINT = "joint", "Conjoint : chacun répond de sa part"
    JOINT_LEAD = "joint_lead", "Conjoint, mandataire solidaire"
    SEVERAL = "several", "Solidaire : chacun répond de tout"


class MemberState(models.TextChoices):
    """What a structure says to joining a consortium."""

    THOUGHT = "thought", "Pressentie"
    AGREED = "agreed", "D’accord"
    DECLINED = "declined", "Décline"


MEMBER_TONES = {
    MemberState.THOUGHT: "awaiting",
    MemberState.AGREED: "success",
    MemberState.DECLINED: "warning",
}


class CorrectionState(models.TextChoices):
    """How far a structure’s word on its card went."""

    ASKED = "asked", "Lien envoyé"
    PROPOSED = "proposed", "À relire"
    REVIEWED = "reviewed", "Relue"


CORRECTION_TONES = {
    CorrectionState.ASKED: "neutral",
    CorrectionState.PROPOSED: "awaiting",
    CorrectionState.REVIEWED: "success",
}


class SiretStatus(models.TextChoices):
    """What the directory says of a number that somebody pasted."""

    KNOWN = "known", "Au répertoire"
    GONE = "gone", "Absente de sa source"
    ELSEWHERE = "elsewhere", "Autre établissement connu"
    UNKNOWN = "unknown", "Inconnue du répertoire"
    WRONG = "wrong", "Numéro faux"


SIRET_STATUS_TONES = {
    SiretStatus.KNOWN: "success",
    SiretStatus.GONE: "warning",
    SiretStatus.ELSEWHERE: "info",
    SiretStatus.UNKNOWN: "neutral",
    SiretStatus.WRONG: "danger",
}
SIRET_STATUS_ICONS = {
    SiretStatus.KNOWN: "check",
    SiretStatus.GONE: "clock",
    SiretStatus.ELSEWHERE: "map-pin",
    SiretStatus.UNKNOWN: "circle-question-mark",
    SiretStatus.WRONG: "triangle-alert",
}


class DirectoryFileState(models.TextChoices):
    READ = "read", "À vérifier"
    APPLIED = "applied", "Appliqué"
    DISCARDED = "discarded", "Abandonné"


DIRECTORY_FILE_TONES = {
    DirectoryFileState.READ: "awaiting",
    DirectoryFileState.APPLIED: "success",
    DirectoryFileState.DISCARDED: "neutral",
}


class MeetingState(models.TextChoices):
    """What is known of a meeting."""

    PLANNED = "planned", "Prévue"
    HELD = "held", "Tenue"
    CANCELLED = "cancelled", "Annulée"


class MeetingSituation(models.TextChoices):
    """How a meeting stands on a given day: a planned one that is over awaits its outcome."""

    UPCOMING = "upcoming", "À venir"
    TO_NOTE = "to_note", "À noter"
    HELD = "held", "Tenue"
    CANCELLED = "cancelled", "Annulée"

    @property
    def tone(self) -> str:
        return MEETING_TONES[self]


MEETING_TONES = {
    MeetingSituation.UPCOMING: "info",
    MeetingSituation.TO_NOTE: "awaiting",
    MeetingSituation.HELD: "success",
    MeetingSituation.CANCELLED: "neutral",
}


class MeetingOutcome(models.TextChoices):
    """What came of a meeting for the purchases it was about."""

    RESERVED = "reserved", "Marché ou lot réservé"
    CLAUSE = "clause", "Clause sociale"
    QUOTE = "quote", "Devis ou commande"
    FOLLOW_UP = "follow_up", "Suite convenue"
    NONE = "none", "Sans suite"


class Presence(models.TextChoices):
    UNKNOWN = "unknown", "Non noté"
    CAME = "came", "Venu"
    ABSENT = "absent", "Absent"


class MeasureUnit(models.TextChoices):
    """What a price is the price of."""

    PIECE = "piece", "à la pièce"
    THOUSAND = "thousand", "au mille"
    KILO = "kilo", "au kilo"
    TONNE = "tonne", "à la tonne"
    HOUR = "hour", "à l’heure"
    SQUARE_METRE = "m2", "au mètre carré"
    FLAT = "flat", "au forfait"

    @property
    def word(self) -> str:
        """What is counted, in the plural: the head of a column."""
        return UNIT_WORDS[self][1]

    def counted(self, quantity: Decimal) -> str:
        """As it follows a number: the plural begins at two."""
        return UNIT_WORDS[self][quantity >= TWO]


TWO = Decimal(2)
UNIT_WORDS = {
    MeasureUnit.PIECE: ("pièce", "pièces"),
    MeasureUnit.THOUSAND: ("millier", "milliers"),
    MeasureUnit.KILO: ("kg", "kg"),
    MeasureUnit.TONNE: ("t", "t"),
    MeasureUnit.HOUR: ("h", "h"),
    MeasureUnit.SQUARE_METRE: ("m²", "m²"),
    MeasureUnit.FLAT: ("forfait", "forfaits"),
}


class DirectOrderState(models.TextChoices):
    ORDERED = "ordered", "Commandé"
    CANCELLED = "cancelled", "Annulé"

    @property
    def tone(self) -> str:
        return DIRECT_ORDER_TONES[self]


DIRECT_ORDER_TONES = {DirectOrderState.ORDERED: "success", DirectOrderState.CANCELLED: "neutral"}
