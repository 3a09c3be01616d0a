from django.urls import path

from clauses.views import decision


app_name = "clauses"

DECISION = [
    path("propositions/<int:pk>/accepter/", decision.proposal_accept, name="proposal_accept"),
    path("propositions/<int:pk>/refuser/", decision.proposal_refuse, name="proposal_refuse"),
    path("propositions/<int:pk>/revoir/", decision.proposal_rework, name="proposal_rework"),
    path("decision/<str:token>/", decision.by_link, name="decision"),
]

urlpatterns = [*DECISION]
