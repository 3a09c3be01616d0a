import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from config.lib import charts, french


SVG = "{http://www.w3.org/2000/svg}"
MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
HOSTILE = '<script>alert(1)</script>" onload="x'


def numbers(*values) -> list[Decimal]:
    return [Decimal(str(value)) for value in values]


def parse(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314


def texts(drawing: str) -> list[str]:
    return [element.text or "" for element in parse(drawing).iter(f"{SVG}text")]


def widths(drawing: str) -> list[float]:
    """Of the bars, without the swatches of the legend and the ground of the patterns."""
    return [float(box.get("width")) for box in parse(drawing).iter(f"{SVG}rect") if box.get("height") == "22"]


EVERY_CHART = {
    "bars": lambda words: charts.bars(words, [(words, Decimal(3))], format_value=lambda value: words),
    "stacked": lambda words: charts.stacked_bars(words, [words, words], [(words, numbers(1, 2))]),
    "line": lambda words: charts.line(words, [words, words], numbers(1, 2), numbers(3, 4)),
    "no bars": lambda words: charts.bars(words, []),
    "no stacks": lambda words: charts.stacked_bars(words, [], []),
    "no line": lambda words: charts.line(words, [], [], []),
}


@pytest.mark.parametrize("chart", EVERY_CHART.values(), ids=EVERY_CHART)
def test_a_drawing_is_said_by_its_title(chart):
    drawing = parse(chart("Au 31 août, l’objectif est dépassé."))

    assert drawing.tag == f"{SVG}svg"
    assert drawing.get("role") == "img"
    assert drawing[0].tag == f"{SVG}title"
    assert drawing[0].text == "Au 31 août, l’objectif est dépassé."


@pytest.mark.parametrize("chart", EVERY_CHART.values(), ids=EVERY_CHART)
def test_a_drawing_obeys_the_content_security_policy_and_escapes_every_text(chart):
    drawing = chart(HOSTILE)

    assert hasattr(drawing, "__html__")
    attributes = {name for element in parse(drawing).iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "font-family")}
    assert parse(drawing).get("viewBox")
    assert not {"width", "height"} & set(parse(drawing).attrib)
    assert not list(parse(drawing).iter(f"{SVG}script"))


def test_bars_are_as_long_as_their_values_and_bear_them():
    drawing = charts.bars(
        "x",
        [("Lyon", Decimal(1000)), ("Bron", Decimal(250)), ("Vénissieux", Decimal(0))],
        french.format_hours,
    )

    longest, quarter = widths(drawing)
    assert quarter == pytest.approx(longest / 4)
    assert texts(drawing) == ["Lyon", "1\u202f000\u00a0h", "Bron", "250\u00a0h", "Vénissieux", "0\u00a0h"]


def test_bars_of_nothing_but_zeros_are_drawn_empty():
    assert widths(charts.bars("x", [("Lyon", Decimal(0))])) == []


def test_a_long_label_takes_two_lines_then_an_ellipsis():
    drawing = charts.bars("x", [("Régie de quartier des États-Unis et du Bachut, Lyon huitième", Decimal(1))])

    first, second, _ = texts(drawing)
    assert first == "Régie de quartier des"
    assert second.endswith("…")


def test_stacked_bars_are_cut_into_their_parts():
    drawing = charts.stacked_bars(
        "x", ["RSA", "DELD", "Jeunes"], [("2026", numbers(1, 2, 1)), ("2027", numbers(4, 0, 4))]
    )

    assert widths(drawing) == pytest.approx([41.2, 82.5, 41.2, 165, 165])
    assert texts(drawing) == ["RSA", "DELD", "Jeunes", "2026", "4", "2027", "8"]


def test_parts_are_told_apart_by_pattern_and_named_in_the_legend():
    series = ["un", "deux", "trois", "quatre", "cinq", "six"]

    drawing = parse(charts.stacked_bars("x", series, [("a", numbers(1, 1, 1, 1, 1, 1))]))

    strokes = [path.get("d") for path in drawing.iter(f"{SVG}path")]
    assert len(set(strokes)) == 5
    fills = [box.get("fill") for box in drawing.iter(f"{SVG}rect") if box.get("height") in ("14", "22")]
    assert fills[:6] == fills[6:]
    patterns = {f"url(#{pattern.get('id')})" for pattern in drawing.iter(f"{SVG}pattern")}
    assert set(fills) == {"#0f5a5c", *patterns}


def test_two_drawings_of_a_page_do_not_share_their_patterns():
    ids = [
        set(re.findall('id="([^"]+)"', charts.stacked_bars("x", ["a", "b"], [("c", numbers(1, total))])))
        for total in (1, 2)
    ]

    assert ids[0].isdisjoint(ids[1])


def test_a_long_legend_takes_several_lines():
    series = [
        "Demandeurs d’emploi de longue durée",
        "Bénéficiaires du RSA",
        "Habitants des quartiers prioritaires",
    ]

    drawing = parse(charts.stacked_bars("x", series, []))

    assert {box.get("y") for box in drawing.iter(f"{SVG}rect") if box.get("height") == "14"} == {"2", "26"}


def line_ends(drawing: str) -> list[tuple[float, str]]:
    found = [(float(text.get("y")), text.text) for text in parse(drawing).iter(f"{SVG}text")]
    return [end for end in found if end[1].startswith(("Réalisé", "Objectif"))]


def test_a_line_stops_where_time_has_and_names_the_month():
    drawing = charts.line(
        "x", MONTHS, numbers(300, 900, 1700), numbers(*range(1000, 12001, 1000)), french.format_hours
    )

    objective, done = [line.get("points").split() for line in parse(drawing).iter(f"{SVG}polyline")]
    assert (len(done), len(objective)) == (3, 12)
    assert len(list(parse(drawing).iter(f"{SVG}circle"))) == 3
    assert [name for _, name in line_ends(drawing)] == ["Objectif", "Réalisé, mars"]
    assert "1\u202f700\u00a0h" in texts(drawing)


def test_a_line_that_is_whole_needs_no_month():
    drawing = charts.line("x", ["T1", "T2"], numbers(1, 2), numbers(1, 1))

    assert [name for _, name in line_ends(drawing)] == ["Réalisé", "Objectif"]


def test_names_of_lines_that_end_together_are_kept_apart():
    (high, _), (low, _) = line_ends(charts.line("x", ["T1", "T2"], numbers(0, 99), numbers(0, 100)))
    (high_on_floor, _), (low_on_floor, _) = line_ends(charts.line("x", ["T1"], numbers(0), numbers(0)))

    assert low - high == low_on_floor - high_on_floor == 34
    assert low_on_floor < 300


def test_a_line_without_objective_has_one_name():
    assert [name for _, name in line_ends(charts.line("x", ["T1"], numbers(5), []))] == ["Réalisé"]


@pytest.mark.parametrize(
    ("highest", "levels"),
    [
        (12000, ["0", "3\u202f000", "6\u202f000", "9\u202f000", "12\u202f000"]),
        (7201, ["0", "2\u202f000", "4\u202f000", "6\u202f000", "8\u202f000"]),
        ("0.3", ["0", "0,08", "0,16", "0,24", "0,32"]),
        (40, ["0", "10", "20", "30", "40"]),
        (0, ["0", "1", "2", "3", "4"]),
    ],
)
def test_the_scale_climbs_in_round_levels(highest, levels):
    drawing = charts.line("x", ["T1"], [], numbers(highest))

    assert texts(drawing)[:5] == levels


def test_months_that_do_not_fit_side_by_side_are_thinned_out():
    drawing = charts.line("x", MONTHS, [], numbers(*[1] * 12))

    assert [text for text in texts(drawing) if text in MONTHS] == [
        "janv.",
        "mars",
        "mai",
        "juil.",
        "sept.",
        "nov.",
    ]


def test_the_same_figures_give_the_same_drawing():
    first, second = (charts.stacked_bars("x", ["a", "b"], [("c", numbers(1, "0.333"))]) for _ in range(2))

    assert first == second


def test_a_report_may_name_the_lines_in_its_own_words():
    drawing = charts.line("x", ["T1"], numbers(5), numbers(9), names=("Retenues", "Dues"))

    assert "Retenues" in drawing
    assert "Dues" in drawing
    assert "Objectif" not in drawing


def test_the_name_of_a_line_that_stops_stands_within_the_drawing():
    drawing = charts.line("", ["sept. 26", "oct. 26"], numbers(1), numbers(1, 2), names=("Retenues", "Dues"))

    name = next(text for text in parse(drawing).iter(f"{SVG}text") if text.text == "Retenues, sept. 26")
    # The widest bold face in use takes two thirds of its height for a letter.
    assert float(name.get("x")) + len(name.text) * 13 * 2 / 3 <= 640
