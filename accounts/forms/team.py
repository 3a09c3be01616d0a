from crispy_forms.layout import HTML, Field, Layout
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.enums import ROLES_BY_KIND, OrganisationKind
from accounts.forms.doors import CHOICE_HELP, bare_helper
from accounts.models import Membership, Organisation, User
from accounts.roles import DESCRIPTIONS, Role


class InvitationForm(forms.ModelForm):
    """Whom to invite, as what; the roles offered are those of the organisation's kind."""

    email = forms.EmailField(
        label="Adresse électronique",
        help_text="L’invitation y est envoyée. Préférez l’adresse professionnelle et nominative.",
    )
    role = forms.ChoiceField(label="Rôle", widget=forms.RadioSelect)

    class Meta:
        model = Membership
        fields = ["email", "role", "job_title"]
        help_texts = {"job_title": "Facultatif. Par exemple : cheffe du service des marchés."}

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        roles = ROLES_BY_KIND[OrganisationKind(organisation.kind)]
        self.fields["role"].choices = [(role, f"{role.label} – {DESCRIPTIONS[role]}") for role in roles]
        self.fields["role"].initial = roles[0] if len(roles) == 1 else None
        self.helper = bare_helper()

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class JoinForm(forms.Form):
    """A new person names themselves and chooses a password."""

    first_name = forms.CharField(
        label="Prénom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label="Nom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        help_text=CHOICE_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Le même, une seconde fois",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email
        self.helper = bare_helper()
        self.helper.layout = Layout(
            # Lets a password manager file the password under the right account.
            HTML(
                '<input type="hidden" name="username" autocomplete="username"'
                ' value="{{ membership.user.email }}">'
            ),
            Field("first_name", autofocus=True),
            "last_name",
            "password",
            "again",
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "Les deux mots de passe diffèrent.")
        if cleaned.get("password"):
            self._judge(cleaned)
        return cleaned

    def _judge(self, cleaned: dict) -> None:
        likeness = User(
            email=self.email,
            first_name=cleaned.get("first_name", ""),
            last_name=cleaned.get("last_name", ""),
        )
        try:
            validate_password(cleaned["password"], likeness)
        except ValidationError as refusal:
            self.add_error("password", refusal)
