import pytest
from django.core.management import call_command

from accounts.models import User


pytestmark = pytest.mark.django_db


def test_a_database_in_use_is_refused_in_words(capsys, stage):
    with pytest.raises(SystemExit) as stop:
        call_command("load_demo")

    assert stop.value.code == 2
    assert "contient déjà des données" in capsys.readouterr().err


def test_a_real_installation_is_refused_in_words(capsys, settings):
    settings.DEMONSTRATION = False

    with pytest.raises(SystemExit) as stop:
        call_command("load_demo")

    assert stop.value.code == 2
    assert not User.objects.exists()
