"""A line of a directory file, cell by cell: what is understood, and what is kept of the rest."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator

from config.lib import siret as siret_numbers
from config.lib.departments import DEPARTMENTS
from config.lib.french import MINUS
from config.lib.intake import normalise
from structures.enums import StructureKind
from structures.models import Structure


KINDS = {normalise(spelling): kind for kind in StructureKind for spelling in (kind.value, kind.label)}
# The national list has a few numbers whose check digit is wrong: they are cards all the same.
_CAN_BE_A_KEY = re.compile(r"(?!0{14})[0-9]{14}")
_URL = URLValidator(schemes=["http", "https"], message="Cette adresse de site est incomplète ou illisible.")


class PlainText(forms.CharField):
    """A text that may be long: what does not fit is cut, and said."""

    def __init__(self, name: str, missing: str = ""):
        length = Structure._meta.get_field(name).max_length
        too_long = f"Ce texte dépasse {length} caractères : la fin est coupée."
        reasons = {"max_length": too_long, "required": missing}
        super().__init__(required=bool(missing), max_length=length, error_messages=reasons)

    def fallback(self, text: str) -> str:
        return text[: self.max_length]


class ShapedText(forms.CharField):
    """A code, tidied then checked; left out of the card when it has not the shape."""

    def __init__(self, shape: str, reason: str, tidy: Callable[[str], str]):
        super().__init__(required=False, validators=[RegexValidator(shape, reason)])
        self.tidy = tidy

    def to_python(self, value: str) -> str:
        text = super().to_python(value)
        return self.tidy(text) if text else ""

    def fallback(self, text: str) -> str:
        return ""


class Coordinate(forms.FloatField):
    def __init__(self, limit: int):
        reason = f"Une coordonnée va de {MINUS}{limit} à {limit} degrés."
        validators = [MinValueValidator(-limit, reason), MaxValueValidator(limit, reason)]
        unread = {"invalid": "Cette coordonnée ne se lit pas comme un nombre."}
        super().__init__(required=False, validators=validators, error_messages=unread)

    def to_python(self, value: str) -> float | None:
        return super().to_python(value.replace(",", "."))

    def fallback(self, text: str) -> None:
        return None


class WebAddress(forms.CharField):
    def __init__(self):
        super().__init__(required=False, validators=[_URL], max_length=300)

    def fallback(self, text: str) -> str:
        return ""


class ElectronicAddress(forms.EmailField):
    def __init__(self):
        super().__init__(
            required=False, error_messages={"invalid": "Cette adresse électronique est illisible."}
        )

    def fallback(self, text: str) -> str:
        return ""


class Headcount(forms.DecimalField):
    def __init__(self):
        refusals = ("invalid", "min_value", "max_digits", "max_decimal_places")
        reasons = dict.fromkeys(refusals, "Cet effectif ne se lit pas comme un nombre.")
        super().__init__(required=False, min_value=0, max_digits=7, decimal_places=2, error_messages=reasons)

    def to_python(self, value: str) -> Decimal | None:
        return super().to_python(value.replace(",", "."))

    def fallback(self, text: str) -> None:
        return None


class SharedFields(dict):
    """Copying the fields for each of thousands of lines took half of the reading; no line changes them."""

    def __deepcopy__(self, memo: dict) -> "SharedFields":
        return self


class StructureRow(forms.Form):
    """One line of a directory file, its cells as texts."""

    siret = forms.CharField(error_messages={"required": "Le SIRET manque."})
    kind = forms.CharField(error_messages={"required": "Le type de structure manque."})
    name = PlainText("name", missing="La raison sociale manque.")
    brand = PlainText("brand")
    legal_form = PlainText("legal_form")
    naf_code = ShapedText(
        r"^\d{4}[A-Z]$",
        "Un code NAF s’écrit comme 81.21Z.",
        tidy=lambda text: re.sub(r"[ .]", "", text).upper(),
    )
    address = PlainText("address")
    # Spreadsheets drop the zero that starts « 01000 ».
    postcode = ShapedText(
        r"^\d{5}$", "Un code postal compte 5 chiffres.", tidy=lambda text: text.replace(" ", "").zfill(5)
    )
    city = PlainText("city")
    department_code = ShapedText(
        f"^({'|'.join(DEPARTMENTS)})$",
        "Ce code n’est pas celui d’un département.",
        tidy=lambda text: text.upper().zfill(2),
    )
    longitude = Coordinate(180)
    latitude = Coordinate(90)
    website = WebAddress()
    email = ElectronicAddress()
    phone = PlainText("phone")
    activities = PlainText("activities")
    headcount = Headcount()
    source = PlainText("source")

    def __init__(self, data: Mapping[str, str]):
        self.base_fields = SharedFields(self.base_fields)
        super().__init__(data)

    def clean_siret(self) -> str:
        try:
            number = siret_numbers.clean(self.cleaned_data["siret"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if not _CAN_BE_A_KEY.fullmatch(number):
            raise forms.ValidationError(siret_numbers.explain(number))
        return number

    def clean_kind(self) -> StructureKind:
        kind = KINDS.get(normalise(self.cleaned_data["kind"]))
        if kind is None:
            raise forms.ValidationError(
                f"Ce type n’est pas connu ; le sont {', '.join(StructureKind.values)}."
            )
        return kind
