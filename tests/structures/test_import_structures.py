import json

import pytest
from django.core.management import call_command

from structures.models import Structure


SIRET = "41816609600069"


@pytest.fixture
def run(capsys, tmp_path):
    """`run("siret;kind;name\\n…", "--json")` gives exit code, output and errors."""

    def run_command(content, *options, name="siae.csv"):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        code = 0
        try:
            call_command("import_structures", str(path), *options)
        except SystemExit as refused:
            code = refused.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_command


def test_a_dry_run_counts_and_writes_nothing(run, db):
    code, out, err = run(f"siret;kind;name\n{SIRET};EI;Atelier\n;EI;Sans numéro\n")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "2 lignes lues : 1 appliquées (1 créées, 0 modifiées, 0 inchangées), 1 en attente.",
        "siae, ligne 3, colonne « siret ». Le SIRET manque.",
        "Rien n’est écrit : ajoutez --wet-run pour appliquer.",
    ]
    assert not Structure.objects.exists()


def test_a_wet_run_writes(run, db):
    code, out, _ = run(f"siret;kind;name\n{SIRET};EI;Atelier\n", "--wet-run")

    assert code == 0
    assert "Rien n’est écrit" not in out
    assert Structure.objects.get().name == "Atelier"


@pytest.mark.parametrize("options", [[], ["--wet-run"]])
def test_json_is_one_object_with_the_keys_of_the_interface(run, db, options):
    _, out, err = run(f"siret;kind;name;website\n{SIRET};EI;Atelier;lac\n", "--json", *options)

    assert err == ""
    assert json.loads(out) == {
        "rows": 1,
        "applied": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "waiting": 0,
        "issues": [
            {
                "sheet": "siae",
                "line": 2,
                "column": "website",
                "value": "lac",
                "reason": "Cette adresse de site est incomplète ou illisible.",
            }
        ],
    }


def test_structures_gone_from_the_source_are_told(run, db):
    run(f"siret;kind;name\n{SIRET};EI;Atelier\n80746931700018;EI;Baluchon\n", "--wet-run")

    _, out, _ = run(f"siret;kind;name\n{SIRET};EI;Atelier\n")

    assert "1 fiches du répertoire ne sont plus dans ce fichier : elles restent." in out


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "n’existe pas ou ne peut pas être ouvert."),
        (b"", "est vide."),
        (b"%PDF-1.7", "est un PDF, pas un fichier .csv."),
        (f"{SIRET};EI;Atelier\n", "n’a pas de ligne d’en-tête reconnue"),
    ],
)
def test_an_unreadable_file_answers_one_sentence_and_2(run, db, content, reason):
    code, out, err = run(content, "--wet-run", "--json")

    assert (code, out) == (2, "")
    assert reason in err
    assert len(err.splitlines()) == 1


def test_the_real_directory_is_taken_in_whole(run, db, real_directory):
    content = real_directory.read_bytes()

    _, first, _ = run(content, "--wet-run", "--json")
    _, second, _ = run(content, "--wet-run", "--json")

    first, second = json.loads(first), json.loads(second)
    assert (first["rows"], first["created"], first["waiting"]) == (2412, 2412, 0)
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, 2412)
    assert Structure.objects.filter(siret_is_valid=False).count() == 11
    assert {issue["column"] for issue in first["issues"]} == {"siret"}


@pytest.mark.parametrize(
    ("name", "rows", "waiting"),
    [("siae67_v1_multiline.pseudo.csv", 65, 6), ("2019_11_geiq.pseudo.csv", 171, 0)],
)
def test_other_real_lists_lose_no_line(name, rows, waiting, run, db, real_directory):
    content = (real_directory.parent / "les_emplois" / name).read_bytes()

    _, out, _ = run(content, "--wet-run", "--json")

    answer = json.loads(out)
    assert (answer["rows"], answer["waiting"]) == (rows, waiting)
    assert Structure.objects.count() == rows - waiting
