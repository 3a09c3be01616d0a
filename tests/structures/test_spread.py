from pytest_django.asserts import assertContains

from structures.models import Structure
from structures.queries import NAMES, spread
from tests.structures.factories import StructureFactory


MONTREUIL = {"city": "Montreuil", "department_code": "93", "latitude": 48.86, "longitude": 2.44}
PANTIN = {"city": "Pantin", "department_code": "93", "latitude": 48.9, "longitude": 2.41}
LYON = {"city": "Lyon", "department_code": "69", "latitude": 45.76, "longitude": 4.84}
MAMOUDZOU = {"city": "Mamoudzou", "department_code": "976", "latitude": -12.78, "longitude": 45.23}


def everything():
    return spread(Structure.objects.order_by("pk"))


def test_towns_are_named_within_one_department_the_busiest_first(db):
    StructureFactory(**PANTIN)
    StructureFactory(**MONTREUIL)
    StructureFactory(**MONTREUIL | {"city": "MONTREUIL", "latitude": 48.88})

    found = everything()

    assert [place.name for place in found.places] == ["Montreuil", "Pantin"]
    assert round(found.places[0].point.latitude, 2) == 48.87
    assert found.sentence == "Carte de 3 structures, dont 2 à Montreuil et 1 à Pantin."


def test_departments_are_named_across_several(db):
    StructureFactory(**PANTIN)
    StructureFactory(**LYON)

    assert [place.name for place in everything().places] == ["69", "93"]


def test_overseas_and_unknown_places_are_counted_apart(db):
    StructureFactory(**LYON)
    StructureFactory(**MAMOUDZOU)
    StructureFactory(latitude=48.8, longitude=None)

    found = everything()

    assert (len(found.drawn), found.left_out) == (1, 2)


def test_overseas_alone_is_drawn(db):
    StructureFactory(**MAMOUDZOU)

    assert (len(everything().drawn), everything().left_out) == (1, 0)


def test_too_many_names_would_hide_the_dots(db):
    for number in range(NAMES + 1):
        StructureFactory(**PANTIN | {"city": f"Ville {number:02}"})

    assert len(everything().places) == NAMES


def test_nothing_to_draw_is_said(db):
    assert everything().sentence == "Carte sans structure."


def test_the_list_can_be_seen_as_a_map(facilitator, as_user):
    StructureFactory(**PANTIN)
    StructureFactory(city="Nulle part")

    page = as_user(facilitator).get("/structures/?view=map&q=94000")
    assertContains(page, "Aucune structure ne répond")

    page = as_user(facilitator).get("/structures/?view=map")
    assertContains(page, "<title>Carte de 1 structures, dont 1 à Pantin.</title>")
    assertContains(page, "1 hors de cette carte")
    # The list below tells in words what the map draws.
    assertContains(page, "Structures du répertoire")
    assertContains(page, 'href="?">Liste</a>')
