"""Where each number of the general rule comes from, number by number."""

from django.db import migrations


INCLUSIVE_POTENTIAL = "Le Marché de l’inclusion (potentiel inclusif, 21/08/2026)"
USAGE = "Usage de facilitateurs, sans source lisible"

# number → where it comes from, whether it is to be confirmed
SOURCES = {
    "minimum_hours": ("Inserpropre : moins de 150 h, pas de clause ; étendu aux autres métiers", True),
    "criterion_hours": (USAGE, True),
    "rate": ("MEF Sud 77, exemple publié ; de 5 à 20 % selon les territoires", False),
    "reserve_all_structures": (f"{INCLUSIVE_POTENTIAL} : plus de 30, rapporté à un département", True),
    "reserve_lot_structures": (f"{INCLUSIVE_POTENTIAL} : plus de 10, rapporté à un département", True),
    "to_ask_weight": (USAGE, True),
    "mean_turnover": (USAGE, True),
    "dependency": (INCLUSIVE_POTENTIAL, False),
    "lot_dependency": (USAGE, True),
    "supplies_labour_share": (USAGE, True),
    "benchmark_share": (USAGE, True),
    "follows_last_verdict": ("Registre des avis de l’office", False),
    "service_words": ("Art. R. 2123-1, 3° : services de qualification et d’insertion professionnelles", False),
}


def fill(apps, schema_editor):
    rule = apps.get_model("clauses", "SuggestionRule")
    sources = {name: {"text": text, "is_to_confirm": doubt} for name, (text, doubt) in SOURCES.items()}
    rule.objects.filter(office=None, version=1, sources={}).update(sources=sources)


class Migration(migrations.Migration):
    dependencies = [("clauses", "0014_suggestion_rules_say_why")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=False)]
