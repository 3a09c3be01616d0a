from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pytest_django.asserts import assertContains

from structures.enums import SiretStatus, StructureKind
from structures.forms import siret_lists as forms
from structures.models import Structure
from structures.queries import siret_lists as queries
from structures.rules import siret_lists as rules
from tests.structures.factories import StructureFactory


GOOD, SISTER, OTHER, WRONG = "41816609600069", "41816609600051", "80746931700018", "41816609600068"


def test_numbers_are_read_as_people_paste_them():
    lines = (
        "418 166 096 00069", "", f"{OTHER} ; Atelier\tautre", "807.469.317.00018", "Atelier sans numéro",
        WRONG, "4,18E+13",
    )  # fmt: skip

    told = [(one.line, one.siret, one.problem, one.first_line) for one in rules.read("\n".join(lines))]

    assert told[:3] == [(1, GOOD, "", None), (3, OTHER, "", None), (4, OTHER, "", 3)]
    assert [(line, siret) for line, siret, _, _ in told[3:]] == [(5, ""), (6, WRONG), (7, "")]
    assert "14 chiffres" in told[3][2]
    assert "clé de contrôle" in told[4][2]
    assert "abrégé" in told[5][2]


def test_two_numbers_of_a_line_are_two():
    assert [one.siret for one in rules.read(f"{GOOD}\t{OTHER}")] == [GOOD, OTHER]


@pytest.mark.django_db
class TestCheck:
    def check(self, text):
        return queries.check(rules.read(text), Structure.objects.all())

    def test_each_kind_under_a_number_is_told(self):
        StructureFactory(siret=GOOD, kind=StructureKind.EI)
        StructureFactory(siret=GOOD, kind=StructureKind.ACI, gone_on=date(2027, 1, 1))
        (one,) = self.check(GOOD)
        assert (one.status, [card.kind for card in one.cards]) == (SiretStatus.KNOWN, ["ACI", "EI"])

    def test_a_card_gone_from_its_source_is_said_so(self):
        StructureFactory(siret=GOOD, gone_on=date(2027, 1, 1))
        assert self.check(GOOD)[0].status == SiretStatus.GONE

    def test_a_wrong_key_that_the_directory_has_is_found_and_told(self):
        StructureFactory(siret=WRONG, siret_is_valid=False)
        (one,) = self.check(WRONG)
        assert one.status == SiretStatus.KNOWN
        assert "clé de contrôle" in one.remark

    def test_what_is_not_there_is_unknown_wrong_or_elsewhere(self):
        StructureFactory(siret=SISTER)
        found = self.check(f"{GOOD}\n{OTHER}\n{WRONG}\n{OTHER}")
        assert [one.status for one in found] == [
            SiretStatus.ELSEWHERE, SiretStatus.UNKNOWN, SiretStatus.WRONG, SiretStatus.UNKNOWN,
        ]  # fmt: skip
        assert [card.siret for card in found[0].elsewhere] == [SISTER]
        assert found[3].remark == "Déjà à la ligne 2."
        assert queries.counts(found) == [
            (SiretStatus.ELSEWHERE, 1), (SiretStatus.UNKNOWN, 2), (SiretStatus.WRONG, 1),
        ]  # fmt: skip

    def test_a_thousand_numbers_take_few_questions(self, django_assert_max_num_queries):
        text = "\n".join(f"{number:014}" for number in range(1000, 2000))
        with django_assert_max_num_queries(4):
            assert len(self.check(text)) == 1000


class TestPage:
    URL = "/structures/siret/"

    def test_a_list_is_answered_and_exported(self, buyer, as_user):
        StructureFactory(siret=GOOD, name="Atelier du lac", kind=StructureKind.ESAT)
        visitor = as_user(buyer)

        page = visitor.post(self.URL, {"sirets": f"{GOOD}\n{OTHER}"})
        for text in ("Atelier du lac", "ESAT", "L.\u00a02113-12", "Inconnue du répertoire", "Aucune fiche"):
            assertContains(page, text)

        book = visitor.post(self.URL, {"sirets": f"{GOOD}\n{OTHER}", "export": "xlsx"})
        rows = list(load_workbook(BytesIO(book.content))["SIRET"].iter_rows(values_only=True))
        assert [row[3] for row in rows] == ["Constat", "Au répertoire", "Inconnue du répertoire"]
        assert rows[1][4:6] == ("Atelier du lac", "ESAT")
        text = visitor.post(self.URL, {"sirets": GOOD, "export": "csv"}).content.decode("utf-8-sig")
        assert "Atelier du lac" in text

    def test_an_empty_or_endless_list_is_refused(self, buyer, as_user, monkeypatch):
        monkeypatch.setattr(forms, "MOST", 1)
        visitor = as_user(buyer)
        assertContains(visitor.post(self.URL, {"sirets": " "}), "Collez au moins un SIRET", status_code=422)
        answer = visitor.post(self.URL, {"sirets": f"{GOOD}\n{OTHER}"})
        assertContains(answer, "compte 2 numéros", status_code=422)
