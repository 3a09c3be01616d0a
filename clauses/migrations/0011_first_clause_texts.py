"""The first version of the five texts common to all the offices: our own wording, to be reread by a lawyer."""

from datetime import date

from django.db import migrations


FIRST_DAY = date(2026, 1, 1)
FOLLOW_UP = """Le titulaire est accompagné, sans frais pour lui, par ${contact}. Il désigne dès la notification un interlocuteur chargé de la clause et signale tout changement.

Il déclare ${frequence} les heures réalisées, par personne. Les justificatifs de chaque trimestre sont remis avant le ${echeance} du mois suivant."""
PENALTIES = """Si le titulaire rencontre une difficulté, il en avertit l’acheteur par écrit sans attendre, afin que des moyens de la lever soient étudiés avec lui.

À défaut, et après mise en demeure restée sans effet, le titulaire s’expose à une pénalité de ${penalite} par heure d’insertion non réalisée de son fait, et de ${penalite_retard} par jour de retard dans la remise des justificatifs."""

# kind, title, article, body
TEXTS = [
    (
        "execution",
        "Condition d’exécution – insertion professionnelle",
        "Article L. 2112-2 du Code de la commande publique",
        f"""Objet. En application de l’article L. 2112-2 du Code de la commande publique, ${{acheteur}} demande au titulaire du marché « ${{objet}} » (${{lots}}) de confier une part du travail à des personnes éloignées de l’emploi. Cette condition d’exécution s’impose à tout titulaire et ne sert pas à classer les offres.

Volume. Le titulaire réalise ou fait réaliser, pendant l’exécution du marché : ${{heures}} d’insertion.

Publics. L’éligibilité de chaque personne est vérifiée avant son embauche ou sa mise à disposition. Sont éligibles :
${{publics}}

Moyens. Le titulaire choisit, seuls ou combinés, l’embauche directe, la mise à disposition de salariés par une structure d’insertion ou un groupement d’employeurs, la sous-traitance ou la cotraitance avec une structure d’insertion ou du handicap.

{FOLLOW_UP}

Justificatifs. Selon la situation de la personne, l’éligibilité est établie par :
${{justificatifs}}

{PENALTIES}""",
    ),
    (
        "reserved",
        "Lot réservé",
        "${article} du Code de la commande publique",
        """Réservation. En application de l’${article} du Code de la commande publique, ${lots} du marché « ${objet} » de ${acheteur} est réservé ${operateurs}. Cette réservation figure dans l’avis ou dans les documents de la consultation.

Part minimale. Les ${travailleurs} représentent au moins ${part_reservee} des effectifs de la structure qui exécute le marché. Le candidat en apporte la preuve à l’appui de sa candidature, par tout document qui établit sa qualité et la composition de ses effectifs.

Maintien. Le titulaire conserve cette qualité pendant toute la durée du marché. S’il vient à la perdre, il en informe l’acheteur sans délai.

Suivi. Le titulaire rend compte ${frequence} des heures de travail des personnes concernées. Pour toute question sur cette réservation : ${contact}.""",
    ),
    (
        "criterion",
        "Critère d’attribution – insertion professionnelle",
        "Article R. 2152-7 du Code de la commande publique",
        """Critère. En application de l’article R. 2152-7 du Code de la commande publique, les offres remises pour ${lots} du marché « ${objet} » de ${acheteur} sont aussi jugées sur leurs performances en matière d’insertion professionnelle des publics en difficulté. Ce critère compte pour ${poids_critere} de la note.

Ce qui est jugé. L’offre décrit ce que le candidat fera pour l’exécution de ce marché, et non sa politique générale :
– les tâches confiées à des personnes éloignées de l’emploi ;
– les moyens de les recruter, de les encadrer et de les former ;
– le suivi des parcours et ce qui est prévu à la fin du marché.

Engagement. Ce que le titulaire propose au titre de ce critère devient contractuel. Il en rend compte ${frequence}.

Pour toute question sur ce critère : ${contact}.""",
    ),
    (
        "training",
        "Clause de formation sous statut scolaire",
        "Article L. 2112-2 du Code de la commande publique",
        f"""Objet. En application de l’article L. 2112-2 du Code de la commande publique, ${{acheteur}} demande au titulaire du marché « ${{objet}} » (${{lots}}) d’accueillir en stage des jeunes de 16 à 25 ans sortis du système scolaire, avec les services de l’Éducation nationale.

Volume. Le titulaire accueille des stagiaires pendant ${{heures}} au total, réparties sur la durée du marché.

Accueil. Le titulaire désigne un tuteur, confie au stagiaire des tâches en rapport avec l’objet du marché et signe la convention de stage avant le premier jour. Le stage est fait sous statut scolaire : le jeune n’est pas salarié du titulaire.

{FOLLOW_UP}

Justificatifs. Chaque stage est établi par la convention signée et par l’attestation de fin de stage, qui porte les dates et le nombre d’heures.

{PENALTIES}""",
    ),
    (
        "service",
        "Marché de services d’insertion",
        "Article R. 2123-1, 3° du Code de la commande publique",
        """Objet. Le marché « ${objet} » (${lots}) de ${acheteur} a pour objet l’insertion sociale et professionnelle de personnes éloignées de l’emploi. Il est passé en procédure adaptée en application de l’article R. 2123-1, 3° du Code de la commande publique. Le travail réalisé est le support du parcours, non l’objet du marché.

Publics. L’éligibilité de chaque personne est vérifiée avant son entrée. Sont éligibles :
${publics}

Prestation. Le titulaire accueille, encadre, accompagne et forme les personnes. Il établit avec chacune un parcours et prépare sa sortie vers l’emploi ou la formation.

Volume. Le titulaire propose aux personnes accueillies : ${heures} de travail.

Suivi. Le titulaire déclare ${frequence} les heures réalisées, par personne, et remet les justificatifs de chaque trimestre avant le ${echeance} du mois suivant. Il est en relation avec ${contact}.

Justificatifs. Selon la situation de la personne, l’éligibilité est établie par :
${justificatifs}""",
    ),
]


def load(apps, schema_editor):
    model = apps.get_model("clauses", "ClauseText")
    model.objects.bulk_create(
        model(kind=kind, version=1, valid_from=FIRST_DAY, title=title, article=article, body=body)
        for kind, title, article, body in TEXTS
    )


def unload(apps, schema_editor):
    apps.get_model("clauses", "ClauseText").objects.filter(office__isnull=True, version=1).delete()


class Migration(migrations.Migration):
    dependencies = [("clauses", "0010_clause_texts")]

    operations = [migrations.RunPython(load, unload, elidable=False)]
