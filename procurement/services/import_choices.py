"""What a person says of a plan file, after which it is read again: its columns, its sheets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import User
from procurement.enums import PlanFileState
from procurement.imports import FilePlan
from procurement.imports.choices import SheetChoice, choices_of, column_key
from procurement.imports.columns import MEANINGS, REQUIRED
from procurement.imports.layout import SeenSheet, read_layout
from procurement.models import ColumnChoice, PlanFile
from procurement.services import plan_files
from procurement.workflow import PlanFileTransition, next_file_state


# Said of a column to forget what was chosen, and of a sheet to let us decide.
AUTOMATIC = "auto"
_LONGEST_TITLE = ColumnChoice._meta.get_field("written").max_length


class ChoiceRefused(Exception):
    """What was chosen contradicts itself; nothing of it is kept."""


@dataclass(frozen=True)
class ColumnAnswer:
    """What a column means: a field, nothing when it is not to be read, or `AUTOMATIC`. Both ranks from 0."""

    sheet: int
    rank: int
    field: str


@dataclass(frozen=True)
class Reread:
    """What a choice changed: in words, and in the lines of the file."""

    said: list[str]
    rows_before: int
    found: FilePlan


@transaction.atomic
def choose_columns(
    *, plan_file: PlanFile, answers: Iterable[ColumnAnswer], by: User | None, at: datetime
) -> Reread:
    """Remember for this buyer what its columns mean, and read again.

    Raises `ChoiceRefused` for two columns with one meaning, `TransitionRefused` once applied.
    """
    plan_file = open_file(plan_file)
    sheets = _layout(plan_file)
    chosen = _by_sheet(answers, sheets)
    for number, fields in chosen.items():
        _refuse_contradiction(sheets[number], fields)
    changed = _changed(sheets, chosen)
    _remember(plan_file, changed, by, at)
    said = [_told(title, name) for title, name in changed.values()]
    return read_again(plan_file, AuditKind.PLAN_COLUMNS_CHOSEN, said, by)


@transaction.atomic
def choose_sheets(*, plan_file: PlanFile, choices: Mapping[int, SheetChoice], by: User | None) -> Reread:
    """Read or leave aside sheets of this file, by their rank. Raises `TransitionRefused` once applied."""
    plan_file = open_file(plan_file)
    sheets = _layout(plan_file)
    said = []
    for number, choice in choices.items():
        if number >= len(sheets):
            continue
        sheet = sheets[number]
        line = sheet.choice.header_line if choice.header_line == sheet.header.line else choice.header_line
        settled = SheetChoice(choice.is_read, line)
        if settled != sheet.choice:
            plan_file.sheet_choices[sheet.name] = asdict(settled)
            said.append(_told_of_sheet(sheet, settled))
    plan_file.save(update_fields=["sheet_choices"])
    return read_again(plan_file, AuditKind.PLAN_SHEETS_CHOSEN, said, by)


def open_file(plan_file: PlanFile) -> PlanFile:
    """The file locked; what may no longer be applied may no longer be chosen."""
    plan_file = PlanFile.objects.select_for_update(of=("self",)).get(pk=plan_file.pk)
    next_file_state(PlanFileTransition.APPLY, PlanFileState(plan_file.state))
    return plan_file


def _layout(plan_file: PlanFile) -> list[SeenSheet]:
    choices = choices_of(plan_file.plan.buyer, plan_file.sheet_choices)
    with plan_file.file.open() as stored:
        return read_layout(stored.read(), plan_file.name, choices)


def _by_sheet(answers: Iterable[ColumnAnswer], sheets: Sequence[SeenSheet]) -> dict[int, dict[int, str]]:
    """Fields by rank of column; an answer about no column of ours is none."""
    chosen: dict[int, dict[int, str]] = defaultdict(dict)
    for answer in answers:
        is_ours = answer.sheet < len(sheets) and answer.rank < len(sheets[answer.sheet].header.titles)
        if is_ours and (answer.field in MEANINGS or answer.field in ("", AUTOMATIC)):
            chosen[answer.sheet][answer.rank] = answer.field
    return dict(chosen)


def _refuse_contradiction(sheet: SeenSheet, chosen: Mapping[int, str]) -> None:
    titles: dict[str, str] = {}
    for rank, title in enumerate(sheet.header.titles):
        name = chosen.get(rank, sheet.header.fields[rank] or "")
        if name == AUTOMATIC:
            name = sheet.automatic.fields[rank] or ""
        if not name:
            continue
        if name in titles:
            raise ChoiceRefused(
                f"Feuille « {sheet.name} » : « {titles[name]} » et « {title} » ne peuvent pas dire toutes "
                f"les deux « {MEANINGS[name]} ». Choisissez l’une, et « Ne pas lire » pour l’autre."
            )
        titles[name] = title
    if sheet.is_read and not set(REQUIRED) <= set(titles):
        raise ChoiceRefused(
            f"Feuille « {sheet.name} » : aucune colonne ne dirait plus l’objet du marché. "
            "Choisissez celle qui le dit, ou laissez la feuille de côté."
        )


def _changed(
    sheets: Sequence[SeenSheet], chosen: Mapping[int, Mapping[int, str]]
) -> dict[str, tuple[str, str]]:
    """By key, the title and the new meaning of each column that is not read so already."""
    changed: dict[str, tuple[str, str]] = {}
    for number, fields in chosen.items():
        header = sheets[number].header
        for rank, name in fields.items():
            title = header.titles[rank]
            if name == (header.fields[rank] or ""):
                continue
            earlier = changed.setdefault(column_key(title), (title, name))
            if earlier[1] != name:
                raise ChoiceRefused(
                    f"La colonne « {title} » ne peut pas avoir deux sens : « {_meaning(earlier[1])} » dans "
                    f"une feuille, « {_meaning(name)} » dans une autre."
                )
    return changed


def _remember(
    plan_file: PlanFile, changed: Mapping[str, tuple[str, str]], by: User | None, at: datetime
) -> None:
    buyer = plan_file.plan.buyer
    forgotten = [key for key, (_, name) in changed.items() if name == AUTOMATIC]
    ColumnChoice.objects.filter(buyer=buyer, key__in=forgotten).delete()
    ColumnChoice.objects.bulk_create(
        [
            ColumnChoice(
                buyer=buyer, key=key, written=title[:_LONGEST_TITLE], field=name, chosen_by=by, chosen_at=at
            )
            for key, (title, name) in changed.items()
            if name != AUTOMATIC
        ],
        update_conflicts=True,
        unique_fields=["buyer", "key"],
        update_fields=["written", "field", "chosen_by", "chosen_at"],
    )


def read_again(plan_file: PlanFile, kind: AuditKind, said: list[str], by: User | None) -> Reread:
    before = plan_file.counts.get("rows", 0)
    found = plan_files.preview_again(plan_file)
    plan_file.counts = asdict(found.counts)
    plan_file.save(update_fields=["counts"])
    if said:
        audit.record(kind, target=plan_file.plan, by=by, file=plan_file.name, choices=" ; ".join(said))
    return Reread(said, before, found)


def _told(title: str, name: str) -> str:
    if name == AUTOMATIC:
        return f"« {title} » est de nouveau lue sans choix mémorisé"
    return f"« {title} » : {_meaning(name)}"


def _meaning(name: str) -> str:
    return "lecture automatique" if name == AUTOMATIC else MEANINGS.get(name, "ne pas lire")


def _told_of_sheet(sheet: SeenSheet, choice: SheetChoice) -> str:
    verb = {True: "lue", False: "laissée de côté", None: "lue si elle est reconnue"}[choice.is_read]
    if choice.header_line is None or choice.is_read is False:
        return f"la feuille « {sheet.name} » est {verb}"
    header = f"en-tête ligne {choice.header_line}" if choice.header_line else "sans en-tête"
    return f"la feuille « {sheet.name} » est {verb}, {header}"
