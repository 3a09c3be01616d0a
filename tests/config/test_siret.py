import pytest

from config.lib import siret


VALID = "73282932000074"
LA_POSTE_BRANCH = "35600000049837"


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        "732 829 320 00074",
        "732.829.320.00074",
        "732\u00a0829\u202f320 00074\n",
        "\ufeff73282932000074",
        "73282932000074.0",
        "73282932000074,00",
    ],
)
def test_a_number_copied_from_anywhere_is_cleaned(text):
    assert siret.clean(text) == VALID


@pytest.mark.parametrize("text", ["7,32829E+13", "7.32829e13", "7E+13", " 7.3282932E13 "])
def test_scientific_notation_has_lost_digits_and_is_refused(text):
    with pytest.raises(ValueError, match="format texte"):
        siret.clean(text)


@pytest.mark.parametrize("number", [VALID, LA_POSTE_BRANCH, "35600000000048"])
def test_a_right_check_digit_is_valid(number):
    assert siret.is_valid(number)
    assert siret.explain(number) is None


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "Le SIRET manque."),
        ("123", "Le SIRET « 123 » doit compter 14 chiffres."),
        ("7328293200007A", "Le SIRET « 7328293200007A » doit compter 14 chiffres, sans autre signe."),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "Le SIRET « ٧٣٢٨٢٩٣٢٠٠٠٠٧٤ » doit compter 14 chiffres, sans autre signe."),
        ("1234567890123", "Le SIRET « 1234567890123 » doit compter 14 chiffres."),
        ("73282932000075", "La clé de contrôle du SIRET « 73282932000075 » est fausse."),
        ("35600000049838", "La clé de contrôle du SIRET « 35600000049838 » est fausse."),
        ("00000000000000", "Le SIRET ne contient que des zéros."),
    ],
)
def test_a_wrong_number_is_explained(number, sentence):
    assert not siret.is_valid(number)
    assert siret.explain(number) == sentence


def test_a_zero_that_a_spreadsheet_erased_is_suggested():
    assert "effacé le zéro du début : « 00542001300012 »" in siret.explain("542001300012")


def test_a_number_is_shown_in_groups():
    assert siret.group(VALID) == "732\u202f829\u202f320\u202f00074"
    assert siret.group("123") == "123"
