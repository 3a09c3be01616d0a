from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from clauses.models import ClauseText
from clauses.rules import wording
from clauses.rules.wording import UnknownVariable, VariableNotClosed


class ClauseTextForm(forms.ModelForm):
    """The next version of a text, started from the one in force."""

    class Meta:
        model = ClauseText
        fields = ("title", "article", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 24})}
        help_texts = {
            "article": "Imprimé au pied du texte.",
            "body": "Une ligne par paragraphe ; « – » en début de ligne ouvre un élément de liste.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].error_messages["required"] = "Donnez un titre au texte."
        self.fields["article"].error_messages["required"] = "Indiquez l’article sur lequel le texte repose."
        self.fields["body"].error_messages["required"] = "Écrivez le texte."
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "title", "article", "body", Submit("save", "Enregistrer une nouvelle version")
        )

    def clean_article(self) -> str:
        return _checked(self.cleaned_data["article"])

    def clean_body(self) -> str:
        return _checked(self.cleaned_data["body"])


def _checked(text: str) -> str:
    try:
        wording.check(text)
    except (UnknownVariable, VariableNotClosed) as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
    return text
