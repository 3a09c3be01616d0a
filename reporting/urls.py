from django.urls import path

from reporting.views import home, search


app_name = "reporting"

urlpatterns = [
    path("", home.home, name="home"),
    path("recherche/", search.search, name="search"),
]
