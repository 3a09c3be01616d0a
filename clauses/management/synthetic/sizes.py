"""How large a territory is; whatever is added to the generator takes its number from here."""

from typing import NamedTuple


class Size(NamedTuple):
    offices: int
    # Of each office.
    buyers: int
    lines: int
    contracts: int
    people: int
    # Of the whole territory: offices share one directory.
    structures: int


# A town is the territory of the demonstration with ten times its lines. A region has a dozen such offices
# and a directory of 10,000 structures; a country, ten regions that share the national directory.
SIZES = {
    "town": Size(offices=1, buyers=20, lines=2_000, contracts=80, people=150, structures=120),
    "region": Size(offices=12, buyers=20, lines=2_000, contracts=80, people=150, structures=10_000),
    "nation": Size(offices=120, buyers=20, lines=2_000, contracts=80, people=150, structures=10_000),
}
