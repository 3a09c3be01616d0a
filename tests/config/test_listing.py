import django_filters
import pytest
from django import forms
from django.http import QueryDict

from config.lib.listing import CriteriaForm, QuickSelect
from procurement.models import Family


CHOICES = [(None, "Toutes"), (1, "Travaux & études"), ("b", "Services")]


@pytest.mark.parametrize("value", [None, "", 1, "1", "b", "unheard of"])
def test_a_list_is_written_as_django_writes_it(value):
    attrs = {"id": "id_nature", "class": "form-select", "aria-describedby": "aide", "required": True}

    quick, usual = (
        kind(attrs={"data-fc-x": "y"}, choices=CHOICES).render("nature", value, attrs)
        for kind in (QuickSelect, forms.Select)
    )

    assert forms_of(quick) == forms_of(usual)


def test_a_list_in_groups_is_left_to_django():
    grouped = {"choices": [("Oui", [("a", "A")]), ("", "Aucun")]}

    assert QuickSelect(**grouped).render("kind", "a") == forms.Select(**grouped).render("kind", "a")


def forms_of(html):
    """The attributes of the list, in whatever order, then its options."""
    opening, _, rest = html.partition(">")
    return sorted(opening.split()), [line.strip() for line in rest.replace("><", ">\n<").split("\n") if line]


class Criteria(CriteriaForm):
    nature = forms.ChoiceField(choices=lambda: CHOICES, required=False)
    kinds = forms.MultipleChoiceField(choices=[("a", "A")], required=False)


def test_the_bar_of_criteria_writes_its_lists_so_and_leaves_the_others_alone():
    form = Criteria(QueryDict("nature=b"))

    assert '<option value="b" selected>Services</option>' in str(form["nature"])
    assert type(form["kinds"].field.widget) is forms.SelectMultiple
    assert form.is_valid()


def test_choices_that_a_filter_learns_late_are_shown():
    class Filter(django_filters.FilterSet):
        year = django_filters.ChoiceFilter(choices=lambda: [("2027", "2027")], empty_label="Toutes")

        class Meta:
            form = CriteriaForm
            fields = ()

    shown = str(Filter(QueryDict("year=2027"), queryset=Family.objects.none()).form["year"])

    assert '<option value="">Toutes</option><option value="2027" selected>2027</option>' in shown
