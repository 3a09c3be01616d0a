from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "config.administration.Administration"

    def ready(self) -> None:
        super().ready()
        from allauth.account.models import EmailAddress
        from django.contrib import admin
        from django.contrib.auth.models import Group

        # Roles live in accounts/permissions.py, addresses in the user: a second place would contradict them.
        for model in (Group, EmailAddress):
            admin.site.unregister(model)
