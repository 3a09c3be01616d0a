from django.urls import reverse


def test_an_address_that_only_answers_a_button_says_so(manager, as_user):
    response = as_user(manager).get(reverse("accounts:switch"))

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "<h1>Cette adresse ne s’ouvre pas directement</h1>" in response.content.decode()
