from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet

from accounts.enums import OrganisationKind
from accounts.models import Organisation
from accounts.services.companies import SiretRefused, checked_siret
from clauses.forms.fields import DayField, LastDayField, NumberField
from clauses.models import Clause
from procurement.models import Contract, Programme
from procurement.services.contracts import Award


FIRST_CONTRACT_DAY = date(2000, 1, 1)


class ContractForm(forms.Form):
    """What the notification of a contract says, in the order of the letter."""

    reference = forms.CharField(
        label="Référence du contrat",
        max_length=80,
        help_text="Celle de l’acheteur. Un contrat déjà enregistré sous cette référence est repris.",
    )
    title = forms.CharField(label="Objet", max_length=500)
    contractor = forms.ModelChoiceField(
        label="Titulaire",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Une autre entreprise, ci-dessous",
    )
    siret = forms.CharField(label="SIRET", required=False, max_length=30)
    company = forms.CharField(label="Raison sociale", required=False, max_length=200)
    contact_email = forms.EmailField(
        label="Adresse de la personne qui déclarera les heures",
        required=False,
        help_text="Elle reçoit une invitation. Laissez vide si l’entreprise a déjà un compte.",
    )
    amount = NumberField(
        label="Montant notifié (€ HT)", unit="€", max_digits=14, decimal_places=2, min_value=0
    )
    notified_on = DayField(label="Notifié le", first_day=FIRST_CONTRACT_DAY)
    starts_on = DayField(label="Début d’exécution", first_day=FIRST_CONTRACT_DAY)
    ends_on = LastDayField(
        label="Dernier jour d’exécution",
        required=False,
        first_day=FIRST_CONTRACT_DAY,
        help_text="Laissez vide si vous ne savez pas.",
    )
    programmes = forms.ModelMultipleChoiceField(
        label="Programmes",
        queryset=Programme.objects.order_by("label"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    qpv_share = NumberField(
        label="Part en QPV (%)",
        unit="%",
        decimal_places=2,
        max_digits=5,
        min_value=0,
        max_value=100,
        help_text="Part des heures ou du montant qui concerne un quartier prioritaire (QPV).",
    )

    def __init__(self, *args, companies: QuerySet[Organisation], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contractor"].queryset = companies
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset("Le contrat", Row(Column("reference", css_class="col-md-4"), Column("title"))),
            Fieldset(
                "Le titulaire",
                "contractor",
                Row(Column("siret", css_class="col-md-4"), Column("company")),
                "contact_email",
            ),
            Fieldset(
                "Le montant et les dates",
                Row(Column("amount"), Column("notified_on")),
                Row(Column("starts_on"), Column("ends_on")),
            ),
            Fieldset("Les programmes", "programmes", "qpv_share"),
        )

    def clean_siret(self) -> str:
        text = self.cleaned_data["siret"]
        if not text.strip():
            return ""
        try:
            return checked_siret(text)
        except SiretRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("contractor") is None and "siret" not in self.errors:
            self._ask_for_company(cleaned)
        return cleaned

    def _ask_for_company(self, cleaned: dict) -> None:
        if not cleaned.get("siret"):
            self.add_error("siret", "Choisissez le titulaire dans la liste, ou donnez son SIRET.")
        elif not cleaned.get("company"):
            self.add_error("company", "Donnez la raison sociale de l’entreprise.")

    @property
    def award(self) -> Award:
        facts = ("reference", "title", "amount", "notified_on", "starts_on", "ends_on", "qpv_share")
        cleaned = self.cleaned_data
        newcomer = Organisation(
            kind=OrganisationKind.COMPANY, siret=cleaned["siret"], name=cleaned["company"]
        )
        return Award(
            contractor=cleaned["contractor"] or newcomer,
            contact_email=cleaned["contact_email"],
            programmes=tuple(cleaned["programmes"]),
            **{name: cleaned[name] for name in facts},
        )


def first_answers(clause: Clause) -> dict:
    """From the contract that the lot already has, or else from its market."""
    market, contract = clause.lot.market, clause.lot.contract
    if contract is not None:
        return _answers_of(contract)
    return {
        "title": market.title,
        "amount": clause.lot.estimated_amount or market.estimated_amount,
        "starts_on": market.starts_on,
        "programmes": list(market.programmes.all()),
        "qpv_share": market.qpv_share,
    }


def _answers_of(contract: Contract) -> dict:
    names = (
        "reference", "title", "contractor", "amount", "notified_on", "starts_on", "ends_on", "qpv_share",
    )  # fmt: skip
    answers = {name: getattr(contract, name) for name in names}
    return answers | {"programmes": list(contract.programmes.all())}
