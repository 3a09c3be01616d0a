from django.contrib import admin

from structures.models import MeetingKind


@admin.register(MeetingKind)
class MeetingKindAdmin(admin.ModelAdmin):
    """One that has served is no longer offered; it is not deleted."""

    list_display = ("label", "meaning", "rank", "is_offered")
    list_filter = ("is_offered",)
    search_fields = ("label", "meaning")
    ordering = ("rank", "pk")
