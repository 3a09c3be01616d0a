"""Published contracts of other buyers, from a file to the benchmark: read, judge, gather, write once."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from config.lib.intake import Counts
from config.lib.spreadsheet import UnreadableFile, write_csv
from procurement.enums import Nature, Procedure, SocialRecord
from procurement.imports import published, published_values as values
from procurement.models import AwardedContract, OpenDataFile
from procurement.services import open_data


AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
DECP = Path(__file__).resolve().parents[3] / "shared" / "data" / "decp"
real = pytest.mark.skipif(not DECP.exists(), reason=f"real open data are absent: {DECP}")

BUYER = "21940028000018"
MARKET = {
    "id": "2026-01",
    "acheteur": {"id": BUYER},
    "nature": "Marché",
    "objet": "Nettoyage des locaux scolaires",
    "codeCPV": "90911200-8",
    "procedure": "Appel d'offres ouvert",
    "lieuExecution": {"code": "94000", "typeCode": "Code postal"},
    "dureeMois": 48,
    "dateNotification": "2026-03-02",
    "montant": 250000.5,
    "offresRecues": 4,
    "titulaires": [{"titulaire": {"id": "41816609600069", "typeIdentifiant": "SIRET"}}],
    "considerationsSociales": {"considerationSociale": ["Clause sociale", "Critère social"]},
}
HEADER = [
    "uid", "id", "acheteur_id", "acheteur_nom", "titulaire_id", "titulaire_nom", "objet", "montant",
    "codeCPV", "dureeMois", "dateNotification", "considerationsSociales", "modification_id",
    "acheteur_departement_code",
]  # fmt: skip
ROW = [
    "u1", "2026-01", BUYER, "Ville d’Ailleurs", "41816609600069", "Net Plus", "Nettoyage", "1000.5",
    "90911200", "12", "2026-03-02", "Sans objet", "0", "94",
]  # fmt: skip


def row(**changes):
    return [changes.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]


def table(*rows):
    return {"name": "decp.csv", "content": write_csv(HEADER, rows)}


def official(*markets, concessions=()):
    return {
        "name": "decp.json",
        "content": json.dumps({"marches": {"marche": markets, "contrat-concession": concessions}}).encode(),
    }


def former(*markets):
    return {"name": "decp.json", "content": json.dumps({"marches": markets}).encode()}


def bring(file):
    return open_data.bring_in(**file, by=None, at=AT)


def reasons(plan):
    return [issue.reason for issue in plan.issues]


pytestmark = pytest.mark.django_db


def test_a_contract_of_the_official_layout_is_kept_whole():
    plan = bring(official(MARKET))

    contract = AwardedContract.objects.get()
    assert plan.counts == Counts(1, created=1)
    assert plan.issues == []
    assert (contract.buyer_siret, contract.reference, contract.cpv_code) == (BUYER, "2026-01", "90911200")
    assert (contract.amount, contract.duration_months) == (Decimal("250000.50"), 48)
    assert (contract.nature, contract.procedure) == (Nature.SERVICES, Procedure.OPEN)
    assert (contract.department_code, contract.region_code) == ("94", "11")
    assert contract.notified_on == date(2026, 3, 2)
    assert contract.social == SocialRecord.WITH
    assert (contract.has_clause, contract.has_criterion, contract.is_reserved) == (True, True, False)
    assert contract.offers == 4
    assert contract.contractors == [{"id": "41816609600069", "kind": "SIRET", "name": ""}]
    assert "nettoyage des locaux" in contract.search_text


def test_the_last_modification_wins_and_the_first_facts_stay():
    foreign = {"id": "FR1", "typeIdentifiant": "TVA"}
    acts = [
        {"modification": {"id": 2, "montant": 300000, "dateNotificationModification": "2026-06-01"}},
        {"modification": {"id": 3, "dureeMois": 60, "titulaires": [{"titulaire": foreign}]}},
    ]

    bring(official(MARKET | {"modifications": acts}))

    contract = AwardedContract.objects.get()
    assert (contract.initial_amount, contract.amount) == (Decimal("250000.50"), Decimal("300000.00"))
    assert (contract.initial_duration_months, contract.duration_months) == (48, 60)
    assert (contract.modifications, contract.modified_on) == (3, date(2026, 6, 1))
    assert contract.notified_on == date(2026, 3, 2)
    assert [one["id"] for one in contract.contractors] == ["FR1"]


def test_the_same_file_again_writes_nothing():
    bring(official(MARKET))

    plan = bring(official(MARKET))

    assert plan.counts == Counts(1, unchanged=1)
    assert OpenDataFile.objects.count() == 1
    assert AuditEvent.objects.filter(kind="open_data_imported").count() == 1


def test_a_preview_writes_nothing():
    assert open_data.preview(**official(MARKET)).counts == Counts(1, created=1)
    assert not AwardedContract.objects.exists()


def test_a_corrected_file_updates_in_place():
    bring(official(MARKET))

    plan = bring(official(MARKET | {"objet": "Nettoyage des écoles"}))

    assert plan.counts == Counts(1, updated=1)
    assert plan.updated[0].differing == ("title",)
    assert AwardedContract.objects.get().title == "Nettoyage des écoles"


def test_an_older_file_does_not_turn_a_contract_back():
    acts = [{"modification": {"id": 1, "montant": 300000, "dateNotificationModification": "2026-06-01"}}]
    bring(official(MARKET | {"modifications": acts}))

    assert bring(official(MARKET)).counts == Counts(1, unchanged=1)


def test_a_blank_never_erases_a_known_fact():
    bring(official(MARKET))
    poorer = {
        "_type": "Marché", "id": "2026-01", "acheteur": {"id": BUYER, "nom": "Ville d’Ailleurs"},
        "objet": "Nettoyage des locaux scolaires",
    }  # fmt: skip

    plan = bring(former(poorer))

    contract = AwardedContract.objects.get()
    assert plan.updated[0].differing == ("buyer_name",)
    assert (contract.social, contract.amount, contract.department_code) == (
        "with",
        Decimal("250000.50"),
        "94",
    )


@pytest.mark.parametrize(
    ("values", "social"),
    [
        (["Marché réservé"], SocialRecord.WITH),
        (["Pas de considération sociale"], SocialRecord.NONE),
        ([], SocialRecord.UNKNOWN),
        (["Sans objet"], SocialRecord.UNKNOWN),
    ],
)
def test_nothing_said_is_not_no(values, social):
    bring(official(MARKET | {"considerationsSociales": {"considerationSociale": values}}))

    assert AwardedContract.objects.get().social == social


def test_no_consideration_with_another_is_a_contradiction():
    both = {"considerationSociale": ["Pas de considération sociale", "Clause sociale"]}

    plan = bring(official(MARKET | {"considerationsSociales": both}))

    assert reasons(plan) == [values.CONTRADICTION]
    assert AwardedContract.objects.get().has_clause


def test_a_concession_has_names_of_its_own():
    concession = {
        "id": "C1",
        "autoriteConcedante": {"id": BUYER},
        "nature": "Délégation de service public",
        "objet": "Restauration scolaire",
        "procedure": "Procédure négociée ouverte",
        "dureeMois": 60,
        "dateSignature": "2026-01-05",
        "valeurGlobale": 1_000_000,
        "concessionnaires": [{"concessionnaire": {"id": "41816609600069", "typeIdentifiant": "SIRET"}}],
        "considerationsSociales": {"considerationSociale": ["Concession réservée"]},
    }

    bring(official(concessions=[concession]))

    contract = AwardedContract.objects.get()
    assert (contract.is_concession, contract.is_reserved) == (True, True)
    assert (contract.amount, contract.notified_on) == (Decimal(1_000_000), date(2026, 1, 5))
    assert len(contract.contractors) == 1


def test_a_row_waits_only_when_it_cannot_become_anything():
    plan = bring(
        official(
            {**MARKET, "id": ""}, {**MARKET, "acheteur": {}}, "rien", MARKET, {**MARKET, "id": "x" * 200}
        )
    )

    assert plan.counts == Counts(5, created=1, waiting=4)
    assert reasons(plan) == [
        published.NO_REFERENCE, published.NO_BUYER, published.NOT_A_RECORD, published.TOO_LONG,
    ]  # fmt: skip


def test_a_record_that_repeats_another_waits_and_names_it():
    plan = bring(official(MARKET, MARKET | {"id": "2026-02"}, MARKET))

    assert plan.counts == Counts(3, created=2, waiting=1)
    assert reasons(plan) == ["Cet enregistrement répète l’acheteur et l’identifiant de l’enregistrement 1."]


def test_doubtful_cells_leave_their_row_applied():
    doubtful = MARKET | {
        "id": "un identifiant plus long que seize",
        "acheteur": {"id": "12345678901234"},
        "nature": "Marchandise",
        "codeCPV": "INX 9091",
        "procedure": "Au hasard",
        "montant": -5,
        "dureeMois": 0,
        "offresRecues": "deux",
        "dateNotification": "2026-02-31",
        "lieuExecution": {"code": "COMM", "typeCode": "Code commune"},
        "titulaires": [{"titulaire": {"id": "123", "typeIdentifiant": "SIREN"}}],
        "objet": "long " * 300,
        "considerationsSociales": {"considerationSociale": ["Un peu"]},
    }

    plan = bring(official(doubtful))

    contract = AwardedContract.objects.get()
    assert plan.counts == Counts(1, created=1)
    assert {issue.column for issue in plan.issues} == {
        "id", "acheteur.id", "nature", "codeCPV", "procedure", "montant", "dureeMois", "offresRecues",
        "dateNotification", "lieuExecution.code", "titulaires", "objet", "considerationsSociales",
    }  # fmt: skip
    assert len(contract.issues) == 13
    assert (contract.amount, contract.notified_on, contract.cpv_code) == (None, None, "")
    assert contract.legal_nature == "Marchandise"
    assert len(contract.title) == 1000


def test_the_rows_of_a_table_gather_contractors_and_acts():
    plan = bring(
        table(
            row(),
            row(titulaire_id="FR2", titulaire_nom="Propre"),
            row(modification_id="1", montant="2000", dateNotification="2026-09-01"),
            row(modification_id="1", titulaire_id="FR2", montant="2000", dateNotification="2026-09-01"),
        )
    )

    contract = AwardedContract.objects.get()
    assert plan.counts == Counts(4, created=4)
    assert plan.contracts == 1
    assert contract.social == SocialRecord.NONE
    assert (contract.initial_amount, contract.amount) == (Decimal("1000.50"), Decimal(2000))
    assert (contract.notified_on, contract.modified_on) == (date(2026, 3, 2), date(2026, 9, 1))
    assert len(contract.contractors) == 2
    assert contract.department_code == "94"


def test_a_table_that_begins_at_a_later_act_keeps_the_first_facts():
    bring(table(row()))

    bring(table(row(modification_id="2", montant="3000", dateNotification="2026-10-01")))

    contract = AwardedContract.objects.get()
    assert (contract.initial_amount, contract.amount) == (Decimal("1000.50"), Decimal(3000))
    assert (contract.notified_on, contract.modified_on) == (date(2026, 3, 2), date(2026, 10, 1))


def test_a_line_said_twice_or_of_another_contract_waits():
    plan = bring(table(row(), row(), row(uid="u2")))

    assert plan.counts == Counts(3, created=1, waiting=2)
    assert reasons(plan) == [
        "Cette ligne répète le contrat déjà donné à la ligne 2.",
        "Cette ligne donne à un autre contrat l’identifiant déjà pris à la ligne 2.",
    ]


LOTS = [
    {"objet": "Nettoyage, lot 1", "montant": 1000},
    {"objet": "Nettoyage, lot 2", "montant": 2000, "considerationsSociales": "Marché réservé"},
]


@pytest.mark.parametrize(
    "lots",
    [
        pytest.param(lambda lots: former(*(MARKET | lot for lot in lots)), id="json"),
        pytest.param(lambda lots: table(*(row(**lot) for lot in lots)), id="table"),
    ],
)
def test_lots_published_under_one_identifier_are_all_kept(lots):
    first = bring(lots(LOTS))
    again = bring(lots(LOTS[::-1]))

    assert (first.counts, again.counts) == (Counts(2, created=2), Counts(2, unchanged=2))
    kept = AwardedContract.objects.order_by("title")
    assert [(one.reference, one.title, one.is_reserved) for one in kept] == [
        ("2026-01", "Nettoyage, lot 1", False), ("2026-01", "Nettoyage, lot 2", True),
    ]  # fmt: skip
    assert [len(one.part) for one in kept] == [0, 16]


def test_a_table_that_tells_two_contracts_of_one_identifier_apart_gives_both():
    plan = bring(table(row(), row(uid="u2", codeCPV="77310000")))

    assert plan.counts == Counts(2, created=2)
    assert set(AwardedContract.objects.values_list("cpv_code", flat=True)) == {"90911200", "77310000"}


def test_a_second_lot_published_later_leaves_the_first_as_it_was():
    bring(former(MARKET | LOTS[0]))

    plan = bring(former(MARKET | LOTS[1]))

    assert plan.counts == Counts(1, created=1)
    assert AwardedContract.objects.count() == 2


def test_one_lot_of_several_is_corrected_in_place():
    bring(former(*(MARKET | lot for lot in LOTS)))

    plan = bring(former(MARKET | LOTS[0], MARKET | LOTS[1] | {"objet": "Vitrerie, lot 2"}))

    assert plan.counts == Counts(2, updated=1, unchanged=1)
    back = bring(former(MARKET | LOTS[1]))
    assert back.counts == Counts(1, updated=1)
    assert AwardedContract.objects.count() == 2


def test_a_siret_mangled_by_a_spreadsheet_is_kept_and_said():
    plan = bring(table(row(acheteur_id="2,19E+13"), row(id="b", modification_id="x")))

    assert plan.counts == Counts(2, created=2)
    assert len(plan.issues) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("decp.json", b'{"autre": []}'),
        ("decp.json", b'{"marches": 3}'),
        ("decp.json", b'{"marches": []}'),
        ("decp.json", b"{"),
        ("decp.csv", b"a;b\n1;2\n"),
        ("decp.csv", b"id;acheteur_id\n"),
    ],
)
def test_a_file_that_is_none_is_refused(name, content):
    with pytest.raises(UnreadableFile):
        open_data.preview(name=name, content=content)


def test_lists_and_names_are_read_however_they_are_nested():
    one = {"id": "41816609600069", "typeIdentifiant": "SIRET"}
    loose = MARKET | {
        "titulaires": {"titulaire": one},
        "considerationsSociales": "Clause sociale",
        "modifications": ["rien", {"modification": "rien"}],
    }

    bring(former(loose, MARKET | {"id": "2", "titulaires": [{}, 3], "considerationsSociales": None}))

    contract = AwardedContract.objects.get(reference="2026-01")
    assert contract.has_clause
    assert contract.contractors == [one_told(one)]


def one_told(one):
    return {"id": one["id"], "kind": one["typeIdentifiant"], "name": ""}


def test_a_list_of_records_is_the_former_layout():
    content = json.dumps([MARKET, {"id": "C", "_type": "Contrat de concession", "acheteur": {"id": BUYER}}])

    assert open_data.preview(name="d.json", content=content.encode()).counts == Counts(2, created=2)


@pytest.mark.parametrize(
    ("code", "kind", "department", "region", "doubtful"),
    [
        ("94000", "Code postal", "94", "11", False),
        ("20200", "Code postal", "2B", "94", False),
        ("2A004", "Code commune", "2A", "94", False),
        ("97105", "Code commune", "971", "01", False),
        ("058", "Code département", "58", "27", False),
        ("49", "CODE DEPARTEMENT", "49", "52", False),
        ("11", "Code région", "", "11", False),
        ("FR", "Code pays", "75", "11", False),
        ("", "", "75", "11", False),
        ("00", "Code région", "75", "11", True),
        ("99999", "Code postal", "75", "11", True),
        ("COMM", "Code commune", "75", "11", True),
    ],
)
def test_a_place_tells_its_departement(code, kind, department, region, doubtful):
    place, doubt = values.read_place(code, kind, "75")

    assert (place["department_code"], place["region_code"], bool(doubt)) == (department, region, doubtful)


def test_a_cpv_code_gets_its_zero_back():
    assert values.read_cpv("3121000-1") == ("03121000", values.CPV_ZERO)
    assert values.read_cpv("") == ("", "")


def test_days_are_read_as_plans_write_them():
    assert values.read_day("2026-03-02+02:00").value == date(2026, 3, 2)
    assert values.read_day("02/03/2026").value == date(2026, 3, 2)
    assert values.read_day("1026-03-02").reason
    assert values.read_day("") == (None, "")


def test_the_command_is_dry_unless_told(tmp_path, capsys):
    file = tmp_path / "decp.json"
    file.write_bytes(official(MARKET | {"codeCPV": "9"}, MARKET)["content"])

    call_command("import_decp", str(file), "--json")
    dry = json.loads(capsys.readouterr().out)
    call_command("import_decp", str(file), "--wet-run")

    assert (dry["rows"], dry["applied"], dry["waiting"], dry["contracts"]) == (2, 1, 1, 1)
    assert dry["issues"][0]["record"] == 1
    assert "line" not in dry["issues"][0]
    assert "marche, enregistrement 1, colonne « codeCPV » : « 9 »" in capsys.readouterr().out
    assert AwardedContract.objects.count() == 1


def test_the_command_counts_lines_of_a_table(tmp_path, capsys):
    file = tmp_path / "decp.csv"
    file.write_bytes(table(row(codeCPV="9"))["content"])

    call_command("import_decp", str(file), "--json")

    assert json.loads(capsys.readouterr().out)["issues"][0]["line"] == 2


def test_an_import_takes_as_many_queries_for_one_contract_as_for_thirty():
    def queries(count, first):
        markets = [MARKET | {"id": f"{first}-{number}"} for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            bring(official(*markets))
        return len(captured)

    assert queries(1, "a") == queries(30, "b")


# Measured on the real files on 2026-11-25: rows, waiting, contracts, with, none, unknown, issues.
ORACLES = {
    "official_validator_oracle/decp-13001845000028-2024-02-29-01.json": (1, 0, 1, 0, 0, 1, 0),
    "valid_v2/concessions.json": (2, 0, 2, 2, 0, 0, 2),
    "valid_v2/marches_avec_modifications.json": (2, 0, 2, 2, 0, 0, 1),
    "tabular/decp_augmente_valides_2022_test.csv": (9, 0, 9, 1, 8, 0, 5),
    "tabular/decp_mini_visible.csv": (31, 0, 27, 4, 20, 3, 4),
}


@real
@pytest.mark.parametrize("path", ORACLES)
def test_real_open_data_give_the_counts_that_were_measured(path):
    file = DECP / path

    plan = bring({"name": file.name, "content": file.read_bytes()})

    counted = [
        AwardedContract.objects.filter(social=social).count() for social in ("with", "none", "unknown")
    ]
    assert (plan.counts.rows, plan.counts.waiting, plan.contracts, *counted, len(plan.issues)) == ORACLES[
        path
    ]
    assert plan.counts.rows == plan.counts.applied + plan.counts.waiting


@real
def test_the_modification_of_the_official_example_wins_over_its_first_amount():
    file = DECP / "valid_v2" / "marches_avec_modifications.json"

    bring({"name": file.name, "content": file.read_bytes()})

    contract = AwardedContract.objects.get(reference="TEST2022")
    assert (contract.initial_amount, contract.amount) == (Decimal(575000), Decimal("123457.87"))
    assert (contract.initial_duration_months, contract.duration_months) == (48, 12)
    assert [one["id"] for one in contract.contractors] == ["868768687576575"]
