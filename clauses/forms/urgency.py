from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from clauses.models import Urgency


class UrgencyForm(forms.ModelForm):
    """Why a line cannot wait; a proposal shows it to the department."""

    class Meta:
        model = Urgency
        fields = ("reason",)
        labels = {"reason": "Pourquoi cette ligne est urgente"}
        help_texts = {"reason": "Le service qui reçoit une proposition sur ce marché la lira aussi."}
        error_messages = {"reason": {"required": "Dites pourquoi cette ligne est urgente."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("reason", Submit("save", "Signaler urgente"))
