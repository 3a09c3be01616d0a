"""The README promises; these tests hold it to its word."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from jobs.management.commands.demo import ACCOUNTS, PASSWORD


ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
SETTINGS = "".join(path.read_text() for path in (ROOT / "config" / "settings").glob("*.py"))


@pytest.mark.parametrize("variable", sorted(set(re.findall(r'(?:env\.\w+|required)\("(\w+)"', SETTINGS))))
def test_every_variable_the_settings_read_is_explained(variable):
    assert re.search(rf"^\|.*`{variable}`", README, re.MULTILINE)


def test_every_target_it_names_exists():
    named = set(re.findall(r"`make ([a-z-]+)`", README))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert named <= targets


def test_it_lists_the_accounts_the_demonstration_prints():
    listed = re.findall(r"^\| `(\S+@demo\.example)`", README, re.MULTILINE)

    assert listed == list(ACCOUNTS)
    assert PASSWORD in README


def test_its_glossary_names_classes_that_exist():
    glossary = README.partition("## Glossary")[2]
    named = set(re.findall(r"`([A-Z]\w+)`", glossary))

    assert named <= {model.__name__ for model in apps.get_models()}
