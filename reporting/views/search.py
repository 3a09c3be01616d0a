from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission, require_permission
from reporting.queries import search as searching


@require_safe
@require_permission(Permission.SEARCH)
def search(request: HttpRequest) -> HttpResponse:
    # PostgreSQL refuses the null character, SQLite a thousand conditions.
    query = request.GET.get("q", "").replace("\0", "").strip()[: searching.LONGEST]
    groups = searching.search(user=request.user, query=query)
    context = {
        "query": query,
        "groups": groups,
        "count": sum(group.count for group in groups),
        "is_too_short": len(query) < searching.SHORTEST,
    }
    return render(request, "reporting/search.html", context)
