"""The company, the structure, the funder, the administrator."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Min, Model
from django.urls import reverse

from accounts.models import Mandate, Organisation, User
from clauses.enums import MonthState
from clauses.models import Clause, Public, ReferenceValue
from clauses.queries.months import Month, expected
from config.lib.french import of_month
from procurement.models import Contract, Delay
from reporting.models import ReportEdition
from reporting.queries.todo.items import (
    AT_MOST,
    Figure,
    Home,
    Item,
    named,
    oldest_first,
    organisation_of,
    plural,
)
from reporting.queries.todo.shared import declared_by, hours_figures, new_reports
from reporting.queries.todo.sourcing import needs_received
from structures.models import Structure


VERBS = {
    MonthState.TO_DECLARE: ("à déclarer", "Déclarer"),
    MonthState.DRAFT: ("à envoyer", "Terminer"),
    MonthState.REJECTED: ("à corriger", "Corriger"),
}


def contractor(user: User, on: date) -> Home:
    contracts = Contract.objects.visible_to(user)
    months = expected(contracts, on)
    offices = dict(contracts.order_by().values_list("pk", "office__organisation__name"))
    tasks = [_to_declare(month) for month in months if month.is_owed_by_company][:AT_MOST]
    sent = [month for month in months if month.state == MonthState.SENT][:AT_MOST]
    waits = [_in_validation(month, offices[month.contract_id]) for month in sent]
    figures = hours_figures(Clause.objects.visible_to(user), reverse("clauses:clause_list"))
    return Home(oldest_first(tasks), oldest_first(waits), tuple(figures))


def _to_declare(month: Month) -> Item:
    still, verb = VERBS[month.state]
    return Item(
        what=f"Heures {of_month(month.period)} {still}",
        about=named(month.reference, month.title),
        since=month.since,
        until=declared_by(month),
        verb=verb,
        url=_page(month),
    )


def _page(month: Month) -> str:
    if month.state == MonthState.REJECTED:
        return reverse("clauses:declaration_detail", args=[month.declaration_id])
    period = month.period
    return reverse("clauses:declaration_fill", args=[month.contract_id, period.year, period.month])


def _in_validation(month: Month, office: str) -> Item:
    return Item(
        what=f"Validation des heures {of_month(month.period)}",
        about=named(month.reference, month.title),
        owner=office,
        since=month.since,
        verb="Voir",
        url=reverse("clauses:declaration_detail", args=[month.declaration_id]),
    )


def structure(user: User, on: date) -> Home:
    """Cards that nobody has verified for long, and the needs that were sent."""
    own = Structure.objects.visible_to(user).filter(organisation=organisation_of(user))
    cards = list(own.order_by("pk")[:AT_MOST])
    tasks = [
        Item("Fiche à vérifier", str(card), card.verify_again_on, "Relire la fiche", card.get_absolute_url())
        for card in cards
        if card.verify_again_on <= on
    ]
    return Home(oldest_first([*tasks, *needs_received(user)]))


def funder(user: User, on: date) -> Home:
    offices = Mandate.objects.offices_of(organisation_of(user))
    figures = hours_figures(Clause.objects.filter(office__in=offices), reverse("reporting:dashboard"))
    return Home(oldest_first(new_reports(ReportEdition.objects.visible_to(user), on)), figures=tuple(figures))


def administrator(user: User, on: date) -> Home:
    kinds = Organisation.objects.values_list("kind").annotate(count=Count("pk")).order_by()
    counts = dict(kinds)
    names = {"office": "Offices", "buyer": "Acheteurs", "company": "Entreprises"}
    figures = [Figure(label, str(counts.get(kind, 0))) for kind, label in names.items()]
    return Home(oldest_first(_to_confirm(on)), figures=tuple(figures))


def _to_confirm(on: date) -> Iterator[Item]:
    """Values that no readable source has confirmed: an administrator corrects them, or takes the mark off."""
    pages: dict[type[ReferenceValue] | type[Public] | type[Delay], tuple[str, str]] = {
        ReferenceValue: ("valeur de référence à confirmer", "valeurs de référence à confirmer"),
        Public: ("public à confirmer", "publics à confirmer"),
        Delay: ("délai à confirmer", "délais à confirmer"),
    }
    for model, words in pages.items():
        found = model.objects.in_force(on).filter(is_to_confirm=True)
        row = found.aggregate(count=Count("pk"), since=Min("valid_from"))
        if row["count"]:
            yield Item(
                what=plural(row["count"], *words),
                about="Usage courant, sans source lue à ce jour",
                since=row["since"],
                verb="Vérifier",
                url=f"{_changelist(model)}?is_to_confirm__exact=1",
            )


def _changelist(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
