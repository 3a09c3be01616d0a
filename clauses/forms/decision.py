from django import forms
from django.db.models import TextChoices

from clauses.enums import RefusalReason
from clauses.models import Proposal


class Answer(TextChoices):
    ACCEPT = "accept", "Accepter la proposition"
    REFUSE = "refuse", "Refuser la proposition"
    REWORK = "rework", "Demander de revoir"


class AnswerForm(forms.Form):
    """What a signed-in prescriber answers; which of the three answers it is comes from the address."""

    # What was read: a proposal sent again meanwhile says something else.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    refusal_reason = forms.ChoiceField(
        label="Pourquoi refusez-vous ?", choices=RefusalReason, required=False, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label="Un mot pour l’office",
        required=False,
        max_length=4000,
        help_text="Facultatif si vous acceptez. Pour demander de revoir, dites ce qu’il faudrait changer.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    is_by_link = False

    def __init__(self, data=None, *, proposal: Proposal, answer: Answer | None = None):
        self.proposal, self.answer = proposal, answer
        self.stamp = proposal.sent_at.isoformat() if proposal.sent_at else ""
        super().__init__(data)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("seen") not in ("", self.stamp):
            raise forms.ValidationError(
                "La proposition a changé depuis que vous avez ouvert cette page : relisez-la, puis répondez."
            )
        if self.is_refusing and "refusal_reason" not in self.errors and not cleaned["refusal_reason"]:
            self.add_error("refusal_reason", "Choisissez une raison.")
        return cleaned

    @property
    def is_refusing(self) -> bool:
        return self.answer == Answer.REFUSE


class LinkAnswerForm(AnswerForm):
    """The same without an account: who answers, and which button was pressed."""

    decider_name = forms.CharField(
        label="Votre prénom et votre nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    decider_job = forms.CharField(
        label="Votre fonction",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )

    is_by_link = True

    def __init__(self, data=None, *, proposal: Proposal, recipient_name: str = ""):
        pressed = data.get("answer") if data else None
        super().__init__(data, proposal=proposal, answer=Answer(pressed) if pressed in Answer else None)
        self.fields["decider_name"].initial = recipient_name
        self.order_fields(["decider_name", "decider_job"])

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.answer is None:
            raise forms.ValidationError("Choisissez une des trois réponses.")
        return cleaned
