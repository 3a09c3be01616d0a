import pytest

from procurement.models import Family, Programme


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "code", ["nettoyage", "espaces-verts", "mise-sous-pli", "jeux-jouets", "travaux-peinture"]
)
def test_an_empty_database_knows_the_segments_of_the_territory(code):
    assert Family.objects.get(code=code).cpv_prefixes


@pytest.mark.parametrize("code", ["anru-npnru", "plie", "gup"])
def test_an_empty_database_knows_the_programmes_with_their_source(code):
    assert Programme.objects.get(code=code).source


def test_what_no_source_proves_is_to_be_confirmed():
    assert not Family.objects.get(code="nettoyage").is_to_confirm
    assert Family.objects.get(code="securite").is_to_confirm
    assert not Family.objects.filter(source="").exists()
