from django import forms

from config.lib.french import format_number
from procurement.forms.buyers import fields_only
from structures.rules import siret_lists


MOST = 2_000


class SiretListForm(forms.Form):
    sirets = forms.CharField(
        label="Vos SIRET",
        max_length=200_000,
        help_text=(
            "Un par ligne, avec ou sans espaces ; du texte autour ne gêne pas. Une colonne de tableur se "
            "colle telle quelle."
        ),
        error_messages={"required": "Collez au moins un SIRET."},
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "number-text"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only()

    def clean_sirets(self) -> str:
        text = self.cleaned_data["sirets"]
        self.entries = siret_lists.read(text)
        if len(self.entries) > MOST:
            raise forms.ValidationError(
                f"Cette liste compte {format_number(len(self.entries))} numéros : collez-en "
                f"{format_number(MOST)} au plus à la fois."
            )
        return text
