"""Getting at what was uploaded: the original as a download, or one page of it as a picture."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from portal import uploads
from portal.models import File


@require_safe
def file(request, pk):
    """The original. It is always saved, never opened inside the portal's own pages."""
    return sent(get_object_or_404(File.objects.visible_to(request.user), pk=pk))


def sent(found: File) -> HttpResponseBase:
    """The original of a file that the caller may have."""
    response: HttpResponseBase
    if settings.FILES_ACCEL:
        response = HttpResponse(content_type=found.media_type)
        response["X-Accel-Redirect"] = f"{settings.FILES_ACCEL}{found.content.name}"
    else:
        response = FileResponse(found.content.open("rb"), content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def file_page(request, pk, number):
    """A page as a picture, drawn by us: nothing of the original runs in the reader's browser."""
    found = get_object_or_404(File.objects.visible_to(request.user), pk=pk)
    if not 1 <= number <= found.pages:
        raise Http404
    response = HttpResponse(uploads.page_png(found, number), content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    return response
