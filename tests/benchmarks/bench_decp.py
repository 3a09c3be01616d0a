import json
from datetime import UTC, datetime

import pytest

from procurement.models import AwardedContract
from procurement.queries import benchmark
from procurement.services import open_data


pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, tzinfo=UTC)
SOCIAL = (["Clause sociale"], ["Pas de considération sociale"], [], ["Critère social", "Marché réservé"])


def published(count, first="", amount=0):
    return json.dumps(
        {"marches": {"marche": [record(number, first, amount) for number in range(count)]}}
    ).encode()


def record(number, first, amount):
    return {
        "id": f"{first}{number}",
        "acheteur": {"id": f"{21940028000018 + number % 700}"},
        "nature": "Marché",
        "objet": f"Entretien numéro {number} des espaces verts du secteur {number % 31}",
        "codeCPV": f"{77310000 + number % 40_000:08}",
        "procedure": "Procédure adaptée",
        "lieuExecution": {"code": f"{1 + number % 95:02}", "typeCode": "Code département"},
        "dureeMois": 1 + number % 48,
        "dateNotification": f"{2022 + number % 4}-{1 + number % 12:02}-15",
        "montant": 40_000 + number + amount,
        "offresRecues": 3,
        "titulaires": [{"titulaire": {"id": "41816609600069", "typeIdentifiant": "SIRET"}}],
        "considerationsSociales": {"considerationSociale": SOCIAL[number % 4]},
    }


def test_open_data_are_imported_in_time_in_proportion_to_their_records(measure):
    small, large = published(2_000), published(20_000)
    again = iter([published(20_000, amount=amount) for amount in range(1, 4)])

    measure("lire 2 000 marchés publiés", lambda: open_data.preview(name="d.json", content=small), rounds=3)
    read = measure(
        "lire 20 000 marchés publiés",
        lambda: open_data.preview(name="d.json", content=large),
        rounds=2,
        ratio_to="lire 2 000 marchés publiés",
    )
    measure(
        "écrire 20 000 marchés publiés",
        lambda: open_data.bring_in(name="d.json", content=next(again), by=None, at=AT),
        rounds=1,
    )
    measure("parts par division de la nomenclature", lambda: benchmark.shares(["77", "45", "90"]))

    assert read["ratio"] < 20
    assert AwardedContract.objects.count() == 20_000
