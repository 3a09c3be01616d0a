from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from clauses.models import Derogation
from procurement.enums import DutyMotive
from procurement.rules.duty import Exemption


class DerogationForm(forms.ModelForm):
    """One of the motives that the law opens to this market, and why it holds here."""

    class Meta:
        model = Derogation
        fields = ("motive", "text")
        widgets = {"motive": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "text": "Les faits de ce marché, pas la loi : ce texte va au dossier de la consultation.",
        }

    def __init__(self, *args, exemptions: tuple[Exemption, ...], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motive"].choices = [(found.code.value, found.wording) for found in exemptions]
        self.fields["motive"].error_messages["required"] = "Choisissez le motif."
        self.fields["text"].error_messages["required"] = "Écrivez la justification."
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("motive", "text", Submit("save", "Signer la dérogation"))

    @property
    def motive(self) -> DutyMotive:
        return DutyMotive(self.cleaned_data["motive"])
