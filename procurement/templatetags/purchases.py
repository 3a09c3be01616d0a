"""How plans and markets show themselves on a page."""

from django import template

from accounts import audit
from accounts.templatetags.frame import state_badge
from config.lib.departments import region_label
from config.lib.french import (
    format_amount,
    format_date_long,
    format_hours,
    format_number,
    format_percentage,
    join_words,
)
from config.lib.siret import group
from procurement.enums import PLAN_FILE_TONES, Certainty, DatePrecision
from procurement.models import AwardedContract, Market, PlanFile
from procurement.rules.spans import span_label


register = template.Library()


@register.simple_tag
def plan_file_badge(file: PlanFile) -> str:
    return state_badge(file.get_state_display(), PLAN_FILE_TONES[file.state])


@register.simple_tag
def awarded_badge(contract: AwardedContract) -> str:
    return state_badge(contract.social_label, contract.tone)


@register.filter
def awarded_facts(contract: AwardedContract) -> list[tuple[str, str]]:
    """What a published contract says, label and value; what it does not say is not listed."""
    facts = [
        ("Acheteur", contract.buyer),
        ("SIRET", group(contract.buyer_siret)),
        ("Identifiant", contract.reference),
        ("Nature du contrat", contract.legal_nature),
        ("Nature", contract.get_nature_display()),
        ("Code CPV", contract.cpv_code),
        ("Procédure", contract.get_procedure_display()),
        ("Notifié le", _day(contract.notified_on)),
        ("Durée initiale", _months(contract.initial_duration_months)),
        ("Durée", _months(contract.duration_months)),
        ("Département", contract.department_label),
        ("Région", region_label(contract.region_code)),
        ("Lieu d’exécution", f"{contract.place_kind} {contract.place_code}".strip()),
        ("Offres reçues", "" if contract.offers is None else format_number(contract.offers)),
        ("Dernière modification", _day(contract.modified_on)),
    ]
    return [(label, value) for label, value in facts if value]


@register.filter
def band(market: Market) -> str:
    """« de 200 000 € à 250 000 € » where the buyer gave two bounds."""
    if market.lowest_amount is None:
        return ""
    return f"de {format_amount(market.lowest_amount)} à {format_amount(market.estimated_amount)}"


@register.filter
def launch(market: Market) -> str:
    """The date of launch with the precision that people gave it: « T2 2027 »."""
    if market.launch_on is None:
        return ""
    return span_label(market.launch_on, DatePrecision(market.launch_precision))


@register.filter
def market_facts(market: Market) -> list[tuple[str, str]]:
    """What is known of a market, label and value; what is not known is not listed."""
    unknown = audit.field_labels(market, market.said_unknown)
    facts = [
        ("Non connu de l’acheteur", join_words(unknown)),
        ("Référence", market.reference),
        ("Nature", market.get_nature_display()),
        ("Famille d’achats", str(market.family or "")),
        ("Code CPV", market.cpv_code),
        ("Service prescripteur", str(market.department or "")),
        ("Référent", market.contact_name),
        ("Procédure", market.get_procedure_display()),
        ("Origine du montant", market.get_amount_origin_display()),
        ("Début d’exécution", _day(market.starts_on)),
        ("Durée ferme", _months(market.duration_months)),
        ("Reconductions", f"{market.renewals} × {_months(market.renewal_months)}" if market.renewals else ""),
        ("Lieu", market.place),
        ("Titulaire sortant", market.incumbent),
        ("Échéance du marché en cours", _day(market.previous_ends_on)),
        ("Personnel à reprendre", _takeover(market)),
        ("Considération sociale envisagée", market.get_social_intent_display()),
        ("Défense ou sécurité", _told(market.defence, market.get_defence_display())),
        (
            "Service social ou spécifique",
            _told(market.specific_service, market.get_specific_service_display()),
        ),
        ("Part en QPV", "" if market.qpv_share is None else format_percentage(market.qpv_share)),
        ("Avancement chez l’acheteur", market.progress_label),
    ]
    return [(label, value) for label, value in facts if value]


def _takeover(market) -> str:
    """« Je ne sais pas » is no fact."""
    if market.staff_takeover == Certainty.UNKNOWN:
        return ""
    hours = market.transferred_monthly_hours
    told = "" if hours is None else f", {format_hours(hours)} par mois"
    return f"{market.get_staff_takeover_display()}{told}"


def _told(value: str, label: str) -> str:
    return "" if value == Certainty.UNKNOWN else label


def _day(day) -> str:
    return format_date_long(day) if day else ""


def _months(months: int | None) -> str:
    return "" if months is None else f"{months} mois"
