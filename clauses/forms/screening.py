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


# Beyond, one verdict for so many different needs is no longer an opinion.
MOST_AT_ONCE = 500


class SelectionForm(OpinionForm):
    """The same verdict for the lines that were ticked, or for all those that the criteria find."""

    market = forms.ModelMultipleChoiceField(
        queryset=Market.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Une des lignes cochées n’est plus dans votre périmètre."},
    )
    # How many lines were announced: the count that the reader agreed to.
    whole = forms.IntegerField(required=False, min_value=1)

    class Meta(OpinionForm.Meta):
        widgets = {"comment": forms.TextInput}
        help_texts = {}

    def __init__(self, *args, markets, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["market"].queryset = markets
        self.fields["verdict"].choices = [("", "Choisir"), *Verdict.choices]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("whole"):
            cleaned["market"] = self._all_that_is_found(cleaned["whole"])
        elif "market" in cleaned and not cleaned["market"]:
            self.add_error("market", "Cochez au moins une ligne du tableau.")
        return cleaned

    def _all_that_is_found(self, announced: int) -> list[Market]:
        lines = list(self.found[: MOST_AT_ONCE + 1])
        if len(lines) > MOST_AT_ONCE:
            self.add_error("whole", f"Au-delà de {MOST_AT_ONCE} lignes, resserrez d’abord les critères.")
        elif len(lines) != announced:
            self.add_error(
                "whole",
                f"Ces critères trouvent maintenant {len(lines)} lignes, et non {announced} : "
                "vérifiez la liste, puis recommencez.",
            )
        return lines
