from datetime import UTC, datetime

import pytest

from accounts.models import Office, User
from clauses.management.synthetic.generation import generate
from clauses.management.synthetic.sizes import SIZES
from clauses.models import Urgency
from clauses.services import line_suggestions
from procurement.models import Department, Family, Market


NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LINES = 5_000
# Story 3 asks for 300 ms with 300 lines; the aim here is 150 ms with 5,000, on the machine of the figures in
# docs/performance.md. There, at rest, a yardstick takes 5.7 ms.
YARDSTICKS = 150 / 5.7
# What a person who filters asks for: the table, without the bar that is already there.
SWAP = {"HX-Request": "true"}


def drafted_too(lines):
    """Some buyers have not handed their plan in: their lines are in no triage."""
    return lines * 11 // 10


@pytest.fixture
def page(db, as_user):
    generate(SIZES["town"]._replace(lines=drafted_too(LINES)), 1, NOW)
    line_suggestions.refresh_all(at=NOW)
    mark_some()
    user = User.objects.get(email="facilitatrice@essai.example")
    user.membership = user.memberships.get()
    assert Market.objects.visible_to(user).submitted().count() >= LINES
    return as_user(user)


def mark_some():
    """One line in fifty cannot wait: far more than any office has had."""
    office = Office.objects.get(organisation__memberships__user__email="facilitatrice@essai.example")
    by = User.objects.get(email="facilitatrice@essai.example")
    lines = Market.objects.filter(pk__in=range(0, 10 * LINES, 50))
    Urgency.objects.bulk_create(
        Urgency(market=line, office=office, reason="Crue", flagged_at=NOW, flagged_by=by) for line in lines
    )


def criteria():
    family = Family.objects.get(code="espaces-verts")
    department = Department.objects.order_by("pk").first()
    return {
        "un acheteur": f"buyer={department.buyer_id}",
        "une année": "year=2027",
        "à voir": "verdict=unseen",
        "clausables": "verdict=clausable",
        "une famille": f"family={family.pk}",
        "une nature": "nature=works",
        "un service": f"department={department.pk}",
        "un montant": "amount_min=100000&amount_max=500000",
        "un mois": "month=2027-04",
        "un lieu": "place=creteil",
        "deux mots": "q=entretien+ecoles",
        "une procédure": "procedure=open",
        "renouvellements": "renewal=yes",
        "dans les 90 jours": "urgency=90",
        "obligatoires": "duty=yes",
        "urgentes": "urgent=yes",
        "une suggestion": "outcome=execution_clause",
        "sans suggestion encore": "outcome=pending",
        "par montant": "sort=amount",
        "par dépôt": "sort=deposit",
        "par acheteur": "sort=buyer",
        "la dernière page": "page=9999",
    }


def test_every_filter_of_5_000_lines_answers_in_time(page, measure):
    whole = "repérage de 5 000 lignes, page entière"
    measure(whole, lambda: page.get("/reperage/"))
    found = []
    for name, query in criteria().items():
        address = f"/reperage/?{query}"
        called = f"repérage de 5 000 lignes, {name}"
        found.append(measure(called, lambda address=address: page.get(address, headers=SWAP), ratio_to=whole))

    assert max(measured["yardsticks"] for measured in found) < YARDSTICKS
