"""allauth's forms in our words; ACCOUNT_FORMS names them."""

from allauth.account import forms as account
from crispy_forms.helper import FormHelper
from django import forms


CHOICE_HELP = (
    "Au moins 12 caractères. Évitez un mot de passe courant, votre nom, votre adresse et les seuls chiffres."
)


def bare_helper() -> FormHelper:
    """The fields alone: the page holds the form, its token and its one button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def dress(form: forms.Form, labels: dict[str, str]) -> None:
    """Our labels in place of placeholders, which vanish as soon as one types."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)
    form.helper = bare_helper()


class SignInForm(account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"login": "Adresse électronique", "password": "Mot de passe"})
        # What password managers look for.
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ForgottenPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"email": "Adresse électronique"})


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"password1": "Nouveau mot de passe", "password2": "Le même, une seconde fois"})
        self.fields["password1"].help_text = CHOICE_HELP


class PasswordChangeForm(account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": "Mot de passe actuel",
            "password1": "Nouveau mot de passe",
            "password2": "Le même, une seconde fois",
        }
        dress(self, labels)
        self.fields["password1"].help_text = CHOICE_HELP
