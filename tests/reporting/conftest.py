from types import SimpleNamespace

import pytest

from tests.reporting import territory


@pytest.fixture
def small_territory(stage):
    """`tests/reporting/territory.py`, on the stage of the cast."""
    green = territory.build(stage.office, stage.buyer)
    return SimpleNamespace(office=stage.office, buyer=stage.buyer, green=green)
