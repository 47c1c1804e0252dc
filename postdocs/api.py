"""The addresses for programs: the same rows, filters and scopes as the pages."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from postdocs.stays.api import Postdocs

router = SimpleRouter()
router.register("postdocs", Postdocs, basename="api_postdoc")
urlpatterns = [path("", include(router.urls))]
