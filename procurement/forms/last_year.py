from django import forms


class LinesForm(forms.Form):
    """The lines of another year that somebody ticked."""

    lines = forms.ModelMultipleChoiceField(
        None,
        required=False,
        error_messages={
            "invalid_choice": "Une ligne cochée n’est plus dans le plan précédent : rechargez la page.",
            "invalid_pk_value": "Une ligne cochée n’est plus dans le plan précédent : rechargez la page.",
        },
    )

    def __init__(self, *args, lines, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = lines
