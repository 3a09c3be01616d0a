from django.db import migrations


KINDS = (
    (
        "purchasing_network",
        "Réseau des responsables d’achats",
        "La réunion trimestrielle des acheteurs du territoire.",
    ),
    ("workshop", "Atelier", "Une séance de travail sur un sujet, avec plusieurs organisations."),
    ("site_visit", "Visite de site", "Chez une structure, sur un chantier ou dans un service."),
    ("buyer_meeting", "Rendez-vous avec un acheteur", "Un plan, un marché, une clause à préparer."),
    ("structure_meeting", "Rendez-vous avec une structure", "Ce qu’elle sait faire, ce qu’elle peut prendre."),
    ("company_meeting", "Rendez-vous avec une entreprise", "Une titulaire, ses heures, ses recrutements."),
    ("event", "Événement", "Forum, rencontre d’affaires, information ouverte à plusieurs."),
)


def offer_kinds(apps, schema_editor):
    kinds = apps.get_model("structures", "MeetingKind")
    kinds.objects.bulk_create(
        kinds(code=code, label=label, meaning=meaning, rank=10 * rank)
        for rank, (code, label, meaning) in enumerate(KINDS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("structures", "0012_meetings")]

    operations = [migrations.RunPython(offer_kinds, migrations.RunPython.noop, elidable=True)]
