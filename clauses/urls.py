from django.urls import path

from clauses.views import decision, proposals, screening


app_name = "clauses"

SCREENING = [
    path("reperage/", screening.screening_list, name="screening_list"),
    path("reperage/export.xlsx", screening.screening_export, {"extension": "xlsx"}, "screening_export_xlsx"),
    path("reperage/export.csv", screening.screening_export, {"extension": "csv"}, "screening_export_csv"),
    path("reperage/selection/", screening.screening_decide_many, name="screening_decide_many"),
    path("reperage/selection/annuler/", screening.screening_undo_many, name="screening_undo_many"),
    path("reperage/<int:pk>/", screening.screening_detail, name="screening_detail"),
    path("reperage/<int:pk>/avis/", screening.screening_decide, name="screening_decide"),
    path("reperage/<int:pk>/annuler/", screening.screening_undo, name="screening_undo"),
]

PROPOSALS = [
    path("propositions/", proposals.proposal_list, name="proposal_list"),
    path("propositions/export.xlsx", proposals.export, {"extension": "xlsx"}, "proposal_export_xlsx"),
    path("propositions/export.csv", proposals.export, {"extension": "csv"}, "proposal_export_csv"),
    path("propositions/nouvelle/", proposals.proposal_create, name="proposal_create"),
    path("propositions/<int:pk>/", proposals.proposal_detail, name="proposal_detail"),
    path("propositions/<int:pk>/modifier/", proposals.proposal_change, name="proposal_change"),
    path("propositions/<int:pk>/envoyer/", proposals.proposal_send, name="proposal_send"),
    path("propositions/<int:pk>/renvoyer/", proposals.proposal_resend, name="proposal_resend"),
    path("propositions/<int:pk>/reprendre/", proposals.proposal_revise, name="proposal_revise"),
    path("propositions/<int:pk>/retirer/", proposals.proposal_withdraw, name="proposal_withdraw"),
    path("propositions/liens/<int:pk>/annuler/", proposals.link_revoke, name="link_revoke"),
]

DECISION = [
    path("propositions/<int:pk>/accepter/", decision.proposal_accept, name="proposal_accept"),
    path("propositions/<int:pk>/refuser/", decision.proposal_refuse, name="proposal_refuse"),
    path("propositions/<int:pk>/revoir/", decision.proposal_rework, name="proposal_rework"),
    path("decision/<str:token>/", decision.by_link, name="decision"),
]

urlpatterns = [*SCREENING, *PROPOSALS, *DECISION]
