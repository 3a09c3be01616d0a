"""What one types to compare options: everything stays in the address, so that it can be kept and shared."""

from collections.abc import Mapping
from decimal import Decimal

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from clauses.enums import Objective, ProvisionKind
from clauses.forms.fields import NumberField, ShareField
from clauses.forms.proposals import FIELDS, UNITS, sourced
from clauses.queries.references import References
from clauses.rules.options import Situation
from clauses.rules.provisions import TITLES, Terms, out_of_range


MOST_RATES = 6
RESERVATIONS = (
    ProvisionKind.RESERVED_MIXED,
    ProvisionKind.RESERVED_SIAE,
    ProvisionKind.RESERVED_DISABILITY,
)


# Field → least, most and step of the slider that a script adds beside it.
SLIDERS = {
    "labour_share": "0 100 1",
    "hourly_cost": "10 100 1",
    "months": "1 96 1",
    "transferred_monthly_hours": "0 2000 10",
}
RATE_SLIDER = "0 30 0.5"


class SeveralWidget(forms.TextInput):
    """As many fields of the same name as there are values, and an empty one to add another."""

    def value_from_datadict(self, data, files, name):
        return data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])


class RatesField(forms.Field):
    """Rates in per cent, kept from 0 to 1, each once; the empty ones are those taken away."""

    widget = SeveralWidget

    def clean(self, value):
        typed = [text for text in value if text.strip()]
        if not typed:
            raise forms.ValidationError("Indiquez au moins un taux, par exemple 5.")
        if len(typed) > MOST_RATES:
            raise forms.ValidationError(f"Comparez {MOST_RATES} taux au plus à la fois.")
        rates = [ShareField().clean(text) for text in typed]
        wrong = [found.sentence for rate in rates for found in out_of_range(Terms(rate=rate))]
        if wrong:
            raise forms.ValidationError(wrong)
        return tuple(dict.fromkeys(rates))


class OptionsForm(forms.Form):
    """Always filled: with the address first, with the market and the reference values otherwise."""

    amount = NumberField(label="Montant", unit="€ HT", required=True, max_digits=14, decimal_places=2)
    labour_share = ShareField(label=TITLES["labour_share"], required=True)
    hourly_cost = NumberField(
        label=TITLES["hourly_cost"], unit="€/h", required=True, max_digits=8, decimal_places=2
    )
    months = forms.IntegerField(label=TITLES["months"], required=False, max_value=600, widget=forms.TextInput)
    rate = RatesField(label="Taux à comparer")
    firm_amount = NumberField(
        label="Montant de la période ferme", unit="€ HT", max_digits=14, decimal_places=2,
        help_text="Sans les reconductions : c’est lui que lit le barème de la clause de formation.",
    )  # fmt: skip
    reserved_amount = NumberField(
        label="Montant du lot à réserver", unit="€ HT", max_digits=14, decimal_places=2,
        help_text="Laissez vide pour ne pas comparer de lot réservé.",
    )  # fmt: skip
    reservation = forms.ChoiceField(
        label="Réservé", choices=[(kind.value, kind.label) for kind in RESERVATIONS], required=False
    )
    transferred_monthly_hours = FIELDS["transferred_monthly_hours"](
        label=TITLES["transferred_monthly_hours"],
        help_text="Propreté : total mensuel des contrats à reprendre (annexe 7). Vide : règle non comparée.",
    )
    euros_per_hour = FIELDS["euros_per_hour"](label=TITLES["euros_per_hour"])
    threshold_amount = FIELDS["threshold_amount"](label=TITLES["threshold_amount"])
    threshold_mode = FIELDS["threshold_mode"](label=TITLES["threshold_mode"])
    full_time_months = FIELDS["full_time_months"](
        label=TITLES["full_time_months"], help_text="Par exemple 6. Vide : option non comparée."
    )
    yearly_hours = FIELDS["yearly_hours"](label=TITLES["yearly_hours"])

    MAIN = ("amount", "labour_share", "hourly_cost", "months")
    OTHERS = (
        "transferred_monthly_hours", "reserved_amount", "reservation", "firm_amount", "euros_per_hour",
        "threshold_amount", "threshold_mode", "full_time_months", "yearly_hours",
    )  # fmt: skip

    def __init__(self, address: MultiValueDict, *, known: References, defaults: Mapping):
        self.known = known
        super().__init__(self._filled(address, defaults))
        sliders = SLIDERS | _around(defaults.get("amount"))
        for name, field in self.fields.items():
            if reference := known.default_of(name):
                field.help_text = sourced(reference)
            if name in sliders:
                field.widget.attrs["data-fc-slider"] = sliders[name]
            field.error_messages["required"] = f"Indiquez : {field.label}."
        self.main = self._laid_out(self.MAIN)
        self.others = self._laid_out(self.OTHERS)

    @property
    def rates(self) -> list[str]:
        """The rates as typed, and one blank to add another."""
        typed = [text for text in self.data.getlist("rate") if text.strip()]
        return [*typed, ""] if len(typed) < MOST_RATES else typed

    @property
    def rate_help(self) -> list[SafeString]:
        return [sourced(row) for row in (self.known.rate, self.known.compared_rate) if row]

    @property
    def is_unfolded(self) -> bool:
        return any(name in self.errors for name in self.OTHERS)

    @property
    def sentences(self) -> list[str]:
        """What is wrong, each with its field: for those who read the results and not the fields."""
        return [
            f"{self.fields[name].label} : {sentence}"
            for name, found in self.errors.items()
            for sentence in found
        ]

    def situation(self, *, agreed_rate: Decimal | None) -> Situation:
        cleaned = self.cleaned_data
        cleaning = self.known.default_of("hourly_cost", Objective.CLEANING)
        names = ("amount", "labour_share", "hourly_cost", "months", *self.OTHERS)
        return Situation(
            **{name: cleaned[name] for name in names}
            | {"reservation": ProvisionKind(cleaned["reservation"] or RESERVATIONS[0])},
            rates=cleaned["rate"],
            agreed_rate=agreed_rate,
            cleaning_hourly_cost=cleaning.value if cleaning else None,
        )

    def clean(self):
        names = [name for name in self.cleaned_data if name in TITLES and name != "rate"]
        for found in out_of_range(Terms(**{name: self.cleaned_data[name] for name in names})):
            self.add_error(found.field, found.sentence)
        for name in ("firm_amount", "reserved_amount"):
            if (amount := self.cleaned_data.get(name)) is not None and amount < 0:
                self.add_error(name, "Le montant ne peut pas être négatif.")
        return self.cleaned_data

    def _filled(self, address: MultiValueDict, defaults: Mapping) -> MultiValueDict:
        data = MultiValueDict()
        for name, field in self.base_fields.items():
            if name in address:
                data.setlist(name, address.getlist(name))
            elif name == "rate":
                data.setlist(name, [ShareField().prepare_value(rate) for rate in defaults[name]])
            else:
                data[name] = "" if defaults.get(name) is None else field.prepare_value(defaults[name])
        return data

    def _laid_out(self, names: tuple[str, ...]) -> FormHelper:
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf = False, True
        helper.layout = Layout(
            Row(*(Column(self._with_unit(name), css_class="col-sm-6 col-lg-3") for name in names))
        )
        return helper

    def _with_unit(self, name: str) -> AppendedText | str:
        unit = UNITS.get(name) or getattr(self.fields[name], "unit", "")
        return AppendedText(name, unit) if unit else name


def _around(amount: Decimal | None) -> dict[str, str]:
    """A slider from nothing to twice the amount of the market, by some hundred steps."""
    if not amount:
        return {}
    step = 10 ** max(amount.adjusted() - 2, 0)
    return {"amount": f"0 {2 * int(amount)} {step}"}
