import pytest
from hypothesis import given, strategies as st

from config.lib.text import fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Écully", "ecully"),
        ("L’ŒUVRE de Cœur", "l'oeuvre de coeur"),
        ("Cæsar, Ǽ", "caesar, ae"),
        ("  deux \u202f mots\u00a0\n ici ", "deux mots ici"),
        ("Saint\N{NON-BREAKING HYPHEN}Étienne", "saint-etienne"),
        ("in\u00advi\u200bsible\ufeff", "invisible"),
        ("l\N{LEFT SINGLE QUOTATION MARK}aube d\N{MODIFIER LETTER APOSTROPHE}un", "l'aube d'un"),
        ("E\u0301te\u0301", "ete"),
        ("", ""),
    ],
)
def test_texts_that_look_alike_fold_alike(text, expected):
    assert fold(text) == expected


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
