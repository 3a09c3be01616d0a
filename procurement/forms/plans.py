from crispy_forms.layout import Layout
from django import forms

from procurement.forms.buyers import fields_only
from procurement.models import Buyer


class PlanForm(forms.Form):
    """Whose plan, and for which year; a buyer opens its own."""

    buyer = forms.ModelChoiceField(
        label="Acheteur",
        queryset=Buyer.objects.none(),
        error_messages={"required": "Choisissez un acheteur."},
    )
    year = forms.IntegerField(
        label="Année",
        min_value=2015,
        max_value=2100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "L’année manque.",
            "min_value": "L’année du plan s’écrit sur quatre chiffres, par exemple 2027.",
            "max_value": "L’année du plan s’écrit sur quatre chiffres, par exemple 2027.",
        },
    )

    def __init__(self, *args, buyers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["buyer"].queryset = buyers
        if len(buyers) == 1:
            # Over what the address proposes, for nobody would see an empty choice.
            self.initial["buyer"] = buyers[0].pk
            self.fields["buyer"].widget = forms.HiddenInput()
        self.helper = fields_only()
        self.helper.layout = Layout("buyer", "year")
