"""Pages for what went wrong: what happened, what became of the typing, what to do."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.models import Role

log = logging.getLogger(__name__)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    """Says which right is missing: pages are refused with the set of roles that may open them."""
    roles = exception.args[0] if exception and exception.args else None
    context = {}
    if isinstance(roles, frozenset):
        context["missing_right"] = _("、").join(str(Role(role).label) for role in Role if role in roles)
    elif roles:
        context["exception"] = str(roles)
    return render(request, "403.html", context, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """A database that can't be reached or is busy is a pause, not a fault."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = render(None, "503.html", {"request_id": getattr(request, "request_id", "")}, status=503)
        response["Retry-After"] = "30"
        return response
    return render(None, "500.html", {"request_id": getattr(request, "request_id", "")}, status=500)


def csrf_failure(request, reason=""):
    log.info("CSRF check failed: %s", reason)
    return render(request, "403_csrf.html", status=403)
