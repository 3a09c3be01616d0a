from django.urls import path

from procurement.views import buyers, plan_files


app_name = "procurement"

urlpatterns = [
    path("acheteurs/", buyers.buyer_list, name="buyer_list"),
    path("acheteurs/ajouter/", buyers.buyer_add, name="buyer_add"),
    path("acheteurs/<int:pk>/", buyers.buyer_detail, name="buyer_detail"),
    path("acheteurs/<int:pk>/services/ajouter/", buyers.department_add, name="department_add"),
    path("services/<int:pk>/modifier/", buyers.department_edit, name="department_edit"),
    # Plan files
    path("plans/<int:pk>/importer/", plan_files.plan_file_send, name="plan_file_send"),
    path("plans/fichiers/<int:pk>/", plan_files.plan_file, name="plan_file"),
    path("plans/fichiers/<int:pk>/appliquer/", plan_files.plan_file_apply, name="plan_file_apply"),
    path("plans/fichiers/<int:pk>/abandonner/", plan_files.plan_file_discard, name="plan_file_discard"),
    path("plans/fichiers/<int:pk>/original/", plan_files.plan_file_download, name="plan_file_download"),
]
