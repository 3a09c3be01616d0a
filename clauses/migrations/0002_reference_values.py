"""Numbers of the law and of usage, and the publics of the clauses: defaults that an administrator edits.

A code may end with the code of a family or of a programme (`labour-share-espaces-verts`,
`rate-anru-npnru`): the value then comes before the general one. `is_to_confirm` marks what no readable source could prove: shown « à confirmer » wherever it is offered.
"""

from datetime import date
from decimal import Decimal

from django.db import migrations


MEF_SUD_77 = "MEF Sud 77, www.mefsud77.fr/?page_id=28"
USAGE = "Usage de facilitateurs, sans source lisible"
ANRU = "Charte nationale d’insertion ANRU (NPNRU 2014-2024)"
SEED_INTERVIEW = "Avise, entretien GPSEA du 11/05/2018 : 5 ou 8 % sur les missions d’AMO"
INSERPROPRE = "Inserpropre, calculateur PACT Propreté, inserpropre.fr/?p=2353"
TRAINING_GUIDE = "Clause sociale de formation, guide acheteurs de décembre 2019, p. 6"
CODE = "Code de la commande publique, article "
LABOUR_CODE = "Code du travail, article "

START = date(2021, 1, 1)
CCP = date(2019, 4, 1)

# code, label, value, unit, valid from, source, to confirm
VALUES = [
    ("hourly-cost", "Coût horaire moyen", "30", "€/h", START, f"{MEF_SUD_77} (fourchette 25 à 30 €)", False),
    ("hourly-cost-low", "Coût horaire, bas de la fourchette", "25", "€/h", START, MEF_SUD_77, False),
    ("rate", "Taux d’insertion usuel", "5", "%", START, MEF_SUD_77, False),
    ("rate-amo-etudes", "Taux d’insertion, études et AMO", "8", "%", START, SEED_INTERVIEW, False),
    ("rate-anru-npnru", "Taux ANRU, heures travaillées des travaux (minimum)", "5", "%", START, ANRU, False),
    ("rate-anru-gup", "Taux ANRU, gestion urbaine de proximité (minimum)", "10", "%", START, ANRU, False),
    ("labour-share", "Part de main-d’œuvre, sans autre précision", "50", "%", START, USAGE, True),
    ("labour-share-travaux-peinture", "Part de main-d’œuvre, peinture intérieure", "70", "%", START, MEF_SUD_77, False),
    ("labour-share-travaux-gros-oeuvre", "Part de main-d’œuvre, gros œuvre et maçonnerie", "50", "%", START, MEF_SUD_77, False),
    ("labour-share-metal-frame", "Part de main-d’œuvre, charpente métallique", "20", "%", START, MEF_SUD_77, False),
    ("labour-share-travaux-tous-corps", "Part de main-d’œuvre, bâtiment tous corps d’état", "30", "%", START, "methodesbtp.com : environ 30 % (20 à 40 % selon obat.fr)", False),
    ("labour-share-travaux-vrd", "Part de main-d’œuvre, voirie et réseaux divers", "25", "%", START, f"{USAGE} (25 à 30 %)", True),
    ("labour-share-travaux-electricite", "Part de main-d’œuvre, électricité", "40", "%", START, f"{USAGE} (40 à 50 %)", True),
    ("labour-share-travaux-plomberie", "Part de main-d’œuvre, plomberie", "40", "%", START, f"{USAGE} (40 à 50 %)", True),
    ("labour-share-travaux-menuiserie", "Part de main-d’œuvre, menuiserie", "30", "%", START, f"{USAGE} (30 à 40 %)", True),
    ("labour-share-espaces-verts", "Part de main-d’œuvre, espaces verts", "50", "%", START, f"{USAGE} (50 à 60 %)", True),
    ("labour-share-nettoyage", "Part de main-d’œuvre, nettoyage de locaux", "80", "%", START, INSERPROPRE, False),
    ("labour-share-securite", "Part de main-d’œuvre, gardiennage", "85", "%", START, f"{USAGE} (85 à 90 %)", True),
    ("labour-share-amo-etudes", "Part de main-d’œuvre, prestations intellectuelles", "70", "%", START, f"{USAGE} (70 à 80 %)", True),
    ("clause-hours-floor", "Seuil en dessous duquel une clause n’est pas conseillée", "150", "h", START, INSERPROPRE, False),
    ("cleaning-hourly-cost", "Propreté : chiffre d’affaires par heure (20 €/h chargés à 80 %)", "25", "€/h", START, INSERPROPRE, False),
    ("reserved-share-minimum", "Marché réservé : part minimale de travailleurs concernés", "50", "%", CCP, f"{CODE}R. 2113-7", False),
    ("ess-months-maximum", "Marché réservé à l’ESS : durée maximale", "36", "mois", CCP, f"{CODE}L. 2113-16", False),
    ("training-hours-up-to-100000", "Clause de formation, moins de 100 000 €", "150", "h", START, TRAINING_GUIDE, False),
    ("training-hours-up-to-200000", "Clause de formation, de 100 000 à 200 000 €", "300", "h", START, TRAINING_GUIDE, False),
    ("training-hours-up-to-400000", "Clause de formation, de 200 000 à 400 000 €", "450", "h", START, TRAINING_GUIDE, False),
    ("training-hours-above", "Clause de formation, 400 000 € et plus", "900", "h", START, TRAINING_GUIDE, False),
    ("yearly-hours-full-time", "Durée annuelle d’un temps plein", "1607", "h", START, f"{LABOUR_CODE}L. 3121-41 ; usage pour la conversion", True),
    ("eligibility-months", "Durée d’éligibilité d’une personne", "24", "mois", START, "Usage de la plupart des chartes ; chaque contrat peut en décider autrement", True),
    ("weekly-hours-maximum", "Durée maximale légale d’une semaine de travail", "48", "h", date(2016, 8, 10), f"{LABOUR_CODE}L. 3121-20", False),
]  # fmt: skip

CCAP_BAM = "CCAP BAM 2021, article 1.4"
CRITERIA = "arrêté du 4 septembre 2025 (critères IAE)"
BOTH = f"{CCAP_BAM} ; {CRITERIA}"

# code, label, proof, age of the proof in months, source, to confirm
PUBLICS = [
    ("deld", "Demandeur d’emploi de plus de 12 mois", "Attestation France Travail", 3, BOTH, False),
    ("senior", "Demandeur d’emploi de plus de 50 ans", "Pièce d’identité et attestation France Travail", None, BOTH, False),
    ("rsa", "Allocataire du RSA ou ayant droit", "Attestation CAF ou MSA", 3, BOTH, False),
    ("minima", "Allocataire de l’AAH, de l’ASS ou de l’allocation veuvage", "Attestation CAF, MSA ou France Travail", 3, BOTH, False),
    ("invalidite", "Titulaire d’une pension d’invalidité", "Titre de pension en cours", None, CCAP_BAM, True),
    ("boeth", "Travailleur handicapé (RQTH, obligation d’emploi)", "Décision de la CDAPH valide à l’embauche", None, BOTH, False),
    ("jeune", "Moins de 26 ans sans CAP ni BEP, sorti de l’école depuis 6 mois, ou en parcours (PACEA, SMA, SMV, EPIDE, E2C)", "Pièce d’identité et diplôme ou déclaration sur l’honneur", 3, BOTH, False),
    ("iae", "Salarié d’une structure d’insertion (AI, ETTI, EI, ACI, régie de quartier agréée)", "PASS IAE ou contrat de travail", None, CCAP_BAM, True),
    ("geiq", "Salarié d’un GEIQ", "Contrat de travail avec le GEIQ", None, CCAP_BAM, True),
    ("ppsmj", "Personne sous main de justice employée en SEP, en RIEP ou pour un concessionnaire", "Billet de sortie ou attestation du juge", 6, BOTH, False),
    ("refugie", "Réfugié ou bénéficiaire de la protection subsidiaire", "Titre de séjour en cours", None, BOTH, False),
    ("qpv", "Résident d’un QPV éloigné de l’emploi", "Justificatif de domicile, adresse vérifiée sur sig.ville.gouv.fr", 6, BOTH, False),
    ("avis-motive", "Autre personne, sur avis motivé du facilitateur", "Avis motivé du facilitateur", None, CCAP_BAM, False),
]  # fmt: skip


def load(apps, schema_editor):
    apps.get_model("clauses", "ReferenceValue").objects.bulk_create(
        apps.get_model("clauses", "ReferenceValue")(
            code=code, label=label, value=Decimal(value), unit=unit, valid_from=valid_from, source=source,
            is_to_confirm=is_to_confirm,
        )
        for code, label, value, unit, valid_from, source, is_to_confirm in VALUES
    )  # fmt: skip
    apps.get_model("clauses", "Public").objects.bulk_create(
        apps.get_model("clauses", "Public")(
            code=code, label=label, proof=proof, proof_max_months=months, valid_from=START, source=source,
            is_to_confirm=is_to_confirm,
        )
        for code, label, proof, months, source, is_to_confirm in PUBLICS
    )  # fmt: skip


def unload(apps, schema_editor):
    apps.get_model("clauses", "ReferenceValue").objects.filter(code__in=[row[0] for row in VALUES]).delete()
    apps.get_model("clauses", "Public").objects.filter(code__in=[row[0] for row in PUBLICS]).delete()


class Migration(migrations.Migration):
    dependencies = [("clauses", "0001_initial")]

    operations = [migrations.RunPython(load, unload, elidable=False)]
