from structures.models.consortium import Consortium, ConsortiumMember
from structures.models.contact import Contact
from structures.models.correction import Correction
from structures.models.directory_file import DirectoryFile
from structures.models.meeting import Guest, Meeting, MeetingKind
from structures.models.network import Label, Network
from structures.models.offer import Capacity, Offer
from structures.models.public_directory import PublicDirectory
from structures.models.purchase import DirectOrder, Quote
from structures.models.sourcing import Approach, Need
from structures.models.structure import Structure
from structures.models.town import Town
from structures.models.trade import Sector, Trade


__all__ = [
    "Approach",
    "Capacity",
    "Consortium",
    "ConsortiumMember",
    "Contact",
    "Correction",
    "DirectOrder",
    "DirectoryFile",
    "Guest",
    "Label",
    "Meeting",
    "MeetingKind",
    "Need",
    "Network",
    "Offer",
    "PublicDirectory",
    "Quote",
    "Sector",
    "Structure",
    "Town",
    "Trade",
]
