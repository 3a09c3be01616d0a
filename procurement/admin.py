from django.contrib import admin

from procurement.models import Family, Programme


@admin.register(Family)
class FamilyAdmin(admin.ModelAdmin):
    list_display = ("label", "code", "cpv_prefixes", "is_to_confirm")
    list_filter = ("is_to_confirm",)
    search_fields = ("label", "code", "cpv_prefixes")
    ordering = ("label", "pk")


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ("label", "code", "source", "is_to_confirm")
    list_filter = ("is_to_confirm",)
    search_fields = ("label", "code", "source")
    ordering = ("label", "pk")
