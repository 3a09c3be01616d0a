from django.template import Context, Template
from lucide.templatetags.lucide import lucide as drawn_by_the_package

from accounts.templatetags.icons import lucide


def test_an_icon_is_drawn_as_the_package_draws_it():
    page = Template('{% load lucide %}{% lucide "clock" size=14 aria_hidden="true" %}{% lucide "clock" %}')

    shown = page.render(Context())

    small = drawn_by_the_package("clock", size=14, aria_hidden="true")
    assert shown == small + drawn_by_the_package("clock")


def test_it_is_drawn_once():
    assert lucide("clock", size=18) is lucide("clock", size=18)
