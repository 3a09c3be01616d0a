import re
from math import dist

from config.lib.charts import Place, Point, dots


PARIS, LILLE, LYON = Point(48.8566, 2.3522), Point(50.6292, 3.0573), Point(45.764, 4.8357)


def spots(drawing):
    cloud = re.search(r'<path d="((?:M[-\d. ]+h0)+)"', drawing)[1]
    return [tuple(map(float, pair)) for pair in re.findall(r"M([-\d.]+) ([-\d.]+)h0", cloud)]


def names(drawing):
    return re.findall(r">([^<>]+)</text></g>", drawing)


def test_distances_keep_their_proportions():
    paris, lille, lyon = spots(dots("Trois villes", [PARIS, LILLE, LYON]))

    # 204 km and 392 km on the ground.
    assert round(dist(paris, lyon) / dist(paris, lille), 1) == 1.9
    assert lille[1] < paris[1] < lyon[1]
    assert lyon[0] > lille[0] > paris[0]


def test_everything_stands_inside_the_drawing():
    drawing = dots("Deux villes", [PARIS, LILLE], [Place("Une commune au nom vraiment très long", PARIS)])

    height = float(re.search(r'viewBox="0 0 640 ([\d.]+)"', drawing)[1])
    assert all(0 < x < 640 and 0 < y < height for x, y in spots(drawing))
    assert float(re.search(r'<text x="([\d.]+)" y="[\d.]+" text-anchor="middle"', drawing)[1]) > 100


def test_a_single_point_is_drawn_in_the_middle_with_a_scale():
    drawing = dots("Une ville", [PARIS])

    assert [x for x, _ in spots(drawing)] == [320]
    assert "5\N{NARROW NO-BREAK SPACE}km" in drawing or "5 km" in drawing


def test_what_stands_at_the_same_spot_is_drawn_once():
    assert len(spots(dots("x", [PARIS, PARIS]))) == 1


def test_a_name_that_would_cover_another_is_left_out():
    beside = Point(PARIS.latitude + 0.001, PARIS.longitude)
    places = [Place("Paris", PARIS), Place("Voisine", beside), Place("Lyon", LYON)]

    assert names(dots("x", [PARIS, LYON], places)) == ["Paris", "Lyon"]


def test_names_are_escaped_and_the_sentence_is_heard():
    drawing = dots("Où <sont-elles> ?", [PARIS], [Place("<b>", PARIS)])

    assert "<title>Où &lt;sont-elles&gt; ?</title>" in drawing
    assert "<b>" not in drawing


def test_nothing_to_draw_draws_nothing():
    assert "<path" not in dots("Rien", [])


def test_the_whole_globe_fits():
    assert len(spots(dots("x", [Point(-90, -180), Point(90, 180)]))) == 2
