"""For machines that watch: is the process there, can it work, is this browser still signed in."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def healthz(request):
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def readyz(request):
    """Ready means that the database answers; Redis may be away, the rows wait."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True})


@login_not_required
@require_safe
def session(request):
    """Lets a page that waits with unsaved typing see that its owner is back, and go on with a fresh token."""
    return JsonResponse(
        {"signed_in": request.user.is_authenticated, "who": request.user.pk, "csrf": get_token(request)}
    )
