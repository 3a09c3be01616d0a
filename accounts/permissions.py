"""Who may do what, on one page. The rows come from `visible_to`; both keys are always asked for."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps

from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role


class Permission(StrEnum):
    SEARCH = "Chercher parmi les fiches que l’on peut lire"
    PLAN_VIEW = "Lire les plans d’achats et leurs marchés"
    PLAN_EDIT = "Saisir, importer et déposer un plan d’achats"
    OPEN_DATA_VIEW = "Consulter les marchés publiés par d’autres acheteurs"
    PRACTICE_VIEW = "Lire les fiches de pratique"
    PRACTICE_WRITE = "Écrire une fiche de pratique et la publier"
    STRUCTURE_VIEW = "Consulter le répertoire des structures"
    STRUCTURE_IMPORT = "Importer le répertoire"
    STRUCTURE_VERIFY = "Attester qu’une fiche du répertoire est à jour"
    STRUCTURE_EDIT = "Tenir les fiches du répertoire : métiers, capacités, contacts"
    CARD_KEEP = "Tenir sa propre fiche, dire sa capacité et répondre aux besoins reçus"
    SOURCING_VIEW = "Lire les recherches de structures"
    SOURCING_WRITE = "Chercher des structures pour un besoin et les solliciter"
    ORDER_VIEW = "Lire les devis et les achats directs à une structure"
    ORDER_WRITE = "Noter un devis, un achat direct à une structure"
    MEETING_VIEW = "Lire les rencontres où l’on est invité, ou celles de son office"
    MEETING_WRITE = "Prévoir une rencontre, inviter, noter ce qui en est sorti"
    BUYER_ADD = "Ajouter un acheteur et ouvrir sa convention"
    BUYER_MANAGE = "Tenir les services prescripteurs d’un acheteur"
    SCREENING_VIEW = "Lire les avis sur les lignes de plan"
    SCREENING_DECIDE = "Rendre un avis sur une ligne de plan, ou la signaler urgente"
    SUGGESTION_VIEW = "Lire la règle des suggestions et son accord avec les avis"
    SUGGESTION_REVISE = "Régler les suggestions de son office"
    DELAY_SET = "Régler les délais de son office"
    PLAN_REMIND = "Relancer un acheteur dont le plan manque"
    CAPACITY_VIEW = "Comparer les heures promises aux capacités déclarées"
    SHARED_NEED_VIEW = "Lire les besoins partagés par plusieurs acheteurs"
    AGENDA_VIEW = "Lire les échéances de ses marchés"
    OPTION_COMPARE = "Comparer les options d’un marché"
    DEROGATION_WRITE = "Justifier l’absence de condition sociale"
    PROPOSAL_VIEW = "Lire les propositions"
    PROPOSAL_WRITE = "Préparer et envoyer une proposition"
    PROPOSAL_DECIDE = "Décider d’une proposition"
    TEXT_VIEW = "Lire la bibliothèque des textes"
    TEXT_REVISE = "Rédiger une nouvelle version d’un texte"
    CLAUSE_VIEW = "Lire les clauses et leurs heures"
    CLAUSE_MANAGE = "Notifier un contrat et fixer les heures dues"
    PARTICIPANT_VIEW = "Voir les personnes en parcours"
    PARTICIPANT_EDIT = "Tenir les fiches des personnes et leurs placements"
    ELIGIBILITY_DECIDE = "Décider de l’éligibilité"
    DECLARATION_VIEW = "Lire les déclarations d’heures"
    DECLARATION_FILL = "Déclarer des heures"
    DECLARATION_VALIDATE = "Valider ou rejeter des heures"
    REPORT_VIEW = "Lire et télécharger les rapports"
    REPORT_BUILD = "Demander un rapport"
    JOB_FOLLOW = "Suivre un travail de fond que l’on a demandé"
    DASHBOARD_VIEW = "Voir le tableau de bord"
    ANSWER_TIME_VIEW = "Lire les délais de réponse de l’office et des services"
    TEAM_MANAGE = "Inviter et retirer des membres"
    OFFICE_MANAGE = "Régler l’office"
    REFERENCE_VIEW = "Lire les valeurs de référence et leurs sources"
    REFERENCE_MANAGE = "Tenir les données de référence"


P = Permission

_OFFICE_READS = frozenset(
    {
        P.SEARCH, P.PLAN_VIEW, P.STRUCTURE_VIEW, P.SCREENING_VIEW, P.PROPOSAL_VIEW, P.CLAUSE_VIEW,
        P.PARTICIPANT_VIEW, P.DECLARATION_VIEW, P.REPORT_VIEW, P.DASHBOARD_VIEW, P.REFERENCE_VIEW,
        P.OPTION_COMPARE, P.TEXT_VIEW, P.SUGGESTION_VIEW,
        P.AGENDA_VIEW, P.SHARED_NEED_VIEW, P.CAPACITY_VIEW, P.SOURCING_VIEW,
        P.MEETING_VIEW, P.ORDER_VIEW,
        P.OPEN_DATA_VIEW, P.PRACTICE_VIEW, P.JOB_FOLLOW, P.ANSWER_TIME_VIEW,
    }
)  # fmt: skip

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.FACILITATOR: _OFFICE_READS
    | {
        P.PLAN_EDIT, P.STRUCTURE_IMPORT, P.STRUCTURE_VERIFY, P.STRUCTURE_EDIT, P.SOURCING_WRITE, P.BUYER_ADD,
        P.BUYER_MANAGE,
        P.SCREENING_DECIDE, P.DEROGATION_WRITE, P.PROPOSAL_WRITE, P.CLAUSE_MANAGE, P.TEXT_REVISE,
        P.SUGGESTION_REVISE,
        P.PARTICIPANT_EDIT, P.ELIGIBILITY_DECIDE, P.DECLARATION_VALIDATE, P.REPORT_BUILD,
        P.PRACTICE_WRITE,
        P.DELAY_SET, P.PLAN_REMIND, P.MEETING_WRITE, P.ORDER_WRITE,
    },
    Role.MANAGER: _OFFICE_READS
    | {
        P.BUYER_ADD, P.BUYER_MANAGE, P.REPORT_BUILD, P.TEAM_MANAGE, P.OFFICE_MANAGE, P.DELAY_SET,
        P.MEETING_WRITE,
    },
    Role.BUYER: frozenset(
        {
            P.SEARCH, P.PLAN_VIEW, P.PLAN_EDIT, P.STRUCTURE_VIEW, P.BUYER_MANAGE, P.SCREENING_VIEW,
            P.DEROGATION_WRITE, P.PROPOSAL_VIEW, P.OPTION_COMPARE,
            P.CLAUSE_VIEW, P.REPORT_VIEW, P.TEAM_MANAGE, P.REFERENCE_VIEW,
            P.OPEN_DATA_VIEW, P.PRACTICE_VIEW, P.PRACTICE_WRITE, P.AGENDA_VIEW,
            P.JOB_FOLLOW, P.SOURCING_VIEW, P.MEETING_VIEW, P.ORDER_VIEW, P.ORDER_WRITE,
        }
    ),
    Role.PRESCRIBER: frozenset(
        {P.SEARCH, P.PLAN_VIEW, P.PROPOSAL_VIEW, P.PROPOSAL_DECIDE, P.OPEN_DATA_VIEW, P.PRACTICE_VIEW}
    ),
    Role.CONTRACTOR: frozenset(
        {P.SEARCH, P.CLAUSE_VIEW, P.PARTICIPANT_VIEW, P.DECLARATION_VIEW, P.DECLARATION_FILL}
    ),
    Role.STRUCTURE: frozenset({P.SEARCH, P.STRUCTURE_VIEW, P.CARD_KEEP}),
    Role.FUNDER: frozenset({P.REPORT_VIEW, P.DASHBOARD_VIEW}),
    Role.ADMINISTRATOR: frozenset(
        {
            P.SEARCH, P.STRUCTURE_VIEW, P.STRUCTURE_IMPORT, P.TEAM_MANAGE,
            P.REFERENCE_VIEW, P.REFERENCE_MANAGE,
        }
    ),
}  # fmt: skip


def allows(user: User, permission: Permission) -> bool:
    hat = getattr(user, "membership", None)
    return hat is not None and permission in GRANTS[Role(hat.role)]


def require_permission(permission: Permission) -> Callable:
    """The verb's key: 403 for those who have an account but not the verb."""

    def guard(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not allows(request.user, permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return guard


def signed_in(view: Callable) -> Callable:
    """For the few pages that every person with an account may open: home, own account, help."""
    view.permission = None
    return view
