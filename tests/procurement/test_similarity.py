from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.rules import similarity
from procurement.rules.places import department_of_place
from procurement.rules.similarity import Candidate, Likeness, Profile, words


TODAY = date(2026, 11, 25)
NOTHING = words("")


def compare(profile, candidate):
    return similarity.compare(profile, candidate, TODAY)


def test_the_words_of_a_title_are_singular_and_telling():
    assert words("Marché de prestations d’entretien des espaces verts") == {"entretien", "espace", "vert"}
    assert words("Lot 2 : jeux et jouets") == {"jouet", "jeux"}


@pytest.mark.parametrize(
    ("code", "reason", "points"),
    [
        ("90911200", "même code CPV 90911200", 40),
        ("90919000", "même branche CPV 9091", 20),
        ("90500000", "", 10),
        ("45000000", "", 0),
        ("", "", 0),
    ],
)
def test_the_nearer_the_branch_the_more_points(code, reason, points):
    found = compare(Profile(NOTHING, "90911200"), Candidate(NOTHING, code))

    assert found == Likeness(points, (reason,) if reason else ())


def test_a_family_stands_for_a_code():
    found = compare(Profile(NOTHING, prefixes=("9091", "9092")), Candidate(NOTHING, "90921000"))

    assert found == Likeness(20, ("même branche CPV 9092",))


def test_shared_words_are_named():
    found = compare(Profile(words("tonte des espaces verts")), Candidate(words("espaces verts du parc")))

    assert found == Likeness(20, ("mots communs : espace et vert",))


@pytest.mark.parametrize(
    ("amount", "points", "reason"),
    [
        ("150000", 15, "montant voisin (150\u202f000\u00a0€)"),
        ("50000", 15, "montant voisin (50\u202f000\u00a0€)"),
        ("500000", 8, "même ordre de montant"),
        ("500001", 0, None),
        ("0", 0, None),
        (None, 0, None),
    ],
)
def test_sizes_are_compared_by_multiples(amount, points, reason):
    candidate = Candidate(NOTHING, amount=amount and Decimal(amount))

    found = compare(Profile(NOTHING, amount=Decimal(100_000)), candidate)

    assert found == Likeness(points, (reason,) if reason else ())


def test_a_departement_is_nearer_than_a_region():
    profile = Profile(NOTHING, department="94", region="11")

    assert compare(profile, Candidate(NOTHING, department="94", region="11")) == Likeness(
        10, ("même département (94 – Val-de-Marne)",)
    )
    assert compare(profile, Candidate(NOTHING, department="75", region="11")) == Likeness(
        5, ("même région (Île-de-France)",)
    )
    assert compare(profile, Candidate(NOTHING, department="13", region="93")) == Likeness(0, ())


@pytest.mark.parametrize(("days", "points"), [(30, 5), (731, 5), (732, 2), (1461, 2), (1462, 0)])
def test_a_recent_contract_tells_more(days, points):
    candidate = Candidate(NOTHING, notified_on=TODAY - timedelta(days=days))

    assert compare(Profile(NOTHING), candidate).points == points


def test_the_rungs_go_up_the_tree():
    assert similarity.rungs(Profile(NOTHING, "90911200"))[-2:] == [("909",), ("90",)]
    assert similarity.rungs(Profile(NOTHING, prefixes=("9091", "9092"))) == [("9091", "9092"), ("90",)]
    assert similarity.rungs(Profile(NOTHING, prefixes=("45",))) == [("45",)]
    assert similarity.rungs(Profile(NOTHING)) == []


def test_the_likest_come_first_and_the_latest_among_equals():
    one, other = Likeness(10, ()), Likeness(20, ())

    assert similarity.best([(one, 1), (other, 2), (one, 3)], 2) == [(other, 2), (one, 3)]


@pytest.mark.parametrize(
    ("place", "siret", "department"),
    [
        ("94000 Créteil", "", "94"),
        ("Créteil (94)", "", "94"),
        ("Ajaccio (2a)", "", "2A"),
        ("Val-de-Marne", "", "94"),
        ("tout le val de marne", "", "94"),
        ("Seine-et-Marne", "", "77"),
        ("99999 nulle part (99)", "", ""),
        ("Écoles", "21940028000018", "94"),
        ("", "21971105100010", "971"),
        ("", "20004178800064", ""),
        ("", "21000000000000", ""),
    ],
)
def test_a_place_is_found_in_words_or_in_the_number_of_the_buyer(place, siret, department):
    assert department_of_place(place, buyer_siret=siret) == department
