"""What every request passes: a number to find it by, headers, the session's age, and the door."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal import saved
from portal.models.people import OFFICIALS

SEEN_EVERY = 60  # seconds between two notes of a session's last use: a page is not worth a write
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"  # of what is no page: JSON, files, pictures


def request_id(get_response):
    """A number that a person can read out on the telephone and that stands in the log; a trusted proxy's own."""

    def middleware(request):
        given = request.headers.get("X-Request-Id", "") if settings.PROXIES else ""
        request.request_id = given[:32] if given.isalnum() else uuid.uuid4().hex[:12]
        response = get_response(request)
        response["X-Request-Id"] = request.request_id
        return response

    return middleware


def no_zero(get_response):
    """Refuses an address with a zero character: it names nothing, and PostgreSQL can't even look for it."""

    def middleware(request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("an address with a zero character")
        return get_response(request)

    return middleware


def headers(get_response):
    """Strict headers on everything; what somebody signed in sees is never stored by a browser."""

    def middleware(request):
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        response.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY if is_page else DATA_POLICY)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "user", None) is not None and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def in_background(request) -> bool:
    """Asked for by a script of the page: it needs a status, not another page."""
    return request.headers.get("HX-Request") == "true"


def typed(request) -> list[tuple[str, str]]:
    """What a form brought that can't be taken now; passwords are not kept."""
    names = [name for name in request.POST if name != "csrfmiddlewaretoken" and "password" not in name]
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def session_policy(get_response):
    """Ends sessions that lie idle, sooner those of officials, and those that are too old; asks those who must use a
    one-time code for it."""

    def middleware(request):
        if request.user.is_authenticated:
            at, seen, began = now().timestamp(), request.session.get("seen"), request.session.get("began")
            official = bool(request.user.scope.roles & OFFICIALS)
            idle = settings.SESSION_IDLE_OFFICIAL if official else settings.SESSION_IDLE_OTHERS
            if seen and at - seen > idle.total_seconds() or began and at - began > settings.SESSION_COOKIE_AGE:
                logout(request)
            else:
                asked_by_person = request.headers.get("X-Refresh") != "1"  # a page that asks again isn't a sign of life
                if asked_by_person and (not seen or at - seen > SEEN_EVERY):
                    request.session["seen"] = at
                if not began:  # the cookie's own age begins anew with every note
                    request.session["began"] = at
                if must_verify(request) and not is_open(request.path_info):
                    return ask_for_code(request)
        return get_response(request)

    return middleware


def ask_for_code(request):
    """To the second step of signing in. A form that was sent waits in the session, and can be sent on after it."""
    if in_background(request):
        return JsonResponse({"signed_in": False}, status=401)
    if request.method == "POST":
        request.session["kept"] = {"values": typed(request), "target": request.get_full_path()}
        if names := _("、").join(f.name for f in request.FILES.values()):
            messages.warning(request, _("文件“%(names)s”没有保存，登录后请重新选择。") % {"names": names})
    return redirect(f"{reverse('verify')}?{urlencode({'next': request.get_full_path()})}")


def must_verify(request) -> bool:
    """A second factor is due: the role demands it, or the person has set one up."""
    if request.user.is_verified():
        return False
    demanded = request.user.scope.roles & set(settings.MFA_ROLES)
    return bool(demanded) or request.user.has_device


def is_open(path: str) -> bool:
    """Pages that stay reachable before the second factor."""
    open_names = ("verify", "logout", "totp", "session", "set_language", "healthz", "readyz")
    return path in {reverse(name) for name in open_names} or path.startswith(f"/{settings.STATIC_URL}")


def opens_as_saved(get_response):
    """A list that is asked for without filters opens with those its reader made its default."""

    def middleware(request):
        bare = request.method == "GET" and not request.GET and not in_background(request)
        if bare and (address := saved.default_of(request)):
            return redirect(address)
        return get_response(request)

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Default deny. What was typed into a form while the session ended is carried through the login."""

    def handle_no_permission(self, request, view_func):
        if in_background(request):
            return JsonResponse({"signed_in": False}, status=401)
        if request.method == "POST":
            return self.keep(request)
        return super().handle_no_permission(request, view_func)

    @staticmethod
    def keep(request):
        """The login page with the typed values in hidden fields; files can't be kept, and it says so."""
        from portal.accounts import LoginForm

        context = {
            "form": LoginForm(request),
            "next": request.get_full_path(),
            "kept": typed(request),
            "files_lost": [f.name for f in request.FILES.values()],
        }
        return render(request, "accounts/login.html", context, status=401)
