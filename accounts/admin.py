"""Support: accounts, organisations and mandates. Every write goes through its service."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.enums import OrganisationKind
from accounts.models import Mandate, Membership, Organisation, User
from accounts.services import companies, organisations, people, retention


class WithoutDeletion(admin.ModelAdmin):
    """What others refer to is ended or forgotten, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class AccountForm(forms.ModelForm):
    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class MembershipInline(admin.TabularInline):
    model = Membership
    fk_name = "user"
    fields = readonly_fields = ("organisation", "role", "job_title", "invited_at", "accepted_at", "ended_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(WithoutDeletion):
    form = AccountForm
    fields = ("email", "first_name", "last_name", "is_active", "is_staff", "joined_at", "last_login")
    readonly_fields = ("is_staff", "joined_at", "last_login")
    inlines = (MembershipInline,)
    list_display = ("email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    actions = ("forget",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Accounts come from invitations."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        # Nobody locks themselves out.
        return (*self.readonly_fields, "is_active") if obj == request.user else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: User, form: forms.Form, change) -> None:
        people.change_account(
            user=obj,
            email=obj.email,
            first_name=obj.first_name,
            last_name=obj.last_name,
            is_active=obj.is_active,
            by=request.user,
        )

    @admin.action(description="Effacer les données des personnes choisies")
    def forget(self, request: HttpRequest, chosen) -> HttpResponse | None:
        people_chosen = chosen.exclude(pk=request.user.pk).order_by("email")
        if "confirmed" not in request.POST:
            context = self.admin_site.each_context(request) | {"people": people_chosen, "opts": self.opts}
            return TemplateResponse(request, "accounts/forget.html", context)
        for person in people_chosen:
            retention.forget_person(user=person, by=request.user, at=timezone.now())
        messages.success(request, "Les données de ces personnes sont effacées.")
        return None


class OrganisationForm(forms.ModelForm):
    # Longer than the number: it is copied with its spaces.
    siret = forms.CharField(label="SIRET", required=False, max_length=40)

    def clean_siret(self) -> str:
        siret = self.cleaned_data["siret"].strip()
        try:
            return companies.checked_siret(siret) if siret else ""
        except companies.SiretRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


@admin.register(Organisation)
class OrganisationAdmin(WithoutDeletion):
    form = OrganisationForm
    fields = ("kind", "name", "siret")
    list_display = ("name", "kind", "siret")
    list_filter = ("kind",)
    search_fields = ("name", "siret")
    ordering = ("name", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        return ("kind",) if obj else ()

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        # A buyer has a category and departments: it is added from the page of the buyers.
        kwargs["choices"] = [choice for choice in db_field.choices if choice[0] != OrganisationKind.BUYER]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Organisation, form: forms.Form, change) -> None:
        if change:
            organisations.rename(organisation=obj, name=obj.name, siret=obj.siret, by=request.user)
        elif obj.kind == OrganisationKind.OFFICE:
            office = organisations.open_office(
                name=obj.name, siret=obj.siret, by=request.user, at=timezone.now()
            )
            obj.pk = office.pk
        else:
            added = organisations.add(
                kind=OrganisationKind(obj.kind),
                name=obj.name,
                siret=obj.siret,
                by=request.user,
                at=timezone.now(),
            )
            obj.pk = added.pk


class MandateForm(forms.ModelForm):
    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors:
            self._ask(cleaned)
        return cleaned

    def _ask(self, cleaned: dict) -> None:
        try:
            if self.instance.pk:
                organisations.check_end(mandate=self.instance, ends_on=cleaned["ends_on"])
            else:
                organisations.check_mandate(**cleaned)
        except organisations.MandateRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


@admin.register(Mandate)
class MandateAdmin(WithoutDeletion):
    form = MandateForm
    autocomplete_fields = ("partner",)
    list_display = ("office", "partner", "starts_on", "ends_on")
    list_select_related = ("office__organisation", "partner")
    search_fields = ("office__organisation__name", "partner__name")
    ordering = ("-starts_on", "pk")

    def get_fields(self, request: HttpRequest, obj: Mandate | None = None) -> tuple[str, ...]:
        return ("office", "partner", "starts_on", "ends_on") if obj else ("office", "partner", "starts_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Mandate | None = None) -> tuple[str, ...]:
        return ("office", "partner", "starts_on") if obj else ()

    def save_model(self, request: HttpRequest, obj: Mandate, form: forms.Form, change) -> None:
        if change:
            organisations.end_mandate(mandate=obj, ends_on=obj.ends_on, by=request.user)
            return
        mandate = organisations.start_mandate(
            office=obj.office, partner=obj.partner, starts_on=obj.starts_on, by=request.user
        )
        obj.pk = mandate.pk
