from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from config.lib.spreadsheet import UnreadableFile
from structures import imports
from structures.enums import DirectoryFileState
from structures.models import DirectoryFile, Structure
from structures.services import directory
from structures.workflow import TRANSITIONS, DirectoryFileTransition, TransitionRefused, open_transitions
from tests.structures.factories import DirectoryFileFactory, StructureFactory


NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2027, 4, 1, 12, tzinfo=UTC)
SIRET = "41816609600069"


def listing(*rows: str) -> bytes:
    return "\n".join(["siret;kind;name;city;source", *rows]).encode()


def bring_in(*rows, at=NOON, by=None):
    return directory.bring_in(name="siae.csv", content=listing(*rows), by=by, at=at)


def test_a_preview_writes_nothing(db):
    plan = directory.preview(reading=imports.read(listing(f"{SIRET};EI;Atelier;Créteil;ASP"), "siae.csv"))

    assert plan.counts.created == 1
    assert not Structure.objects.exists()
    assert not DirectoryFile.objects.exists()


def test_an_applied_file_makes_cards_that_can_be_searched(facilitator):
    bring_in(f"{SIRET};EI;L’ŒUVRE;Écully;ASP", by=facilitator)

    structure = Structure.objects.get()
    assert (structure.siret, structure.kind, structure.name) == (SIRET, "EI", "L’ŒUVRE")
    assert structure.search_text == f"l'oeuvre {SIRET} ecully"
    assert (structure.sort_name, structure.sort_city) == ("l'oeuvre", "ecully")
    assert structure.seen_at == NOON
    assert structure.siret_is_valid


def test_the_file_is_kept_with_its_counts(facilitator):
    bring_in(f"{SIRET};EI;Atelier;;ASP", ";EI;Sans numéro;;ASP", by=facilitator)

    file = DirectoryFile.objects.get()
    assert file.file.read() == listing(f"{SIRET};EI;Atelier;;ASP", ";EI;Sans numéro;;ASP")
    assert file.state == DirectoryFileState.APPLIED
    assert (file.uploaded_by, file.applied_by) == (facilitator, facilitator)
    assert file.organisation == facilitator.membership.organisation
    assert file.counts == {
        "rows": 2, "created": 1, "updated": 0, "unchanged": 0, "waiting": 1, "gone": 0,
    }  # fmt: skip


def test_the_same_file_again_creates_and_updates_nothing(facilitator):
    bring_in(f"{SIRET};EI;Atelier;Créteil;ASP")

    plan = bring_in(f"{SIRET};EI;Atelier;Créteil;ASP", at=LATER)

    assert plan.counts.unchanged == 1
    structure = Structure.objects.get()
    assert structure.seen_at == LATER
    assert audit.history(structure).count() == 1


def test_a_changed_line_updates_its_card_and_says_so(facilitator):
    bring_in(f"{SIRET};EI;Atelier;Créteil;ASP")
    before = Structure.objects.get()

    bring_in(f"{SIRET};EI;Atelier du lac;Maisons-Alfort;ASP", at=LATER, by=facilitator)

    after = Structure.objects.get()
    assert after.pk == before.pk
    assert after.added_at == before.added_at
    assert after.search_text == f"atelier du lac {SIRET} maisons-alfort"
    event = audit.history(after)[0]
    assert event.sentence == ("a mis à jour raison sociale et commune avec le fichier siae.csv, ligne 2")
    assert event.actor_id == facilitator.pk


def test_an_import_keeps_what_people_verified(facilitator):
    bring_in(f"{SIRET};EI;Atelier;Créteil;ASP")
    directory.verify(structure=Structure.objects.get(), by=facilitator, on=date(2027, 3, 2))

    bring_in(f"{SIRET};EI;Atelier;Alfortville;ASP", at=LATER)

    assert Structure.objects.get().verified_on == date(2027, 3, 2)


def test_structures_gone_from_the_source_stay(facilitator):
    bring_in(f"{SIRET};EI;Atelier;Créteil;ASP", "80746931700018;EI;Baluchon;Romainville;ASP")

    plan = bring_in(f"{SIRET};EI;Atelier;Créteil;ASP", at=LATER)

    assert [structure.name for structure in plan.gone] == ["Baluchon"]
    assert Structure.objects.get(name="Baluchon").seen_at == NOON


def test_a_file_that_cannot_be_read_leaves_nothing(facilitator):
    with pytest.raises(UnreadableFile):
        directory.receive(name="siae.csv", content=b"%PDF-1.7", by=facilitator, at=NOON)

    assert not DirectoryFile.objects.exists()


def test_an_import_is_whole_or_not_at_all(facilitator):
    content = listing(f"{SIRET};EI;Atelier;;ASP")
    file = directory.receive(name="siae.csv", content=content, by=facilitator, at=NOON)

    with pytest.raises(ValueError, match="unsaved related object"):
        directory.apply(file=file, by=User(email="inconnu@test.example"), at=NOON)

    assert not Structure.objects.exists()
    file.refresh_from_db()
    assert file.state == DirectoryFileState.READ


def count_queries(act):
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_an_import_asks_as_many_queries_for_thirty_lines_as_for_one(db):
    """Past 999 values Django cuts a statement for SQLite: thirty lines still hold in one."""
    one = count_queries(lambda: bring_in(f"{SIRET};EI;Atelier;Créteil;ASP"))
    rows = [f"{10**13 + n};EI;Atelier {n};Créteil;ASP" for n in range(30)]

    # The first card is gone from its source: marking it is the one query more.
    assert count_queries(lambda: bring_in(*rows)) == one + 1
    assert Structure.objects.exclude(gone_on=None).count() == 1


STATES = list(DirectoryFileState)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("transition", DirectoryFileTransition)
def test_every_state_and_transition(transition, state, facilitator):
    dated = {"applied_at": NOON} if state == DirectoryFileState.APPLIED else {}
    file = DirectoryFileFactory(state=state, **dated)
    act = {
        DirectoryFileTransition.APPLY: lambda: directory.apply(file=file, by=facilitator, at=NOON),
        DirectoryFileTransition.DISCARD: lambda: directory.discard(file=file, by=facilitator),
    }[transition]

    if transition in open_transitions(state):
        act()
        file.refresh_from_db()
        assert file.state == TRANSITIONS[transition][1]
        assert audit.history(file).count() == 1
    else:
        with pytest.raises(TransitionRefused, match=state.label):
            act()
        assert audit.history(file).count() == 0


def test_a_verification_says_who_and_when(facilitator):
    structure = StructureFactory()

    directory.verify(structure=structure, by=facilitator, on=date(2027, 3, 2))

    structure.refresh_from_db()
    assert structure.verified_on == date(2027, 3, 2)
    assert structure.verified_by_name == str(facilitator)
    assert audit.history(structure).get().kind == AuditKind.STRUCTURE_VERIFIED


def test_a_structure_stands_once_under_each_kind(db):
    StructureFactory(siret=SIRET, kind="EI")
    StructureFactory(siret=SIRET, kind="ACI")

    with pytest.raises(IntegrityError), transaction.atomic():
        StructureFactory(siret=SIRET, kind="EI")


@pytest.mark.parametrize(
    "fields",
    [{"state": "applied"}, {"state": "read", "applied_at": NOON}, {"state": "discarded", "applied_at": NOON}],
)
def test_a_file_is_applied_if_and_only_if_it_is_dated(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        DirectoryFileFactory(**fields)
