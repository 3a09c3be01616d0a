from django import forms

from procurement.forms.buyers import fields_only
from structures.enums import MemberState
from structures.models import Consortium, ConsortiumMember, Structure, Trade
from structures.services import consortia


class ConsortiumForm(forms.ModelForm):
    class Meta:
        model = Consortium
        fields = consortia.OWN
        widgets = {
            "starts_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "ends_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "note": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = "L’acheteur lit cette page, note comprise : aucun prix."
        self.helper = fields_only()


class JoinForm(forms.Form):
    structure = forms.ModelChoiceField(
        label="Structure",
        queryset=Structure.objects.none(),
        empty_label="Choisir…",
        error_messages={"required": "Choisissez une structure."},
    )

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures
        self.fields["structure"].label_from_instance = lambda row: f"{row} ({row.kind})"


class ShareForm(forms.ModelForm):
    trade = forms.ModelChoiceField(
        label="Métier",
        queryset=Trade.objects.none(),
        required=False,
        empty_label="Non précisé",
        help_text="Celui dont la capacité est réduite d’autant.",
    )

    class Meta:
        model = ConsortiumMember
        fields = consortia.SHARE

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trade"].queryset = Trade.objects.order_by("label")
        self.fields["part"].help_text = "« Lot 2 », « les façades nord »…"
        self.fields["reason"].help_text = "Seulement si la structure décline."
        self.helper = fields_only()

    def clean(self) -> dict:
        cleaned = super().clean()
        has_declined = cleaned.get("state") == MemberState.DECLINED
        if has_declined and not cleaned.get("reason"):
            self.add_error("reason", "Dites pourquoi elle décline : la prochaine recherche s’en servira.")
        if has_declined:
            cleaned["is_lead"] = False
        else:
            cleaned["reason"] = ""
        return cleaned

    def validate_constraints(self) -> None:
        """One lead: the service makes the other step back."""
