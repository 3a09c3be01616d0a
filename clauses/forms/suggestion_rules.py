from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms

from clauses.forms.fields import NumberField
from clauses.models import SuggestionRule
from clauses.queries.rule_table import SHELVES


class WholeNumberField(NumberField):
    default_error_messages = {
        "invalid": "Écrivez un nombre entier, par exemple 150.",
        "max_decimal_places": "Écrivez un nombre entier, par exemple 150.",
    }

    def __init__(self, **kwargs):
        super().__init__(max_digits=9, decimal_places=0, **kwargs)

    def clean(self, value):
        number = super().clean(value)
        return None if number is None else int(number)


class SuggestionRuleForm(forms.ModelForm):
    """The next version of the rule, started from the one in force or from a former one."""

    # The version in force when the page was opened; empty while only the code speaks.
    started_from = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = SuggestionRule
        fields = (*SuggestionRule.NUMBERS, "note")
        field_classes = {
            "minimum_hours": WholeNumberField,
            "criterion_hours": WholeNumberField,
            "reserve_all_structures": WholeNumberField,
            "reserve_lot_structures": WholeNumberField,
            "rate": NumberField,
            "to_ask_weight": NumberField,
            "mean_turnover": NumberField,
            "dependency": NumberField,
            "lot_dependency": NumberField,
            "supplies_labour_share": NumberField,
            "minimum_labour_share": NumberField,
            "benchmark_share": NumberField,
        }
        help_texts = {"note": "Elle reste dans l’historique, avec votre nom et la date."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Trying numbers out needs no reason; keeping them does.
        self.fields["note"].required = "preview" not in self.data
        self.fields["note"].error_messages["required"] = "Dites pourquoi la règle change."
        for name in self.Meta.field_classes:
            self.fields[name].error_messages["required"] = "Écrivez un nombre : 0 est un nombre."
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "started_from",
            *(Fieldset(title, *names) for title, names in SHELVES.items()),
            Fieldset("Pourquoi", "note"),
            Submit("preview", "Voir ce que cela change", css_class="btn-outline-primary"),
            Submit("save", "Enregistrer cette version"),
        )

    @property
    def numbers(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in SuggestionRule.NUMBERS}
