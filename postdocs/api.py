"""The addresses for programs: the same rows, filters and scopes as the pages."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from postdocs.destinations.api import Destinations
from postdocs.insurance.api import InsuredRows
from postdocs.outcomes.api import Outcomes
from postdocs.rosters.api import Doctors, Talents
from postdocs.selections.api import Selections
from postdocs.services.api import Requests
from postdocs.stays.api import Postdocs
from postdocs.visits.api import Visits

router = SimpleRouter()
router.register("postdocs", Postdocs, basename="api_postdoc")
router.register("outcomes", Outcomes, basename="api_outcome")
router.register("destinations", Destinations, basename="api_destination")
router.register("visits", Visits, basename="api_visit")
router.register("requests", Requests, basename="api_request")
router.register("doctors", Doctors, basename="api_doctor")
router.register("talents", Talents, basename="api_talent")
router.register("selections", Selections, basename="api_selection")
router.register("insurance", InsuredRows, basename="api_insured")
urlpatterns = [path("", include(router.urls))]
