"""The addresses for programs: the same figures as the pages."""

from django.urls import path

from targets.boards.api import Figures
from targets.reports.api import Report, Reports

urlpatterns = [
    path("plans/<slug:plan>/figures/", Figures.as_view(), name="api_figures"),
    path("reports/", Reports.as_view(), name="api_reports"),
    path("reports/<str:number>/figures/", Report.as_view(), name="api_report_figures"),
]
