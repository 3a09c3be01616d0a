from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from config.lib import pdf
from reporting import exports
from reporting.queries import frozen
from reporting.queries.buyer_report import BuyerFigures
from reporting.rules import periods


def buyer_report(figures: BuyerFigures, payload: dict[str, Any], number: int) -> bytes:
    """The printed edition; the same figures and number give the same bytes."""
    title = f"Heures d’insertion – {figures.buyer}, {periods.describe(figures.starts_on, figures.ends_on)}"
    html = render_to_string(
        "reporting/documents/buyer_report.html",
        {
            "title": title,
            "product_name": settings.PRODUCT_NAME,
            "figures": figures,
            "number": number,
            "fingerprint": frozen.fingerprint(payload),
        },
    )
    return pdf.render(
        html, title=title, created_at=figures.cutoff_at, attachments=_attachments(figures, payload)
    )


def _attachments(figures: BuyerFigures, payload: dict[str, Any]) -> list[pdf.Attachment]:
    return [
        pdf.Attachment("chiffres.json", frozen.canonical(payload), "Tous les chiffres du rapport"),
        pdf.Attachment(
            "contrats.csv", exports.contracts_csv(figures), "Le tableau des contrats, pour un tableur"
        ),
    ]
