"""The addresses for programs: the same figures as the pages."""

from django.urls import path

from targets.boards.api import Figures

urlpatterns = [path("plans/<slug:plan>/figures/", Figures.as_view(), name="api_figures")]
