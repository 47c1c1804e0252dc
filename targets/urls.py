"""Addresses of the targets. Roles stand beside the pages they may open."""

from django.urls import path

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK, EVERYBODY, FIGURES, UNIT
from portal.routes import page
from targets.activities import views as activity_views
from targets.boards import open_views, views
from targets.duties import views as duty_views
from targets.plans import draft_views
from targets.plans import views as plan_views
from targets.reported import views as reported_views
from targets.reports import views as reports
from targets.returns import frozen_views
from targets.returns import views as return_views

RETURNS = CASEWORK - UNIT
FILL = frozenset({Role.DISTRICT})
REPORT = frozenset({Role.REPORTER})
REPORTED = BUREAU | REPORT | {Role.AUDITOR}

app_name = "targets"
CLERKS = BUREAU | {Role.DISTRICT}
OFFICE = BUREAU | {Role.AUDITOR}
urlpatterns = [
    page("targets/", views.dashboard, name="dashboard", roles=FIGURES),
    path("figures/", open_views.public, name="public_figures"),
    page("targets/own/", open_views.own, name="own_figures", roles=UNIT),
    page("targets/screen/", views.screen, name="screen", roles=FIGURES),
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
    page("targets/plans/new/", draft_views.begin, name="plan_new", roles=BUREAU),
    page("targets/drafts/<slug:plan>/", draft_views.draft, name="draft", roles=BUREAU),
    page("targets/drafts/<slug:plan>/publish/", draft_views.publish, name="draft_publish", roles=BUREAU),
    page("targets/drafts/<slug:plan>/drop/", draft_views.drop, name="draft_drop", roles=BUREAU),
    page("targets/<slug:plan>/", views.plan, name="plan", roles=FIGURES),
    page("targets/<slug:plan>/export/", views.plan_export, name="plan_export", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/", views.indicator, name="indicator", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/export/", views.indicator_export, name="indicator_export", roles=FIGURES),
    page("targets/<slug:plan>/<str:code>/split/", plan_views.split, name="split", roles=BUREAU),
    # figures that departments report
    page("departments/", reported_views.department_list, name="departments", roles=REPORTED),
    page("departments/<slug:code>/", reported_views.department, name="department", roles=REPORTED),
    page("departments/<slug:code>/report/", reported_views.report, name="department_report", roles=REPORT),
    page("readings/<int:pk>/file/", reported_views.evidence, name="reading_file", roles=FIGURES),
    page("readings/<slug:plan>/<str:code>/", reported_views.readings, name="readings", roles=FIGURES),
    # quarterly returns
    page("returns/", return_views.quarters, name="returns", roles=RETURNS),
    page("returns/open/", return_views.open_quarter, name="return_open", roles=BUREAU),
    page("returns/quarters/<int:pk>/", return_views.quarter, name="return_quarter", roles=RETURNS),
    page("returns/<str:number>/", return_views.quarterly_return, name="return", roles=RETURNS),
    page("returns/<str:number>/return/", return_views.send_back, name="return_back", roles=BUREAU),
    page("returns/<str:number>/files/", return_views.upload, name="return_file", roles=FILL),
    page("returns/<str:number>/files/<int:pk>/remove/", return_views.remove, name="return_file_remove", roles=FILL),
    page("returns/<str:number>/export/", frozen_views.export, name="return_export", roles=RETURNS),
    page("returns/<str:number>/paper/", frozen_views.paper, name="return_paper", roles=RETURNS),
    page("returns/<str:number>/paper/file/", frozen_views.paper_file, name="return_paper_file", roles=RETURNS),
    page("returns/<str:number>/sealed/", frozen_views.sealed, name="return_sealed", roles=RETURNS),
    page("returns/<str:number>/changes/", frozen_views.changes, name="return_changes", roles=RETURNS),
    page(
        "returns/<str:number>/changes/export/", frozen_views.changes_export, name="return_changes_export", roles=RETURNS
    ),
    page("returns/<str:number>/<str:action>/", return_views.move, name="return_move", roles=BUREAU | FILL),
    page("duties/", duty_views.duties, name="duties", roles=FIGURES),
    page("duties/export/", duty_views.export, name="duties_export", roles=FIGURES),
    page("duties/year/", duty_views.year, name="duty_year", roles=FIGURES),
    page("duties/at/<str:number>/", duty_views.occurrence, name="occurrence", roles=FIGURES),
    page("duties/at/<str:number>/progress/", duty_views.progress, name="occurrence_progress", roles=FIGURES),
    page("duties/at/<str:number>/move/<slug:action>/", duty_views.move, name="occurrence_move", roles=FIGURES),
    page("duties/at/<str:number>/files/<int:pk>/", duty_views.proof, name="occurrence_proof", roles=FIGURES),
    page("duties/<slug:code>/", duty_views.duty, name="duty", roles=FIGURES),
    page("activities/", activity_views.activities, name="activities", roles=EVERYBODY),
    page("activities/export/", activity_views.export, name="activities_export", roles=EVERYBODY),
    page("activities/new/", activity_views.new, name="activity_new", roles=CLERKS),
    page("activities/<str:number>/", activity_views.activity, name="activity", roles=EVERYBODY),
    page("activities/<str:number>/edit/", activity_views.edit, name="activity_edit", roles=CLERKS),
    page("activities/<str:number>/results/", activity_views.results, name="activity_results", roles=CLERKS),
    page("activities/<str:number>/move/<slug:action>/", activity_views.move, name="activity_move", roles=CLERKS),
    page("activities/<str:number>/people/", activity_views.sign_in, name="activity_sign_in", roles=CLERKS),
    page("activities/<str:number>/people/<int:pk>/off/", activity_views.take_off, name="activity_off", roles=CLERKS),
    page("activities/<str:number>/papers/", activity_views.keep, name="activity_keep", roles=CLERKS),
    page("activities/<str:number>/papers/<int:pk>/", activity_views.paper, name="activity_paper", roles=CLERKS),
    page("targets/<slug:plan>/<str:code>/revise/", plan_views.revise, name="revise", roles=BUREAU),
]
