from django.urls import path

from procurement.views import (
    awarded,
    buyers,
    delays,
    import_choices,
    import_memory,
    last_year,
    lots,
    market_list,
    markets,
    plan_files,
    plan_grid,
    plans,
    practices,
    reminders,
    undo,
)


app_name = "procurement"

urlpatterns = [
    # Buyers and their departments
    path("acheteurs/", buyers.buyer_list, name="buyer_list"),
    path("acheteurs/ajouter/", buyers.buyer_add, name="buyer_add"),
    path("acheteurs/relancer/", reminders.plan_remind, name="plan_remind"),
    path("acheteurs/<int:pk>/", buyers.buyer_detail, name="buyer_detail"),
    path("acheteurs/<int:pk>/lecture-des-fichiers/", import_memory.buyer_memory, name="buyer_memory"),
    path("acheteurs/<int:pk>/lecture-des-fichiers/oublier/", import_memory.buyer_forget, name="buyer_forget"),
    path("acheteurs/<int:pk>/services/ajouter/", buyers.department_add, name="department_add"),
    path("services/<int:pk>/modifier/", buyers.department_edit, name="department_edit"),
    # What an office promises and awaits
    path("echeances/delais/", delays.delay_list, name="delay_list"),
    path("echeances/delais/reprendre/", delays.delay_reset, name="delay_reset"),
    # Plans
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/ouvrir/", plans.plan_open, name="plan_open"),
    path("plans/annuler/", undo.undo, name="undo"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/deposer/", plans.plan_submit, name="plan_submit"),
    path("plans/<int:pk>/reprendre/", plans.plan_reopen, name="plan_reopen"),
    path("plans/<int:pk>/reprendre-lignes/", last_year.plan_copy, name="plan_copy"),
    path("plans/<int:pk>/saisie/", plan_grid.plan_grid, name="plan_grid"),
    path("plans/<int:pk>/marches/ajouter/", markets.market_add, name="market_add"),
    # Markets and lots
    path("marches/<int:pk>/", markets.market_detail, name="market_detail"),
    path("marches/<int:pk>/modifier/", markets.market_edit, name="market_edit"),
    path("marches/<int:pk>/programmes/", markets.market_tag, name="market_tag"),
    path("marches/<int:pk>/personnel/", markets.market_takeover, name="market_takeover"),
    path("marches/<int:pk>/dupliquer/", markets.market_duplicate, name="market_duplicate"),
    path("marches/<int:pk>/retirer/", markets.market_remove, name="market_remove"),
    path("marches/<int:pk>/lots/ajouter/", lots.lot_add, name="lot_add"),
    path("lots/<int:pk>/modifier/", lots.lot_edit, name="lot_edit"),
    path("lots/<int:pk>/retirer/", lots.lot_remove, name="lot_remove"),
    path("marches/<int:pk>/comparables/", awarded.comparables, name="comparables"),
    # Contracts that other buyers published
    path("marches-publics/", awarded.awarded_list, name="awarded_list"),
    path("marches-publics/export.xlsx", awarded.awarded_export_xlsx, name="awarded_export_xlsx"),
    path("marches-publics/export.csv", awarded.awarded_export_csv, name="awarded_export_csv"),
    path("marches-publics/<int:pk>/", awarded.awarded_detail, name="awarded_detail"),
    # Practice cards
    path("fiches/", practices.practice_list, name="practice_list"),
    path("fiches/ecrire/", practices.practice_write, name="practice_write"),
    path("fiches/<int:pk>/", practices.practice_detail, name="practice_detail"),
    path("fiches/<int:pk>/modifier/", practices.practice_edit, name="practice_edit"),
    path("fiches/<int:pk>/publier/", practices.practice_publish, name="practice_publish"),
    path("fiches/<int:pk>/retirer/", practices.practice_withdraw, name="practice_withdraw"),
    # Plan files
    path("plans/<int:pk>/importer/", plan_files.plan_file_send, name="plan_file_send"),
    path("plans/fichiers/<int:pk>/", plan_files.plan_file, name="plan_file"),
    path("plans/fichiers/<int:pk>/appliquer/", plan_files.plan_file_apply, name="plan_file_apply"),
    path("plans/fichiers/<int:pk>/corriger/", plan_files.plan_file_correct, name="plan_file_correct"),
    path("plans/fichiers/<int:pk>/colonnes/", import_choices.plan_file_columns, name="plan_file_columns"),
    path("plans/fichiers/<int:pk>/feuilles/", import_choices.plan_file_sheets, name="plan_file_sheets"),
    path("plans/fichiers/<int:pk>/annuler/", plan_files.plan_file_undo, name="plan_file_undo"),
    path("plans/fichiers/<int:pk>/valeurs/", import_choices.plan_file_values, name="plan_file_values"),
    path("plans/fichiers/<int:pk>/abandonner/", plan_files.plan_file_discard, name="plan_file_discard"),
    path("plans/fichiers/<int:pk>/original/", plan_files.plan_file_download, name="plan_file_download"),
    path("marches/", market_list.market_list, name="market_list"),
    path("marches/export.xlsx", market_list.market_export_xlsx, name="market_export_xlsx"),
    path("marches/export.csv", market_list.market_export_csv, name="market_export_csv"),
]
