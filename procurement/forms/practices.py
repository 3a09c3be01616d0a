from crispy_forms.layout import Column, Field, Fieldset, Layout, Row
from django import forms

from procurement.enums import Consideration, PracticeKind
from procurement.forms.buyers import fields_only
from procurement.models import AwardedContract, Family, Market, PracticeCard


_KINDS = {
    Consideration.CLAUSE: PracticeKind.CLAUSE,
    Consideration.CRITERION: PracticeKind.CRITERION,
    Consideration.RESERVED: PracticeKind.RESERVED,
}


class PracticeForm(forms.ModelForm):
    """A card in the order in which a colleague reads it."""

    class Meta:
        model = PracticeCard
        fields = [
            "title", "lot", "buyer_name", "year", "kind", "family", "cpv_code", "price_unit", "volume",
            "criteria", "answered", "legal_basis", "lessons", "contact_name", "contact_email", "is_shared",
        ]  # fmt: skip
        widgets = {
            "criteria": forms.Textarea(attrs={"rows": 3}),
            "answered": forms.Textarea(attrs={"rows": 3}),
            "lessons": forms.Textarea(attrs={"rows": 5}),
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
        }
        help_texts = {"lessons": "Ce que vous diriez à un collègue qui s’y prend pour la première fois."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["family"].queryset = Family.objects.order_by("label", "pk")
        self.fields["family"].empty_label = "Je ne sais pas"
        self.fields["kind"].choices = [("", "À choisir"), *PracticeKind.choices]
        self.helper = fields_only()
        self.helper.layout = Layout(
            Fieldset(
                "L’achat",
                Field("title", autofocus=True),
                "lot",
                Row(Column("buyer_name"), Column("year")),
                Row(Column("family"), Column("cpv_code")),
            ),
            Fieldset(
                "Comment il a été écrit", "kind", Row(Column("price_unit"), Column("volume")), "criteria",
                "legal_basis",
            ),
            Fieldset("Ce qui s’est passé", "answered", "lessons"),
            Fieldset("Pour en parler", Row(Column("contact_name"), Column("contact_email")), "is_shared"),
        )  # fmt: skip


def from_market(market: Market) -> dict:
    """What a market already says, for a card about it."""
    return {
        "title": market.title,
        "buyer_name": str(market.plan.buyer),
        "year": market.plan.year,
        "family": market.family_id,
        "cpv_code": market.cpv_code,
        "volume": f"{market.total_months} mois" if market.total_months else "",
    }


def from_awarded(contract: AwardedContract) -> dict:
    """What a published contract says, for a card about it."""
    kinds = [_KINDS[kind] for kind in contract.considerations]
    return {
        "title": contract.title[:300],
        "buyer_name": contract.buyer[:200],
        "year": contract.notified_on.year if contract.notified_on else None,
        "cpv_code": contract.cpv_code,
        "kind": kinds[-1] if kinds else None,
        "volume": f"{contract.duration_months} mois" if contract.duration_months else "",
        "answered": f"{contract.offers} offres reçues" if contract.offers else "",
        "legal_basis": f"Données essentielles, contrat {contract.reference}"[:300],
    }
