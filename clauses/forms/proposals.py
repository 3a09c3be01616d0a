from collections.abc import Callable, Iterable, Mapping

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.templatetags.frame import state_badge
from clauses.enums import Objective, PerEuroMode, ProvisionKind
from clauses.forms.fields import NumberField, ShareField
from clauses.queries.references import Reference, References
from clauses.rules.provisions import TITLES, Objection, Terms, asked
from clauses.services.proposals import Draft
from config.lib.french import format_number
from procurement.models import Department


FIELDS: dict[str, Callable[..., forms.Field]] = {
    "amount": lambda **named: NumberField(unit="€ HT", max_digits=14, decimal_places=2, **named),
    "labour_share": ShareField,
    "rate": ShareField,
    "hourly_cost": lambda **named: NumberField(unit="€", max_digits=8, decimal_places=2, **named),
    "transferred_monthly_hours": lambda **named: NumberField(
        unit="h", max_digits=10, decimal_places=2, **named
    ),
    "euros_per_hour": lambda **named: NumberField(unit="€", max_digits=14, decimal_places=2, **named),
    "threshold_amount": lambda **named: NumberField(unit="€ HT", max_digits=14, decimal_places=2, **named),
    "threshold_mode": lambda **named: forms.TypedChoiceField(
        choices=PerEuroMode.choices, coerce=PerEuroMode, required=False, empty_value=None, **named
    ),
    "hours_worked": lambda **named: NumberField(unit="h", max_digits=10, decimal_places=2, **named),
    "full_time_months": lambda **named: NumberField(unit="mois", max_digits=6, decimal_places=2, **named),
    "yearly_hours": lambda **named: NumberField(unit="h", max_digits=8, decimal_places=2, **named),
    "reserved_share": ShareField,
    "criterion_weight": ShareField,
    "months": lambda **named: forms.IntegerField(required=False, min_value=1, max_value=600, **named),
    "hours_due": lambda **named: NumberField(unit="h", max_digits=10, decimal_places=2, **named),
}
UNITS = {"months": "mois"}
HELP = {
    "transferred_monthly_hours": "Total des contrats de travail que le nouveau titulaire doit reprendre.",
    "hours_worked": "Toutes les heures que le contrat paie, insertion ou non.",
    "threshold_mode": "Le texte de la clause doit le dire.",
}


class ProposalForm(forms.Form):
    """What one kind of provision asks for, and nothing else; the kind comes from the address."""

    department = forms.ModelChoiceField(
        label="Service qui décidera",
        queryset=Department.objects.none(),
        required=False,
        empty_label="À choisir avant l’envoi",
    )
    explanation = forms.CharField(
        label="Explication pour le service",
        required=False,
        max_length=4000,
        help_text="Le service la lira telle quelle. Dites pourquoi ce marché, avec ses mots à lui.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(
        self,
        data=None,
        *,
        kind: ProvisionKind,
        departments: QuerySet[Department],
        known: References,
        initial: dict,
        objective: Objective | None = None,
    ):
        super().__init__(data, initial=initial)
        self.kind, self.objective = kind, objective
        self.names = [name for name in asked(kind, objective) if name != "objective"]
        self.fields["department"].queryset = departments
        for name in self.names:
            self.fields[name] = FIELDS[name](label=TITLES[name], help_text=self._help(name, known))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset("Les chiffres", Row(*self._columns(self.names))),
            Fieldset("Pour le service", "department", "explanation"),
        )

    @property
    def draft(self) -> Draft:
        cleaned = self.cleaned_data
        terms = Terms(objective=self.objective, **{name: cleaned[name] for name in self.names})
        return Draft(self.kind, terms, cleaned["department"], cleaned["explanation"])

    def start_from(self, address: Mapping[str, str]) -> None:
        """Numbers of an option retained on the options page; what cannot be read there is left out."""
        for name in self.names:
            try:
                given = self.fields[name].clean(address.get(name, ""))
            except forms.ValidationError:
                continue
            if given is not None:
                self.initial[name] = given

    def object_to(self, objections: Iterable[Objection]) -> None:
        """Each objection beside the field it is about."""
        for found in objections:
            self.add_error(found.field if found.field in self.fields else None, found.sentence)

    def _columns(self, names: Iterable[str]) -> Iterable[Column]:
        for name in names:
            unit = UNITS.get(name) or getattr(self.fields[name], "unit", "")
            yield Column(AppendedText(name, unit) if unit else name, css_class="col-sm-6")

    def _help(self, name: str, known: References) -> str | SafeString:
        if name == "hours_due" and known.can_estimate(self.kind, self.objective):
            return "Laissez vide pour retenir le résultat du calcul, ou corrigez-le."
        if name == "reserved_share":
            reference = known.reserved_share_minimum
        else:
            reference = known.default_of(name, self.objective)
        return sourced(reference) if reference else HELP.get(name, "")


def sourced(reference: Reference) -> SafeString:
    badge = state_badge("à confirmer", "warning") if reference.is_to_confirm else ""
    value = f"{format_number(reference.value)} {reference.unit}"
    return format_html("Référence : {} – {} {}", value, reference.source, badge)
