from django import forms

from accounts.forms.doors import bare_helper


class SampleForm(forms.Form):
    """One field of each kind, for the gallery."""

    name = forms.CharField(label="Objet du marché", help_text="Comme dans l’avis de publicité.")
    amount = forms.DecimalField(label="Montant estimé hors taxes (€)", required=False)
    launch_on = forms.DateField(
        label="Lancement prévu", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    nature = forms.ChoiceField(
        label="Nature", choices=[("works", "Travaux"), ("services", "Services")], required=False
    )
    answer = forms.ChoiceField(
        label="Décision",
        choices=[
            ("yes", "J’accepte la proposition"),
            ("no", "Je la refuse"),
            ("rework", "Je demande à la revoir"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    renewal = forms.BooleanField(label="Ce marché en remplace un autre", required=False)
    comment = forms.CharField(label="Observations", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label="Pièce jointe", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare_helper()
