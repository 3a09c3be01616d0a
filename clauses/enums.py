from django.db import models


class Verdict(models.TextChoices):
    CLAUSABLE = "clausable", "Clausable"
    TO_STUDY = "to_study", "À étudier"
    NOT_CLAUSABLE = "not_clausable", "Non clausable"


class VerdictReason(models.TextChoices):
    """Why a line carries no clause; the first four are the motives of article L. 2112-2-1."""

    IMMEDIATE_SOLUTION = "immediate_solution", "Solution immédiatement disponible"
    NO_LINK = "no_link", "Pas de lien suffisant avec l’objet du marché"
    RESTRICTS = "restricts", "Restreindrait la concurrence ou rendrait l’exécution trop difficile"
    SHORT_WORKS = "short_works", "Travaux de moins de six mois"
    NO_LABOUR = "no_labour", "Trop peu de main-d’œuvre"
    NO_SUPPLY = "no_supply", "Pas d’offre locale"
    OTHER = "other", "Autre raison, à préciser"


class Outcome(models.TextChoices):
    """What the rule of the office suggests for a line of a plan."""

    RESERVE_ALL = "reserve_all", "Réserver le marché"
    RESERVE_LOT = "reserve_lot", "Réserver un lot"
    EXECUTION_CLAUSE = "execution_clause", "Clause d’exécution"
    INSERTION_SERVICE = "insertion_service", "Marché d’insertion"
    AWARD_CRITERION = "award_criterion", "Critère d’attribution"
    NONE = "none", "Aucune clause"
    UNKNOWN = "unknown", "À préciser"


class DueKind(models.TextChoices):
    """What the calendar of an office lists."""

    ANSWER = "answer", "Réponse à l’acheteur"
    CALIBRATION = "calibration", "Calibrage de la clause"
    DECISION = "decision", "Décision du service"
    LAUNCH = "launch", "Lancement"
    PAST = "past", "Lancement passé sans suite"


class SharedNeedState(models.TextChoices):
    """What an office does with a need that several buyers share."""

    OPEN = "open", "À traiter"
    RAISED = "raised", "À évoquer à la réunion trimestrielle"
    DISMISSED = "dismissed", "Écarté"

    @property
    def tone(self) -> str:
        return {"open": "neutral", "raised": "awaiting", "dismissed": "neutral"}[self.value]


class ProvisionKind(models.TextChoices):
    """The kinds of social provision of the Code de la commande publique (CCP)."""

    EXECUTION_CONDITION = "CONDITION_EXECUTION", "Condition d’exécution (clause sociale)"
    RESERVED_DISABILITY = "RESERVE_HANDICAP", "Marché réservé – handicap"
    RESERVED_SIAE = "RESERVE_SIAE", "Marché réservé – insertion"
    RESERVED_MIXED = "RESERVE_MIXTE", "Marché réservé – handicap et insertion"
    RESERVED_PRISON = "RESERVE_PENITENTIAIRE", "Marché réservé – milieu pénitentiaire"
    RESERVED_ESS = "RESERVE_ESS", "Marché réservé – économie sociale et solidaire"
    INSERTION_SERVICE = "SERVICE_INSERTION", "Marché de services d’insertion"
    AWARD_CRITERION = "CRITERE_ATTRIBUTION", "Critère d’attribution"
    CLAUSE_AND_CRITERION = "CLAUSE_ET_CRITERE", "Clause et critère"
    TRAINING_CLAUSE = "CLAUSE_FORMATION", "Clause de formation sous statut scolaire"
    PROGRESS_PLAN = "PLAN_PROGRES", "Plan de progrès"
    AMENDMENT = "AVENANT", "Clause ajoutée par avenant"
    VOLUNTARY = "VOLONTAIRE", "Engagement volontaire"


class ProvisionFamily(models.TextChoices):
    EXECUTION = "execution", "Exécution"
    RESERVATION = "reservation", "Réservation"
    CRITERION = "criterion", "Critère"
    SERVICE = "service", "Services d’insertion"
    AGREEMENT = "agreement", "Par accord"


RESERVATIONS = (
    ProvisionKind.RESERVED_DISABILITY,
    ProvisionKind.RESERVED_SIAE,
    ProvisionKind.RESERVED_MIXED,
    ProvisionKind.RESERVED_PRISON,
    ProvisionKind.RESERVED_ESS,
)


class Standing(models.TextChoices):
    """How a market under the duty of article L. 2112-2-1 answers it."""

    MET = "met", "Condition d’exécution"
    DEROGATED = "derogated", "Dérogation signée"
    LEANING = "leaning", "Réservation ou critère seul"
    MISSING = "missing", "À justifier"

    @property
    def tone(self) -> str:
        return {"met": "success", "derogated": "info", "leaning": "warning", "missing": "danger"}[self.value]

    @property
    def sentence(self) -> str:
        return {
            "met": "Le marché porte une condition d’exécution sociale.",
            "derogated": "L’acheteur a justifié l’absence de condition d’exécution.",
            "leaning": "L’article vise les conditions d’exécution : par prudence, ajoutez-en une ou signez "
            "une dérogation. Rien ne bloque pour autant.",
            "missing": "Ni condition d’exécution, ni dérogation valable : "
            "le marché ne peut pas être fermé ainsi.",
        }[self.value]


class TextKind(models.TextChoices):
    """What a text of the library is to be pasted as."""

    EXECUTION_CONDITION = "execution", "Condition d’exécution"
    RESERVED_LOT = "reserved", "Lot réservé"
    AWARD_CRITERION = "criterion", "Critère d’attribution"
    TRAINING_CLAUSE = "training", "Clause de formation"
    INSERTION_SERVICE = "service", "Services d’insertion"


class ProposalState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    SENT = "sent", "Réponse attendue"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"
    REWORK = "rework", "À revoir"
    WITHDRAWN = "withdrawn", "Retirée"


# A lot carries a kind of provision once; what was refused or withdrawn does not count.
ALIVE = (ProposalState.DRAFT, ProposalState.SENT, ProposalState.REWORK, ProposalState.ACCEPTED)
DECIDED = (ProposalState.ACCEPTED, ProposalState.REFUSED, ProposalState.REWORK)


class RefusalReason(models.TextChoices):
    TOO_HEAVY = "too_heavy", "Trop lourd pour les entreprises"
    NO_STRUCTURE = "no_structure", "Personne pour le faire à proximité"
    TOO_LATE = "too_late", "Calendrier trop serré"
    QUALITY = "quality", "Crainte pour la qualité"
    COST = "cost", "Crainte pour le prix"
    OTHER = "other", "Autre raison, à préciser"


class PerEuroMode(models.TextChoices):
    """Two readings of « one hour per slice invoiced beyond a threshold »."""

    FRANCHISE = "franchise", "Au-delà du seuil seulement"
    TRIGGER = "trigger", "Dès le premier euro, une fois le seuil atteint"


class Objective(models.TextChoices):
    """How the hours of a clause are counted."""

    CLASSIC = "classic", "Part de la main-d’œuvre du marché"
    PER_EURO = "per-euro", "Heures par euro facturé"
    CLEANING = "cleaning", "Règle de la propreté, personnel repris"
    TRAINING = "training", "Barème de la clause de formation"
    WORKED = "worked", "Part des heures travaillées"
    FULL_TIME = "fte", "Mois de temps plein"
    FIXED = "fixed", "Nombre d’heures fixé"


class Weight(models.TextChoices):
    """How an ordinary firm of the trade feels the hours that are asked."""

    LIGHT = "light", "Effort léger"
    NOTICEABLE = "noticeable", "Effort sensible"
    HEAVY = "heavy", "Effort lourd"

    @property
    def tone(self) -> str:
        return {"light": "success", "noticeable": "info", "heavy": "warning"}[self.value]

    @property
    def icon(self) -> str:
        return {"light": "feather", "noticeable": "scale", "heavy": "weight"}[self.value]


class ClauseState(models.TextChoices):
    AWAITING_CONTRACT = "awaiting_contract", "À notifier"
    RUNNING = "running", "En cours"
    CLOSED = "closed", "Close"


class Progress(models.TextChoices):
    """How a clause fares against its hours and its calendar."""

    NO_TARGET = "no_target", "Sans objectif"
    STARTING = "starting", "Démarrage"
    ON_TRACK = "on_track", "En bonne voie"
    TO_WATCH = "to_watch", "À surveiller"
    LATE = "late", "En retard"
    REACHED = "reached", "Atteint"
    MISSED = "missed", "Non atteint"


class MovementKind(models.TextChoices):
    """What changes the hours owed; later issues add amendments, invoices and orders."""

    INITIAL = "initial", "Engagement initial"


class Sex(models.TextChoices):
    WOMAN = "woman", "Femme"
    MAN = "man", "Homme"
    UNKNOWN = "unknown", "Non précisé"


class InQpv(models.TextChoices):
    YES = "yes", "Oui"
    NO = "no", "Non"
    UNKNOWN = "unknown", "À vérifier"


class TrainingLevel(models.TextChoices):
    """The national framework of qualifications (décret 2019-14)."""

    BELOW_3 = "below_3", "Sans diplôme"
    LEVEL_3 = "3", "Niveau 3 (CAP, BEP)"
    LEVEL_4 = "4", "Niveau 4 (baccalauréat)"
    LEVEL_5 = "5", "Niveau 5 (bac + 2)"
    ABOVE_5 = "above_5", "Niveau 6 et plus"
    UNKNOWN = "unknown", "Non précisé"


class EligibilityState(models.TextChoices):
    GRANTED = "granted", "Reconnue"
    REFUSED = "refused", "Refusée"
    # A later decision took its whole period.
    REPLACED = "replaced", "Remplacée"


class Modality(models.TextChoices):
    DIRECT_HIRE = "direct_hire", "Embauche directe"
    MADE_AVAILABLE = "made_available", "Mise à disposition"
    SUBCONTRACTED = "subcontracted", "Sous-traitance ou cotraitance"


class WorkContractType(models.TextChoices):
    CDI = "cdi", "CDI"
    CDI_INCLUSION = "cdi_inclusion", "CDI inclusion"
    CDD = "cdd", "CDD"
    CDD_USAGE = "cdd_usage", "CDD d’usage"
    CDDI = "cddi", "CDDI"
    CDD_TREMPLIN = "cdd_tremplin", "CDD tremplin"
    APPRENTICESHIP = "apprenticeship", "Apprentissage"
    PROFESSIONALISATION = "professionalisation", "Professionnalisation"
    TEMP_MISSION = "temp_mission", "Mission d’intérim"
    ESAT_USER = "esat_user", "Usager d’ESAT"
    OTHER = "other", "Autre"


class DeclarationState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    SENT = "sent", "À valider"
    VALIDATED = "validated", "Validée"
    REJECTED = "rejected", "Rejetée"


class MonthState(models.TextChoices):
    """Where a month of a contract stands, in the words of the company that declares it."""

    TO_DECLARE = "to_declare", "À déclarer"
    DRAFT = DeclarationState.DRAFT.value, "Brouillon"
    REJECTED = DeclarationState.REJECTED.value, "À corriger"
    SENT = DeclarationState.SENT.value, "Envoyée"
    VALIDATED = DeclarationState.VALIDATED.value, "Validée"


# What waits for the company, not for the office.
OWED_BY_COMPANY = (MonthState.TO_DECLARE, MonthState.DRAFT, MonthState.REJECTED)


class RejectionReason(models.TextChoices):
    MISSING_PROOF = "missing_proof", "Justificatif manquant ou illisible"
    WRONG_HOURS = "wrong_hours", "Heures incohérentes"
    NOT_ELIGIBLE = "not_eligible", "Personne non éligible à cette date"
    OUT_OF_CONTRACT = "out_of_contract", "Hors des dates du contrat"
    OTHER = "other", "Autre raison, à préciser"


VERDICT_TONES = {Verdict.CLAUSABLE: "success", Verdict.TO_STUDY: "warning", Verdict.NOT_CLAUSABLE: "neutral"}
VERDICT_ICONS = {
    Verdict.CLAUSABLE: "circle-check",
    Verdict.TO_STUDY: "circle-dashed",
    Verdict.NOT_CLAUSABLE: "circle-slash",
}
OUTCOME_TONES = {
    Outcome.RESERVE_ALL: "success",
    Outcome.RESERVE_LOT: "success",
    Outcome.EXECUTION_CLAUSE: "success",
    Outcome.INSERTION_SERVICE: "success",
    Outcome.AWARD_CRITERION: "info",
    Outcome.NONE: "neutral",
    Outcome.UNKNOWN: "awaiting",
}
OUTCOME_ICONS = {
    Outcome.RESERVE_ALL: "lock",
    Outcome.RESERVE_LOT: "lock",
    Outcome.EXECUTION_CLAUSE: "circle-check",
    Outcome.INSERTION_SERVICE: "circle-check",
    Outcome.AWARD_CRITERION: "circle-dashed",
    Outcome.NONE: "circle-slash",
    Outcome.UNKNOWN: "circle-dashed",
}
PROPOSAL_TONES = {
    ProposalState.DRAFT: "neutral",
    ProposalState.SENT: "awaiting",
    ProposalState.ACCEPTED: "success",
    ProposalState.REFUSED: "danger",
    ProposalState.REWORK: "warning",
    ProposalState.WITHDRAWN: "neutral",
}
CLAUSE_TONES = {
    ClauseState.AWAITING_CONTRACT: "awaiting",
    ClauseState.RUNNING: "info",
    ClauseState.CLOSED: "neutral",
}
DECLARATION_TONES = {
    DeclarationState.DRAFT: "neutral",
    DeclarationState.SENT: "awaiting",
    DeclarationState.VALIDATED: "success",
    DeclarationState.REJECTED: "danger",
}
MONTH_TONES = {
    MonthState.TO_DECLARE: "awaiting",
    MonthState.DRAFT: "awaiting",
    MonthState.REJECTED: "danger",
    MonthState.SENT: "info",
    MonthState.VALIDATED: "success",
}
PROGRESS_TONES = {
    Progress.NO_TARGET: "neutral",
    Progress.STARTING: "info",
    Progress.ON_TRACK: "success",
    Progress.TO_WATCH: "warning",
    Progress.LATE: "danger",
    Progress.REACHED: "success",
    Progress.MISSED: "danger",
}
ELIGIBILITY_TONES = {
    EligibilityState.GRANTED: "success",
    EligibilityState.REFUSED: "danger",
    EligibilityState.REPLACED: "neutral",
}
DUE_ICONS = {
    DueKind.ANSWER: "reply",
    DueKind.CALIBRATION: "calculator",
    DueKind.DECISION: "mail-question-mark",
    DueKind.LAUNCH: "flag",
    DueKind.PAST: "archive",
}
