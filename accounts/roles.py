from django.db import models


class Role(models.TextChoices):
    FACILITATOR = "facilitator", "Facilitateur"
    MANAGER = "manager", "Responsable"
    BUYER = "buyer", "Acheteur"
    PRESCRIBER = "prescriber", "Service prescripteur"
    CONTRACTOR = "contractor", "Entreprise titulaire"
    STRUCTURE = "structure", "Structure"
    FUNDER = "funder", "Financeur"
    ADMINISTRATOR = "administrator", "Administrateur"


OFFICE_ROLES = (Role.FACILITATOR, Role.MANAGER)
BUYER_ROLES = (Role.BUYER, Role.PRESCRIBER)

DESCRIPTIONS: dict[Role, str] = {
    Role.FACILITATOR: "Repère, propose, fixe les heures et valide, pour tous les acheteurs de son office.",
    Role.MANAGER: "Dirige l’office : rapports, équipe, réglages ; lit ce que lisent ses facilitateurs.",
    Role.BUYER: "Dépose le plan d’achats de son organisation ; suit ses marchés, clauses et rapports.",
    Role.PRESCRIBER: "Décide des propositions qui concernent les marchés de son service.",
    Role.CONTRACTOR: "Déclare chaque mois les heures de ses propres contrats.",
    Role.STRUCTURE: "Tient sa fiche et déclare les heures des personnes qu’elle emploie.",
    Role.FUNDER: "Lit les rapports agrégés des offices qu’il finance, sans aucune donnée de personne.",
    Role.ADMINISTRATOR: "Tient les données de référence et les comptes ; ne voit pas les dossiers.",
}
