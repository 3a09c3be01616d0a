import gc
import logging
from datetime import UTC, datetime, timedelta
from io import BytesIO

import page
import pikepdf
import pytest
from pypdf import PdfReader

from config.lib import pdf


CREATED_AT = datetime(2028, 3, 3, 9, 0, tzinfo=UTC)
TITLE = "Bilan 2027 – les clauses d’été"
TABLE = """
<table>
    <caption>Heures par structure</caption>
    <thead><tr><th scope="col">Structure</th><th scope="col" class="number">Heures</th></tr></thead>
    <tbody><tr><th scope="row">Écully œuvre</th><td class="number">1\u202f234,5\u00a0h</td></tr></tbody>
</table>
"""
DRAWING = (
    '<figure><svg class="chart" viewBox="0 0 100 20"><title>L’objectif est atteint à 103 %.</title>'
    '<rect width="80" height="12" fill="#0f5a5c"/><text x="2" y="18" font-size="6">été</text></svg>'
    "<figcaption>L’objectif</figcaption></figure>"
)
ANNEXES = (
    pdf.Attachment("lignes.csv", "é;1\n".encode(), "Toutes les lignes"),
    pdf.Attachment("annexe.xlsx", b"PK\x03\x04", "Le classeur", relationship="Source"),
)


def html(body: str) -> str:
    return f'<!doctype html><html lang="fr"><head><title>x</title></head><body>{body}</body></html>'


def render(body: str, **options) -> bytes:
    return pdf.render(html(body), **{"title": TITLE, "created_at": CREATED_AT, **options})


REPORT = (
    '<section class="cover" data-edition="Édition 3"><p class="brand">Maison de l’emploi</p>'
    '<h1>Bilan été</h1><ul class="facts"><li><strong>Acheteur</strong> Ville</li></ul></section>'
    '<nav class="contents"><h2>Sommaire</h2><ol><li><a href="#lignes">Lignes</a></li></ol></nav>'
    '<section class="chapter" id="lignes"><h2>Toutes les lignes</h2>'
    '<ul class="essentials"><li><strong>96</strong><span>personnes</span></li></ul>'
    f'{TABLE}{DRAWING}<p><a href="https://travail-emploi.gouv.fr/">Le ministère</a></p></section>'
)


@pytest.fixture(scope="module")
def report() -> bytes:
    return render(REPORT, attachments=ANNEXES)


@pytest.fixture
def opened(report):
    with pikepdf.open(BytesIO(report)) as document:
        yield document


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_one_file_is_archivable_and_accessible(report, profile):
    validation = page.validate_pdf_bytes(report, profile=profile)

    assert [(failure.rule_id, failure.message) for failure in validation.failures] == []
    assert validation.is_compliant


def test_the_same_document_gives_the_same_bytes(report):
    render("<p>Un autre document, <em>avec</em> d’autres lettres.</p>")

    assert render(REPORT, attachments=reversed(ANNEXES)) == report


def test_another_moment_gives_another_file(report):
    assert render(REPORT, attachments=ANNEXES, created_at=CREATED_AT + timedelta(seconds=1)) != report


def test_a_document_says_its_title_its_language_and_its_date(opened):
    assert opened.docinfo["/Title"] == TITLE
    assert opened.Root.Lang == "fr"
    assert opened.docinfo["/CreationDate"] == "D:20280303090000+00'00"
    assert opened.docinfo["/ModDate"] == opened.docinfo["/CreationDate"]
    assert opened.Root.ViewerPreferences.DisplayDocTitle


def test_the_marks_of_both_norms_are_readable_in_the_raw_file(report):
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in report
    assert b"<pdfuaid:part>1</pdfuaid:part>" in report


def test_headers_of_a_table_say_what_they_head(opened):
    headers = [
        obj for obj in opened.objects if isinstance(obj, pikepdf.Dictionary) and obj.get("/S") == "/TH"
    ]

    assert [header.A.Scope for header in headers] == ["/Column", "/Column", "/Row"]


def test_a_drawing_is_told_by_its_title(opened):
    figures = [
        obj for obj in opened.objects if isinstance(obj, pikepdf.Dictionary) and obj.get("/S") == "/Figure"
    ]

    assert [str(figure.Alt) for figure in figures] == ["L’objectif est atteint à 103 %."]


def test_attachments_travel_inside_each_named_once(opened):
    assert [str(file.UF) for file in opened.Root.AF] == ["annexe.xlsx", "lignes.csv"]
    assert [str(file.AFRelationship) for file in opened.Root.AF] == ["/Source", "/Data"]
    assert [str(file.Desc) for file in opened.Root.AF] == ["Le classeur", "Toutes les lignes"]
    assert [str(file.EF.F.Subtype) for file in opened.Root.AF] == [
        "/application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "/text/csv",
    ]
    assert opened.attachments["lignes.csv"].get_file().read_bytes() == "é;1\n".encode()


def test_only_the_packaged_family_is_used_drawings_included(opened):
    families = {
        str(obj.BaseFont).partition("+")[2]
        for obj in opened.objects
        if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/Font"
    }

    assert families
    assert all(family.startswith("Source-Sans-Pro") for family in families)


def test_pages_bear_the_title_the_chapter_the_edition_and_their_number(report):
    cover, _contents, chapter = [sheet.extract_text() for sheet in PdfReader(BytesIO(report)).pages]

    assert "Page" not in cover
    for words in ("Bilan été", "Toutes les lignes", "Édition 3", "Page 3 / 3", "1\u202f234,5\u00a0h"):
        assert words in chapter


def test_pages_are_counted(report):
    assert pdf.page_count(report) == 3


def test_the_style_sheet_is_understood_whole(report, caplog):
    pdf._engine.cache_clear()

    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        render(REPORT)

    assert caplog.records == []


def test_our_images_may_be_shown():
    square = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/%3E"

    for source in ("static:img/mark.svg", "static:/img/mark.svg", square):
        document = render(f'<p><img src="{source}" alt="La marque"></p>')
        assert pdf.page_count(document) == 1


@pytest.mark.parametrize(
    "body",
    [
        '<img src="http://127.0.0.1:1/x.png" alt="x">',
        '<img src="https://example.org/x.png" alt="x">',
        '<img src="file:/etc/hostname" alt="x">',
        '<img src="ftp://127.0.0.1/x" alt="x">',
        '<img src="/etc/hostname" alt="x">',
        '<img src="img/mark.svg" alt="x">',
        '<img src="static:../manage.py" alt="x">',
        '<img src="static:%2e%2e/manage.py" alt="x">',
        '<img src="font:../__init__.py" alt="x">',
        '<img src="static:img/absent.png" alt="x">',
        '<img src="data:text/html,x" alt="x">',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        '<p style="background: url(https://example.org/x.png)">x</p>',
        '<style>@import "file:/etc/hostname";</style>',
        "<style>@font-face { font-family: x; src: url(http://x.example/x) }</style>",
        '<svg viewBox="0 0 1 1"><image href="file:/etc/hostname" width="1" height="1"/></svg>',
        '<object data="file:/etc/hostname">x</object>',
        '<link rel="attachment" href="file:/etc/hostname">',
    ],
)
def test_a_document_reaches_nothing_but_our_own_files(body):
    with pytest.raises(pdf.ResourceRefused):
        render(body)


def test_the_garbage_collector_gets_its_habits_back_even_after_a_failure():
    usual = gc.get_threshold()

    with pytest.raises(pdf.ResourceRefused):
        render('<img src="file:/etc/hostname" alt="x">')

    assert gc.get_threshold() == usual
