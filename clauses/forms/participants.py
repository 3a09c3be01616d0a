from collections.abc import Sequence
from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet

from clauses.enums import EligibilityState, Modality
from clauses.forms.fields import DayField, LastDayField
from clauses.models import Clause, Eligibility, Participant, Placement, Public
from clauses.services.eligibility import Grounds
from clauses.services.participants import Identity, PossibleDuplicate
from clauses.services.placements import Engagement
from structures.models import Structure


MOST_OFFERED = 8


def bare_helper(*layout) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return helper


class ParticipantForm(forms.ModelForm):
    """A person, as little as the work needs."""

    born_on = DayField(label="Date de naissance")
    is_somebody_else = forms.BooleanField(
        label="C’est une autre personne, je l’ai vérifié",
        required=False,
        help_text="Deux fiches pour une même personne compteraient ses heures à part.",
    )

    class Meta:
        model = Participant
        fields = (
            "first_name", "last_name", "born_on", "sex", "postcode", "city", "in_qpv", "training_level",
        )  # fmt: skip
        help_texts = {"in_qpv": "L’adresse se vérifie sur sig.ville.gouv.fr."}

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = bare_helper(
            Fieldset(
                "La personne",
                Row(Column("first_name"), Column("last_name")),
                Row(Column("born_on"), Column("sex")),
            ),
            Fieldset("Son domicile", Row(Column("postcode"), Column("city")), "in_qpv"),
            Fieldset("Sa formation", "training_level"),
        )

    def ask_again(self, doubt: PossibleDuplicate) -> None:
        """Somebody of that name is already followed: the question appears with the answer to give."""
        self.twins = doubt.twins
        self.add_error(None, str(doubt))
        self.helper.layout.insert(0, Fieldset("Une fiche du même nom existe", "is_somebody_else"))

    def clean_born_on(self) -> date:
        born_on = self.cleaned_data["born_on"]
        # Apprenticeships start at 15, exceptionally at 14; nobody works past 100.
        if not 14 <= self.today.year - born_on.year <= 100:
            raise forms.ValidationError("Vérifiez l’année de naissance.")
        return born_on

    @property
    def identity(self) -> Identity:
        return Identity(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class EligibilityForm(forms.ModelForm):
    """The decision, its public, and what it rests on."""

    state = forms.ChoiceField(
        label="Décision",
        choices=[
            (EligibilityState.GRANTED, "Reconnaître l’éligibilité"),
            (EligibilityState.REFUSED, "Refuser l’éligibilité"),
        ],
        widget=forms.RadioSelect,
        initial=EligibilityState.GRANTED,
    )
    public = forms.ModelChoiceField(label="Public", queryset=Public.objects.none(), empty_label="Choisir")
    proof = forms.CharField(
        label="Justificatif vu",
        required=False,
        max_length=200,
        help_text="Sa nature seulement : le document se regarde et ne se garde pas.",
    )
    proof_issued_on = DayField(label="Daté du", required=False)
    proof_seen_on = DayField(label="Vu le", required=False)
    opinion = forms.CharField(
        label="Avis motivé",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="À défaut de justificatif, ou pour refuser. Ni diagnostic ni détail de santé.",
    )
    valid_from = DayField(label="Éligible à partir du")
    valid_to = LastDayField(label="Dernier jour d’éligibilité")

    class Meta:
        model = Eligibility
        fields = (
            "public", "proof", "proof_issued_on", "proof_seen_on", "opinion", "valid_from", "valid_to",
        )  # fmt: skip

    def __init__(self, *args, publics: QuerySet[Public], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["public"].queryset = publics
        self.fields["public"].label_from_instance = _with_proof
        self.helper = bare_helper(
            Fieldset("La décision", "state", "public"),
            Fieldset(
                "Ce qui la fonde",
                "proof",
                Row(Column("proof_issued_on"), Column("proof_seen_on")),
                "opinion",
            ),
            Fieldset("Sa durée", Row(Column("valid_from"), Column("valid_to"))),
        )

    def _post_clean(self) -> None:
        """The service judges the row: a half-built one would be judged twice."""

    @property
    def grounds(self) -> Grounds:
        cleaned = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if cleaned["proof_seen_on"] and not cleaned["proof"]:
            cleaned["proof"] = cleaned["public"].proof[:200]
        return Grounds(**cleaned)


def _with_proof(public: Public) -> str:
    age = f", {public.proof_max_months} mois au plus" if public.proof_max_months else ""
    unsure = " (à confirmer)" if public.is_to_confirm else ""
    return f"{public.label} – {public.proof}{age}{unsure}"


class PlacementForm(forms.ModelForm):
    """How a person will work under a clause."""

    clause = forms.ModelChoiceField(
        label="Clause", queryset=Clause.objects.none(), empty_label="Choisir un contrat en cours"
    )
    employer = forms.CharField(
        label="Structure employeuse",
        required=False,
        max_length=120,
        help_text="Nom ou SIRET au répertoire, pour une mise à disposition ou une sous-traitance.",
    )
    employer_structure = forms.ModelChoiceField(
        label="Structures trouvées",
        queryset=Structure.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    starts_on = DayField(label="Premier jour")
    ends_on = LastDayField(
        label="Dernier jour", required=False, help_text="Laissez vide si vous ne savez pas."
    )

    class Meta:
        model = Placement
        fields = ("modality", "contract_type", "employer_structure", "job_title", "starts_on", "ends_on")
        help_texts = {"job_title": "Par exemple : agente d’entretien des espaces verts."}

    def __init__(self, *args, clauses: QuerySet[Clause], structures: QuerySet[Structure], **kwargs):
        super().__init__(*args, **kwargs)
        self.structures = structures
        for name in ("modality", "contract_type"):
            self.fields[name].choices = [("", "Choisir"), *self.fields[name].choices[1:]]
        self.fields["clause"].queryset = clauses
        self.fields["clause"].label_from_instance = _with_contract
        # What was found is offered again when the form comes back, and never the whole directory.
        self.fields["employer_structure"].queryset = found = self._found()
        employers = ["employer", "employer_structure"] if len(found) > 1 else ["employer"]
        self.helper = bare_helper(
            Fieldset("Le contrat", "clause"),
            Fieldset("L’emploi", "modality", *employers, Row(Column("contract_type"), Column("job_title"))),
            Fieldset("Les dates", Row(Column("starts_on"), Column("ends_on"))),
        )

    def _found(self) -> QuerySet[Structure]:
        words = (self.data.get("employer") or "").strip()
        # Read before the field judged it: what it will refuse is not searched.
        if not words or "\0" in words or len(words) > self.fields["employer"].max_length:
            return self.structures.none()
        matches = self.structures.matching(words).order_by("sort_name", "pk").values_list("pk", flat=True)
        return self.structures.filter(pk__in=list(matches[:MOST_OFFERED])).order_by("sort_name", "pk")

    def _post_clean(self) -> None:
        """The service judges the row."""

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("modality") == Modality.DIRECT_HIRE:
            cleaned["employer_structure"] = None
        elif cleaned.get("employer_structure") is None:
            # A choice made among what was found before says nothing of what is found now.
            self.errors.pop("employer_structure", None)
            cleaned["employer_structure"] = self._only_one()
        return cleaned

    def _only_one(self) -> Structure | None:
        found: Sequence[Structure] = self.fields["employer_structure"].queryset
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            self.add_error("employer_structure", "Plusieurs structures correspondent : choisissez-en une.")
        elif self.cleaned_data.get("employer"):
            self.add_error("employer", "Aucune structure du répertoire ne porte ce nom ou ce SIRET.")
        elif "employer" not in self.errors:
            self.add_error("employer", "Cette modalité demande une structure employeuse.")
        return None

    @property
    def engagement(self) -> Engagement:
        return Engagement(**{name: self.cleaned_data[name] for name in self.Meta.fields})


def _with_contract(clause: Clause) -> str:
    return (
        f"{clause.contract.reference} – {clause.contract.title} ({clause.contract.contractor}), {clause.lot}"
    )


class PlacementEndForm(forms.Form):
    ends_on = LastDayField(label="Dernier jour de travail")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare_helper("ends_on")
