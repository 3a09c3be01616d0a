from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: cookies refused, or a page left open while the session ended."""
    return render(request, "errors/stale_form.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def method_refused(request: HttpRequest) -> HttpResponse:
    """An address opened by hand that only answers a button."""
    return render(request, "errors/405.html", status=405)


def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request: whatever failed (database, session) must not fail again here.
    return HttpResponse(render_to_string("errors/500.html"), status=500)
