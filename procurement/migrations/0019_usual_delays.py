"""What offices usually keep; the five that were reference values of the clauses are moved as they stand."""

from datetime import date

from django.db import migrations


INTERVIEW = "Entretien avec un acheteur pilote, clause sociale de formation (lab110bis), 6 février 2020"
FOUNDING = "Entretien fondateur (Avise, 2018) : le plan de l’année est partagé en janvier"
USAGE = "Usage, sans source lisible"

# code, value, source, to confirm
USUAL = [
    ("answer-days", 28, INTERVIEW, False),
    ("answer-days-urgent", 7, USAGE, True),
    ("calibration-months-from", 4, INTERVIEW, False),
    ("calibration-months-to", 3, INTERVIEW, False),
    ("past-launch-days", 60, USAGE, True),
    ("plan-due-day", 15, FOUNDING, True),
    ("plan-reminder-days", 14, USAGE, True),
]


def load(apps, schema_editor):
    delay = apps.get_model("procurement", "Delay")
    delay.objects.bulk_create(
        delay(code=code, value=value, valid_from=date(2021, 1, 1), source=source, is_to_confirm=to_confirm)
        for code, value, source, to_confirm in USUAL
        if not move(apps, code)
    )


def move(apps, code):
    """Whether an administrator, or an earlier migration, kept this delay among the reference values."""
    rows = apps.get_model("clauses", "ReferenceValue").objects.filter(code=code)
    moved = apps.get_model("procurement", "Delay").objects.bulk_create(
        apps.get_model("procurement", "Delay")(
            code=code, value=int(row.value), valid_from=row.valid_from, valid_to=row.valid_to,
            source=row.source, is_to_confirm=row.is_to_confirm,
        )
        for row in rows.order_by("pk")
    )  # fmt: skip
    rows.delete()
    return moved


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0018_delays"),
        ("clauses", "0017_reference_value_of_past_launches"),
    ]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
