from django.urls import path

from structures.views import cards, corrections, directory, files, own, siret_lists, sourcing


app_name = "structures"

urlpatterns = [
    path("structures/", directory.structure_list, name="list"),
    path("structures/export.xlsx", directory.structure_export_xlsx, name="export_xlsx"),
    path("structures/export.csv", directory.structure_export_csv, name="export_csv"),
    path("structures/siret/", siret_lists.siret_check, name="siret_check"),
    path("structures/importer/", files.file_send, name="send"),
    path("structures/fichiers/<int:pk>/", files.file_detail, name="file"),
    path("structures/fichiers/<int:pk>/appliquer/", files.file_apply, name="file_apply"),
    path("structures/fichiers/<int:pk>/abandonner/", files.file_discard, name="file_discard"),
    path("structures/besoins/", sourcing.need_list, name="need_list"),
    path("structures/besoins/ouvrir/", sourcing.need_open, name="need_open"),
    path("structures/besoins/<int:pk>/", sourcing.need_detail, name="need"),
    path("structures/besoins/<int:pk>/modifier/", sourcing.need_edit, name="need_edit"),
    path("structures/besoins/<int:pk>/retenir/", sourcing.need_shortlist, name="need_shortlist"),
    path("structures/besoins/<int:pk>/envoyer/", sourcing.need_send, name="need_send"),
    path("structures/besoins/<int:pk>/relancer/", sourcing.need_remind, name="need_remind"),
    path("structures/besoins/<int:pk>/clore/", sourcing.need_close, name="need_close"),
    path("structures/besoins/retirer/<int:pk>/", sourcing.approach_drop, name="approach_drop"),
    path("ma-fiche/", own.own_card, name="own_card"),
    path("ma-fiche/<int:pk>/corriger/", own.own_card_edit, name="own_card_edit"),
    path("ma-fiche/metiers/<int:pk>/capacite/", own.own_capacity, name="own_capacity"),
    path("besoins-recus/", own.own_need_list, name="own_need_list"),
    path("besoins-recus/<int:pk>/", own.own_need, name="own_need"),
    path("besoin/<str:token>/", sourcing.need_answer, name="need_answer"),
    path("structures/<int:pk>/", directory.structure_detail, name="detail"),
    path("structures/corrections/", corrections.correction_list, name="correction_list"),
    path("structures/corrections/<int:pk>/", corrections.correction_review, name="correction"),
    path("structures/<int:pk>/faire-relire/", corrections.correction_ask, name="correction_ask"),
    path("fiche/<str:token>/", corrections.card_answer, name="card_answer"),
    path("besoin/<str:token>/fiche/", corrections.approach_card, name="approach_card"),
    path("structures/<int:pk>/verifier/", directory.structure_verify, name="verify"),
    path("structures/<int:pk>/corriger/", cards.structure_correct, name="correct"),
    path("structures/<int:pk>/metiers/ajouter/", cards.offer_add, name="offer_add"),
    path("structures/metiers/<int:pk>/", cards.offer_edit, name="offer_edit"),
    path("structures/metiers/<int:pk>/retirer/", cards.offer_withdraw, name="offer_withdraw"),
    path("structures/metiers/<int:pk>/capacite/", cards.capacity_declare, name="capacity_declare"),
    path("structures/<int:pk>/contacts/ajouter/", cards.contact_add, name="contact_add"),
    path("structures/contacts/<int:pk>/", cards.contact_edit, name="contact_edit"),
    path("structures/contacts/<int:pk>/retirer/", cards.contact_remove, name="contact_remove"),
]
