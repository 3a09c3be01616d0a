"""How alike two names are: the pairs on which the threshold was set."""

import pytest

from procurement.imports.approximate import ALIKE, Names, bare, likeness, part_likeness


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("Direction des parcs et jardin", "Direction des parcs et jardins"),
        ("Dir. parcs & jardins", "Direction des parcs et jardins"),
        ("Jardins et parcs", "Direction des parcs et jardins"),
        ("Direction de la voierie", "Direction de la voirie"),
        ("Service éducation", "Direction de l’éducation"),
        ("Systèmes d’information", "Direction des systèmes d’informations"),
        ("DRH", "Direction des ressources humaines"),
        ("DSI", "Direction des systèmes d’information"),
        ("Créteill", "Créteil"),
        ("Cretel", "Créteil"),
        ("Val de Marn", "Val-de-Marne"),
        ("Maisons-Alfort", "Maison Alfort"),
    ],
)
def test_a_misspelt_name_is_found(written, known):
    assert Names(["Finances", known, "Ivry-sur-Seine"]).closest(written) == known


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("Direction de l’eau", "Direction de l’air"),
        ("Direction de l’enfance", "Direction des finances"),
        ("Service des sports", "Service des ports"),
        ("Service 1", "Service 2"),
        ("Espaces verts 12", "Espaces verts 13"),
        ("Collège Jean Moulin", "Collège Jean Zay"),
        ("École Jules Ferry", "École Jules Verne"),
        ("Direction de la culture", "Direction de l’agriculture"),
        ("Affaires juridiques", "Affaires culturelles"),
        ("Pôle Sud", "Pôle Nord"),
        ("Ivry", "Vitry"),
        ("DSP", "DSI"),
        ("…", "Direction"),
    ],
)
def test_another_name_is_left_alone(written, known):
    assert Names([known]).closest(written) == ""


def test_the_most_alike_is_found_first():
    names = Names(["Direction des parcs et jardinets", "Direction des parcs et jardins"])

    assert names.closest("Direction des parcs et jardin") == "Direction des parcs et jardins"


def test_a_part_of_a_name_is_close_to_it_without_being_it():
    part, whole = bare("Élagage"), bare("Espaces verts et élagage")

    assert likeness(part, whole) < ALIKE <= part_likeness(part, whole) < 100


def test_nothing_is_alike_where_nothing_is_known():
    assert Names().closest("Direction des parcs") == ""
