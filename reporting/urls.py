from django.urls import path

from reporting.views import asking, dashboard, delays, direct_orders, editions, home, meetings, search


app_name = "reporting"

urlpatterns = [
    path("", home.home, name="home"),
    path("recherche/", search.search, name="search"),
    path("tableau-de-bord/", dashboard.dashboard, name="dashboard"),
    path("achats-directs/chiffres/", direct_orders.direct_order_figures, name="direct_order_figures"),
    path("rencontres/bilan/", meetings.meeting_figures, name="meeting_figures"),
    path("tableau-de-bord/delais/", delays.delay_report, name="delays"),
    path(
        "tableau-de-bord/delais/export.xlsx", delays.delay_export, {"extension": "xlsx"}, "delays_export_xlsx"
    ),
    path("tableau-de-bord/delais/export.csv", delays.delay_export, {"extension": "csv"}, "delays_export_csv"),
    path("rapports/", editions.edition_list, name="edition_list"),
    path("rapports/apercu/", asking.report_preview, name="report_preview"),
    path("rapports/demander/", asking.report_ask, name="report_ask"),
    path("rapports/<int:pk>/", editions.edition_detail, name="edition_detail"),
    path("rapports/<int:pk>/pdf/", editions.edition_pdf, name="edition_pdf"),
    path("rapports/<int:pk>/chiffres.json", editions.edition_json, name="edition_json"),
    path("rapports/<int:pk>/chiffres.xlsx", editions.edition_xlsx, name="edition_xlsx"),
    path("rapports/<int:pk>/contrats.csv", editions.edition_csv, name="edition_csv"),
]
