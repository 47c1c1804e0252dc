"""Addresses of the targets. Roles stand beside the pages they may open."""

from django.urls import path

from portal.models.people import BUREAU, FIGURES, UNIT
from portal.routes import page
from targets.boards import open_views, views
from targets.plans import draft_views
from targets.plans import views as plan_views

app_name = "targets"
urlpatterns = [
    page("targets/", views.dashboard, name="dashboard", roles=FIGURES),
    path("figures/", open_views.public, name="public_figures"),
    page("targets/own/", open_views.own, name="own_figures", roles=UNIT),
    page("targets/screen/", views.screen, name="screen", roles=FIGURES),
    page("targets/plans/", plan_views.plans, name="plans", roles=FIGURES),
    page("targets/plans/new/", draft_views.begin, name="plan_new", roles=BUREAU),
    page("targets/drafts/<slug:plan>/", draft_views.draft, name="draft", roles=BUREAU),
    page("targets/drafts/<slug:plan>/publish/", draft_views.publish, name="draft_publish", roles=BUREAU),
    page("targets/drafts/<slug:plan>/drop/", draft_views.drop, name="draft_drop", roles=BUREAU),
    page("targets/<slug:plan>/", views.plan, name="plan", roles=FIGURES),
    page("targets/<slug:plan>/export/", views.plan_export, name="plan_export", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/", views.indicator, name="indicator", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/export/", views.indicator_export, name="indicator_export", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/split/", plan_views.split, name="split", roles=BUREAU),
    page("targets/<slug:plan>/<str:code>/revise/", plan_views.revise, name="revise", roles=BUREAU),
]
