"""What the card of a structure says of its trade, and how it works for a market."""

from structures.enums import StructureKind


# The nomenclature files most workshops under « social action », « associations » or « temporary work »: such
# a code says who they are, not what they do.
_TELLS_NOTHING = (
    "8899", "8891", "8810", "8790", "8730", "9499", "9609", "7010", "7810", "7820", "7830", "8411", "8412",
    "8413", "8430", "8532", "8559",
)  # fmt: skip

# As Le Marché de l’inclusion tells the two apart (GitHub gip-inclusion/le-marche, 21/08/2026).
MADE_AVAILABLE = (StructureKind.ETTI, StructureKind.AI, StructureKind.EATT, StructureKind.GEIQ)
SERVICES = (
    StructureKind.EI, StructureKind.ACI, StructureKind.AI, StructureKind.EA, StructureKind.ESAT,
    StructureKind.SEP,
)  # fmt: skip


def tells_no_trade(naf_code: str) -> bool:
    code = naf_code.replace(".", "")
    return not code or code.startswith(_TELLS_NOTHING)
