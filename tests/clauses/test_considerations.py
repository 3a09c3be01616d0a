"""What a contract declares of its social considerations (DECP v2.0.3)."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from clauses.enums import ProvisionKind
from clauses.rules import decp
from clauses.rules.catalogue import CLAUSE, CRITERION, NOTHING, RESERVED
from tests.clauses import scenes
from tests.procurement.factories import ContractFactory


pytestmark = pytest.mark.django_db

SIRET = "21940028000018"
SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "data" / "decp" / "schema_decp_v2.0.3.json"
real = pytest.mark.skipif(not SCHEMA.exists(), reason=f"the official schema is absent: {SCHEMA}")


@pytest.fixture
def contracts(stage):
    stage.buyer.organisation.siret = SIRET
    stage.buyer.organisation.save()
    with_clause = scenes.running_clause(stage, scenes.new_lot(stage)).contract
    own = {"buyer": stage.buyer, "office": stage.office}
    ContractFactory(**own, reference="NU", notified_on=date(2026, 12, 1))
    ContractFactory(**own, reference="AVANT", notified_on=date(2020, 1, 1))
    ContractFactory(notified_on=date(2026, 12, 1), reference="AUTRE")
    return with_clause


def run(*arguments):
    call_command("export_social_considerations", *arguments)


@pytest.mark.parametrize("kind", ProvisionKind)
def test_every_provision_declares_an_official_value(kind):
    values = decp.declared([kind])

    assert values == [NOTHING] or set(values) <= {CLAUSE, CRITERION, RESERVED}


def test_nothing_is_said_alone_or_not_at_all():
    assert decp.declared([]) == [NOTHING]
    assert decp.declared([ProvisionKind.VOLUNTARY, ProvisionKind.EXECUTION_CONDITION]) == [CLAUSE]


def test_values_are_said_once_and_in_order():
    kinds = [ProvisionKind.RESERVED_SIAE, ProvisionKind.EXECUTION_CONDITION, ProvisionKind.TRAINING_CLAUSE]

    assert decp.declared(kinds) == [CLAUSE, RESERVED]


@real
def test_values_are_those_of_the_official_schema():
    schema = json.loads(SCHEMA.read_text())
    listed = schema["definitions"]["marche"]["definitions"]["considerationSocialeArray"]["items"]["enum"]

    assert set(listed) == {CLAUSE, CRITERION, RESERVED, NOTHING}


def test_the_contracts_of_a_buyer_and_year_are_told(contracts, capsys):
    with_clause = contracts

    run("--buyer", SIRET, "--year", "2026", "--json")

    answered = json.loads(capsys.readouterr().out)
    told = {one["id"]: one["considerationsSociales"]["considerationSociale"] for one in answered["contracts"]}
    assert (answered["buyer"], answered["year"]) == (SIRET, 2026)
    assert told == {with_clause.reference: [CLAUSE], "NU": [NOTHING]}


def test_the_object_is_written_to_a_file(contracts, tmp_path, capsys):
    file = tmp_path / "considerations.json"

    run("--buyer", SIRET, "--year", "2026", "--output", str(file))

    assert len(json.loads(file.read_text())["contracts"]) == 2
    assert f"NU : {NOTHING}" in capsys.readouterr().out


def test_a_year_without_contracts_says_so(contracts, capsys):
    run("--buyer", SIRET, "--year", "2030")

    assert "Aucun contrat" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--buyer", "1", "--year", "2026"), "14 chiffres"),
        (("--buyer", "41816609600069", "--year", "2026"), "Aucun acheteur"),
        (("--buyer", SIRET, "--year", "vingt"), "année"),
        (("--buyer", SIRET, "--year", "2026", "--output", "/nulle/part.json"), "ne peut pas être écrit"),
    ],
)
def test_what_cannot_be_used_is_refused(contracts, arguments, said, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(*arguments)

    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
