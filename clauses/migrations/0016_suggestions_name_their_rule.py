"""Suggestions kept so far knew a version number alone: the office's own rule of that number, else the general."""

from django.db import migrations
from django.db.models import F


def link(apps, schema_editor):
    suggestion = apps.get_model("clauses", "Suggestion")
    rules = apps.get_model("clauses", "SuggestionRule").objects.order_by(F("office").asc(nulls_last=True), "pk")
    for rule in rules:
        kept = suggestion.objects.filter(rule=None, version=rule.version)
        (kept if rule.office_id is None else kept.filter(office=rule.office_id)).update(rule=rule)


class Migration(migrations.Migration):
    dependencies = [("clauses", "0015_sources_of_the_general_rule")]

    operations = [migrations.RunPython(link, migrations.RunPython.noop, elidable=True)]
