from django import forms

from accounts.forms.doors import bare_helper
from accounts.models import CardContact, OfficeCard, Organisation
from accounts.services import office_cards


class OfficeCardForm(forms.ModelForm):
    website = forms.URLField(label="Site de l’office", required=False, max_length=300, assume_scheme="https")

    class Meta:
        model = OfficeCard
        fields = office_cards.OWN
        widgets = {
            "presentation": forms.Textarea(attrs={"rows": 5}),
            "offered": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare_helper()


class CardContactForm(forms.ModelForm):
    buyers = forms.ModelMultipleChoiceField(
        label="Acheteurs suivis",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = CardContact
        fields = [*office_cards.COORDINATES, "buyers"]

    def __init__(self, *args, buyers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["buyers"].queryset = buyers
        self.helper = bare_helper()

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in office_cards.COORDINATES}
