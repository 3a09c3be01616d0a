"""The same searches give the same lists on every database: each runs this file with what is written here."""

from datetime import date

import pytest
from django.http import QueryDict

from structures.enums import AreaKind, CapacityPeriod, CapacityUnit, ServiceKind, StructureKind
from structures.filters import StructureFilter
from structures.models import Capacity, Network, Structure, Trade
from tests.structures.factories import OfferFactory, StructureFactory, TownFactory


TODAY, LONG_AGO = date(2027, 3, 1), date(2025, 1, 4)
CRETEIL, ALFORTVILLE, MELUN = (48.7837, 2.4549), (48.8030, 2.4240), (48.5390, 2.6600)
# Name, kind, town, point, verified on, trade and how far, if any. Spaces, hyphens, accents, apostrophes,
# digits and the signs that SQL reads as jokers: what two databases may order or match each in their way.
CARDS = [
    ("La fabrique", "EI", "Créteil", CRETEIL, date(2027, 1, 4), "mise-sous-pli", AreaKind.COUNTRY),
    ("Lacets et compagnie", "EA", "Alfortville", ALFORTVILLE, LONG_AGO, "mise-sous-pli", AreaKind.COUNTRY),
    ("L’Œuvre d’Écully", "ACI", "Melun", MELUN, None, "espaces-verts", AreaKind.DEPARTMENTS),
    ("Atelier-vert", "ESAT", "Créteil", CRETEIL, date(2026, 12, 1), "espaces-verts", AreaKind.RADIUS),
    ("Atelier vert", "ACI", "Alfortville", ALFORTVILLE, None, None, None),
    ("Atelier 10", "AI", "Créteil", CRETEIL, date(2026, 6, 1), "interim-proprete", AreaKind.REGIONS),
    ("Atelier 9", "ETTI", "Saint-Maur-des-Fossés", None, None, None, None),
    ("50 % de pain", "EA", "Saint Maur", CRETEIL, None, "traiteur", AreaKind.COUNTRY),
    ("50_de pain", "EI", "Melun", MELUN, None, None, None),
    ("Élagueurs réunis", "EI", "Créteil", CRETEIL, None, None, None),
    ("Routage du Lac", "GEIQ", "Melun", MELUN, date(2027, 2, 1), None, None),
    ("Peinture & Cie", "EATT", "Alfortville", ALFORTVILLE, None, "peinture", AreaKind.TOWNS),
]  # fmt: skip
AREAS = {AreaKind.DEPARTMENTS: " 77 94 ", AreaKind.REGIONS: " 11 ", AreaKind.TOWNS: " 94028 "}

FOUND = {
    "": [
        "50 % de pain", "50_de pain", "Atelier 10", "Atelier 9", "Atelier vert", "Atelier-vert",
        "Élagueurs réunis", "L’Œuvre d’Écully", "La fabrique", "Lacets et compagnie", "Peinture & Cie",
        "Routage du Lac",
    ],
    "sort=-name": [
        "Routage du Lac", "Peinture & Cie", "Lacets et compagnie", "La fabrique", "L’Œuvre d’Écully",
        "Élagueurs réunis", "Atelier-vert", "Atelier vert", "Atelier 9", "Atelier 10", "50_de pain",
        "50 % de pain",
    ],
    "sort=city": [
        "Atelier vert", "Lacets et compagnie", "Peinture & Cie", "Atelier 10", "Atelier-vert",
        "Élagueurs réunis", "La fabrique", "50_de pain", "L’Œuvre d’Écully", "Routage du Lac",
        "50 % de pain", "Atelier 9",
    ],
    "sort=verified&kind=EI&kind=EA": [
        "50 % de pain", "50_de pain", "Élagueurs réunis", "Lacets et compagnie", "La fabrique",
    ],
    "sort=-verified&kind=EI&kind=EA": [
        "La fabrique", "Lacets et compagnie", "50 % de pain", "50_de pain", "Élagueurs réunis",
    ],
    "sort=kind&place=Melun": ["L’Œuvre d’Écully", "50_de pain", "Routage du Lac"],
    "q=ecully": ["L’Œuvre d’Écully"],
    "q=ÉLAGUEURS": ["Élagueurs réunis"],
    "q=50 %": ["50 % de pain"],
    "q=50_": ["50_de pain"],
    "q=mise sous pli": ["La fabrique", "Lacets et compagnie", "Routage du Lac"],
    "q=mise sous pli&place=Alfortville&within=5": ["Lacets et compagnie", "La fabrique"],
    "q=tonte&place=Créteil&within=100": ["Atelier-vert", "L’Œuvre d’Écully"],
    "place=Créteil&within=5": [
        "50 % de pain", "Atelier 10", "Atelier-vert", "Élagueurs réunis", "La fabrique", "Atelier vert",
        "Lacets et compagnie", "Peinture & Cie",
    ],
    "place=94028": [],
    "place=94000&within=serving": [
        "50 % de pain", "Atelier 10", "Atelier-vert", "La fabrique", "Lacets et compagnie", "Peinture & Cie",
        "L’Œuvre d’Écully",
    ],
    "place=saint maur": ["50 % de pain", "Atelier 9"],
    "family=disability&verified=no": ["50 % de pain", "Lacets et compagnie", "Peinture & Cie"],
    "verified=yes": ["Atelier 10", "Atelier-vert", "La fabrique", "Routage du Lac"],
    "capacity=declared": ["La fabrique"],
    "service=service&trade=espaces-verts": ["Atelier-vert", "L’Œuvre d’Écully"],
    "network=reseau": ["Atelier vert"],
}  # fmt: skip


@pytest.fixture
def directory(db):
    TownFactory(insee_code="94028", name="Créteil", latitude=CRETEIL[0], longitude=CRETEIL[1])
    TownFactory(insee_code="94002", postcode="94140", name="Alfortville", latitude=48.8030, longitude=2.4240)
    for name, kind, city, point, verified_on, trade, area in CARDS:
        structure = StructureFactory(
            name=name, kind=StructureKind(kind), city=city, verified_on=verified_on,
            latitude=point and point[0], longitude=point and point[1],
        )  # fmt: skip
        if trade:
            OfferFactory(
                structure=structure, trade=Trade.objects.get(code=trade), service_kind=ServiceKind.SERVICE,
                area_kind=area, area_codes=AREAS.get(area, ""),
                radius_km=10 if area == AreaKind.RADIUS else None,
            )  # fmt: skip
    fabric = Structure.objects.get(name="La fabrique").offers.get()
    Capacity.objects.create(
        offer=fabric, quantity=120, unit=CapacityUnit.HOURS, period=CapacityPeriod.MONTH,
        starts_on=date(2027, 1, 1), declared_on=date(2027, 1, 1),
    )  # fmt: skip
    network = Network.objects.create(code="reseau", label="Réseau")
    network.structures.add(Structure.objects.get(name="Atelier vert"))


def test_every_search_gives_the_same_list_on_every_database(directory):
    found = {
        address: [
            row.name
            for row in StructureFilter(
                QueryDict(address.replace("%", "%25")), Structure.objects.all(), today=TODAY
            ).qs
        ]
        for address in FOUND
    }

    assert found == FOUND
