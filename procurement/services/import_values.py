"""What a person says that a family, a department or a place stands for, remembered for the buyer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.enums import AuditKind
from accounts.models import User
from config.lib.text import fold
from procurement.enums import ChosenField
from procurement.imports.choices import value_key
from procurement.models import Buyer, Department, Family, PlanFile, ValueChoice
from procurement.services import departments
from procurement.services.import_choices import AUTOMATIC, ChoiceRefused, Reread, open_file, read_again


_LONGEST_WRITTEN = ValueChoice._meta.get_field("written").max_length
_LONGEST_PLACE = ValueChoice._meta.get_field("place").max_length
_LONGEST_NAME = Department._meta.get_field("name").max_length


@dataclass(frozen=True)
class ValueAnswer:
    """What a written value stands for: the code of a family, the name of a department, a place.

    Nothing when it is none of ours; `AUTOMATIC` to forget what was chosen. A department that the buyer does
    not have is added.
    """

    field: ChosenField
    written: str
    target: str


@transaction.atomic
def choose_values(
    *, plan_file: PlanFile, answers: Iterable[ValueAnswer], by: User | None, at: datetime
) -> Reread:
    """Remember for this buyer what its values stand for, and read again.

    Raises `ChoiceRefused` for a family that is none, `TransitionRefused` once applied.
    """
    plan_file = open_file(plan_file)
    said = [_choose(plan_file.plan.buyer, answer, by, at) for answer in answers]
    return read_again(plan_file, AuditKind.PLAN_VALUES_CHOSEN, said, by)


def _choose(buyer: Buyer, answer: ValueAnswer, by: User | None, at: datetime) -> str:
    kept = ValueChoice.objects.filter(buyer=buyer, field=answer.field, key=value_key(answer.written))
    if answer.target == AUTOMATIC:
        kept.delete()
        return f"« {answer.written} » n’a plus de choix mémorisé"
    choice, _ = ValueChoice.objects.update_or_create(
        buyer=buyer,
        field=answer.field,
        key=value_key(answer.written),
        defaults={
            "written": answer.written[:_LONGEST_WRITTEN],
            "family": _family(answer),
            "department": _department(buyer, answer, by),
            "place": answer.target[:_LONGEST_PLACE] if answer.field == ChosenField.PLACE else "",
            "chosen_by": by,
            "chosen_at": at,
        },
    )
    return f"« {answer.written} » : {choice.said or _none_of_ours(answer.field)}"


def _family(answer: ValueAnswer) -> Family | None:
    if answer.field != ChosenField.FAMILY or not answer.target:
        return None
    try:
        return Family.objects.get(code=answer.target)
    except Family.DoesNotExist as error:
        raise ChoiceRefused(f"La famille choisie pour « {answer.written} » n’existe plus.") from error


def _department(buyer: Buyer, answer: ValueAnswer, by: User | None) -> Department | None:
    if answer.field != ChosenField.DEPARTMENT or not answer.target:
        return None
    name = answer.target[:_LONGEST_NAME]
    for department in Department.objects.filter(buyer=buyer).order_by("pk"):
        if fold(department.name) == fold(name):
            return department
    return departments.add(buyer=buyer, name=name, by=by)


def _none_of_ours(field: ChosenField) -> str:
    return "gardé tel quel" if field == ChosenField.PLACE else "aucun des choix connus"
