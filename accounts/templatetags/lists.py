"""What every list shows: headers that sort. The list’s filter has `sort_name` and `sorted_by(name)`."""

from django import template


register = template.Library()


@register.inclusion_tag("components/sort_header.html")
def sort_header(filter_set, name: str, label: str, css_class: str = "") -> dict:
    """`{% sort_header filter "city" "Commune" %}`"""
    directions = {name: "ascending", f"-{name}": "descending"}
    return {
        "label": label,
        "css_class": css_class,
        "query": filter_set.sorted_by(name),
        "direction": directions.get(filter_set.sort_name, ""),
    }
