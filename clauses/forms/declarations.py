from collections.abc import Iterator
from decimal import Decimal

from crispy_forms.helper import FormHelper
from django import forms
from django.forms import BoundField

from clauses.enums import RejectionReason
from clauses.forms.fields import HoursField
from clauses.queries.grid import Grid, Line


class HoursForm(forms.Form):
    """One cell a person, named by placement; a blank cell declares nothing."""

    def __init__(self, *args, grid: Grid, **kwargs):
        super().__init__(*args, **kwargs)
        self.grid = grid
        for line in grid.lines:
            self.fields[_cell(line.placement_id)] = HoursField(
                label=f"Heures réalisées par {line.person}", initial=line.done
            )

    @property
    def hours(self) -> dict[int, Decimal]:
        """What was typed, by placement, without the blanks; only of a valid form."""
        typed = {line.placement_id: self.cleaned_data[_cell(line.placement_id)] for line in self.grid.lines}
        return {placement: hours for placement, hours in typed.items() if hours is not None}

    @property
    def rows(self) -> Iterator[tuple[Line, BoundField]]:
        return ((line, self[_cell(line.placement_id)]) for line in self.grid.lines)

    def refuse(self, reasons: dict[int, str]) -> None:
        for placement, sentence in reasons.items():
            self.add_error(_cell(placement), sentence)


class CreditForm(forms.Form):
    """One cell a person, filled with the hours done: what the facilitator retains."""

    def __init__(self, *args, grid: Grid, **kwargs):
        super().__init__(*args, **kwargs)
        self.grid = grid
        for line in grid.lines:
            self.fields[_cell(line.entry_id)] = HoursField(
                label=f"Heures retenues pour {line.person}", initial=line.done, required=True,
                error_messages={"required": "Écrivez les heures retenues, 0 s’il n’y en a pas."},
            )  # fmt: skip

    @property
    def credited(self) -> dict[int, Decimal]:
        return {line.entry_id: self.cleaned_data[_cell(line.entry_id)] for line in self.grid.lines}

    @property
    def rows(self) -> Iterator[tuple[Line, BoundField]]:
        return ((line, self[_cell(line.entry_id)]) for line in self.grid.lines)

    def refuse(self, reasons: dict[int, str]) -> None:
        for entry, sentence in reasons.items():
            self.add_error(_cell(entry), sentence)


class RejectionForm(forms.Form):
    reason = forms.ChoiceField(label="Raison", choices=[("", "Choisir"), *RejectionReason.choices])
    comment = forms.CharField(
        label="Précision",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="L’entreprise la lit. Obligatoire avec « Autre raison ».",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def _cell(key: int) -> str:
    return f"hours-{key}"
