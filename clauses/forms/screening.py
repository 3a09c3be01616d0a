from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from clauses.enums import Verdict, VerdictReason
from clauses.models import Screening
from clauses.services.screening import Opinion
from procurement.models import Market


class OpinionForm(forms.ModelForm):
    """A verdict, with a reason from the closed list when the line carries no clause."""

    class Meta:
        model = Screening
        fields = ("verdict", "reason", "comment")
        widgets = {"verdict": forms.RadioSelect, "comment": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "reason": "Pour un avis « Non clausable ». L’acheteur la lira quand vous publierez la réponse.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verdict"].required = True
        self.fields["verdict"].error_messages["required"] = "Choisissez un avis."
        self.fields["verdict"].choices = Verdict.choices
        self.fields["reason"].choices = [("", "Choisir une raison"), *VerdictReason.choices]
        self.fields["comment"].label = "Précision"
        self.fields["comment"].required = False
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("verdict", "reason", "comment", Submit("save", "Enregistrer l’avis"))

    def clean(self):
        cleaned = super().clean()
        # A reason left over from another choice is no reason.
        if cleaned.get("verdict") != Verdict.NOT_CLAUSABLE:
            cleaned["reason"] = ""
        elif not cleaned.get("reason"):
            self.add_error("reason", "Un avis « Non clausable » demande une raison.")
        elif cleaned["reason"] == VerdictReason.OTHER and not cleaned.get("comment"):
            self.add_error("comment", "La raison « Autre » demande une précision.")
        return cleaned

    @property
    def asks_for_the_reason(self) -> bool:
        """« Non clausable » was just chosen: the reason is the next question, not a mistake."""
        return self.data.get(self.add_prefix("verdict")) == Verdict.NOT_CLAUSABLE and (
            self.add_prefix("reason") not in self.data
        )

    @property
    def opinion(self) -> Opinion:
        return Opinion(
            self.cleaned_data["verdict"], self.cleaned_data["reason"], self.cleaned_data["comment"]
        )


class SelectionForm(OpinionForm):
    """The same verdict for the lines that were ticked."""

    market = forms.ModelMultipleChoiceField(
        queryset=Market.objects.none(),
        error_messages={
            "required": "Cochez au moins une ligne du tableau.",
            "invalid_choice": "Une des lignes cochées n’est plus dans votre périmètre.",
        },
    )

    class Meta(OpinionForm.Meta):
        widgets = {"comment": forms.TextInput}
        help_texts = {}

    def __init__(self, *args, markets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["market"].queryset = markets
        self.fields["verdict"].choices = [("", "Choisir"), *Verdict.choices]
