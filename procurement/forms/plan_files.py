from collections.abc import Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from config.lib.spreadsheet import Limits
from procurement.imports import Correction
from procurement.imports.rows import READERS


_CELL = "cellule"
_LONGEST_LINE = 8
_LONGEST_VALUE = 2_000


class PlanFileForm(forms.Form):
    file = forms.FileField(
        label="Fichier du plan",
        help_text="Un .xlsx, .xls, .ods, .csv ou .json, tel que votre service le tient.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.json"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_class = "form-narrow"
        self.helper.add_input(Submit("send", "Lire le fichier"))

    def clean_file(self):
        file, limit = self.cleaned_data["file"], Limits().size
        if file.size > limit:
            raise forms.ValidationError(f"Ce fichier dépasse {limit // 2**20} Mo : découpez-le.")
        return file


def cell_name(sheet: str, line: int, field: str) -> str:
    """The name, in the page, of the answer about one cell; a sheet may be called anything."""
    return f"{_CELL}:{line}:{field}:{sheet}"


def read_corrections(posted: Mapping[str, str]) -> list[Correction]:
    """The answers that somebody typed; what is left blank, or is no cell of ours, is none."""
    corrections = []
    for name, value in posted.items():
        prefix, line, field, sheet = [*name.split(":", 3), "", "", ""][:4]
        if prefix == _CELL and line.isdecimal() and len(line) < _LONGEST_LINE and field in READERS:
            # PostgreSQL keeps no null character.
            said = value.replace("\0", "").strip()[:_LONGEST_VALUE]
            corrections.append(Correction(sheet, int(line), field, said))
    return [correction for correction in corrections if correction.value]
