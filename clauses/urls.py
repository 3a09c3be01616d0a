from django.urls import path

from clauses.views import (
    agenda,
    agreement,
    answers,
    calendar_feed,
    capacity,
    clauses,
    decision,
    declarations,
    derogations,
    options,
    participants,
    placements,
    proposal_drafts,
    proposals,
    references,
    renewals,
    screening,
    screening_list,
    shared_needs,
    suggestion_rules,
    texts,
    urgency,
)


app_name = "clauses"

DEROGATIONS = [
    path("marches/<int:pk>/derogation/", derogations.derogation, name="derogation"),
    path("derogations/<int:pk>/retirer/", derogations.derogation_withdraw, name="derogation_withdraw"),
    path("derogations/<int:pk>/fiche.pdf", derogations.derogation_sheet, name="derogation_sheet"),
]

SCREENING = [
    path("reperage/", screening_list.screening_list, name="screening_list"),
    path(
        "reperage/export.xlsx",
        screening_list.screening_export,
        {"extension": "xlsx"},
        "screening_export_xlsx",
    ),
    path(
        "reperage/export.csv", screening_list.screening_export, {"extension": "csv"}, "screening_export_csv"
    ),
    path("reperage/selection/", screening_list.screening_decide_many, name="screening_decide_many"),
    path("reperage/selection/annuler/", screening_list.screening_undo_many, name="screening_undo_many"),
    path("reperage/reponses/", answers.answer_list, name="answer_list"),
    path("reperage/reponses/<int:pk>/", answers.answer_detail, name="answer_detail"),
    path("reperage/reponses/<int:pk>/publier/", answers.answer_publish, name="answer_publish"),
    path("reperage/<int:pk>/", screening.screening_detail, name="screening_detail"),
    path("reperage/<int:pk>/avis/", screening.screening_decide, name="screening_decide"),
    path("reperage/<int:pk>/annuler/", screening.screening_undo, name="screening_undo"),
    path("reperage/<int:pk>/urgence/", urgency.urgency_flag, name="screening_urgency"),
    path("urgences/<int:pk>/lever/", urgency.urgency_lift, name="urgency_lift"),
    path("urgences/<int:pk>/retablir/", urgency.urgency_restore, name="urgency_restore"),
]

SUGGESTIONS = [
    path("suggestions/avis/", agreement.agreement, name="agreement"),
    path("suggestions/avis/export.xlsx", agreement.export, {"extension": "xlsx"}, "agreement_export_xlsx"),
    path("suggestions/avis/export.csv", agreement.export, {"extension": "csv"}, "agreement_export_csv"),
    path("suggestions/regle/", suggestion_rules.rule_list, name="suggestion_rule"),
    path("suggestions/regle/modifier/", suggestion_rules.rule_revise, name="suggestion_rule_revise"),
]

CAPACITY = [
    path("capacites/", capacity.capacity_balance, name="capacity_balance"),
    path("capacites/export.xlsx", capacity.capacity_export, {"extension": "xlsx"}, "capacity_export_xlsx"),
    path("capacites/export.csv", capacity.capacity_export, {"extension": "csv"}, "capacity_export_csv"),
]

SHARED_NEEDS = [
    path("besoins-partages/", shared_needs.shared_need_list, name="shared_need_list"),
    path("besoins-partages/noter/", shared_needs.shared_need_note, name="shared_need_note"),
    path(
        "besoins-partages/export.xlsx",
        shared_needs.shared_need_export,
        {"extension": "xlsx"},
        "shared_need_export_xlsx",
    ),
    path(
        "besoins-partages/export.csv",
        shared_needs.shared_need_export,
        {"extension": "csv"},
        "shared_need_export_csv",
    ),
]

AGENDA = [
    path("renouvellements/", renewals.renewal_list, name="renewal_list"),
    path("echeances/", agenda.agenda, name="agenda"),
    path("echeances/mois/", agenda.agenda_month, name="agenda_month"),
    path("echeances/export.xlsx", agenda.agenda_export, {"extension": "xlsx"}, "agenda_export_xlsx"),
    path("echeances/export.csv", agenda.agenda_export, {"extension": "csv"}, "agenda_export_csv"),
    path("echeances/abonnement/", calendar_feed.subscription, name="calendar_subscription"),
    path("echeances/abonnement/ouvrir/", calendar_feed.subscription_open, name="calendar_open"),
    path("echeances/abonnement/revoquer/", calendar_feed.subscription_revoke, name="calendar_revoke"),
    path("echeances/flux/<str:token>.ics", calendar_feed.feed, name="calendar_feed"),
]

PROPOSALS = [
    path("propositions/", proposals.proposal_list, name="proposal_list"),
    path("propositions/export.xlsx", proposals.export, {"extension": "xlsx"}, "proposal_export_xlsx"),
    path("propositions/export.csv", proposals.export, {"extension": "csv"}, "proposal_export_csv"),
    path("propositions/nouvelle/", proposal_drafts.proposal_create, name="proposal_create"),
    path("propositions/<int:pk>/", proposals.proposal_detail, name="proposal_detail"),
    path("propositions/<int:pk>/modifier/", proposal_drafts.proposal_change, name="proposal_change"),
    path("propositions/<int:pk>/envoyer/", proposals.proposal_send, name="proposal_send"),
    path("propositions/<int:pk>/renvoyer/", proposals.proposal_resend, name="proposal_resend"),
    path("propositions/<int:pk>/reprendre/", proposals.proposal_revise, name="proposal_revise"),
    path("propositions/<int:pk>/retirer/", proposals.proposal_withdraw, name="proposal_withdraw"),
    path("propositions/liens/<int:pk>/annuler/", proposals.link_revoke, name="link_revoke"),
]

TEXTS = [
    path("propositions/<int:pk>/texte/", texts.proposal_text, name="proposal_text"),
    path("propositions/<int:pk>/texte/reprendre/", texts.proposal_text_renew, name="proposal_text_renew"),
    path("propositions/<int:pk>/texte.docx", texts.proposal_text_docx, name="proposal_text_docx"),
    path("textes/", texts.text_list, name="text_list"),
    path("textes/<int:pk>/modifier/", texts.text_revise, name="text_revise"),
]

CALIBRATION = [
    path("marches/<int:pk>/options/", options.option_list, name="option_list"),
    path("valeurs-de-reference/", references.reference_list, name="reference_list"),
]

DECISION = [
    path("propositions/<int:pk>/accepter/", decision.proposal_accept, name="proposal_accept"),
    path("propositions/<int:pk>/refuser/", decision.proposal_refuse, name="proposal_refuse"),
    path("propositions/<int:pk>/revoir/", decision.proposal_rework, name="proposal_rework"),
    path("decision/<str:token>/", decision.by_link, name="decision"),
]

CONTRACTS = [
    path("clauses/", clauses.clause_list, name="clause_list"),
    path("clauses/export/<str:extension>/", clauses.clause_export, name="clause_export"),
    path("clauses/<int:pk>/", clauses.clause_detail, name="clause_detail"),
    path("clauses/<int:pk>/notifier/", clauses.clause_commit, name="clause_commit"),
    path("clauses/<int:pk>/clore/", clauses.clause_close, name="clause_close"),
]

PEOPLE = [
    path("participants/", participants.participant_list, name="participant_list"),
    path("participants/export/<str:extension>/", participants.participant_export, name="participant_export"),
    path("participants/ajouter/", participants.participant_add, name="participant_add"),
    path("participants/<int:pk>/", participants.participant_detail, name="participant_detail"),
    path("participants/<int:pk>/modifier/", participants.participant_change, name="participant_change"),
    path("participants/<int:pk>/eligibilite/", participants.eligibility_decide, name="eligibility_decide"),
    path("participants/<int:pk>/placer/", placements.placement_open, name="placement_open"),
    path("placements/<int:pk>/terminer/", placements.placement_end, name="placement_end"),
]

DECLARATIONS = [
    path("declarations/", declarations.declaration_list, name="declaration_list"),
    path("declarations/export/<str:extension>/", declarations.declaration_export, name="declaration_export"),
    path(
        "declarations/contrats/<int:pk>/<int:year>/<int:month>/",
        declarations.declaration_fill,
        name="declaration_fill",
    ),
    path("declarations/<int:pk>/", declarations.declaration_detail, name="declaration_detail"),
    path("declarations/<int:pk>/corriger/", declarations.declaration_reopen, name="declaration_reopen"),
    path("declarations/<int:pk>/valider/", declarations.declaration_validate, name="declaration_validate"),
    path("declarations/<int:pk>/rejeter/", declarations.declaration_reject, name="declaration_reject"),
]

urlpatterns = [
    *DEROGATIONS,
    *SCREENING,
    *SUGGESTIONS,
    *AGENDA,
    *SHARED_NEEDS,
    *CAPACITY,
    *PROPOSALS,
    *TEXTS,
    *CALIBRATION,
    *DECISION,
    *CONTRACTS,
    *PEOPLE,
    *DECLARATIONS,
]
