from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.permissions import Permission, require_permission
from clauses.queries.reference_shelves import Row, shelves


# What the address may ask for.
CHOICES = {
    "": ("En vigueur", lambda row: row.is_in_force),
    "to_confirm": ("À confirmer", lambda row: row.is_in_force and row.reference.is_to_confirm),
    "all": ("Toutes les dates", lambda row: True),
}


@require_GET
@require_permission(Permission.REFERENCE_VIEW)
def reference_list(request: HttpRequest) -> HttpResponse:
    """The numbers that calculations start from, each with where it comes from and since when."""
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in CHOICES else ""
    found = shelves(timezone.localdate(), keep=CHOICES[chosen][1])
    counted: list[Row] = [row for shelf in found for row in shelf.rows]
    context = {
        "shelves": found,
        "count": len(counted),
        "tabs": [(value, label) for value, (label, _) in CHOICES.items()],
        "chosen": chosen,
    }
    return render(request, "clauses/reference_list.html", context)
