from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms

from procurement.enums import DatePrecision, Nature
from procurement.forms.buyers import fields_only
from procurement.imports.amounts import read_amount, read_lowest
from procurement.imports.days import Moment, read_moment
from procurement.imports.typed import write_moment, write_number
from procurement.models import Lot, Market, Programme, PurchasePlan
from procurement.queries import missing


# What nobody has answered yet; « je ne sais pas » is an answer, and the last step takes it.
NOT_YET = "À préciser"
WITH_DEFAULT = (
    "nature", "procedure", "amount_origin", "social_intent", "staff_takeover", "defence", "specific_service",
    "renewals", "renewal_months",
)  # fmt: skip


class AmountField(forms.CharField):
    """Euros as people write them: « 80 000 », « 80 k€ », « 1,2 M€ »; empty when unknown."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=60, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        return (
            value if value is None or isinstance(value, str) else f"{value.normalize():f}".replace(".", ",")
        )

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        amount, reason = read_amount(text)
        if amount is None:
            raise forms.ValidationError(reason)
        return amount


class MomentField(forms.CharField):
    """A date with the precision people have: « 15/03/2027 », « 03/2027 », « T2 2027 », « 2027 »."""

    plan_year = 0

    def __init__(self, **options):
        super().__init__(required=False, max_length=40, **options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        moment, reason = read_moment(text, self.plan_year)
        if moment is None:
            raise forms.ValidationError(reason)
        return moment


class MarketForm(forms.ModelForm):
    """One page per market, in steps that save one after the other; its object alone is required."""

    estimated_amount = AmountField(
        label="Montant estimé (€ HT)",
        help_text="Tous lots et reconductions compris : 80 000, 1,2 M€ ou 200 000 à 250 000.",
    )
    launch = MomentField(
        label="Lancement de la consultation",
        help_text="15/03/2027, 03/2027, T2 2027 ou 2027.",
    )
    external_url = forms.URLField(
        label="Adresse de publication", required=False, max_length=500, assume_scheme="https"
    )

    unknowns = forms.MultipleChoiceField(
        label="Cochez ce que vous avez cherché sans le trouver",
        help_text="L’office saura que la question vous a été posée. Une réponse écrite plus haut l’emporte.",
        required=False,
        choices=[(name, label[:1].upper() + label[1:]) for name, label in missing.labels()],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Market
        fields = [
            "title", "nature", "family", "department", "estimated_amount", "duration_months", "place",
            "reference", "description", "contact_name", "procedure", "cpv_code", "amount_origin",
            "labour_share", "starts_on", "renewals", "renewal_months", "is_renewal", "incumbent",
            "previous_ends_on", "staff_takeover", "transferred_monthly_hours", "social_intent", "defence",
            "specific_service", "progress_label", "programmes", "qpv_share", "external_url", "remarks",
            "unknowns",
        ]  # fmt: skip
        labels = {"title": "Objet du marché"}
        help_texts = {"labour_share": "De 0 à 100. La dernière étape dit ce que vous ne savez pas."}
        widgets = {
            "title": forms.TextInput,
            "description": forms.Textarea(attrs={"rows": 3}),
            "remarks": forms.Textarea(attrs={"rows": 3}),
            "programmes": forms.CheckboxSelectMultiple,
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "previous_ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages = {
            "title": {"required": "L’objet du marché manque."},
        }
        field_classes = {"estimated_amount": AmountField}

    def __init__(self, *args, plan: PurchasePlan, departments, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.plan = plan
        self.fields["department"].queryset = departments
        self.fields["department"].empty_label = self.fields["family"].empty_label = NOT_YET
        for name in ("nature", "procedure", "amount_origin"):
            self.fields[name].choices = _with_not_yet(self.fields[name].choices)
        self.fields["launch"].plan_year = plan.year
        if self.instance.lowest_amount is not None:
            bounds = (self.instance.lowest_amount, self.instance.estimated_amount)
            self.initial["estimated_amount"] = " à ".join(map(write_number, bounds))
        if self.instance.launch_on:
            self.initial["launch"] = write_moment(
                Moment(self.instance.launch_on, self.instance.launch_precision)
            )
        for name in WITH_DEFAULT:
            self.fields[name].required = False
        self.initial["unknowns"] = self.instance.said_unknown
        self.steps, self.details = _steps(), _details()

    def clean(self) -> dict:
        """What is left out takes the value that says « je ne sais pas »."""
        cleaned = super().clean()
        for name in WITH_DEFAULT:
            if name in cleaned and cleaned[name] in (None, ""):
                cleaned[name] = Market._meta.get_field(name).default
        return cleaned

    def values(self) -> dict:
        """What `markets.add` and `markets.edit` take."""
        values = {
            name: value for name, value in self.cleaned_data.items() if name not in ("launch", "programmes")
        }
        launch = self.cleaned_data["launch"]
        return values | {
            "lowest_amount": read_lowest(self["estimated_amount"].value() or ""),
            "launch_on": launch and launch.on,
            "launch_precision": launch.precision if launch else DatePrecision.DAY,
        }

    @property
    def opens_details(self) -> bool:
        """A folded field in error must be seen."""
        return any(name in self.errors for name in _names(self.details))


def _with_not_yet(choices) -> list[tuple[str, str]]:
    return [(value, NOT_YET if value == Nature.UNKNOWN else label) for value, label in choices]


def _half(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-md-6") for name in names))


@dataclass(frozen=True)
class Step:
    """A part of the page that may be saved on its way to the `following` one."""

    key: str
    title: str
    helper: FormHelper
    following: str = ""


def _steps() -> list[Step]:
    return [
        Step("objet", "L’objet", _helper("title", "description", _half("nature", "family")), "montants"),
        Step(
            "montants",
            "Les montants",
            _helper(_half("estimated_amount", "amount_origin"), _half("labour_share", "procedure")),
            "calendrier",
        ),
        Step(
            "calendrier",
            "Le calendrier",
            _helper(
                _half("launch", "starts_on"),
                _half("duration_months"),
                _half("renewals", "renewal_months"),
                "is_renewal",
                _half("incumbent", "previous_ends_on"),
            ),
            "lieu",
        ),
        Step("lieu", "Le lieu et le service", _helper(_half("place", "department")), "inconnu"),
        Step("inconnu", "Ce que vous ne savez pas", _helper("unknowns")),
    ]


def _details() -> FormHelper:
    return _helper(
        _half("reference", "contact_name"),
        _half("cpv_code", "social_intent"),
        _half("staff_takeover", "transferred_monthly_hours"),
        _half("defence", "specific_service"),
        "programmes",
        _half("qpv_share", "progress_label"),
        "external_url",
        "remarks",
    )


def _helper(*layout) -> FormHelper:
    helper = fields_only()
    helper.layout = Layout(*layout)
    return helper


def _names(helper: FormHelper) -> list[str]:
    return [pointer.name for pointer in helper.layout.get_field_names()]


class TagForm(forms.ModelForm):
    """What the office learns of a market after its plan was submitted."""

    class Meta:
        model = Market
        fields = ["programmes", "qpv_share"]
        widgets = {"programmes": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programmes"].queryset = Programme.objects.order_by("label", "pk")
        self.helper = _helper("programmes", "qpv_share")


class TakeoverForm(forms.ModelForm):
    """Staff to be kept on, learnt at any time."""

    class Meta:
        model = Market
        fields = ["staff_takeover", "transferred_monthly_hours"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper("staff_takeover", "transferred_monthly_hours")


class LotForm(forms.ModelForm):
    estimated_amount = AmountField(
        label="Montant estimé (€ HT)", help_text="Vide si vous ne savez pas, ou si le marché n’a qu’un lot."
    )

    class Meta:
        model = Lot
        fields = ["title", "estimated_amount"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper("title", "estimated_amount")
