from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from accounts.models import Membership
from config.errors import method_refused
from config.lib.typography import set_spaces


SESSION_KEY = "membership_id"


class CurrentMembershipMiddleware:
    """Puts on the signed-in person the hat chosen in this session, or the first one they own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            hats = list(hats_of(request.user.pk))
            chosen = request.session.get(SESSION_KEY)
            request.user.hats = hats
            request.user.membership = next(
                (hat for hat in hats if hat.pk == chosen), hats[0] if hats else None
            )
        return self.get_response(request)


class RefusedMethodMiddleware:
    """Django has no handler for 405 and leaves a blank page: people read a sentence and find a way out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = method_refused(request)
        page["Allow"] = response["Allow"]
        return page


class TypographyMiddleware:
    """No line of a page breaks before a colon or inside guillemets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            response.content = set_spaces(response.text)
        return response


def hats_of(user_id: int):
    return (
        Membership.objects.in_force()
        .filter(user=user_id)
        .select_related("organisation")
        .order_by("organisation__name", "role", "pk")
    )
