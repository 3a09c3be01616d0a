"""People far from employment: who they are, as little as the work needs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Office, User
from clauses.enums import InQpv, Sex, TrainingLevel
from clauses.models import Participant
from config.lib.french import format_date_short, join_words
from config.lib.text import fold


class PossibleDuplicate(Exception):
    def __init__(self, twins: Sequence[Participant]):
        self.twins = twins
        names = join_words([f"{twin} ({format_date_short(twin.born_on)})" for twin in twins])
        super().__init__(f"L’office suit déjà {names} : vérifiez qu’il s’agit d’une autre personne.")


@dataclass(frozen=True)
class Identity:
    """Everything that the office keeps of a person; no national number, no diagnosis, no copy of a paper."""

    first_name: str
    last_name: str
    born_on: date
    sex: str = Sex.UNKNOWN
    postcode: str = ""
    city: str = ""
    in_qpv: str = InQpv.UNKNOWN
    training_level: str = TrainingLevel.UNKNOWN


def twins(*, office: Office, identity: Identity) -> list[Participant]:
    """People of the office with the same folded name, in either order, and the same birth date."""
    name = _folded(identity.first_name, identity.last_name)
    born_alike = Participant.objects.filter(office=office, born_on=identity.born_on).order_by("pk")
    return [person for person in born_alike if _folded(person.first_name, person.last_name) == name]


def add(*, office: Office, identity: Identity, by: User) -> Participant:
    """Raises `PossibleDuplicate` when the office already follows somebody of that name and birth date."""
    known = twins(office=office, identity=identity)
    if known:
        raise PossibleDuplicate(known)
    return add_namesake(office=office, identity=identity, by=by)


@transaction.atomic
def add_namesake(*, office: Office, identity: Identity, by: User) -> Participant:
    """For a person whom somebody has checked to be another one."""
    participant = Participant(office=office, created_by=by, **asdict(identity))
    participant.index()
    participant.full_clean(exclude=["office", "created_by"])
    participant.save(force_insert=True)
    audit.record(AuditKind.PARTICIPANT_ADDED, target=participant, by=by)
    return participant


@transaction.atomic
def change(*, participant: Participant, identity: Identity, by: User) -> Participant:
    participant = Participant.objects.select_for_update(of=("self",)).get(pk=participant.pk)
    changed = {name: value for name, value in asdict(identity).items() if getattr(participant, name) != value}
    if not changed:
        return participant
    for name, value in changed.items():
        setattr(participant, name, value)
    participant.full_clean(exclude=["office", "created_by"])
    participant.index()
    participant.save(update_fields=[*changed, "sort_name"])
    labels = audit.field_labels(participant, changed)
    audit.record(AuditKind.PARTICIPANT_CHANGED, target=participant, by=by, fields=join_words(labels))
    return participant


def _folded(*names: str) -> list[str]:
    return sorted(" ".join(fold(name) for name in names).replace("-", " ").split())
