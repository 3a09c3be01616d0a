"""What people type in French: « 1 000 000 », « 7,5 », « 5 % », « 35,5 h », a last day."""

import re
from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from config.lib.fields import NumberField


_BLANKS = re.compile(r"\s+")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
_HOURS = re.compile(r"(-?\d{1,6})(?:[.,](\d{1,2}))?h?", re.IGNORECASE)


class ShareField(NumberField):
    """Typed in per cent, kept from 0 to 1."""

    def __init__(self, **kwargs):
        super().__init__(unit="%", max_digits=6, decimal_places=2, **kwargs)

    def clean(self, value):
        percent = super().clean(value)
        return None if percent is None else percent / 100

    def prepare_value(self, value):
        return super().prepare_value(value * 100 if isinstance(value, Decimal) else value)


class HoursField(forms.CharField):
    """« 35,5 », « 35.5 », « 1 234 h »: decimals of an hour, never minutes. Blank is None."""

    default_error_messages = {
        "unread": "Écrivez un nombre d’heures, par exemple 35,5 (deux décimales au plus).",
        "negative": "Les heures ne peuvent pas être négatives.",
    }

    def __init__(self, **options):
        options.setdefault("required", False)
        attributes = {"inputmode": "decimal", "autocomplete": "off", "class": "hours-input"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **options)

    def prepare_value(self, value):
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value

    def clean(self, value) -> Decimal | None:
        text = _BLANKS.sub("", super().clean(value))
        if not text:
            return None
        read = _HOURS.fullmatch(text)
        if read is None:
            raise ValidationError(self.error_messages["unread"], code="unread")
        hours = Decimal(f"{read[1]}.{read[2] or 0}")
        if hours < 0 or text.startswith("-"):
            raise ValidationError(self.error_messages["negative"], code="negative")
        return hours


class DayField(forms.DateField):
    """A day, chosen in the browser's calendar or typed as 03/03/2027."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "Écrivez la date ainsi : 03/03/2027."}

    def __init__(self, *, first_day: date = FIRST_DAY, **options):
        super().__init__(**options)
        sentence = f"Vérifiez l’année : elle va de {first_day.year} à {LAST_DAY.year}."
        self.validators += [MinValueValidator(first_day, sentence), MaxValueValidator(LAST_DAY, sentence)]


class LastDayField(DayField):
    """People say the last day; periods are kept with the first day that no longer counts."""

    def clean(self, value) -> date | None:
        last = super().clean(value)
        return last + timedelta(days=1) if last else None

    def prepare_value(self, value):
        return value - timedelta(days=1) if isinstance(value, date) else value
