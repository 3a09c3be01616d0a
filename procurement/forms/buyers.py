from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms

from accounts.models import Membership, Organisation
from procurement.models import Buyer, Department
from procurement.services import buyers


def fields_only() -> FormHelper:
    """The page holds the form, its token and its one button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class BuyerForm(forms.ModelForm):
    """A buyer as the office, or whoever keeps the machine, describes it."""

    siret = forms.CharField(
        label="SIRET",
        max_length=40,
        help_text="Les 14 chiffres de l’établissement qui achète ; les espaces ne comptent pas.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Le SIRET manque."},
    )
    name = forms.CharField(
        label="Nom",
        max_length=Organisation._meta.get_field("name").max_length,
        help_text="Tel que vos collègues le cherchent : « Ville de Créteil » plutôt que « Commune ».",
        error_messages={"required": "Le nom manque."},
    )

    class Meta:
        model = Buyer
        fields = ["category", "city"]
        widgets = {"category": forms.RadioSelect}
        help_texts = {
            "category": "Elle fixe le seuil européen des procédures formalisées.",
            "city": "Facultatif. Celle du siège.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = Buyer._meta.get_field("category").choices
        self.helper = fields_only()
        self.helper.layout = Layout(Field("siret", autofocus=True), "name", "category", "city")

    def clean_siret(self) -> str:
        try:
            return buyers.check_siret(self.cleaned_data["siret"])
        except buyers.SiretRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class PrescribersField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, membership: Membership) -> str:
        name = f"{membership.user} ({membership.user.email})" if membership.user.full_name else ""
        return " – ".join(filter(None, [name or membership.user.email, membership.job_title]))


class DepartmentForm(forms.ModelForm):
    """A department, whom to call there, and who decides for it."""

    prescribers = PrescribersField(
        label="Prescripteurs",
        queryset=Membership.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ces personnes décident des propositions du service, et les reçoivent par courriel.",
    )

    class Meta:
        model = Department
        fields = ["name", "contact_name", "contact_email", "prescribers"]
        labels = {"contact_name": "Nom"}
        help_texts = {
            "name": "Par exemple : « Espaces verts », « Ressources humaines ».",
            "contact_name": "Facultatif. La personne à appeler, avec ou sans compte.",
            "contact_email": "Facultatif. Une proposition peut y partir par lien, sans compte.",
        }

    def __init__(self, *args, prescribers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["prescribers"].queryset = prescribers
        self.helper = fields_only()
        self.helper.layout = Layout(
            Field("name", autofocus=True),
            Fieldset("Interlocuteur", "contact_name", "contact_email"),
        )
        self.has_prescribers = prescribers.exists()
        if self.has_prescribers:
            self.helper.layout.append("prescribers")
