"""Numbers as people type them in French: « 1 000 000 », « 7,5 »."""

from decimal import Decimal

from django import forms

from config.lib.french import format_number


_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_TYPED = str.maketrans(",", ".", f"€%{_SPACES}")


class NumberField(forms.DecimalField):
    default_error_messages = {"invalid": "Écrivez un nombre, par exemple 1 000 000 ou 7,5."}

    def __init__(self, *, unit: str = "", **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.unit = unit

    def to_python(self, value):
        return super().to_python(value.translate(_TYPED) if isinstance(value, str) else value)

    def prepare_value(self, value):
        return format_number(value) if isinstance(value, Decimal | int) else value
