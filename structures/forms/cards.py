from django import forms

from config.lib.departments import DEPARTMENTS, REGIONS
from procurement.forms.buyers import fields_only
from structures.enums import AreaKind
from structures.models import Capacity, Contact, Offer, Structure, Town, Trade
from structures.rules.places import departments_written, towns_written
from structures.services import cards, contacts


class StructureForm(forms.ModelForm):
    """What a person may put right on a card; a file does not undo it."""

    website = forms.URLField(label="Site", required=False, max_length=300, assume_scheme="https")

    class Meta:
        model = Structure
        fields = cards.CORRECTABLE

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


class OfferForm(forms.ModelForm):
    trade = forms.ModelChoiceField(
        label="Métier",
        queryset=Trade.objects.none(),
        empty_label="Choisir…",
        error_messages={"required": "Choisissez un métier."},
    )
    area = forms.CharField(
        label="Lieux de la zone",
        required=False,
        max_length=400,
        help_text=(
            "Pour des communes, des départements ou des régions : « Créteil, Alfortville », « 94, 93 » ou "
            "« Île-de-France »."
        ),
    )

    class Meta:
        model = Offer
        fields = ("trade", "service_kind", "area_kind", "radius_km", "details")

    field_order = ("trade", "service_kind", "area_kind", "radius_km", "area", "details")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trade"].queryset = Trade.objects.order_by("label")
        self.fields["radius_km"].help_text = "Seulement pour un rayon autour de l’établissement."
        self.fields["area"].initial = area_words(self.instance)
        self.helper = fields_only()

    def clean(self) -> dict:
        cleaned = super().clean()
        kind = cleaned.get("area_kind")
        if kind != AreaKind.RADIUS:
            cleaned["radius_km"] = None
        elif not cleaned.get("radius_km") and "radius_km" not in self.errors:
            self.add_error("radius_km", "Donnez le rayon, en kilomètres.")
        cleaned["area_codes"] = self._codes(kind, cleaned.pop("area", ""))
        return cleaned

    def _codes(self, kind: str | None, text: str) -> str:
        """Between spaces, so that a code is found whole."""
        if kind not in (AreaKind.TOWNS, AreaKind.DEPARTMENTS, AreaKind.REGIONS):
            return ""
        codes = _READERS[AreaKind(kind)](text)
        if not codes:
            self.add_error(
                "area", "Aucun lieu n’est reconnu : écrivez des noms ou des codes, séparés par des virgules."
            )
        return f" {' '.join(codes)} " if codes else ""


def _towns(text: str) -> list[str]:
    rows = Town.objects.filter(sort_name__in=towns_written(text)).order_by("insee_code")
    near = departments_written(text)
    kept = [row for row in rows if not near or row.department_code in near]
    return list(dict.fromkeys(row.insee_code for row in kept))


def _departments(text: str) -> list[str]:
    return list(departments_written(text))


def _regions(text: str) -> list[str]:
    wanted = {part.strip().casefold() for part in text.split(",")}
    return [code for code, (name, _) in REGIONS.items() if wanted & {code.casefold(), name.casefold()}]


_READERS = {AreaKind.TOWNS: _towns, AreaKind.DEPARTMENTS: _departments, AreaKind.REGIONS: _regions}


def area_words(offer: Offer) -> str:
    """As people would type it again."""
    codes = offer.area_codes.split()
    if offer.area_kind == AreaKind.TOWNS:
        names = Town.objects.filter(insee_code__in=codes).order_by("name").values_list("name", flat=True)
        return ", ".join(dict.fromkeys(names))
    if offer.area_kind == AreaKind.REGIONS:
        return ", ".join(REGIONS[code][0] for code in codes if code in REGIONS)
    return ", ".join(DEPARTMENTS.get(code, code) for code in codes)


class CapacityForm(forms.ModelForm):
    class Meta:
        model = Capacity
        fields = ("quantity", "unit", "period", "starts_on")
        widgets = {"starts_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


class ContactForm(forms.ModelForm):
    class Meta:
        model = Contact
        fields = contacts.OWN

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only()
