"""The rule of the suggestions: a version follows another, and none is ever changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from clauses.models import SuggestionRule
from clauses.queries import rule_table, suggestion_rules
from config.lib.french import join_words


class NothingChanged(Exception):
    def __init__(self) -> None:
        super().__init__("Rien n’a changé : la règle en vigueur est déjà celle-ci.")


class RuleOutdated(Exception):
    def __init__(self, current: SuggestionRule):
        super().__init__(
            f"La version {current.version} de la règle a été écrite entre-temps : "
            "relisez-la, puis reprenez vos réglages."
        )


@transaction.atomic
def write(
    *,
    office: Office,
    numbers: Mapping[str, Any],
    note: str,
    started_from: int | None,
    copied_from: SuggestionRule | None = None,
    by: User,
    at: datetime,
) -> SuggestionRule:
    """The office's next version. Raises `NothingChanged`, or `RuleOutdated` if another came meanwhile."""
    # Locked: two colleagues may write the next version at once.
    Office.objects.select_for_update(of=("self",)).get(pk=office.pk)
    rule = suggestion_rules.in_force(office)
    if rule.row is not None and rule.row.pk != started_from:
        raise RuleOutdated(rule.row)
    current = suggestion_rules.numbers(rule)
    written = SuggestionRule(
        office=office, version=_next_version(office), note=note, copied_from=copied_from,
        created_at=at, created_by=by, **numbers,
    )  # fmt: skip
    changes = rule_table.changes(current, written)
    if not changes:
        raise NothingChanged
    written.sources = _sources(written, current, copied_from)
    written.save()
    audit.record(
        AuditKind.SUGGESTION_RULE_WRITTEN, target=written, by=by, version=written.version,
        changes=join_words([f"{change.label} {change.before} → {change.after}" for change in changes]),
    )  # fmt: skip
    return written


def _next_version(office: Office) -> int:
    """After the common versions too: one number means one rule to its reader."""
    known = SuggestionRule.objects.known_to(office)
    return (known.aggregate(highest=Max("version"))["highest"] or 0) + 1


def _sources(
    written: SuggestionRule, current: SuggestionRule, copied_from: SuggestionRule | None
) -> dict[str, dict[str, Any]]:
    """A number that was not touched keeps its source; the others have the office for theirs."""
    models = [row for row in (current, copied_from) if row is not None]
    return {name: _source(written, name, models) for name in SuggestionRule.NUMBERS}


def _source(written: SuggestionRule, name: str, models: list[SuggestionRule]) -> dict[str, Any]:
    for model in models:
        if getattr(model, name) == getattr(written, name):
            return model.sources.get(name, {"text": model.source, "is_to_confirm": model.is_to_confirm})
    return {"text": f"Réglage de l’office : {written.note}", "is_to_confirm": False}
