"""The second version of four common texts: they read well for one lot as for several, whatever the volume."""

from datetime import date

from django.db import migrations


FIRST_DAY = date(2026, 11, 25)

# kind → what version 1 said, what version 2 says
CHANGES = {
    "execution": {
        "demande au titulaire du marché « ${objet} » (${lots}) de confier": (
            "demande au titulaire, pour ${lots} du marché « ${objet} », de confier"
        ),
        "Le titulaire réalise ou fait réaliser, pendant l’exécution du marché : ${heures} d’insertion.": (
            "Au titre de l’insertion, le titulaire réalise ou fait réaliser, pendant l’exécution du marché : "
            "${heures}."
        ),
    },
    "reserved": {
        "${lots} du marché « ${objet} » de ${acheteur} est réservé ${operateurs}.": (
            "la participation à la procédure est réservée, pour ${lots} du marché « ${objet} » de "
            "${acheteur}, ${operateurs}."
        ),
    },
    "training": {
        "demande au titulaire du marché « ${objet} » (${lots}) d’accueillir": (
            "demande au titulaire, pour ${lots} du marché « ${objet} », d’accueillir"
        ),
        "Le titulaire accueille des stagiaires pendant ${heures} au total, réparties sur la durée du marché.": (
            "Le titulaire accueille des stagiaires, répartis sur la durée du marché, pendant : ${heures}."
        ),
    },
    "service": {
        "Le marché « ${objet} » (${lots}) de ${acheteur} a pour objet": (
            "Pour ${lots}, le marché « ${objet} » de ${acheteur} a pour objet"
        ),
        "Le titulaire propose aux personnes accueillies : ${heures} de travail.": (
            "Le titulaire propose aux personnes accueillies un travail, à hauteur de : ${heures}."
        ),
    },
}
# Where a line may not be broken.
SPACES = {"« ": "«\xa0", " »": "\xa0»", " :": "\xa0:", " ;": "\xa0;"}


def load(apps, schema_editor):
    model = apps.get_model("clauses", "ClauseText")
    firsts = model.objects.filter(office__isnull=True, version=1, kind__in=CHANGES).order_by("pk")
    model.objects.bulk_create(
        model(
            kind=first.kind, version=2, valid_from=FIRST_DAY, title=first.title, article=first.article,
            body=_replaced(_replaced(first.body, CHANGES[first.kind]), SPACES),
        )
        for first in firsts
    )  # fmt: skip


def _replaced(body, changes):
    for before, after in changes.items():
        body = body.replace(before, after)
    return body


def unload(apps, schema_editor):
    apps.get_model("clauses", "ClauseText").objects.filter(office__isnull=True, version=2).delete()


class Migration(migrations.Migration):
    dependencies = [("clauses", "0012_reference_values_of_the_answer")]

    operations = [migrations.RunPython(load, unload, elidable=False)]
