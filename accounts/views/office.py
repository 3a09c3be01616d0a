from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import audit
from accounts.forms.office import OfficeForm
from accounts.models import Office
from accounts.permissions import Permission, require_permission
from accounts.services import offices


@require_permission(Permission.OFFICE_MANAGE)
def office(request: HttpRequest) -> HttpResponse:
    own = get_object_or_404(Office.objects.visible_to(request.user).select_related("organisation"))
    form = OfficeForm(request.POST or None, instance=own)
    if form.is_valid():
        offices.change(office=own, **form.cleaned_data, by=request.user)
        messages.success(request, "Les réglages de l’office sont enregistrés.")
        return redirect("accounts:office")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "office": own, "events": audit.history(own)}
    return render(request, "accounts/office.html", context, status=status)
