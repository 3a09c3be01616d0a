from django.db import models


class BuyerCategory(models.TextChoices):
    """The category sets the European threshold (directive 2014/24/EU, article 4)."""

    STATE = "state", "État et ses établissements"
    LOCAL = "local", "Collectivité, hôpital ou autre pouvoir adjudicateur"
    ENTITY = "entity", "Entité adjudicatrice"


class Nature(models.TextChoices):
    WORKS = "works", "Travaux"
    SUPPLIES = "supplies", "Fournitures"
    SERVICES = "services", "Services"
    UNKNOWN = "unknown", "Je ne sais pas"


class Procedure(models.TextChoices):
    ADAPTED = "adapted", "Procédure adaptée"
    OPEN = "open", "Appel d’offres ouvert"
    RESTRICTED = "restricted", "Appel d’offres restreint"
    NEGOTIATED = "negotiated", "Procédure avec négociation"
    DIRECT = "direct", "Sans publicité ni mise en concurrence"
    DIALOGUE = "dialogue", "Dialogue compétitif"
    UNKNOWN = "unknown", "Je ne sais pas"


class AmountOrigin(models.TextChoices):
    HISTORIC = "historic", "Prix historique actualisé"
    SOURCING = "sourcing", "Sourçage ou parangonnage"
    OFFERS = "offers", "Moyenne des offres"
    BUDGET = "budget", "Enveloppe financière"
    UNKNOWN = "unknown", "Je ne sais pas"


class DatePrecision(models.TextChoices):
    DAY = "day", "Au jour"
    MONTH = "month", "Au mois"
    QUARTER = "quarter", "Au trimestre"
    SEMESTER = "semester", "Au semestre"
    YEAR = "year", "À l’année"


class Certainty(models.TextChoices):
    """What a buyer says of its own need (staff to take over, defence…); nobody is made to know."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    UNKNOWN = "unknown", "Je ne sais pas"


class Regime(models.TextChoices):
    """Under which rules of the Code a need falls, its nature aside."""

    ORDINARY = "ordinary", "Règles générales"
    SPECIFIC = "specific", "Services sociaux et autres services spécifiques"
    DEFENCE = "defence", "Défense ou sécurité"


class SocialIntent(models.TextChoices):
    """What the buyer itself says of a social consideration on this line."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    UNKNOWN = "unknown", "Je ne sais pas"


class SocialRecord(models.TextChoices):
    """What open data says of a contract; « nothing is said » is not « no »."""

    WITH = "with", "Avec considération sociale"
    NONE = "none", "Pas de considération sociale"
    UNKNOWN = "unknown", "Non renseigné"


class Consideration(models.TextChoices):
    """The kinds of social consideration of the open data (DECP v2)."""

    CLAUSE = "clause", "clause sociale"
    CRITERION = "criterion", "critère social"
    RESERVED = "reserved", "marché réservé"


class ThresholdEffect(models.TextChoices):
    FORMAL = "formal", "Procédure formalisée (seuil européen)"
    DISPENSED = "dispensed", "Dispense de publicité et de mise en concurrence"
    SOCIAL_DUTY = "social_duty", "Conditions d’exécution sociales obligatoires"


class ThresholdNature(models.TextChoices):
    WORKS = "works", "Travaux"
    SUPPLIES_SERVICES = "supplies_services", "Fournitures et services"
    SOCIAL_SERVICES = "social_services", "Services sociaux et autres services spécifiques"
    DEFENCE = "defence", "Fournitures et services de défense ou de sécurité"
    DEFENCE_WORKS = "defence_works", "Travaux de défense ou de sécurité"


class DutyMotive(models.TextChoices):
    """The four motives of article L. 2112-2-1, in short."""

    IMMEDIATE_SOLUTION = "immediate_solution", "Solution immédiatement disponible"
    NO_LINK = "no_link", "Pas de lien suffisant avec l’objet du marché"
    RESTRICTS = "restricts", "Concurrence restreinte ou exécution trop difficile"
    SHORT_WORKS = "short_works", "Travaux de moins de six mois"


class DelayCode(models.TextChoices):
    """The delays that an office keeps towards its buyers."""

    ANSWER = "answer-days", "Délai de réponse à l’acheteur"
    URGENT_ANSWER = "answer-days-urgent", "Délai de réponse pour un marché urgent"
    CALIBRATION_FROM = "calibration-months-from", "Début du calibrage avant le lancement"
    CALIBRATION_TO = "calibration-months-to", "Fin du calibrage avant le lancement"
    PAST_LAUNCH = "past-launch-days", "Lancement passé sans avis : compté en retard pendant"
    PLAN_DUE = "plan-due-day", "Plan d’achats attendu au plus tard"
    PLAN_REMINDER = "plan-reminder-days", "Entre deux relances d’un plan non reçu"


class PracticeKind(models.TextChoices):
    """How an inclusive purchase was made, in the words of practice cards."""

    CLAUSE = "clause", "Clause sociale d’exécution"
    CRITERION = "criterion", "Critère social"
    RESERVED = "reserved", "Marché ou lot réservé"
    SERVICE = "service", "Marché d’insertion"
    DIRECT = "direct", "Commande directe à une structure"


class PracticeState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"
    WITHDRAWN = "withdrawn", "Retirée"


class PlanState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Déposé"
    ANSWERED = "answered", "Répondu"


class ChosenField(models.TextChoices):
    """Data of a plan line whose values people confirm: they name something that we know."""

    FAMILY = "family", "famille d’achats"
    DEPARTMENT = "department", "service prescripteur"
    PLACE = "place", "lieu d’exécution"


class PlanFileState(models.TextChoices):
    RECEIVED = "received", "À lire"
    READ = "read", "À vérifier"
    APPLIED = "applied", "Appliqué"
    DISCARDED = "discarded", "Abandonné"


BUYER_CATEGORY_SHORT = {
    BuyerCategory.STATE: "État",
    BuyerCategory.LOCAL: "Collectivité ou hôpital",
    BuyerCategory.ENTITY: "Entité adjudicatrice",
}
PLAN_TONES = {PlanState.DRAFT: "neutral", PlanState.SUBMITTED: "awaiting", PlanState.ANSWERED: "success"}
PLAN_ICONS = {PlanState.DRAFT: "file-pen", PlanState.SUBMITTED: "inbox", PlanState.ANSWERED: "check"}
PLAN_FILE_TONES = {
    PlanFileState.RECEIVED: "info",
    PlanFileState.READ: "awaiting",
    PlanFileState.APPLIED: "success",
    PlanFileState.DISCARDED: "neutral",
}
AWARDED_TONES = {SocialRecord.WITH: "success", SocialRecord.NONE: "neutral", SocialRecord.UNKNOWN: "warning"}
PRACTICE_TONES = {
    PracticeState.DRAFT: "neutral",
    PracticeState.PUBLISHED: "success",
    PracticeState.WITHDRAWN: "warning",
}
DELAY_UNITS = {
    DelayCode.ANSWER: "jours",
    DelayCode.URGENT_ANSWER: "jours",
    DelayCode.CALIBRATION_FROM: "mois",
    DelayCode.CALIBRATION_TO: "mois",
    DelayCode.PAST_LAUNCH: "jours",
    DelayCode.PLAN_DUE: "jour de l’année",
    DelayCode.PLAN_REMINDER: "jours",
}
# The least and the most that an office may choose.
DELAY_BOUNDS = {
    DelayCode.ANSWER: (1, 180),
    DelayCode.URGENT_ANSWER: (1, 60),
    DelayCode.CALIBRATION_FROM: (1, 24),
    DelayCode.CALIBRATION_TO: (0, 24),
    DelayCode.PAST_LAUNCH: (0, 730),
    DelayCode.PLAN_DUE: (1, 181),
    DelayCode.PLAN_REMINDER: (1, 90),
}
