from django.urls import path

from jobs.views import job


app_name = "jobs"

urlpatterns = [
    path("travaux/<int:pk>/", job.job_detail, name="job_detail"),
    path("travaux/<int:pk>/relancer/", job.job_relaunch, name="job_relaunch"),
]
