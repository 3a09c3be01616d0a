from datetime import date

from django import forms
from django.db.models import QuerySet

from config.lib.fields import NumberField
from procurement.forms.buyers import fields_only
from procurement.models import Buyer
from structures.models import DirectOrder, Quote
from structures.services import orders, quotes


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class MeasuredForm(forms.ModelForm):
    """A quantity and a price, typed as people write them: « 1 200 », « 0,045 »."""

    quantity = NumberField(label="Quantité", required=True, max_digits=10, decimal_places=3)
    unit_price = NumberField(
        label="Prix unitaire (€ HT)",
        required=True,
        max_digits=10,
        decimal_places=4,
        help_text="Quatre décimales au plus : une enveloppe coûte quelques centimes.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "Choisissez"), *self.fields["unit"].choices[1:]]
        self.helper = fields_only()


class QuoteForm(MeasuredForm):
    class Meta:
        model = Quote
        fields = quotes.OWN
        widgets = {"received_on": day_input(), "valid_until_on": day_input()}

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures
        self.fields["structure"].empty_label = "Choisissez"
        self.fields["structure"].help_text = "Parmi celles retenues pour ce besoin."


class OrderForm(MeasuredForm):
    class Meta:
        model = DirectOrder
        fields = orders.OWN
        widgets = {"ordered_on": day_input()}

    def __init__(self, *args, buyers: QuerySet[Buyer], **kwargs):
        super().__init__(*args, **kwargs)
        choose_among(self.fields["buyer"], buyers)


class ChooseForm(forms.Form):
    """Who buys, and when: the rest is the quote."""

    buyer = forms.ModelChoiceField(label="Acheteur", queryset=Buyer.objects.none())
    ordered_on = forms.DateField(label="Commandé le", widget=day_input())

    def __init__(self, *args, buyers: QuerySet[Buyer], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        choose_among(self.fields["buyer"], buyers)
        self.fields["ordered_on"].initial = today
        self.helper = fields_only()


def choose_among(field: forms.ModelChoiceField, buyers: QuerySet[Buyer]) -> None:
    """A buyer that has nobody to choose but itself is chosen."""
    field.queryset = buyers
    known = list(buyers[:2])
    field.empty_label = "Choisissez"
    if len(known) == 1:
        field.empty_label, field.initial = None, known[0].pk
