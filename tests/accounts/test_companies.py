import pytest

from accounts import audit
from accounts.enums import OrganisationKind
from accounts.models import Organisation
from accounts.services import companies
from accounts.services.companies import SiretRefused


SIRET = "55208131766522"


def test_a_new_company_is_registered_under_its_bare_siret(facilitator):
    company = companies.register(siret="552 081 317 66522", name=" Jardins du Lac ", by=facilitator)

    assert (company.kind, company.siret, company.name) == (OrganisationKind.COMPANY, SIRET, "Jardins du Lac")
    assert [event.sentence for event in audit.history(company)] == ["a ajouté l’entreprise"]


def test_a_known_company_keeps_its_name(facilitator):
    known = companies.register(siret=SIRET, name="Jardins du Lac", by=facilitator)

    again = companies.register(siret=SIRET, name="JARDINS DU LAC SAS", by=facilitator)

    assert again == known
    assert again.name == "Jardins du Lac"
    assert audit.history(known).count() == 1


@pytest.mark.parametrize(
    ("siret", "sentence"),
    [
        ("55208131766523", "La clé de contrôle du SIRET"),
        ("1234", "doit compter 14 chiffres"),
        ("5,5208E+13", "Le tableur a abrégé"),
        ("", "Le SIRET manque"),
    ],
)
def test_a_wrong_siret_is_refused_with_its_reason(siret, sentence, facilitator):
    before = Organisation.objects.count()

    with pytest.raises(SiretRefused, match=sentence):
        companies.register(siret=siret, name="Inconnue", by=facilitator)

    assert Organisation.objects.count() == before
