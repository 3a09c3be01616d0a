from django.contrib import admin

from procurement.models import Delay, DutyException, Family, LegalThreshold, Programme, SpecificService


@admin.register(Family)
class FamilyAdmin(admin.ModelAdmin):
    list_display = ("label", "code", "cpv_prefixes", "naf_prefixes", "is_to_confirm", "trade_is_to_confirm")
    list_filter = ("is_to_confirm", "trade_is_to_confirm")
    search_fields = ("label", "code", "cpv_prefixes", "naf_prefixes", "keywords")
    ordering = ("label", "pk")


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ("label", "code", "source", "is_to_confirm")
    list_filter = ("is_to_confirm",)
    search_fields = ("label", "code", "source")
    ordering = ("label", "pk")


@admin.register(LegalThreshold)
class LegalThresholdAdmin(admin.ModelAdmin):
    list_display = ("effect", "category", "nature", "amount", "valid_from", "valid_to", "is_to_confirm")
    list_filter = ("effect", "nature", "category", "is_to_confirm")
    ordering = ("effect", "nature", "category", "-valid_from", "pk")


@admin.register(SpecificService)
class SpecificServiceAdmin(admin.ModelAdmin):
    list_display = ("label", "cpv_from", "cpv_to", "valid_from", "valid_to", "is_to_confirm")
    list_filter = ("is_to_confirm",)
    search_fields = ("label", "cpv_from", "cpv_to")
    ordering = ("cpv_from", "-valid_from", "pk")


@admin.register(DutyException)
class DutyExceptionAdmin(admin.ModelAdmin):
    list_display = (
        "wording",
        "code",
        "nature",
        "less_than_months",
        "valid_from",
        "valid_to",
        "is_to_confirm",
    )
    ordering = ("code", "-valid_from", "pk")


@admin.register(Delay)
class DelayAdmin(admin.ModelAdmin):
    """The usual delays are kept here; an office sets its own from the site."""

    list_display = ("code", "office", "value", "valid_from", "valid_to", "is_to_confirm")
    list_filter = ("code", "is_to_confirm")
    list_select_related = ("office__organisation",)
    ordering = ("code", "office", "-valid_from", "pk")
