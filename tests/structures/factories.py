from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from structures.enums import StructureKind
from structures.models import DirectoryFile, Structure


class StructureFactory(DjangoModelFactory):
    class Meta:
        model = Structure

    siret = factory.Sequence(lambda n: f"{n:014}")
    kind = StructureKind.EI
    name = factory.Sequence(lambda n: f"Atelier {n:03}")
    city = "Créteil"
    postcode = "94000"
    department_code = "94"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        structure = model_class(*args, **kwargs)
        structure.index()
        structure.save(force_insert=True)
        return structure


class DirectoryFileFactory(DjangoModelFactory):
    class Meta:
        model = DirectoryFile

    name = "repertoire.csv"
    file = factory.django.FileField(filename="repertoire.csv", data=b"siret;type\n41816609600069;EI\n")
    uploaded_at = datetime(2027, 1, 5, 9, tzinfo=UTC)
