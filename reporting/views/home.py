from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reporting/home.html")
