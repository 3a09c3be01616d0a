from django.urls import path

from procurement.views import buyers, market_list


app_name = "procurement"

urlpatterns = [
    path("acheteurs/", buyers.buyer_list, name="buyer_list"),
    path("acheteurs/ajouter/", buyers.buyer_add, name="buyer_add"),
    path("acheteurs/<int:pk>/", buyers.buyer_detail, name="buyer_detail"),
    path("acheteurs/<int:pk>/services/ajouter/", buyers.department_add, name="department_add"),
    path("services/<int:pk>/modifier/", buyers.department_edit, name="department_edit"),
    path("marches/", market_list.market_list, name="market_list"),
    path("marches/export.xlsx", market_list.market_export_xlsx, name="market_export_xlsx"),
    path("marches/export.csv", market_list.market_export_csv, name="market_export_csv"),
]
