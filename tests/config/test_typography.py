import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, override_settings
from django.urls import path

from config.lib.typography import set_spaces
from config.middleware import TypographyMiddleware


PAGE = "<p>« Voirie » : prête ?</p>"
SET = "<p>«\N{NO-BREAK SPACE}Voirie\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: prête\N{NO-BREAK SPACE}?</p>"


@pytest.mark.parametrize(
    "untouched",
    [
        '<a title="« Voirie » : ouvrir" href="?q=a ; b">Voirie</a>',
        "<textarea>« Voirie » : saisie</textarea>",
        "<script>const a = b ? c : d ;</script>",
        "<pre>a : b</pre>",
        "<p>Deux points:</p><p>12:30, « collé à la lettre ».</p>".replace("« ", "«").replace(" »", "»"),
        "<p>:-) n’a pas d’espace ; </p>".replace(" ;", ""),
    ],
)
def test_what_is_no_text_for_readers_is_left_as_it_stands(untouched):
    assert set_spaces(untouched) == untouched


def test_a_line_breaks_neither_inside_guillemets_nor_before_a_mark():
    assert set_spaces(PAGE) == SET


def test_text_after_what_is_left_alone_is_set():
    assert set_spaces(f"<pre>a : b</pre>{PAGE}<pre>c : d</pre>") == f"<pre>a : b</pre>{SET}<pre>c : d</pre>"


def test_marks_met_around_tags_and_at_the_end_are_set():
    assert set_spaces("<b>Lot 2</b> : <i>oui</i> !") == (
        "<b>Lot 2</b>\N{NO-BREAK SPACE}: <i>oui</i>\N{NO-BREAK SPACE}!"
    )


def test_an_article_keeps_its_number():
    assert set_spaces("<p>article L. 2112-2-1, plan R. Note</p>") == (
        "<p>article L.\N{NO-BREAK SPACE}2112-2-1, plan R. Note</p>"
    )


def answer(response):
    return TypographyMiddleware(lambda request: response)(None)


def test_a_page_leaves_with_its_spaces_set():
    assert answer(HttpResponse(PAGE)).text == SET


@pytest.mark.parametrize(
    "response", [HttpResponse(PAGE, content_type="text/csv"), StreamingHttpResponse([PAGE])]
)
def test_a_file_leaves_as_it_was_written(response):
    assert b"".join(answer(response)).decode() == PAGE


def show(request):
    return HttpResponse(PAGE)


urlpatterns = [path("", show)]


@override_settings(
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "config.middleware.TypographyMiddleware"],
)
def test_the_length_told_is_that_of_the_page_sent():
    response = Client().get("/")

    assert response["Content-Length"] == str(len(response.content)) == str(len(SET.encode()))
