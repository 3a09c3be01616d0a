from django.urls import path

from accounts.views import about, invitation, office, own, team


app_name = "accounts"

urlpatterns = [
    path("compte/", own.profile, name="profile"),
    path("compte/role/", own.switch, name="switch"),
    path("compte/mes-donnees/", own.own_data, name="own_data"),
    path("bienvenue/", own.no_role, name="no_role"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("equipe/", team.team, name="team"),
    path("equipe/<int:pk>/renvoyer/", team.resend, name="resend"),
    path("equipe/<int:pk>/retirer/", team.remove, name="remove"),
    path("organisations/", team.organisation_list, name="organisation_list"),
    path("organisations/<int:pk>/inviter/", team.invite, name="invite"),
    path("reglages/", office.office, name="office"),
    path("droits/", about.rights, name="rights"),
    path("aide/", about.help_page, name="help"),
    path("accessibilite/", about.accessibility, name="accessibility"),
    path("composants/", about.gallery, name="gallery"),
]
