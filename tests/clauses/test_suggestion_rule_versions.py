"""The office's own versions of the rule: written, never changed, previewed on its lines."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import AuditKind
from accounts.models import AuditEvent
from clauses.enums import Outcome
from clauses.models import SuggestionRule
from clauses.queries import rule_preview, rule_table, suggestion_rules
from clauses.services import suggestion_rules as services
from clauses.services.suggestion_rules import NothingChanged, RuleOutdated
from procurement.models import Market
from tests.clauses.conftest import NOON
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


TODAY = date(2026, 11, 25)


@pytest.fixture
def common(db):
    return SuggestionRule.objects.get(office=None, version=2)


def write(stage, by, *, started_from, note="Nos maîtres d’œuvre", copied_from=None, at=NOON, **numbers):
    current = suggestion_rules.numbers(suggestion_rules.in_force(stage.office))
    kept = {name: getattr(current, name) for name in SuggestionRule.NUMBERS}
    return services.write(
        office=stage.office, numbers={**kept, **numbers}, note=note, started_from=started_from.pk,
        copied_from=copied_from, by=by, at=at,
    )  # fmt: skip


def test_an_office_writes_its_next_version_and_the_common_one_stays(stage, facilitator, common):
    written = write(stage, facilitator, started_from=common, minimum_hours=200)

    assert (written.office, written.version, written.minimum_hours) == (stage.office, 3, 200)
    assert (written.created_by, written.created_at, written.note) == (
        facilitator,
        NOON,
        "Nos maîtres d’œuvre",
    )
    assert suggestion_rules.in_force(stage.office).row == written
    assert suggestion_rules.in_force(stage.other_office).row == common
    assert str(suggestion_rules.in_force(stage.office)) == "Règle de l’office, version 3"
    event = AuditEvent.objects.get(kind=AuditKind.SUGGESTION_RULE_WRITTEN)
    assert "150" in event.payload["changes"]
    assert "200" in event.payload["changes"]


def test_a_number_that_was_not_touched_keeps_its_source(stage, facilitator, common):
    written = write(stage, facilitator, started_from=common, minimum_hours=200)

    assert written.sources["rate"] == common.sources["rate"]
    assert written.sources["minimum_hours"] == {
        "text": "Réglage de l’office\N{NO-BREAK SPACE}: Nos maîtres d’œuvre",
        "is_to_confirm": False,
    }


def test_coming_back_to_the_common_rule_brings_its_sources_back(stage, facilitator, common):
    own = write(stage, facilitator, started_from=common, minimum_hours=200)

    back = write(
        stage,
        facilitator,
        started_from=own,
        copied_from=common,
        at=NOON + timedelta(hours=1),
        minimum_hours=150,
    )

    assert (back.version, back.copied_from) == (4, common)
    assert back.sources["minimum_hours"] == common.sources["minimum_hours"]


def test_the_same_numbers_are_no_version(stage, facilitator, common):
    with pytest.raises(NothingChanged):
        write(stage, facilitator, started_from=common)


def test_a_version_written_meanwhile_is_read_first(stage, facilitator, common):
    write(stage, facilitator, started_from=common, minimum_hours=200)

    with pytest.raises(RuleOutdated, match="La version 3"):
        write(stage, facilitator, started_from=common, minimum_hours=300)


def test_the_first_version_may_follow_the_numbers_of_the_code(stage, facilitator, common):
    SuggestionRule.objects.all().delete()
    current = suggestion_rules.numbers(suggestion_rules.in_force(stage.office))

    written = services.write(
        office=stage.office,
        numbers={**{name: getattr(current, name) for name in SuggestionRule.NUMBERS}, "rate": Decimal(8)},
        note="Notre taux", started_from=None, by=facilitator, at=NOON,
    )  # fmt: skip

    assert (str(suggestion_rules.in_force(None)), written.version) == ("Règle du logiciel", 1)
    assert suggestion_rules.weights(current) == suggestion_rules.in_force(None).weights


def test_floors_that_contradict_each_other_are_refused_by_the_database(stage, facilitator, common):
    with pytest.raises(IntegrityError):
        write(stage, facilitator, started_from=common, criterion_hours=151)


def test_the_history_says_what_each_version_changed(stage, facilitator, common):
    write(stage, facilitator, started_from=common, minimum_hours=200, follows_last_verdict=False)

    own, general, first = rule_table.history(stage.office)

    assert [(change.label, change.before, change.after) for change in own.changes] == [
        ("Plancher d’une clause", "150\N{NO-BREAK SPACE}h", "200\N{NO-BREAK SPACE}h"),
        ("Reprendre le dernier avis de l’office", "oui", "non"),
    ]
    assert (own.is_in_force, general.is_in_force, first.changes) == (True, False, [])
    assert [change.label for change in general.changes] == ["Part de main-d’œuvre minimale"]


def test_every_number_of_the_rule_has_its_row_and_its_source(common):
    shelves = rule_table.shelves(common)

    shown = [name for names in rule_table.SHELVES.values() for name in names]
    assert sorted(shown) == sorted(SuggestionRule.NUMBERS)
    assert all(
        row.label and row.meaning and row.value and row.source for shelf in shelves for row in shelf.rows
    )


def test_a_number_without_a_source_of_its_own_has_that_of_its_version(common):
    common.sources, common.source, common.service_words = {}, "Usage", ""

    rows = {row.label: row for shelf in rule_table.shelves(common) for row in shelf.rows}

    assert rows["Mots d’un marché d’insertion"].value == "aucun"
    assert rows["Plancher d’une clause"].source == "Usage"
    assert rows["Plancher d’une clause"].is_to_confirm


def test_a_common_rule_written_after_the_office_s_own_is_pointed_at(stage, facilitator, common):
    own = write(stage, facilitator, started_from=common, minimum_hours=200)
    assert rule_table.newer_common(own) is None

    common.pk, common.version, common.created_at = None, 3, NOON + timedelta(days=1)
    common.save()

    assert rule_table.newer_common(own).version == 3
    assert rule_table.newer_common(common) is None


def lines():
    rows = Market.objects.select_related("family", "plan__buyer__organisation")
    return rows.prefetch_related("programmes")


def previewed(stage, **numbers):
    rule = suggestion_rules.in_force(stage.office)
    after = suggestion_rules.weights(
        SuggestionRule(**{name: getattr(rule.row, name) for name in SuggestionRule.NUMBERS} | numbers)
    )
    return rule_preview.preview(lines(), office=stage.office, before=rule.weights, after=after, on=TODAY)


def test_the_preview_lists_the_lines_whose_suggestion_would_change(stage, common):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    small = MarketFactory(plan=plan, estimated_amount=Decimal(200_000))
    MarketFactory(plan=plan, estimated_amount=Decimal(20_000))

    found = previewed(stage, minimum_hours=400)

    (difference,) = found.differences
    assert (found.lines, found.total, difference.market) == (2, 2, small)
    assert (difference.before.label, difference.after.label) == (
        Outcome.EXECUTION_CLAUSE.label, Outcome.AWARD_CRITERION.label,
    )  # fmt: skip
    assert (difference.before.tone, difference.after.icon) == ("success", "circle-dashed")
    assert previewed(stage).differences == []


def test_the_preview_says_how_many_lines_it_left_out(stage, common, monkeypatch):
    monkeypatch.setattr(rule_preview, "MOST_LINES", 1)
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    MarketFactory(plan=plan)
    MarketFactory(plan=plan)

    found = previewed(stage, minimum_hours=400)

    assert (found.lines, found.total) == (1, 2)


def test_the_preview_asks_the_same_questions_for_any_number_of_lines(stage, common):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)
    MarketFactory(plan=plan, place="94")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            previewed(stage, minimum_hours=400)
        return len(queries)

    alone = asked()
    for _ in range(10):
        MarketFactory(plan=plan, place="94")

    assert asked() == alone
