from datetime import date

import pytest

from config.lib.departments import department_label, department_of
from structures.enums import FAMILIES, MEANINGS, LegalFamily, StructureKind
from structures.rules.naming import display_name
from structures.rules.places import split_address
from structures.rules.searching import search_text, search_words
from structures.rules.verifying import last_day_out_of_date, verify_again_on


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", []),
        ("  Écully  L’Œuvre ", ["ecully", "l'oeuvre"]),
        ("807 469 317 00018", ["80746931700018"]),
        ("807469317", ["807469317"]),
        ("807.469.317", ["807469317"]),
        ("baluchon 807 469 317 00018 romainville", ["baluchon", "80746931700018", "romainville"]),
        ("93100 75001", ["93100", "75001"]),
        ("1 200 plis", ["1", "200", "plis"]),
    ],
)
def test_a_query_is_cut_into_folded_words(query, words):
    assert search_words(query) == words


@pytest.mark.parametrize(
    ("brand", "name", "shown"),
    [
        ("L’Atelier", "ASSOCIATION ATELIER", "L’Atelier"),
        ("3 Quart", "ASSOCIATION TROIS QUARTS", "3 Quart"),
        ("2705", "ASSOCIATION ATELIER", "ASSOCIATION ATELIER"),
        ("93 - 94", "ASSOCIATION ATELIER", "ASSOCIATION ATELIER"),
        ("2705", "", "2705"),
        ("", "ASSOCIATION ATELIER", "ASSOCIATION ATELIER"),
        ("", "", ""),
    ],
)
def test_a_usage_name_made_of_digits_does_not_hide_the_legal_name(brand, name, shown):
    assert display_name(brand=brand, name=name) == shown


def test_the_text_that_is_searched_is_folded():
    assert search_text("", "L’Étape", "80746931700018", "Écully") == "l'etape 80746931700018 ecully"


@pytest.mark.parametrize(
    ("postcode", "code"),
    [
        ("94000", "94"), ("01000", "01"), ("20000", "2A"), ("20190", "2A"), ("20200", "2B"),
        ("20600", "2B"), ("97410", "974"), ("97600", "976"), ("98800", "988"), ("00100", ""), ("99123", ""),
    ],
)  # fmt: skip
def test_a_postcode_tells_its_department(postcode, code):
    assert department_of(postcode) == code


def test_a_department_is_named_after_its_code():
    assert department_label("2A") == "2A – Corse-du-Sud"
    assert department_label("99") == "99"


def test_a_card_holds_for_a_year_after_its_verification():
    assert verify_again_on(verified_on=date(2027, 3, 1), added_on=date(2026, 1, 1)) == date(2028, 2, 29)
    assert last_day_out_of_date(date(2028, 2, 29)) == date(2027, 3, 1)


def test_a_card_that_nobody_verified_waits_since_it_was_added():
    assert verify_again_on(verified_on=None, added_on=date(2026, 1, 1)) == date(2026, 1, 1)


@pytest.mark.parametrize("kind", StructureKind)
def test_every_kind_has_a_family_and_a_meaning_that_agree(kind):
    articles = {
        LegalFamily.INSERTION: "L. 2113-13 ",
        LegalFamily.DISABILITY: "L. 2113-12 ",
        LegalFamily.PRISON: "L. 2113-13-1 ",
        LegalFamily.NONE: "",
    }

    assert articles[FAMILIES[kind]] in MEANINGS[kind]
    assert ("L. 2113-" in MEANINGS[kind]) == (FAMILIES[kind] != LegalFamily.NONE)


@pytest.mark.parametrize(
    ("written", "postcode", "city"),
    [
        ("9 Place Broglie-B.P. 50014\n 67068 STRASBOURG CEDEX", "67068", "STRASBOURG CEDEX"),
        ("Siège : 8 rue L 21300 CHENOVE Structure : 104 rue 67200 STRASBOURG", "67200", "STRASBOURG"),
        ("Siège/structure : 7 rue 67500 HAGUENAU Etablissement 2aire : 67360 WOERTH", "67500", "HAGUENAU"),
    ],
)  # fmt: skip
def test_an_address_ends_with_its_postcode_and_its_town(written, postcode, city):
    parts = split_address(written)
    assert (parts["postcode"], parts["city"]) == (postcode, city)


def test_an_address_without_a_postcode_is_left_whole():
    assert split_address("104 rue de Hochfelden") == {}
