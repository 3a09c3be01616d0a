from django.urls import path

from structures.views import directory, files


app_name = "structures"

urlpatterns = [
    path("structures/", directory.structure_list, name="list"),
    path("structures/export.xlsx", directory.structure_export_xlsx, name="export_xlsx"),
    path("structures/export.csv", directory.structure_export_csv, name="export_csv"),
    path("structures/importer/", files.file_send, name="send"),
    path("structures/fichiers/<int:pk>/", files.file_detail, name="file"),
    path("structures/fichiers/<int:pk>/appliquer/", files.file_apply, name="file_apply"),
    path("structures/fichiers/<int:pk>/abandonner/", files.file_discard, name="file_discard"),
    path("structures/<int:pk>/", directory.structure_detail, name="detail"),
    path("structures/<int:pk>/verifier/", directory.structure_verify, name="verify"),
]
