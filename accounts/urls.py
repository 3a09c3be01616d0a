from django.urls import path

from accounts.views import about, own


app_name = "accounts"

urlpatterns = [
    path("compte/", own.profile, name="profile"),
    path("compte/role/", own.switch, name="switch"),
    path("aide/", about.help_page, name="help"),
    path("accessibilite/", about.accessibility, name="accessibility"),
]
