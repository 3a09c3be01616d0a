"""One function per PDF of this app."""

from datetime import date
from decimal import Decimal

from django.template.loader import render_to_string

from clauses.models import Derogation
from config.lib import pdf


def derogation_sheet(derogation: Derogation) -> bytes:
    """The note for the consultation file; the same derogation gives the same bytes."""
    title = f"Dérogation à la condition sociale – {derogation.facts['title']}"
    kept = derogation.facts
    context = {
        "title": title,
        "derogation": derogation,
        # JSON keeps them as text.
        "amount": Decimal(kept["amount"]),
        "threshold": Decimal(kept["threshold"]) if kept["threshold"] else None,
        "launch_on": date.fromisoformat(kept["launch_on"]) if kept["launch_on"] else None,
    }
    html = render_to_string("clauses/documents/derogation.html", context)
    return pdf.render(html, title=title, created_at=derogation.signed_at)
