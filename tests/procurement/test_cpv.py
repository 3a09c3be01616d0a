import pytest

from procurement.enums import Nature
from procurement.rules import cpv


def test_a_branch_ends_where_its_zeros_begin():
    assert cpv.branch("90911200") == "909112"
    assert cpv.branch("90000000") == "90"
    assert cpv.branch("30000000") == "30"


def test_the_ladder_goes_from_the_branch_to_the_division():
    assert cpv.ladder("90911200") == ["909112", "90911", "9091", "909", "90"]
    assert cpv.ladder("45000000") == ["45"]


def test_a_branch_is_bounded_by_codes():
    assert cpv.bounds("9091") == ("90910000", "90919999")


def test_codes_share_their_first_digits():
    assert cpv.common("90911200", "90920000") == 3
    assert cpv.common("90911200", "45000000") == 0
    assert cpv.common("9091", "90911200") == 4


@pytest.mark.parametrize(
    ("code", "nature"),
    [
        ("45233140", Nature.WORKS),
        ("37500000", Nature.SUPPLIES),
        ("48000000", Nature.SUPPLIES),
        ("90911200", Nature.SERVICES),
        ("", Nature.UNKNOWN),
    ],
)
def test_a_division_tells_the_nature(code, nature):
    assert cpv.nature_of(code) == nature
