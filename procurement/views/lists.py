from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import push_url

from config.lib.listing import ListFilter


def render_list(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """The page, or its `results` alone when htmx swaps them. `context` has the filter."""
    found: ListFilter = context["filter"]
    is_swap = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"{template}#results" if is_swap else template, context)
    # The back button must not show the fragment as a page.
    patch_vary_headers(response, ["HX-Request"])
    return push_url(response, f"?{found.query}") if is_swap else response
