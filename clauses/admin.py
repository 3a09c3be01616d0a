from django.contrib import admin

from clauses.models import ClauseText, Public, ReferenceValue, SuggestionRule


@admin.register(ReferenceValue)
class ReferenceValueAdmin(admin.ModelAdmin):
    list_display = (
        "code", "label", "value", "unit", "from_amount", "valid_from", "valid_to", "is_to_confirm",
    )  # fmt: skip
    list_filter = ("is_to_confirm", "unit")
    search_fields = ("code", "label", "source")
    ordering = ("code", "-valid_from")


@admin.register(Public)
class PublicAdmin(admin.ModelAdmin):
    list_display = ("code", "label", "proof", "proof_max_months", "valid_from", "valid_to", "is_to_confirm")
    list_filter = ("is_to_confirm",)
    search_fields = ("code", "label", "source")
    ordering = ("code", "-valid_from")


@admin.register(SuggestionRule)
class SuggestionRuleAdmin(admin.ModelAdmin):
    """The general rule is kept here; an office keeps its own versions."""

    list_display = ("version", "office", "minimum_hours", "rate", "created_at", "is_to_confirm")
    ordering = ("office", "-version", "pk")


@admin.register(ClauseText)
class ClauseTextAdmin(admin.ModelAdmin):
    """To be read: a version is never changed, and an office writes its own from the site."""

    list_display = ("title", "kind", "office", "version", "valid_from", "article")
    list_filter = ("kind",)
    list_select_related = ("office__organisation",)
    ordering = ("kind", "office", "-version")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
