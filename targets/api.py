"""The addresses for programs: the same figures as the pages."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from targets.activities.api import Activities
from targets.boards.api import Figures
from targets.duties.api import Occurrences
from targets.reported.api import Readings
from targets.reports.api import Report, Reports
from targets.returns.api import Returns

router = SimpleRouter()
router.register("readings", Readings, basename="api_reading")
router.register("returns", Returns, basename="api_return")
router.register("duties", Occurrences, basename="api_duty")
router.register("activities", Activities, basename="api_activity")
urlpatterns = [
    path("plans/<slug:plan>/figures/", Figures.as_view(), name="api_figures"),
    path("reports/", Reports.as_view(), name="api_reports"),
    path("reports/<str:number>/figures/", Report.as_view(), name="api_report_figures"),
    path("", include(router.urls)),
]
