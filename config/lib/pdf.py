import atexit
import gc
import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import pikepdf

from config.lib.typography import set_spaces


STATIC = Path(__file__).resolve().parents[2] / "static"
FONT = "Source Sans Pro"
STYLESHEET = "static:css/document.css"
# Where a URL of a document may lead: `static:img/logo.svg`, `font:SourceSansPro-Bold.otf`, and nowhere else.
_FOLDERS = {"static": STATIC, "font": Path(str(files("font_source_sans_pro") / "files"))}
# Pango's fonts are shared by the threads of a worker, and so is the garbage collector.
_ONE_AT_A_TIME = Lock()
# A page is thousands of small objects that all live until the end: collecting them is a third of the time.
_GC_WHILE_RENDERING = (200_000, 50, 1_000)

# WeasyPrint writes PDF/A; these lines say PDF/UA of the same file, in a schema that PDF/A wants described.
_UA_MARK = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfuaid:part>1</pdfuaid:part>
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_SVG = "{http://www.w3.org/2000/svg}"
_END_OF_METADATA = b"</rdf:RDF>"

# Not every machine knows it, and the bytes of a document depend on it.
mimetypes.add_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")


class ResourceRefused(Exception):
    """A document asked for something outside `static/` and the fonts, or that is not there."""


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the document; `description` is what a reader's software announces."""

    name: str
    content: bytes
    description: str
    relationship: str = "Data"


class _Engine(NamedTuple):
    fetcher: Any
    fonts: Any
    stylesheet: Any


def render(
    html: str, *, title: str, lang: str = "fr", created_at: datetime, attachments: Sequence[Attachment] = ()
) -> bytes:
    """One file that is both PDF/A-3a and PDF/UA-1; the same arguments give the same bytes.

    Raises `ResourceRefused` when the page asks for anything but our own files.
    """
    moment = created_at.astimezone(UTC)
    with _ONE_AT_A_TIME, _patient_garbage_collector():
        engine = _engine()
        document = _lay_out(set_spaces(html), engine)
        _describe(document.metadata, title, lang, moment)
        data = document.write_pdf(
            pdf_variant="pdf/a-3a", attachments=_embed(attachments, moment), finisher=_mark_accessible
        )
        engine.fetcher.settle()
    return data


def page_count(data: bytes) -> int:
    with pikepdf.open(BytesIO(data)) as document:
        return len(document.pages)


@contextmanager
def _patient_garbage_collector() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(*_GC_WHILE_RENDERING)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@cache
def _engine() -> _Engine:
    """Once per process: the fonts are read and the style sheet parsed."""
    # Two seconds, and pango: only those who print pay for them.
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fetcher, fonts = _fetcher(), FontConfiguration()
    engine = _Engine(fetcher, fonts, CSS(url=STYLESHEET, url_fetcher=fetcher, font_config=fonts))
    fetcher.settle()
    # Fonts left to the very end of the process are let go by a library that has already gone.
    atexit.register(_engine.cache_clear)
    return engine


def _fetcher():
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFilesOnly(URLFetcher):
        """WeasyPrint goes on without what it cannot have; the page must not."""

        refused = ()

        def fetch(self, url, headers=None):
            if url.startswith("data:image/"):
                return super().fetch(url, headers)
            try:
                return URLFetcherResponse(url, _our_file(url).read_bytes())
            except (OSError, ValueError):
                self.refused += (url,)
                raise

        def settle(self):
            if self.refused:
                raise ResourceRefused(", ".join(self.refused))

    return OurFilesOnly(allowed_protocols=["data"])


def _our_file(url: str) -> Path:
    scheme, _, name = url.partition(":")
    if scheme not in _FOLDERS:
        raise PermissionError(url)
    folder = _FOLDERS[scheme].resolve()
    path = (folder / name.lstrip("/")).resolve()
    if not path.is_relative_to(folder):
        raise PermissionError(url)
    return path


def _lay_out(html: str, engine: _Engine):
    from weasyprint import HTML

    engine.fetcher.refused = ()
    page = HTML(string=html, base_url="static:/", url_fetcher=engine.fetcher)
    # WeasyPrint lets no drawing inherit the font of the page around it.
    for drawing in page.etree_element.iter(f"{_SVG}svg"):
        drawing.set("font-family", FONT)
    return page.render(font_config=engine.fonts, stylesheets=[engine.stylesheet])


def _describe(metadata, title: str, lang: str, moment: datetime) -> None:
    metadata.title, metadata.lang = title, lang
    metadata.generator = "Clausier"
    metadata.created = metadata.modified = moment.isoformat(timespec="seconds")


def _embed(attachments: Sequence[Attachment], moment: datetime) -> list:
    from weasyprint import Attachment as Embedded

    # A name tree is sorted.
    return [
        Embedded(
            file_obj=BytesIO(attachment.content),
            name=attachment.name,
            description=attachment.description,
            relationship=attachment.relationship,
            created=moment,
            modified=moment,
        )
        for attachment in sorted(attachments, key=lambda attachment: attachment.name)
    ]


def _mark_accessible(_document, pdf) -> None:
    """What PDF/UA-1 asks beyond what WeasyPrint writes for PDF/A-3a."""
    metadata = _resolve(pdf, pdf.catalog["Metadata"])
    # Archivists look for these marks without a PDF library.
    metadata.compress = False
    metadata.stream = [metadata.stream[0].replace(_END_OF_METADATA, _UA_MARK + _END_OF_METADATA)]
    # WeasyPrint names each attachment twice.
    if associated := pdf.catalog.get("AF"):
        associated[:] = dict.fromkeys(associated)
    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/TH":
            element["A"]["Scope"] = "/Column" if _is_in_head(pdf, element) else "/Row"


def _is_in_head(pdf, cell) -> bool:
    row = _resolve(pdf, cell["P"])
    return _resolve(pdf, row["P"])["S"] == "/THead"


def _resolve(pdf, reference: bytes):
    return pdf.objects[int(reference.split()[0])]
