"""The addresses of the portal and one more: a page of every part of the kit in every state."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import path

from portal import urls
from portal.urls import handler400, handler403, handler404, handler500  # noqa: F401
from tests.browser import samples


@login_not_required
def gallery(request):
    """`?density=desk`: as an officer's page has them, narrow and wide."""
    return render(request, "gallery.html", samples.gallery() | {"density": request.GET.get("density", "")})


urlpatterns = [*urls.urlpatterns, path("gallery/", gallery, name="gallery")]
