from django.contrib import admin
from django.db import models

from structures.models import Label, MeetingKind, Network, PublicDirectory, Sector, Trade


@admin.register(MeetingKind)
class MeetingKindAdmin(admin.ModelAdmin):
    """One that has served is no longer offered; it is not deleted."""

    list_display = ("label", "meaning", "rank", "is_offered")
    list_filter = ("is_offered",)
    search_fields = ("label", "meaning")
    ordering = ("rank", "pk")


# Typed without its scheme, an address is one of today.
SITES = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Network)
class NetworkAdmin(admin.ModelAdmin):
    """The site of a network is read on the cards of all offices, with its source."""

    formfield_overrides = SITES
    fields = ("code", "label", "website", "source")
    list_display = ("label", "website", "source")
    search_fields = ("code", "label")
    ordering = ("label", "pk")


@admin.register(PublicDirectory)
class PublicDirectoryAdmin(admin.ModelAdmin):
    formfield_overrides = SITES
    list_display = ("label", "url", "rank", "is_shown", "is_to_confirm")
    list_filter = ("is_to_confirm", "is_shown")
    search_fields = ("label", "source")
    ordering = ("rank", "pk")


@admin.register(Label)
class LabelAdmin(admin.ModelAdmin):
    formfield_overrides = SITES
    fields = ("code", "label", "description", "website")
    list_display = ("label", "description", "website")
    search_fields = ("code", "label")
    ordering = ("label", "pk")


@admin.register(Sector)
class SectorAdmin(admin.ModelAdmin):
    list_display = ("label", "code")
    search_fields = ("code", "label")
    ordering = ("label", "pk")


@admin.register(Trade)
class TradeAdmin(admin.ModelAdmin):
    """Its other names are what a need in plain words is understood by."""

    list_display = ("label", "sector", "family", "synonyms")
    list_select_related = ("sector", "family")
    list_filter = ("sector",)
    search_fields = ("code", "label", "synonyms")
    ordering = ("label", "pk")
