from allauth.account.models import EmailAddress

from accounts import audit
from accounts.services import people


def change(user, by, **wanted):
    account = {name: getattr(user, name) for name in ("email", "first_name", "last_name", "is_active")}
    return people.change_account(user=user, by=by, **(account | wanted))


def test_a_person_changes_their_own_name(buyer):
    people.rename(user=buyer, first_name="Bruno", last_name="Écully")

    buyer.refresh_from_db()
    assert buyer.full_name == "Bruno Écully"
    assert str(audit.history(buyer)[0]) == "Bruno Écully a modifié son nom"


def test_the_same_name_leaves_no_trace(buyer):
    people.rename(user=buyer, first_name=buyer.first_name, last_name=buyer.last_name)

    assert not audit.history(buyer).exists()


def test_a_changed_address_no_longer_signs_in_under_the_old_one(buyer, administrator):
    EmailAddress.objects.create(user=buyer, email=buyer.email, primary=True)

    change(buyer, administrator, email="nouvelle@rivebelle.example")

    assert not EmailAddress.objects.filter(user=buyer).exists()
    assert audit.history(buyer)[0].sentence == "a modifié le compte : adresse électronique"


def test_an_unchanged_account_leaves_no_trace(buyer, administrator):
    change(buyer, administrator)

    assert not audit.history(buyer).exists()
