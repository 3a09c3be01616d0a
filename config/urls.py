from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, re_path

from config.health import healthz, readyz


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("compte/inactif/", account.account_inactive, name="account_inactive"),
    path("compte/mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/enregistre/",
        account.password_reset_from_key_done,
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

handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
