"""Every page that links lead to, one address a pattern and an account; a new page from the day it is linked.

It answers, axe and the console are silent, nothing overflows a wide screen nor a narrow one.
"""

from collections import deque
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from clauses.management.demonstration.territory import ACCOUNTS


pytestmark = pytest.mark.browser

WIDE, NARROW = 1280, 390
# Not ours to judge, or not pages.
LEFT_OUT = ("/administration/", "/static/", "/deconnexion/")
FILES = (".xlsx", ".csv", ".docx", ".pdf", ".ics", ".json", ".html")
# What no link leads to, or only from rows in a certain state; visited first.
ALSO = {
    "facilitatrice@demo.example": ("/propositions/?state=draft", "/recherche/?q=jardin"),
    "acheteuse@demo.example": ("/plans/?state=draft",),
    "admin@demo.example": ("/composants/",),
}
# Axe takes most of the time: a pattern is read by it once, at one width, whoever comes first.
READ_BY_AXE: set[str] = set()


# Text nodes in which an ordinary space precedes a mark of French punctuation.
LOOSE_SPACES = r"""() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
        const {data, parentElement} = walker.currentNode;
        if (parentElement.closest("script, style, textarea, pre")) continue;
        if (/« | [»:;?!](\s|$)/.test(data)) found.push(data.trim().slice(0, 80));
    }
    return found;
}"""


@pytest.mark.parametrize("account", [account.email for account in ACCOUNTS])
def test_every_page_that_links_lead_to_is_sound(visitor, account):
    window = visitor(account)
    seen: set[str] = set()
    faults: list[str] = []
    waiting = deque([*ALSO.get(account, ()), "/"])
    while waiting:
        path = waiting.popleft()
        route = route_of(path)
        if route is not None and route not in seen:
            seen.add(route)
            waiting.extend(visit(window, path, route, faults))

    assert len(seen) >= 2
    assert not faults, "\n".join(faults)


def route_of(path: str) -> str | None:
    """The pattern that an address follows; nothing for what is no page of ours."""
    bare = urlsplit(path).path
    if bare.startswith(LEFT_OUT) or bare.endswith(FILES):
        return None
    try:
        return resolve(bare).route
    except Resolver404:
        return bare


def visit(window, path: str, route: str, faults: list[str]) -> list[str]:
    """The links of the page; what is wrong with it joins `faults`."""
    page = window.page
    page.set_viewport_size({"width": WIDE, "height": 900})
    try:
        answer = page.goto(path)
    except Error as said:
        # A file: the browser keeps it and stays where it was.
        if "Download is starting" not in str(said):
            faults.append(f"{path}: {said}")
        return []
    if answer.status != HTTPStatus.OK:
        faults.append(f"{path}: {answer.status}")
    if route not in READ_BY_AXE:
        READ_BY_AXE.add(route)
        faults += window.complaints_of_axe()
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if overflow > 0:
            faults.append(f"{path}: {overflow} px too wide at {width}")
    if broken := page.evaluate(LOOSE_SPACES):
        faults.append(f"{path}: a line may break before the mark in {broken}")
    faults += window.complaints
    window.complaints.clear()
    links = page.eval_on_selector_all(
        "a[href]:not([download])", "all => all.map(a => a.getAttribute('href'))"
    )
    return [urljoin(path, link) for link in links if not urlsplit(link).scheme and not urlsplit(link).netloc]
