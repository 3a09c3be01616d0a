from django import forms


class AnswerForm(forms.Form):
    """How many lines the reader agreed to leave without a verdict; ticked once, with its count."""

    unseen = forms.IntegerField(required=False, min_value=0)

    @property
    def agreed(self) -> int:
        return (self.cleaned_data.get("unseen") if self.is_valid() else None) or 0
