"""Long work that somebody asked for: how far it is, what came of it."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from portal.jobs import HANDLERS
from portal.models import Job


def described(job: Job) -> dict:
    """A job as the kit's `job` tag draws it."""
    how = HANDLERS.get(job.kind)
    return {
        "title": how.label if how else job.kind,
        "done": job.done,
        "total": job.total or 0,
        "finished": job.state == Job.State.DONE,
        "failed": job.state == Job.State.FAILED,
        "note": job.error or job.get_state_display(),
    }


@require_safe
def jobs(request):
    mine = Job.objects.filter(asked_by=request.user).order_by("-pk")[:50]
    return render(request, "work/jobs.html", {"jobs": [(job, described(job)) for job in mine]})


@require_safe
def job(request, pk):
    """One job; asked in the background, only the fragment that shows its progress."""
    found = get_object_or_404(Job, asked_by=request.user, pk=pk)
    context = {"job": found, "described": described(found)}
    return render(request, "work/_job.html" if request.htmx else "work/job.html", context)


@require_safe
def job_file(request, pk):
    """What a job made."""
    found = get_object_or_404(Job, asked_by=request.user, pk=pk)
    if not found.content:
        raise Http404
    response = FileResponse(found.content.open("rb"), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.content_name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
