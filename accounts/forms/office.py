from crispy_forms.layout import Fieldset, Layout
from django import forms

from accounts.forms.doors import bare_helper
from accounts.models import Office


class OfficeForm(forms.ModelForm):
    class Meta:
        model = Office
        fields = ["email", "phone", "answer_days", "link_days", "department_codes", "small_count_floor"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = "Donnée aux acheteurs et aux entreprises pour joindre l’office."
        self.helper = bare_helper()
        self.helper.layout = Layout(
            Fieldset("Contact", "email", "phone"),
            Fieldset("Délais des propositions", "answer_days", "link_days"),
            Fieldset("Territoire", "department_codes"),
            Fieldset("Rapports", "small_count_floor"),
        )
