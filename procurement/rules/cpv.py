"""The CPV tree (regulation 213/2008): eight digits, each a branch finer than the one before."""

from procurement.enums import Nature


DIGITS = 8
# Two digits name a division, the widest branch.
DIVISION = 2


def bounds(prefix: str) -> tuple[str, str]:
    """The first and last codes of a branch."""
    return prefix.ljust(DIGITS, "0"), prefix.ljust(DIGITS, "9")


def branch(code: str) -> str:
    """The branch that a code names: zeros at its end say « all of it »."""
    return code[:DIVISION] + code[DIVISION:].rstrip("0")


def ladder(code: str) -> list[str]:
    """From the code’s own branch up to its division."""
    own = branch(code)
    return [own[:length] for length in range(len(own), DIVISION - 1, -1)]


def division(code: str) -> str:
    return code[:DIVISION]


def common(one: str, other: str) -> int:
    """How many digits two codes share from the left."""
    for rank, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return rank
    return min(len(one), len(other))


def nature_of(code: str) -> Nature:
    """Annex I: divisions 03 to 44 and 48 are supplies, 45 works, the others services."""
    if not code:
        return Nature.UNKNOWN
    number = int(division(code))
    if number == 45:
        return Nature.WORKS
    return Nature.SUPPLIES if number < 45 or number == 48 else Nature.SERVICES
