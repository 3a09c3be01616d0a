"""Traps that make families of mistakes impossible."""

import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import PERSONAL_PAYLOAD, AuditKind


ROOT = Path(__file__).resolve().parents[1]
OURS = ("accounts", "jobs", "procurement", "structures", "clauses", "reporting")
MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]


def url_patterns(resolver=None, namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [namespace, entry.namespace]))
            yield from url_patterns(entry, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join(filter(None, [namespace, entry.name])), entry


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_is_classified_for_privacy(model):
    classified = [*model.Privacy.personal, *model.Privacy.identifying, *model.Privacy.plain]

    assert sorted(classified) == sorted(field.name for field in model._meta.concrete_fields)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_says_what_a_row_is(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


def test_every_view_has_a_permission_or_is_public():
    unguarded = [
        name
        for name, pattern in url_patterns()
        if not name.startswith(("admin", "account_"))
        and not hasattr(pattern.callback, "permission")
        and getattr(pattern.callback, "login_required", True)
    ]

    assert unguarded == []


def test_every_template_is_used():
    named = set()
    for source in [
        *ROOT.glob("*/**/*.py"),
        *ROOT.glob("templates/**/*.html"),
        *ROOT.glob("templates/**/*.txt"),
    ]:
        if ".venv" not in source.parts:
            named |= set(re.findall(r"""["']([\w/.-]+\.(?:html|txt))(?:#\w+)?["']""", source.read_text()))
    ours = {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.*")}
    library_overrides = {
        name for name in ours if name.startswith(("account/", "allauth/", "django/", "bootstrap5/"))
    }

    assert ours - named - library_overrides == set()


def test_no_two_template_libraries_share_a_name():
    """The library loaded last would win, in silence."""
    libraries = [
        import_module(f"{path.parent.parent.name}.templatetags.{path.stem}").register
        for path in ROOT.glob("*/templatetags/*.py")
        if path.stem != "__init__"
    ]
    names = Counter(name for library in libraries for name in [*library.filters, *library.tags])

    assert [name for name, count in names.items() if count > 1] == []


def test_templates_count_as_french_does():
    """Django's `pluralize` writes « 0 clauses »; our `plural` does not."""
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.*")
        if "|pluralize" in path.read_text(encoding="utf-8")
    ]

    assert offenders == []


def test_a_sentence_of_the_log_only_forgets_keys_it_has():
    for kind, keys in PERSONAL_PAYLOAD.items():
        assert set(keys) <= set(re.findall(r"{(\w+)}", AuditKind(kind).label))
