from collections.abc import Sequence

from django import forms
from django.db.models import QuerySet

from clauses.queries.renewals import Candidate
from config.lib.listing import CriteriaForm
from procurement.rules.renewals import Renewal


class BuyerChoiceForm(CriteriaForm):
    """Whose contracts: those of one buyer, or of all."""

    buyer = forms.ModelChoiceField(label="Acheteur", queryset=None, required=False, empty_label="Tous")

    def __init__(self, *args, buyers: QuerySet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["buyer"].queryset = buyers

    @property
    def chosen(self):
        """What is not understood narrows nothing."""
        return self.cleaned_data.get("buyer") if self.is_valid() else None


class RenewalsForm(forms.Form):
    """What somebody ticked, or the one line whose button was pressed."""

    keys = forms.MultipleChoiceField(
        required=False,
        error_messages={
            "invalid_choice": "Une ligne cochée est déjà reprise ou n’a plus lieu : rechargez la page."
        },
    )

    def __init__(self, *args, candidates: Sequence[Candidate], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.renewals = {one.key: one.renewal for one in candidates if one.successor is None}
        self.fields["keys"].choices = [(key, key) for key in self.renewals]

    @property
    def chosen(self) -> list[Renewal]:
        return [self.renewals[key] for key in self.cleaned_data["keys"]]
