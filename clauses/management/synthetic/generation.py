"""The conductor: bodies, then what they buy, then what came of it, one office after the other."""

from datetime import datetime
from random import Random

from django.db import connection, transaction

from clauses.management.demonstration.calendar import told_as_of
from clauses.management.demonstration.cast import sirets
from clauses.management.synthetic import bodies, directory, follow_up, purchases
from clauses.management.synthetic.sizes import Size
from clauses.models import HourEntry, Participant
from procurement.models import Buyer, Contract, Market
from structures.models import Structure


@transaction.atomic
def generate(size: Size, seed: int, now: datetime) -> dict[str, int]:
    """The same seed on the same day makes the same territory."""
    rng = Random(seed)  # noqa: S311  (nothing secret is drawn)
    public, private = sirets("2999"), sirets("8888")
    with told_as_of(now):
        for rank in range(size.offices):
            settled = bodies.settle(size, rank, (public, private), now)
            screenings = purchases.plan(settled, size.lines, rng, now)
            follow_up.propose(settled, screenings, now)
            clauses = follow_up.award(settled, size.contracts, rng, now)
            follow_up.hire(settled, clauses, size.people, rng, now)
        directory.fill_directory(size.structures, private, rng, on=now.date())
    # The letters of this invented past were never sent to anybody.
    connection.run_on_commit.clear()
    return {
        "buyers": Buyer.objects.count(),
        "markets": Market.objects.count(),
        "structures": Structure.objects.count(),
        "contracts": Contract.objects.count(),
        "participants": Participant.objects.count(),
        "hour_entries": HourEntry.objects.count(),
    }
