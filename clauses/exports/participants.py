"""People as a spreadsheet. The motive of an eligibility is in none: it stays on the office's screen."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from clauses.models import Participant
from clauses.rules.eligibility import last_day
from config.lib.spreadsheet import Column, Sheet


Reading = tuple[str, Callable[[Participant], Any]]

# What an employer may know: who, and until when the hours may count.
FOR_COMPANY: Sequence[Reading] = (
    ("Nom", lambda person: person.last_name),
    ("Prénom", lambda person: person.first_name),
    ("Éligible", lambda person: "oui" if person.eligible_until else "non"),
    ("Jusqu’au", lambda person: person.eligible_until and last_day(person.eligible_until)),
)
FOR_OFFICE: Sequence[Reading] = (
    *FOR_COMPANY,
    ("Date de naissance", lambda person: person.born_on),
    ("Sexe", lambda person: person.get_sex_display()),
    ("Code postal", lambda person: person.postcode),
    ("Commune", lambda person: person.city),
    ("Réside en QPV", lambda person: person.get_in_qpv_display()),
    ("Niveau de formation", lambda person: person.get_training_level_display()),
)


def sheet(people: Iterable[Participant], readings: Sequence[Reading]) -> Sheet:
    rows = [[read(person) for _, read in readings] for person in people]
    return Sheet("Personnes", [Column(title) for title, _ in readings], rows)
