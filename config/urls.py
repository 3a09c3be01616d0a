from django.contrib import admin
from django.urls import include, path, re_path

from accounts.views import doors
from config.health import healthz, readyz


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("connexion/", doors.sign_in, name="account_login"),
    path("deconnexion/", doors.sign_out, name="account_logout"),
    path("compte/inactif/", doors.inactive, name="account_inactive"),
    path("compte/mot-de-passe/", doors.password_change, name="account_change_password"),
    path("mot-de-passe/oublie/", doors.forgotten_password, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", doors.forgotten_password_sent, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        doors.new_password,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/enregistre/",
        doors.new_password_done,
        name="account_reset_password_from_key_done",
    ),
    path("administration/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("jobs.urls")),
    path("", include("procurement.urls")),
    path("", include("structures.urls")),
    path("", include("clauses.urls")),
    path("", include("reporting.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
# Read by allauth when somebody tries too often.
handler429 = "config.errors.too_many"
