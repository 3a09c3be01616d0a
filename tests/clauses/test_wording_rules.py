from decimal import Decimal

import pytest

from clauses.enums import Objective, PerEuroMode, ProvisionKind
from clauses.rules import wording
from clauses.rules.provisions import Terms
from clauses.rules.wording import TEXTS, UnknownVariable, VariableNotClosed
from tests.clauses.reading import plain


CLAUSE = ProvisionKind.EXECUTION_CONDITION


def hours(**terms):
    return plain(wording.from_terms(CLAUSE, Terms(**terms))["heures"])


def test_the_variables_of_a_text_take_their_values():
    found = wording.assemble("${heures} pour ${lots}, 5 $ en sus.", {"heures": "833 h", "lots": "le lot 1"})

    assert (found.text, found.missing) == ("833 h pour le lot 1, 5 $ en sus.", ())


def test_what_is_missing_is_listed_once_and_stays_visible():
    found = wording.assemble("${objet} : ${heures}, ${heures}", {"objet": "Voirie", "heures": ""})

    assert found.text == (
        "Voirie : [à compléter : volume d’insertion demandé], [à compléter : volume d’insertion demandé]"
    )
    assert found.missing == ("volume d’insertion demandé",)


def test_a_value_is_never_read_as_a_text():
    assert wording.assemble("${objet}", {"objet": "${heures}"}).text == "${heures}"


def test_an_unknown_variable_is_refused_with_its_line():
    with pytest.raises(UnknownVariable, match=r"Ligne 2 : la variable « \$\{heure\} » n’existe pas"):
        wording.assemble("Texte\n${heure}", {})


def test_a_variable_left_open_is_refused_with_its_line():
    with pytest.raises(VariableNotClosed, match=r"Ligne 1 .* ne se ferme pas"):
        wording.check("${heures\n}")


BY_EURO = {"objective": Objective.PER_EURO, "euros_per_hour": Decimal(2000)}
BEYOND = BY_EURO | {"threshold_amount": Decimal(2700000)}
SLICE = "une heure par tranche entière de 2 000 € HT facturée"


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"hours_due": Decimal(833)}, "833 heures"),
        ({}, ""),
        ({"objective": Objective.WORKED, "rate": Decimal("0.05"), "hours_due": Decimal(1000)},
         "5 % des heures travaillées pour exécuter le marché"),
        ({"objective": Objective.WORKED}, ""),
        ({"objective": Objective.PER_EURO}, ""),
        (BY_EURO, SLICE),
        (BEYOND | {"threshold_mode": PerEuroMode.FRANCHISE}, f"{SLICE} au-delà de 2 700 000 € HT facturés"),
        (BEYOND | {"threshold_mode": PerEuroMode.TRIGGER},
         f"{SLICE} dès le premier euro, une fois atteint le seuil de 2 700 000 € HT facturés"),
    ],
)  # fmt: skip
def test_the_volume_is_said_by_its_rule(terms, expected):
    assert hours(**terms) == expected


HOURS = {1: Terms(hours_due=Decimal(833)), 3: Terms(hours_due=Decimal(400))}


@pytest.mark.parametrize(
    ("lots", "expected"),
    [
        (HOURS, "833 heures pour le lot 1 et 400 heures pour le lot 3"),
        ({1: HOURS[1], 2: HOURS[1]}, "833 heures pour chacun de ces lots"),
        ({1: HOURS[1]}, "833 heures"),
        ({1: HOURS[1], 2: Terms()}, ""),
    ],
)
def test_the_volume_of_several_lots_is_said_lot_by_lot(lots, expected):
    assert plain(wording.from_lots(CLAUSE, lots)["heures"]) == expected


def test_a_share_that_all_the_lots_have_is_said_once():
    half = Terms(reserved_share=Decimal("0.5"))
    said = wording.from_lots(ProvisionKind.RESERVED_SIAE, {1: half, 2: half})

    assert plain(said["part_reservee"]) == "50 %"


@pytest.mark.parametrize(
    ("titles", "is_divided", "expected"),
    [
        ({1: ""}, False, "le lot unique"),
        ({2: ""}, True, "le lot 2"),
        ({2: "Tonte"}, True, "le lot 2 « Tonte »"),
        ({1: "Taille", 3: ""}, True, "les lots 1 « Taille » et 3"),
    ],
)
def test_lots_are_named_as_in_a_sentence(titles, is_divided, expected):
    assert plain(wording.name_lots(titles, is_divided=is_divided)) == expected


def test_a_reserved_lot_says_to_whom_and_from_which_share():
    said = wording.from_terms(ProvisionKind.RESERVED_SIAE, Terms(reserved_share=Decimal("0.5")))

    assert plain(said["article"]) == "article L. 2113-13"
    assert "L. 5132-4 du code du travail" in plain(said["operateurs"])
    assert (said["travailleurs"], plain(said["part_reservee"])) == ("travailleurs défavorisés", "50 %")
    assert said["poids_critere"] == ""


def test_what_is_reserved_has_its_words():
    reserved = {kind for kind in TEXTS if kind.name.startswith("RESERVED")}

    assert reserved == set(wording.RESERVED_FOR)
