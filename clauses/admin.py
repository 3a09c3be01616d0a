from django.contrib import admin
from django.db.models import Max
from django.forms import model_to_dict
from django.utils import timezone

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
    """The general rule is kept here, an office's own on the site; what suggestions rest on never changes."""

    list_display = ("version", "office", "minimum_hours", "rate", "created_at", "is_to_confirm")
    list_select_related = ("office__organisation",)
    ordering = ("office", "-version", "pk")
    fields = (*SuggestionRule.NUMBERS, "sources", "source", "is_to_confirm", "note")

    def get_changeform_initial_data(self, request):
        common = SuggestionRule.objects.known_to(None).latest_first().first()
        return model_to_dict(common, self.fields[:-1]) if common else {}

    def has_change_permission(self, request, obj=None):
        is_kept = obj is not None and (obj.office_id is not None or obj.suggestions.exists())
        return not is_kept and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            known = SuggestionRule.objects.known_to(None)
            obj.version = (known.aggregate(highest=Max("version"))["highest"] or 0) + 1
            obj.created_at, obj.created_by = timezone.now(), request.user
        super().save_model(request, obj, form, change)


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
