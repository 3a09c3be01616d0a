from django import forms

from procurement.forms.buyers import fields_only
from structures.forms.cards import StructureForm
from structures.models import Structure


class AskForm(forms.Form):
    email = forms.EmailField(
        label="À qui écrire",
        help_text="Cette personne recevra un lien qui ouvre la fiche, et rien d’autre.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


class CardForm(StructureForm):
    """The card as its own structure corrects it."""

    author = forms.CharField(
        label="Votre prénom et votre nom",
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    comment = forms.CharField(
        label="Ce que ces champs ne disent pas",
        required=False,
        max_length=2000,
        help_text="Facultatif : un métier nouveau, une capacité, un contact qui a changé.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def said(self) -> dict:
        """What the service asks for."""
        given = dict(self.cleaned_data)
        return {"name": given.pop("author"), "comment": given.pop("comment"), "values": given}


class OwnCardForm(CardForm):
    """The same, of somebody who signed in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["author"]

    @property
    def said(self) -> dict:
        given = dict(self.cleaned_data)
        return {"comment": given.pop("comment"), "values": given}


class ReviewForm(forms.Form):
    refusal = forms.CharField(
        label="Pourquoi ne pas tout retenir",
        required=False,
        max_length=300,
        help_text="Nécessaire quand une case reste vide : la structure le lira.",
    )

    def __init__(self, *args, changed, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {field.name: field.verbose_name for field in Structure._meta.concrete_fields}
        self.fields["accepted"] = forms.MultipleChoiceField(
            choices=[(name, labels[name]) for name in changed], required=False
        )
        self.helper = fields_only()
