from django.db import models

from accounts.roles import Role


class OrganisationKind(models.TextChoices):
    OFFICE = "office", "Office de facilitation"
    BUYER = "buyer", "Acheteur public"
    COMPANY = "company", "Entreprise"
    STRUCTURE = "structure", "Structure inclusive"
    FUNDER = "funder", "Financeur"
    PLATFORM = "platform", "Plateforme"


ROLES_BY_KIND: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.OFFICE: (Role.FACILITATOR, Role.MANAGER),
    OrganisationKind.BUYER: (Role.BUYER, Role.PRESCRIBER),
    OrganisationKind.COMPANY: (Role.CONTRACTOR,),
    OrganisationKind.STRUCTURE: (Role.STRUCTURE,),
    OrganisationKind.FUNDER: (Role.FUNDER,),
    OrganisationKind.PLATFORM: (Role.ADMINISTRATOR,),
}


class MembershipState(models.TextChoices):
    PENDING = "pending", "Invitation en attente"
    ACTIVE = "active", "Membre"
    ENDED = "ended", "Parti"

    @property
    def tone(self) -> str:
        return TONES[self]


TONES = {
    MembershipState.PENDING: "awaiting",
    MembershipState.ACTIVE: "success",
    MembershipState.ENDED: "neutral",
}


class AuditKind(models.TextChoices):
    """What can happen to an object; the label is the sentence shown after the actor's name."""

    MEMBER_INVITED = "member_invited", "a invité {person} comme {role}"
    MEMBER_REINVITED = "member_reinvited", "a envoyé de nouveau l’invitation à {person}"
    MEMBER_JOINED = "member_joined", "a rejoint l’organisation comme {role}"
    MEMBER_REMOVED = "member_removed", "a retiré {person} de l’organisation"
    INVITATION_CANCELLED = "invitation_cancelled", "a annulé l’invitation de {person}"
    PERSON_RENAMED = "person_renamed", "a modifié son nom"
    ACCOUNT_CHANGED = "account_changed", "a modifié le compte : {fields}"
    PERSON_FORGOTTEN = "person_forgotten", "a effacé les données de la personne"
    BUYER_ADDED = "buyer_added", "a ajouté l’acheteur"
    MANDATE_STARTED = "mandate_started", "a ouvert la convention avec {office}"
    ORGANISATION_ADDED = "organisation_added", "a ajouté l’organisation"
    ORGANISATION_CHANGED = "organisation_changed", "a modifié l’organisation : {fields}"
    MANDATE_ENDED = "mandate_ended", "a fixé le terme de la convention avec {office} : {end}"
    OFFICE_OPENED = "office_opened", "a ouvert l’office"
    COMPANY_ADDED = "company_added", "a ajouté l’entreprise"
    OFFICE_CHANGED = "office_changed", "a modifié les réglages de l’office : {changes}"

    OFFICE_CARD_WRITTEN = "office_card_written", "a écrit la carte de l’office\N{NO-BREAK SPACE}: {fields}"
    OFFICE_CARD_PUBLISHED = "office_card_published", "a publié la carte de l’office"
    OFFICE_CARD_WITHDRAWN = "office_card_withdrawn", "a retiré la carte de l’office"
    CARD_CONTACT_SET = "card_contact_set", "a préparé le contact de {person} pour la carte"
    CARD_CONTACT_REMOVED = "card_contact_removed", "a retiré {person} de la carte"
    CARD_CONTACT_AGREED = "card_contact_agreed", "a accepté la publication de ses coordonnées ({person})"
    CARD_CONTACT_RETRACTED = "card_contact_retracted", "a retiré son accord ({person})"

    DEPARTMENT_ADDED = "department_added", "a ajouté le service {department}"
    DEPARTMENT_CHANGED = "department_changed", "a modifié le service {department}"
    DEPARTMENT_REMOVED = "department_removed", "a retiré le service {department}"
    PLAN_OPENED = "plan_opened", "a ouvert le plan d’achats {year}"
    PLAN_SUBMITTED = "plan_submitted", "a déposé le plan d’achats auprès de l’office"
    PLAN_REOPENED = "plan_reopened", "a repris le plan d’achats pour le corriger"
    PLAN_ANSWERED = "plan_answered", "a publié la réponse de l’office au plan d’achats"
    PLAN_REMINDED = "plan_reminded", "a relancé l’acheteur pour son plan d’achats {year}"
    PLAN_IMPORTED = (
        "plan_imported",
        "a importé le fichier {file} : {created} ajoutés, {updated} modifiés, {waiting} en attente",
    )
    PLAN_IMPORT_UNDONE = (
        "plan_import_undone",
        "a annulé l’importation du fichier {file} : {removed} retirés, {restored} rétablis",
    )
    PLAN_FILE_RECEIVED = "plan_file_received", "a envoyé le fichier {file}"
    PLAN_FILE_CORRECTED = "plan_file_corrected", "a corrigé {cells} cellule(s) du fichier {file}"
    PLAN_COLUMNS_CHOSEN = "plan_columns_chosen", "a choisi le sens de colonnes du fichier {file} : {choices}"
    PLAN_SHEETS_CHOSEN = "plan_sheets_chosen", "a choisi les feuilles lues du fichier {file} : {choices}"
    PLAN_VALUES_CHOSEN = "plan_values_chosen", "a confirmé des valeurs du fichier {file} : {choices}"
    IMPORT_CHOICES_FORGOTTEN = (
        "import_choices_forgotten",
        "a oublié ce qui servait à lire ses fichiers : {choices}",
    )
    PLAN_FILE_DISCARDED = "plan_file_discarded", "a abandonné le fichier {file}"
    MARKET_ADDED = "market_added", "a ajouté le marché"
    MARKET_IMPORTED = "market_imported", "a reçu ce marché du fichier {file}, ligne {line}"
    MARKET_CHANGED = "market_changed", "a modifié {fields}"
    MARKET_RESTORED = "market_restored", "a rétabli ce marché comme il était avant le fichier {file}"
    MARKET_DUPLICATED = "market_duplicated", "a créé ce marché en copiant « {source} »"
    MARKET_REMOVED = "market_removed", "a retiré le marché « {title} »"
    MARKET_PUT_BACK = "market_put_back", "a rétabli le marché « {title} »"
    LOT_ADDED = "lot_added", "a ajouté le lot {number}"
    LOT_CHANGED = "lot_changed", "a modifié le lot {number}"
    LOT_REMOVED = "lot_removed", "a retiré le lot {number}"
    PROGRAMMES_SET = "programmes_set", "a rattaché les programmes : {programmes}"
    CONTRACT_NOTIFIED = "contract_notified", "a enregistré la notification du contrat à {contractor}"

    PRACTICE_WRITTEN = "practice_written", "a écrit la fiche"
    PRACTICE_CHANGED = "practice_changed", "a modifié {fields}"
    PRACTICE_PUBLISHED = "practice_published", "a publié la fiche"
    PRACTICE_WITHDRAWN = "practice_withdrawn", "a retiré la fiche"

    OPEN_DATA_IMPORTED = (
        "open_data_imported",
        "a importé les marchés publiés du fichier {file} : {created} ajoutés, {updated} modifiés, "
        "{waiting} lignes en attente",
    )

    STRUCTURES_IMPORTED = (
        "structures_imported",
        "a importé le fichier {file} : {created} ajoutées, {updated} modifiées, {waiting} en attente",
    )
    STRUCTURES_DISCARDED = "structures_discarded", "a abandonné le fichier {file}"
    STRUCTURE_ADDED = "structure_added", "a ajouté la fiche avec le fichier {file}, ligne {line}"
    STRUCTURE_UPDATED = "structure_updated", "a mis à jour {fields} avec le fichier {file}, ligne {line}"
    STRUCTURE_VERIFIED = "structure_verified", "a vérifié la fiche"
    STRUCTURE_CORRECTED = "structure_corrected", "a corrigé {fields}"
    OFFER_DECLARED = "offer_declared", "a ajouté le métier « {trade} »"
    OFFER_CHANGED = "offer_changed", "a modifié le métier « {trade} »"
    OFFER_WITHDRAWN = "offer_withdrawn", "a retiré le métier « {trade} »"
    CAPACITY_DECLARED = "capacity_declared", "a noté la capacité de « {trade} » : {quantity}"
    CONTACT_ADDED = "contact_added", "a ajouté un contact"
    CONTACT_CHANGED = "contact_changed", "a modifié un contact"
    CONTACT_REMOVED = "contact_removed", "a retiré un contact"
    CORRECTION_ASKED = "correction_asked", "a demandé à la structure de relire sa fiche"
    CORRECTION_PROPOSED = "correction_proposed", "a proposé de corriger sa fiche : {fields}"
    CORRECTION_REFUSED = "correction_refused", "n’a pas retenu la correction proposée : {fields}"
    CONSORTIUM_FORMED = "consortium_formed", "a formé le groupement « {name} »"
    CONSORTIUM_CHANGED = "consortium_changed", "a modifié le groupement « {name} » : {fields}"
    MEMBER_THOUGHT_OF = "member_thought_of", "a pressenti {structure} pour « {name} »"
    MEMBER_TAKEN_OUT = "member_taken_out", "a retiré {structure} de « {name} »"
    SHARE_CHANGED = "share_changed", "a revu la part de {structure} dans « {name} »"
    CONSORTIUM_AGREED = "consortium_agreed", "a noté l’accord de {structure} pour « {name} »"
    CONSORTIUM_DECLINED = "consortium_declined", "a noté que {structure} décline « {name} »"
    NEED_OPENED = "need_opened", "a ouvert la recherche"
    NEED_CHANGED = "need_changed", "a modifié {fields}"
    NEED_CLOSED = "need_closed", "a clos la recherche : {outcome}"
    STRUCTURE_SHORTLISTED = "structure_shortlisted", "a retenu {structure}"
    STRUCTURE_DROPPED = "structure_dropped", "a retiré {structure} de la liste"
    NEED_SENT = "need_sent", "a envoyé le besoin à {structure}"
    NEED_REMINDED = "need_reminded", "a relancé {structure}"
    NEED_READ = "need_read", "a ouvert le lien"
    NEED_ANSWERED = "need_answered", "a répondu : {answer}"

    QUOTE_NOTED = "quote_noted", "a noté le devis de {structure}"
    QUOTE_CHANGED = "quote_changed", "a modifié le devis de {structure} : {fields}"
    QUOTE_WITHDRAWN = "quote_withdrawn", "a retiré le devis de {structure}"
    QUOTE_BROUGHT_BACK = "quote_brought_back", "a rétabli le devis de {structure}"
    QUOTE_ORDERED = "quote_ordered", "a choisi le devis de {structure}"
    DIRECT_ORDER_NOTED = "direct_order_noted", "a noté l’achat\N{NO-BREAK SPACE}: {amount} HT"
    DIRECT_ORDER_CHANGED = "direct_order_changed", "a modifié {fields}"
    DIRECT_ORDER_CANCELLED = "direct_order_cancelled", "a annulé l’achat"
    DIRECT_ORDER_REINSTATED = "direct_order_reinstated", "a rétabli l’achat"

    MEETING_PLANNED = "meeting_planned", "a saisi la rencontre"
    MEETING_CHANGED = "meeting_changed", "a modifié {fields}"
    MEETING_CANCELLED = "meeting_cancelled", "a annulé la rencontre"
    MEETING_REINSTATED = "meeting_reinstated", "a rétabli la rencontre"
    MEETING_MARKET_LINKED = "meeting_market_linked", "a rattaché le marché « {market} »"
    MEETING_MARKET_UNLINKED = "meeting_market_unlinked", "a détaché le marché « {market} »"
    GUEST_ADDED = "guest_added", "a ajouté {guest} à la liste des invités"
    GUEST_REMOVED = "guest_removed", "a retiré {guest} de la liste des invités"
    GUEST_INVITED = "guest_invited", "a envoyé l’invitation à {guest}"
    MEETING_OUTCOME_NOTED = "meeting_outcome_noted", "a noté ce qui en est sorti : {outcome}"
    MEETING_OUTCOME_TAKEN_BACK = "meeting_outcome_taken_back", "a repris ce qui était noté : {outcome}"

    SCREENING_DECIDED = "screening_decided", "a rendu l’avis « {verdict} »"
    SCREENING_UNDONE = "screening_undone", "a annulé l’avis « {verdict} »"
    URGENCY_FLAGGED = "urgency_flagged", "a signalé la ligne urgente\N{NO-BREAK SPACE}: {reason}"
    URGENCY_LIFTED = "urgency_lifted", "a levé l’urgence"
    URGENCY_RESTORED = "urgency_restored", "a rétabli l’urgence"

    SUGGESTION_RULE_WRITTEN = (
        "suggestion_rule_written",
        "a écrit la version {version} de la règle des suggestions : {changes}",
    )

    DEROGATION_SIGNED = "derogation_signed", "a signé une dérogation à la condition sociale : {motive}"
    DEROGATION_WITHDRAWN = "derogation_withdrawn", "a retiré la dérogation à la condition sociale"

    CLOSED_WITHOUT_CONDITION = (
        "closed_without_condition",
        "a fermé ce marché avec une réservation ou un critère seul, sans condition d’exécution sociale",
    )

    PROPOSAL_DRAFTED = "proposal_drafted", "a préparé la proposition : {provision}, {hours}"
    PROPOSAL_CHANGED = "proposal_changed", "a modifié la proposition : {fields}"
    PROPOSAL_SENT = "proposal_sent", "a envoyé la proposition à {recipient}"
    PROPOSAL_RESENT = "proposal_resent", "a envoyé un nouveau lien à {recipient}"
    PROPOSAL_REVISED = "proposal_revised", "a repris la proposition pour la modifier ({former})"
    PROPOSAL_OPENED = "proposal_opened", "a ouvert le lien de décision"
    PROPOSAL_ACCEPTED = "proposal_accepted", "a accepté la proposition ({hours})"
    PROPOSAL_REFUSED = "proposal_refused", "a refusé la proposition : {reason}"
    PROPOSAL_REWORK_ASKED = "proposal_rework_asked", "a demandé de revoir la proposition : {comment}"
    PROPOSAL_WITHDRAWN = "proposal_withdrawn", "a retiré la proposition"
    LINK_REVOKED = "link_revoked", "a annulé le lien envoyé à {recipient}"

    CLAUSE_CREATED = "clause_created", "a fait de la proposition acceptée une clause ({hours})"
    CLAUSE_COMMITTED = "clause_committed", "a fixé {hours} h dues par {contractor}"
    CLAUSE_CLOSED = "clause_closed", "a clos la clause"

    TEXT_REVISED = "text_revised", "a rédigé la version {version} du texte « {title} »"
    TEXT_RENEWED = "text_renewed", "a repris le texte de la clause avec la bibliothèque du jour"

    PARTICIPANT_ADDED = "participant_added", "a ajouté la personne"
    PARTICIPANT_CHANGED = "participant_changed", "a modifié {fields}"
    ELIGIBILITY_GRANTED = "eligibility_granted", "a reconnu l’éligibilité jusqu’au {until}"
    ELIGIBILITY_REFUSED = "eligibility_refused", "a refusé l’éligibilité"
    ELIGIBILITY_ENDED = "eligibility_ended", "a mis fin à une éligibilité antérieure à compter du {ends_on}"
    PLACEMENT_OPENED = "placement_opened", "a ouvert le placement du {starts_on}"
    PLACEMENT_ENDED = "placement_ended", "a mis fin au placement le {ends_on}"

    DECLARATION_SAVED = "declaration_saved", "a enregistré le brouillon : {hours} h"
    DECLARATION_SENT = "declaration_sent", "a déclaré {hours} h pour {period}"
    DECLARATION_VALIDATED = "declaration_validated", "a validé {hours} h ({credited} h retenues)"
    DECLARATION_REJECTED = "declaration_rejected", "a rejeté la déclaration : {reason}"
    DECLARATION_REOPENED = "declaration_reopened", "a repris la déclaration pour la corriger"

    SHARED_NEED_NOTED = (
        "shared_need_noted",
        "a noté le besoin partagé «\N{NO-BREAK SPACE}{family}\N{NO-BREAK SPACE}», {state}",
    )
    DELAYS_KEPT = "delays_kept", "a réglé les délais de l’office\N{NO-BREAK SPACE}: {changes}"
    CALENDAR_FEED_OPENED = "calendar_feed_opened", "a ouvert un abonnement à ses échéances"
    CALENDAR_FEED_RENEWED = "calendar_feed_renewed", "a renouvelé l’adresse de son abonnement aux échéances"
    CALENDAR_FEED_REVOKED = "calendar_feed_revoked", "a révoqué son abonnement aux échéances"

    JOB_REQUESTED = "job_requested", "a demandé « {title} »"
    JOB_RELAUNCHED = "job_relaunched", "a relancé le travail"
    REPORT_ISSUED = "report_issued", "a reçu l’édition {number}"


def audit_kinds() -> list[tuple[str, str]]:
    """The choices by reference: a new sentence needs no migration."""
    return AuditKind.choices


# Keys of a payload that name a person: erasure empties them (architecture.md, Audit and privacy).
PERSONAL_PAYLOAD: dict[AuditKind, tuple[str, ...]] = {
    AuditKind.MEMBER_INVITED: ("person",),
    AuditKind.MEMBER_REINVITED: ("person",),
    AuditKind.MEMBER_REMOVED: ("person",),
    AuditKind.INVITATION_CANCELLED: ("person",),
    AuditKind.CARD_CONTACT_SET: ("person",),
    AuditKind.CARD_CONTACT_REMOVED: ("person",),
    AuditKind.CARD_CONTACT_AGREED: ("person",),
    AuditKind.CARD_CONTACT_RETRACTED: ("person",),
    AuditKind.PROPOSAL_SENT: ("recipient",),
    AuditKind.PROPOSAL_RESENT: ("recipient",),
    AuditKind.PROPOSAL_REWORK_ASKED: ("comment",),
    AuditKind.LINK_REVOKED: ("recipient",),
    # Organisations; somebody may still type a name there.
    AuditKind.GUEST_ADDED: ("guest",),
    AuditKind.GUEST_REMOVED: ("guest",),
    AuditKind.GUEST_INVITED: ("guest",),
}
