"""How plans and markets show themselves on a page."""

from django import template

from accounts.templatetags.frame import state_badge
from config.lib.french import format_date_long, format_date_short, format_month, format_percentage
from procurement.enums import PLAN_FILE_TONES, DatePrecision
from procurement.models import Market, PlanFile


register = template.Library()


@register.simple_tag
def plan_file_badge(file: PlanFile) -> str:
    return state_badge(file.get_state_display(), PLAN_FILE_TONES[file.state])


@register.filter
def launch(market: Market) -> str:
    """The date of launch with the precision that people gave it: « T2 2027 »."""
    day = market.launch_on
    if day is None:
        return ""
    return {
        DatePrecision.DAY: format_date_short(day),
        DatePrecision.MONTH: format_month(day),
        DatePrecision.QUARTER: f"T{(day.month - 1) // 3 + 1} {day.year}",
        DatePrecision.SEMESTER: f"S{(day.month - 1) // 6 + 1} {day.year}",
        DatePrecision.YEAR: str(day.year),
    }[DatePrecision(market.launch_precision)]


@register.filter
def market_facts(market: Market) -> list[tuple[str, str]]:
    """What is known of a market, label and value; what is not known is not listed."""
    facts = [
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
        ("Considération sociale envisagée", market.get_social_intent_display()),
        ("Part en QPV", "" if market.qpv_share is None else format_percentage(market.qpv_share)),
        ("Avancement chez l’acheteur", market.progress_label),
    ]
    return [(label, value) for label, value in facts if value]


def _day(day) -> str:
    return format_date_long(day) if day else ""


def _months(months: int | None) -> str:
    return "" if months is None else f"{months} mois"
