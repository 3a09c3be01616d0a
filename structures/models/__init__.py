from structures.models.contact import Contact
from structures.models.directory_file import DirectoryFile
from structures.models.network import Label, Network
from structures.models.offer import Capacity, Offer
from structures.models.structure import Structure
from structures.models.town import Town
from structures.models.trade import Sector, Trade


__all__ = [
    "Capacity",
    "Contact",
    "DirectoryFile",
    "Label",
    "Network",
    "Offer",
    "Sector",
    "Structure",
    "Town",
    "Trade",
]
