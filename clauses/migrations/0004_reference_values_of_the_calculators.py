"""What the calculators need beside the first values: brackets of the training clause, rates of the programmes,
conventions to turn hours into posts and people, and what a running clause costs when it is not kept.

Rows that an administrator changed meanwhile keep their values.
"""

from datetime import date
from decimal import Decimal

from django.db import migrations


USAGE = "Usage de facilitateurs, sans source lisible"
ANRU = "anru.fr, premier programme (PNRU, 2005) : 5 % des heures pour les résidents des ZUS"
GRAND_PARIS = "grandparisdurable.org, 23/06/2021 : 5 %, puis 10 % depuis octobre 2020"
SEED_INTERVIEW = "Avise, entretien GPSEA du 11/05/2018 : 5 ou 8 %, pour ne pas écarter les entreprises ordinaires"
INSERPROPRE = "Inserpropre, calculateur PACT Propreté, inserpropre.fr/?p=2353"
TRAINING_GUIDE = "Clause sociale de formation, guide acheteurs de décembre 2019, p. 6"
CCAP_BAM = "CCAP 21_BAM_048 (SGG, 2021), article "
HIGHEST = "Plus haut des taux relevés : ANRU (gestion urbaine de proximité), Grand Paris, Paris 2024"

START = date(2021, 1, 1)
CCAP = date(2021, 1, 1)

# former code → code, lowest amount
BRACKETS = {
    "training-hours-up-to-100000": ("training-hours-1", 0),
    "training-hours-up-to-200000": ("training-hours-2", 100_000),
    "training-hours-up-to-400000": ("training-hours-3", 200_000),
    "training-hours-above": ("training-hours-4", 400_000),
}
# The programme is called « gup »: its rate is found under that name.
RENAMED = {"rate-anru-gup": "rate-gup"}

# code, label, value, unit, valid from, source, to confirm
VALUES = [
    ("rate-anru-pnru", "Taux ANRU, heures travaillées du premier programme", "5", "%", START, ANRU, False),
    ("rate-grand-paris-express", "Taux d’insertion, Grand Paris Express", "10", "%", START, GRAND_PARIS, False),
    ("rate-paris-2024", "Taux d’insertion, Paris 2024 et héritage Solideo", "10", "%", START, "affiches-parisiennes.com, article 118000", False),
    ("compared-rate", "Taux comparé au taux usuel", "8", "%", START, SEED_INTERVIEW, False),
    ("hourly-cost-amo-etudes", "Coût horaire moyen, études et AMO", "60", "€/h", START, USAGE, True),
    ("hourly-cost-nettoyage", "Coût horaire chargé, nettoyage de locaux", "20", "€/h", START, INSERPROPRE, False),
    ("training-months-minimum", "Clause de formation : durée minimale du marché", "12", "mois", START, TRAINING_GUIDE, False),
    ("per-euro-slice", "Heures par euro : montant facturé qui doit une heure", "2000", "€", CCAP, f"{CCAP_BAM}1.4", False),
    ("per-euro-threshold", "Heures par euro : montant facturé à partir duquel l’obligation commence", "2700000", "€", CCAP, f"{CCAP_BAM}1.4", False),
    ("weekly-hours-full-time", "Durée légale d’une semaine de travail à temps plein", "35", "h", START, "Code du travail, article L. 3121-27", False),
    ("monthly-hours-full-time", "Durée mensuelle d’un temps plein, autre base de conversion", "151.67", "h", START, USAGE, True),
    ("weekly-hours-insertion", "Semaine habituelle d’une personne en parcours d’insertion", "26", "h", START, USAGE, True),
    ("hours-per-person", "Heures réalisées par personne, moyenne nationale", "395", "h", START, "Alliance Villes Emploi, consolidation 2015 : 10,07 millions d’heures, 25 484 personnes", False),
    ("effort-noticeable-above", "Effort sensible pour une entreprise ordinaire, au-delà de cette part des heures", "5", "%", START, SEED_INTERVIEW, True),
    ("effort-heavy-above", "Effort lourd pour une entreprise ordinaire, au-delà de cette part des heures", "10", "%", START, HIGHEST, True),
    ("penalty-missing-hour", "Pénalité par heure d’insertion non réalisée", "200", "€/h", CCAP, f"{CCAP_BAM}8.2.2", False),
    ("penalty-late-documents", "Pénalité par jour de retard des justificatifs, après mise en demeure", "75", "€/jour", CCAP, f"{CCAP_BAM}8.2.2", False),
    ("documents-due-day", "Justificatifs d’un trimestre : attendus avant ce jour du mois suivant", "15", "du mois", CCAP, f"{CCAP_BAM}1.4", False),
    ("cdi-months-maximum", "Embauche en CDI : durée maximale pendant laquelle les heures comptent", "48", "mois", CCAP, f"{CCAP_BAM}1.4", False),
]  # fmt: skip


def load(apps, schema_editor):
    model = apps.get_model("clauses", "ReferenceValue")
    for former, (code, from_amount) in BRACKETS.items():
        model.objects.filter(code=former).update(code=code, from_amount=from_amount)
    for former, code in RENAMED.items():
        model.objects.filter(code=former).update(code=code)
    model.objects.bulk_create(
        model(
            code=code, label=label, value=Decimal(value), unit=unit, valid_from=valid_from, source=source,
            is_to_confirm=is_to_confirm,
        )
        for code, label, value, unit, valid_from, source, is_to_confirm in VALUES
    )  # fmt: skip


def unload(apps, schema_editor):
    model = apps.get_model("clauses", "ReferenceValue")
    model.objects.filter(code__in=[row[0] for row in VALUES]).delete()
    for former, (code, _) in BRACKETS.items():
        model.objects.filter(code=code).update(code=former, from_amount=None)
    for former, code in RENAMED.items():
        model.objects.filter(code=code).update(code=former)


class Migration(migrations.Migration):
    dependencies = [("clauses", "0003_reference_value_brackets")]

    operations = [migrations.RunPython(load, unload, elidable=False)]
