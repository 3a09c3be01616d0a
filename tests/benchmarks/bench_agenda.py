from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import User
from accounts.services import calendar_feeds
from clauses.management.synthetic.generation import generate
from clauses.management.synthetic.sizes import SIZES
from procurement.models import Market


NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LINES = 5_000
# Half a second, where a yardstick takes 5.7 ms (docs/performance.md).
YARDSTICKS = 500 / 5.7


@pytest.fixture
def town(db):
    # Some plans are drafts: their lines are in no calendar.
    generate(SIZES["town"]._replace(lines=LINES * 11 // 10), 1, NOW)
    user = User.objects.get(email="facilitatrice@essai.example")
    user.membership = user.memberships.get()
    assert Market.objects.visible_to(user).submitted().count() >= LINES
    return user


@time_machine.travel(NOW, tick=True)
def test_the_calendar_of_5_000_lines_answers_in_time(town, as_user, measure):
    page = as_user(town)
    opened = calendar_feeds.open_feed(membership=town.membership, by=town, at=NOW)
    addresses = {
        "la liste": "/echeances/",
        "un mois": "/echeances/mois/?period=2027-03",
        "les besoins partagés": "/besoins-partages/",
        "l’abonnement": f"/echeances/flux/{opened.token}.ics",
    }

    found = [
        measure(f"échéances de 5 000 lignes, {name}", lambda address=address: page.get(address))
        for name, address in addresses.items()
    ]

    assert max(measured["yardsticks"] for measured in found) < YARDSTICKS
