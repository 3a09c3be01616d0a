from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission, allows, require_permission
from jobs.enums import JobKind
from jobs.models import Job
from jobs.services import queue


# htmx takes this status as the end of a poll.
STOP_POLLING = 286


# Who may ask for a job may have it done again.
ASKING = {
    JobKind.REPORT: Permission.REPORT_BUILD,
    JobKind.PLAN_FILE_READ: Permission.PLAN_EDIT,
    JobKind.PLAN_FILE_APPLY: Permission.PLAN_EDIT,
}


@require_GET
@require_permission(Permission.JOB_FOLLOW)
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    jobs = Job.objects.visible_to(request.user).select_related("requested_by")
    job = get_object_or_404(jobs, pk=pk)
    context = {
        "job": job,
        "result_url": job.get_result_url() if job.is_done else "",
        "home_url": reverse(job.wording.home_page),
        "may_relaunch": _may_ask(request, job),
    }
    if request.htmx:
        status = STOP_POLLING if job.is_over else 200
        return render(request, "jobs/job_detail.html#progress", context, status=status)
    return render(request, "jobs/job_detail.html", context)


@require_POST
@require_permission(Permission.JOB_FOLLOW)
def job_relaunch(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if not _may_ask(request, job):
        raise PermissionDenied
    try:
        queue.relaunch(job=job, by=request.user, at=timezone.now())
    except queue.NotRelaunchable as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le travail est relancé.")
    return redirect(job)


def _may_ask(request: HttpRequest, job: Job) -> bool:
    return allows(request.user, ASKING[JobKind(job.kind)])
