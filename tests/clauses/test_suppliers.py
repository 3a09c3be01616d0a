import pytest

from clauses.enums import ProvisionKind
from clauses.queries.suppliers import able_for
from procurement.rules.families import Guess
from structures.queries.supply import Place, Supply


def local(**counts):
    known = {"place": Place(("94",), "market"), "guess": Guess.__new__(Guess)}
    return Supply(**known | counts)


NEARBY = {"insertion": 5, "disability": 3, "both": 1, "prison": 2, "made_available": 4}


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (ProvisionKind.RESERVED_SIAE, 5),
        (ProvisionKind.RESERVED_DISABILITY, 3),
        (ProvisionKind.RESERVED_MIXED, 7),
        (ProvisionKind.RESERVED_PRISON, 2),
        (ProvisionKind.INSERTION_SERVICE, 5),
        (ProvisionKind.EXECUTION_CONDITION, 11),
        (ProvisionKind.RESERVED_ESS, None),
    ],
)
def test_each_kind_counts_those_who_may_carry_it(kind, number):
    assert able_for(kind, local(**NEARBY)) == number


@pytest.mark.parametrize("unknown", [{"place": Place()}, {"guess": None}])
def test_without_a_trade_or_a_place_nothing_is_counted(unknown):
    assert able_for(ProvisionKind.RESERVED_SIAE, local(**NEARBY | unknown)) is None
