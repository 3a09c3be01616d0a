from django.urls import path

from accounts.views import about, invitation, office, office_card, own, team


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
    path("reglages/carte/", office_card.card_edit, name="card_edit"),
    path("reglages/carte/publier/", office_card.card_publish, name="card_publish"),
    path("reglages/carte/retirer/", office_card.card_withdraw, name="card_withdraw"),
    path("reglages/carte/contacts/<int:pk>/", office_card.card_contact, name="card_contact"),
    path(
        "reglages/carte/contacts/<int:pk>/retirer/",
        office_card.card_contact_remove,
        name="card_contact_remove",
    ),
    path("compte/carte/", office_card.own_contact, name="own_contact"),
    path("droits/", about.rights, name="rights"),
    path("aide/", about.help_page, name="help"),
    path("accessibilite/", about.accessibility, name="accessibility"),
    path("composants/", about.gallery, name="gallery"),
]
