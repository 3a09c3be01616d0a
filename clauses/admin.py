from django.contrib import admin

from clauses.models import Public, ReferenceValue


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
