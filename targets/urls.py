"""Addresses of the targets. Roles stand beside the pages they may open."""

from portal.models import Role
from portal.models.people import BUREAU, FIGURES
from portal.routes import page
from targets.boards import views
from targets.plans import views as plan_views
from targets.reports import views as reports

app_name = "targets"
OFFICE = BUREAU | {Role.AUDITOR}
urlpatterns = [
    page("targets/", views.dashboard, name="dashboard", roles=FIGURES),
    page("targets/plans/", plan_views.plans, name="plans", roles=FIGURES),
    page("targets/brief/", reports.brief, name="report_brief", roles=OFFICE),
    page("targets/reports/", reports.reports, name="reports", roles=FIGURES),
    page("targets/reports/new/", reports.new, name="report_new", roles=BUREAU),
    page("targets/reports/subscriptions/", reports.subscriptions, name="report_subscriptions", roles=OFFICE),
    page("targets/reports/subscriptions/<int:pk>/end/", reports.end, name="report_subscription_end", roles=OFFICE),
    page("targets/reports/<str:number>/", reports.report, name="report", roles=FIGURES),
    page("targets/reports/<str:number>/figures/", reports.figures, name="report_figures", roles=FIGURES),
    page("targets/reports/<str:number>/<int:picture>.png", reports.picture, name="report_picture", roles=FIGURES),
    page("targets/reports/<str:number>/file/<str:form>/", reports.file, name="report_file", roles=FIGURES),
    page("targets/reports/<str:number>/chapters/<slug:code>/", reports.chapter, name="report_chapter", roles=BUREAU),
    page("targets/reports/<str:number>/<str:action>/", reports.move, name="report_move", roles=BUREAU),
    page("targets/<slug:plan>/", views.plan, name="plan", roles=FIGURES),
    page("targets/<slug:plan>/export/", views.plan_export, name="plan_export", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/", views.indicator, name="indicator", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/export/", views.indicator_export, name="indicator_export", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/split/", plan_views.split, name="split", roles=BUREAU),
]
