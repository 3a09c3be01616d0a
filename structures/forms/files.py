from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from config.lib.spreadsheet import Limits


class DirectoryFileForm(forms.Form):
    file = forms.FileField(
        label="Fichier du répertoire",
        help_text="Un .csv, .xlsx, .ods ou .json, une ligne par structure ; le SIRET et le type suffisent.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,.json"}),
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
