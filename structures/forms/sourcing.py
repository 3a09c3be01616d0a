from django import forms

from procurement.forms.buyers import fields_only
from structures.enums import DeclineReason
from structures.models import Approach, Need, Structure
from structures.services import sourcing


class NeedForm(forms.ModelForm):
    class Meta:
        model = Need
        fields = sourcing.OWN
        widgets = {
            "told": forms.Textarea(attrs={"rows": 6}),
            "answer_by_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args, has_buyer: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].help_text = "La commune où le travail se fait : elle classe les structures."
        if not has_buyer:
            # Nobody to name: the question would have no sense.
            del self.fields["names_buyer"]
        self.helper = fields_only()

    @property
    def values(self) -> dict:
        return {"names_buyer": False} | self.cleaned_data


class ShortlistForm(forms.Form):
    structure = forms.ModelMultipleChoiceField(
        queryset=Structure.objects.none(),
        error_messages={"required": "Cochez au moins une structure."},
    )

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures


class ApproachesForm(forms.Form):
    approach = forms.ModelMultipleChoiceField(
        queryset=Approach.objects.none(),
        error_messages={"required": "Cochez au moins une structure."},
    )

    def __init__(self, *args, approaches, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["approach"].queryset = approaches


class CloseForm(forms.Form):
    outcome = forms.CharField(
        label="Ce qui en est sorti",
        required=False,
        max_length=300,
        help_text="« Lot 2 réservé », « devis demandé », « aucune structure » : le bilan le reprendra.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


class AnswerForm(forms.Form):
    """A structure’s answer; which button was pressed says which."""

    name = forms.CharField(
        label="Votre prénom et votre nom",
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reason = forms.ChoiceField(
        label="Si vous déclinez, pourquoi ?",
        choices=DeclineReason,
        required=False,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label="Un mot pour l’office",
        required=False,
        max_length=2000,
        help_text="Facultatif : vos disponibilités, une question, ce que vous pourriez prendre en charge.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.is_declining = bool(data) and "decline" in data
        self.helper = fields_only()

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.is_declining and "reason" not in self.errors and not cleaned.get("reason"):
            self.add_error("reason", "Choisissez une raison : elle nous évite de vous solliciter à tort.")
        return cleaned


class OwnAnswerForm(AnswerForm):
    """The same, of somebody who signed in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["name"]
