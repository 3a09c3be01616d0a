"""The calendar and what comes with it: sound for axe at both widths, and a subscription from end to end."""

import re
import urllib.error
import urllib.request

import pytest
from icalendar import Calendar


pytestmark = pytest.mark.browser

PAGES = (
    "/echeances/", "/echeances/mois/", "/echeances/mois/?period=2027-03", "/echeances/abonnement/",
    "/echeances/delais/", "/besoins-partages/", "/acheteurs/relancer/?year=2027",
)  # fmt: skip


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_sound_at_both_widths(visitor, width):
    window = visitor("facilitatrice@demo.example", width=width)

    for path in PAGES:
        page = window.open(path)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{path}: {overflow} px too wide"


def test_a_subscription_is_opened_read_and_revoked(visitor, house):
    window = visitor("acheteuse@demo.example")
    page = window.open("/echeances/abonnement/")

    page.get_by_role("button", name=re.compile("Créer mon adresse|Renouveler")).click()
    window.check()
    path = page.locator("#adresse-ics").inner_text().partition("/echeances/")[2]
    address = f"{house}/echeances/{path}"
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  (our own address)
        found = Calendar.from_ical(answer.read()).walk("VEVENT")
    page.get_by_role("button", name="Révoquer l’adresse").click()

    assert found
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address, timeout=10)  # noqa: S310  (our own address)
