from django import forms

from procurement.queries.plan_campaign import MissingPlan


class RemindersForm(forms.Form):
    """The buyers to write to, and those whom the sender agrees to remind so soon."""

    buyer = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": "Choisissez au moins un acheteur.",
            "invalid_choice": "Cet acheteur n’attend aucune relance : son plan est peut-être arrivé.",
        },
    )
    again = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args, plans: list[MissingPlan], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(plan.buyer_id, plan.buyer) for plan in plans]
        self.fields["buyer"].choices = self.fields["again"].choices = choices
