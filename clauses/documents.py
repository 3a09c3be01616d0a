"""One function per PDF or text document of this app."""

import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import docx
from django.template.loader import render_to_string
from docx.document import Document
from docx.oxml.ns import qn

from clauses.models import Derogation
from clauses.queries.wording import Reading, Wording
from config.lib import pdf
from config.lib.french import format_date_long
from procurement.enums import DatePrecision
from procurement.rules.spans import span_label


BULLET = "– "
TO_BE_REREAD = "À faire relire par le service juridique de l’acheteur."
# What no XML may hold, and what a word processor keeps of the title among its properties.
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_TITLE = 255


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
        "launch": _launch(kept),
    }
    html = render_to_string("clauses/documents/derogation.html", context)
    return pdf.render(html, title=title, created_at=derogation.signed_at)


def _launch(kept: dict) -> str:
    """As precisely as the plan told it that day."""
    if not kept["launch_on"]:
        return "Non fixé"
    precision = DatePrecision(kept.get("launch_precision", DatePrecision.DAY))
    return span_label(date.fromisoformat(kept["launch_on"]), precision)


def clause_wording(*, title: str, reading: Reading, created_at: datetime) -> bytes:
    """The texts to paste into the CCAP or the rules of the consultation, in a word processor's format."""
    document, title = docx.Document(), _writable(title)
    _identify(document, title, created_at)
    document.add_heading(title, level=0)
    for wording in reading.wordings:
        _write(document, wording)
    origins = [*(_origin(wording) for wording in reading.wordings), TO_BE_REREAD]
    document.sections[0].footer.paragraphs[0].text = _writable(" ".join(origins))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _identify(document: Document, title: str, created_at: datetime) -> None:
    kept = document.core_properties
    kept.title, kept.author = title[:_LONGEST_TITLE], "Clausier"
    kept.comments, kept.language = "", "fr-FR"
    kept.created = kept.modified = created_at
    # Otherwise the spelling checker reads French as English.
    language = document.styles.element.find(f".//{qn('w:lang')}")
    language.set(qn("w:val"), "fr-FR")


def _write(document: Document, wording: Wording) -> None:
    document.add_heading(_writable(wording.title), level=1)
    for line in map(_writable, wording.paragraphs):
        if line.startswith(BULLET):
            document.add_paragraph(line.removeprefix(BULLET), style="List Bullet")
        else:
            document.add_paragraph(line)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _origin(wording: Wording) -> str:
    return (
        f"{wording.title} : {wording.article}, version {wording.version} du "
        f"{format_date_long(wording.valid_from)}."
    )
