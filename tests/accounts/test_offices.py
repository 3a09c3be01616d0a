import pytest
from django.core.exceptions import ValidationError

from accounts import audit
from accounts.services import offices


@pytest.fixture
def change(manager, stage):
    def change(**wanted):
        settings = {
            "email": "",
            "phone": "",
            "answer_days": 28,
            "link_days": 28,
            "department_codes": "",
            "small_count_floor": 5,
        }
        return offices.change(office=stage.office, by=manager, **(settings | wanted))

    return change


def test_the_log_says_what_changed_from_what_to_what(change, stage):
    change(answer_days=21, email="contact@confluent.example")

    stage.office.refresh_from_db()
    assert (stage.office.answer_days, stage.office.email) == (21, "contact@confluent.example")
    (event,) = audit.history(stage.office)
    assert "adresse de contact « vide » → « contact@confluent.example »" in event.sentence.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "délai de décision (jours) « 28 » → « 21 »" in event.sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_the_same_settings_leave_no_trace(change, stage):
    change()

    assert not audit.history(stage.office).exists()


@pytest.mark.parametrize("wrong", [{"answer_days": 0}, {"link_days": 181}, {"small_count_floor": 51}])
def test_settings_out_of_bounds_are_not_kept(change, stage, wrong):
    with pytest.raises(ValidationError):
        change(**wrong)

    stage.office.refresh_from_db()
    assert (stage.office.answer_days, stage.office.link_days, stage.office.small_count_floor) == (28, 28, 5)
