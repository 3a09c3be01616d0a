from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet

from procurement.models import Buyer
from reporting.rules import periods


OTHER = "autre"
# Without a name: it has no place in the address.
SEND = '<button class="btn btn-primary" type="submit">Voir les chiffres</button>'
IN_RANGE = [
    MinValueValidator(periods.FIRST_DAY, "Cette date est trop ancienne."),
    MaxValueValidator(periods.LAST_DAY, "Cette date est trop lointaine."),
]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%d", **options)


class ReportForm(forms.Form):
    """Which buyer, which period: a year or a quarter in one choice, any whole months in two dates."""

    buyer = forms.ModelChoiceField(queryset=Buyer.objects.none(), label="Acheteur", empty_label="Choisir…")
    period = forms.ChoiceField(label="Période")
    first_day = forms.DateField(label="Du", required=False, widget=DayInput, validators=IN_RANGE)
    last_day = forms.DateField(
        label="Au",
        required=False,
        widget=DayInput,
        validators=IN_RANGE,
        help_text="Du premier jour d’un mois au dernier jour d’un mois.",
    )

    def __init__(self, *args, buyers: QuerySet[Buyer], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["buyer"].queryset = buyers
        self.presets = _presets(today)
        self.fields["period"].choices = [
            *((value, periods.describe(*preset).capitalize()) for value, preset in self.presets.items()),
            (OTHER, "Autre période"),
        ]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div("buyer", "period", css_class="form-pair"),
            HTML('<p class="form-text">Pour une autre période seulement :</p>'),
            Div("first_day", "last_day", css_class="form-pair"),
            Div(HTML(SEND), css_class="form-actions"),
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("period") == OTHER:
            self._read_days(cleaned)
        elif "period" in cleaned:
            cleaned["starts_on"], cleaned["ends_on"] = self.presets[cleaned["period"]]
        return cleaned

    def _read_days(self, cleaned: dict) -> None:
        for name in ("first_day", "last_day"):
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, "Indiquez ce jour.")
        if self.errors:
            return
        starts_on, ends_on = cleaned["first_day"], periods.day_after(cleaned["last_day"])
        try:
            periods.check(starts_on, ends_on)
        except periods.PeriodRefused as refusal:
            self.add_error("last_day", str(refusal))
        cleaned["starts_on"], cleaned["ends_on"] = starts_on, ends_on


def _presets(today: date) -> dict[str, tuple[date, date]]:
    """This year and the last two; their quarters that have begun, the latest first."""
    years = range(today.year, today.year - 3, -1)
    quarters = {
        f"{year}-T{rank}": periods.quarter(year, rank) for year in years[:2] for rank in range(4, 0, -1)
    }
    begun = {value: preset for value, preset in quarters.items() if preset[0] <= today}
    return {str(year): periods.year(year) for year in years} | begun
