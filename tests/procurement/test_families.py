import pytest

from procurement.queries import families
from procurement.rules.families import Trade, bears, guess
from tests.procurement.factories import MarketFactory


GARDENS = Trade("gardens", "Espaces verts", ("773",), ("8130",), ("espaces verts", "elagage"))
WORKS = Trade("works", "Travaux", ("45",), ("4399",), ("travaux",))
PAINT = Trade("paint", "Peinture", ("4544",), ("4334",), ("travaux de peinture",))
ALL = (GARDENS, WORKS, PAINT)


@pytest.mark.parametrize(
    ("family", "cpv", "title", "expected"),
    [
        ("paint", "77310000", "Élagage", ("paint", "plan")),
        ("", "45442100", "Élagage", ("paint", "cpv")),
        ("", "45000000", "", ("works", "cpv")),
        ("", "", "Travaux de peinture des écoles", ("paint", "title")),
        ("", "", "Marché d’élagage", ("gardens", "title")),
        ("", "", "Fourniture de trombones", None),
    ],
)
def test_a_family_is_told_by_the_plan_then_the_cpv_then_the_title(family, cpv, title, expected):
    found = guess(family=family, cpv_code=cpv, title=title, trades=ALL)

    assert (found and (found.trade.code, found.origin)) == expected


def test_a_word_is_found_by_its_beginning_only():
    assert bears("entretien d'elagage", "elag")
    assert not bears("delage", "elag")


def test_a_trade_is_done_under_its_naf_code_or_its_name():
    assert GARDENS.is_done_by(naf="81.30Z", names="atelier")
    assert GARDENS.is_done_by(naf="", names="les espaces verts du lac")
    assert not GARDENS.is_done_by(naf="", names="atelier")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Entretien des espaces verts", "espaces-verts"),
        ("Mise sous pli du courrier", "mise-sous-pli"),
        ("Assurance du parc automobile", "assurances-finance"),
        ("Déménagement de la mairie", "demenagement"),
    ],
)
def test_an_empty_database_reads_titles(title, expected):
    assert families.shelf().of(MarketFactory(title=title)).trade.code == expected
