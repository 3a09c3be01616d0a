import factory
from factory.django import DjangoModelFactory

from structures.enums import StructureKind
from structures.models import Structure


class StructureFactory(DjangoModelFactory):
    class Meta:
        model = Structure

    siret = factory.Sequence(lambda n: f"{n:014}")
    kind = StructureKind.EI
    name = factory.Sequence(lambda n: f"Atelier {n:03}")
    sort_name = factory.LazyAttribute(lambda row: row.name.lower())
    search_text = factory.LazyAttribute(lambda row: f"{row.name.lower()} {row.siret}")
    city = "Créteil"
    postcode = "94000"
    department_code = "94"
