from datetime import datetime

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.timezone import get_current_timezone, localtime

from accounts.models import Organisation
from procurement.forms.buyers import fields_only
from procurement.models import Market
from structures.enums import MeetingOutcome
from structures.models import Guest, Meeting, MeetingKind, Structure


class MeetingForm(forms.ModelForm):
    """The day once, the two hours apart: nobody types a date twice."""

    day = forms.DateField(label="Jour", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    starts = forms.TimeField(label="De", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    ends = forms.TimeField(label="À", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))

    class Meta:
        model = Meeting
        fields = ["kind", "title", "place", "about"]
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = MeetingKind.objects.filter(is_offered=True)
        if self.instance.pk:
            offered |= MeetingKind.objects.filter(pk=self.instance.kind_id)
            self._recall()
        self.fields["kind"].queryset = offered.order_by("rank", "pk")
        self.fields["kind"].empty_label = "Choisissez"
        self.helper = fields_only()
        times = Div(
            Div("day", css_class="col-sm-6"),
            Div("starts", css_class="col-6 col-sm-3"),
            Div("ends", css_class="col-6 col-sm-3"),
            css_class="row",
        )
        self.helper.layout = Layout("kind", "title", times, "place", "about")

    def _recall(self) -> None:
        starts, ends = localtime(self.instance.starts_at), localtime(self.instance.ends_at)
        self.initial |= {"day": starts.date(), "starts": starts.time(), "ends": ends.time()}

    def clean(self) -> dict:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "La rencontre se termine après son début.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The two moments are made of three fields of this form, checked above.
        return super()._get_validation_exclusions() | {"starts_at", "ends_at"}

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        zone = get_current_timezone()
        return {name: given[name] for name in self.Meta.fields} | {
            "starts_at": datetime.combine(given["day"], given["starts"], zone),
            "ends_at": datetime.combine(given["day"], given["ends"], zone),
        }


class GuestsForm(forms.Form):
    """Buyers ticked, structures found and ticked."""

    buyer = forms.ModelMultipleChoiceField(queryset=Organisation.objects.none(), required=False)
    structure = forms.ModelMultipleChoiceField(queryset=Structure.objects.none(), required=False)

    def __init__(self, *args, buyers, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["buyer"].queryset = buyers
        self.fields["structure"].queryset = structures

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and not cleaned["buyer"] and not cleaned["structure"]:
            raise forms.ValidationError("Cochez au moins une organisation.")
        return cleaned


class OtherGuestForm(forms.ModelForm):
    class Meta:
        model = Guest
        fields = ["name", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["email"].help_text = "Celle du secrétariat ou du service, si elle existe."
        self.helper = fields_only()

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"organisation", "structure", "meeting"}


class LinkForm(forms.Form):
    market = forms.ModelChoiceField(
        queryset=Market.objects.none(), error_messages={"required": "Choisissez un marché."}
    )

    def __init__(self, *args, markets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["market"].queryset = markets


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label="Ce qui en est sorti", choices=MeetingOutcome, widget=forms.RadioSelect)
    text = forms.CharField(
        label="En un paragraphe",
        required=False,
        max_length=2000,
        help_text="Lu par l’office seulement. Ni nom, ni situation d’une personne.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    came = forms.ModelMultipleChoiceField(
        label="Qui est venu",
        queryset=Guest.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Les organisations non cochées sont notées absentes.",
    )

    def __init__(self, *args, guests, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["came"].queryset = guests
        if not guests:
            del self.fields["came"]
        self.helper = fields_only()

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        return {
            "outcome": MeetingOutcome(given["outcome"]),
            "text": given["text"],
            "came": given.get("came", []),
        }
