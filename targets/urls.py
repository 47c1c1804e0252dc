"""Addresses of the targets. Roles stand beside the pages they may open."""

from portal.models.people import BUREAU, FIGURES
from portal.routes import page
from targets.boards import views
from targets.plans import views as plan_views

app_name = "targets"
urlpatterns = [
    page("targets/", views.dashboard, name="dashboard", roles=FIGURES),
    page("targets/plans/", plan_views.plans, name="plans", roles=FIGURES),
    page("targets/<slug:plan>/", views.plan, name="plan", roles=FIGURES),
    page("targets/<slug:plan>/export/", views.plan_export, name="plan_export", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/", views.indicator, name="indicator", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/export/", views.indicator_export, name="indicator_export", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/split/", plan_views.split, name="split", roles=BUREAU),
]
