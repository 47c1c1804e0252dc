"""Addresses of postdocs. Roles stand beside the pages they may open."""

from django.urls import path

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK
from portal.routes import page
from postdocs.careers import views as careers
from postdocs.destinations import views as destinations
from postdocs.disclosures import views as disclosures
from postdocs.disclosures.actions import SHOWN_TO
from postdocs.disclosures.models import READERS
from postdocs.due import views as due
from postdocs.duplicates import views as duplicates
from postdocs.filing import views as filing
from postdocs.inside import views as inside
from postdocs.insurance import views as insurance
from postdocs.matched import views as matched
from postdocs.outcomes import views as outcomes
from postdocs.own import views as own
from postdocs.people import views as people
from postdocs.rosters.views import DOCTORS, TALENTS
from postdocs.selections.views import SELECTIONS
from postdocs.services import views as services
from postdocs.stays import views as stays
from postdocs.visits import views as visits

HANDLER = {Role.HANDLER}
DISTRICT = {Role.DISTRICT}
MAKERS = {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER}
DECIDE = BUREAU | DISTRICT
READ = CASEWORK | {Role.POSTDOC}
RECORD = {Role.HANDLER, Role.POSTDOC}
OFFICE = DECIDE | {Role.AUDITOR}
ASK = HANDLER | {Role.POSTDOC}
TELL = HANDLER | DECIDE | {Role.POSTDOC}

app_name = "postdocs"
urlpatterns = [
    page("postdocs/", stays.stays, name="stays", roles=READ),
    page("postdocs/export/", stays.export, name="stays_export", roles=CASEWORK),
    page("postdocs/due/", due.due, name="due", roles=CASEWORK),
    page("postdocs/due/export/", due.export, name="due_export", roles=CASEWORK),
    page("postdocs/new/", stays.begin, name="stay_new", roles=HANDLER),
    page("postdocs/<str:number>/", stays.stay, name="stay", roles=READ),
    page("postdocs/<str:number>/entry/", stays.entry, name="entry", roles=HANDLER),
    page("postdocs/<str:number>/slots/<str:slot>/", stays.upload, name="stay_upload", roles=HANDLER),
    page("postdocs/<str:number>/files/<int:pk>/remove/", stays.remove, name="stay_remove", roles=HANDLER),
    page("postdocs/<str:number>/move/<slug:action>/", stays.move, name="stay_move", roles=TELL),
    page("postdocs/<str:number>/return/", stays.send_back, name="stay_return", roles=DISTRICT),
    page("postdocs/<str:number>/milestones/", stays.milestone, name="milestone_new", roles=HANDLER),
    page("postdocs/<str:number>/milestones/<int:pk>/check/", stays.check, name="milestone_check", roles=DECIDE),
    page("postdocs/<str:number>/inside/", inside.inside, name="inside", roles=READ),
    page("postdocs/<str:number>/ask/<slug:kind>/", inside.ask, name="ask", roles=HANDLER),
    page("postdocs/<str:number>/rows/<slug:kind>/", inside.write, name="inside_row", roles=HANDLER),
    page("postdocs/<str:number>/rows/<slug:kind>/<int:pk>/", inside.write, name="inside_row_edit", roles=HANDLER),
    page("asked/<str:number>/", inside.asked, name="asked", roles=READ),
    page("asked/<str:number>/edit/", inside.edit, name="asked_edit", roles=HANDLER),
    page("asked/<str:number>/move/<slug:action>/", inside.move, name="asked_move", roles=HANDLER | DISTRICT),
    page("people/<uuid:pk>/", people.person, name="person", roles=READ),
    page("outcomes/", outcomes.outcomes, name="outcomes", roles=READ),
    page("outcomes/export/", outcomes.export, name="outcomes_export", roles=CASEWORK),
    page("outcomes/new/", outcomes.choose, name="outcome_kinds", roles=RECORD),
    page("outcomes/new/<slug:kind>/", outcomes.begin, name="outcome_new", roles=RECORD),
    page("outcomes/many/<slug:kind>/", outcomes.many, name="outcome_many", roles=HANDLER),
    page("outcomes/<str:number>/", outcomes.outcome, name="outcome", roles=READ),
    page("outcomes/<str:number>/edit/", outcomes.edit, name="outcome_edit", roles=RECORD),
    page("outcomes/<str:number>/join/", outcomes.join, name="outcome_join", roles=HANDLER),
    page("outcomes/<str:number>/proof/", outcomes.upload, name="outcome_upload", roles=RECORD),
    page("outcomes/<str:number>/files/<int:pk>/remove/", outcomes.remove, name="outcome_remove", roles=RECORD),
    page("outcomes/<str:number>/move/<slug:action>/", outcomes.move, name="outcome_move", roles=RECORD | DECIDE),
    page("outcomes/<str:number>/return/", outcomes.send_back, name="outcome_return", roles=DISTRICT),
    page("visits/", visits.visits_due, name="visits_due", roles=OFFICE),
    page("visits/export/", visits.export, name="visits_export", roles=OFFICE),
    page("visits/made/", visits.visits, name="visits", roles=OFFICE),
    page("visits/made/export/", visits.made_export, name="visits_made_export", roles=OFFICE),
    page("visits/new/", visits.new, name="visit_new", roles=DECIDE),
    page("visits/<int:pk>/", visits.visit, name="visit", roles=OFFICE | {Role.POSTDOC}),
    page("visits/<int:pk>/needs/", visits.need, name="visit_need", roles=DECIDE),
    page("visits/<int:pk>/file/", visits.file, name="visit_file", roles=OFFICE),
    path("services/", services.catalogue, name="services"),
    page("services/<slug:code>/ask/", services.ask, name="request_new", roles=ASK),
    page("requests/", services.requests, name="requests", roles=READ),
    page("requests/export/", services.export, name="requests_export", roles=CASEWORK),
    page("requests/figures/", services.request_figures, name="request_figures", roles=OFFICE),
    page("requests/figures/export/", services.figures_export, name="request_figures_export", roles=OFFICE),
    page("requests/<str:number>/", services.request_page, name="request", roles=READ),
    page("requests/<str:number>/move/<slug:action>/", services.move, name="request_move", roles=DECIDE | ASK),
    # where they went
    page("postdocs/<str:number>/match/", matched.match, name="match", roles=HANDLER | DECIDE),
    page("postdocs/<str:number>/destination/", destinations.destination, name="destination", roles=TELL),
    page("postdocs/<str:number>/follow-ups/<int:months>/", destinations.follow_up, name="follow_up", roles=DISTRICT),
    page("destinations/", destinations.kept, name="retention", roles=OFFICE),
    page("destinations/export/", destinations.kept_export, name="retention_export", roles=OFFICE),
    page("destinations/due/", destinations.due, name="follow_ups", roles=OFFICE),
    page("destinations/due/export/", destinations.due_export, name="follow_ups_export", roles=OFFICE),
    # held against the national record
    page("filing/", filing.differences, name="differences", roles=OFFICE),
    page("filing/export/", filing.export, name="differences_export", roles=OFFICE),
    page("filing/<int:pk>/", filing.difference, name="difference", roles=OFFICE),
    page("filing/files/<int:pk>/", filing.reconciled, name="reconciled", roles=DISTRICT | MAKERS),
    # careers
    page("people/<uuid:pk>/career/", careers.career, name="career", roles=HANDLER | {Role.POSTDOC}),
    page("people/<uuid:pk>/career/<int:row>/", careers.career, name="career_edit", roles=HANDLER | {Role.POSTDOC}),
    page(
        "people/<uuid:pk>/career/<int:row>/remove/",
        careers.strike,
        name="career_strike",
        roles=HANDLER | {Role.POSTDOC},
    ),
    # numbers
    page("people/<uuid:pk>/papers/<int:paper>/", disclosures.paper, name="paper", roles=SHOWN_TO),
    page("people/search/", disclosures.search, name="person_search", roles=SHOWN_TO),
    page("disclosures/", disclosures.disclosures, name="disclosures", roles=READERS),
    page("disclosures/export/", disclosures.export, name="disclosures_export", roles=READERS),
    # duplicates
    page("people/duplicates/", duplicates.duplicates, name="duplicates", roles=BUREAU),
    page("people/duplicates/<uuid:first>/<uuid:second>/", duplicates.compare, name="duplicate", roles=BUREAU),
    page("people/duplicates/<uuid:first>/<uuid:second>/apart/", duplicates.apart, name="apart", roles=BUREAU),
    page("people/merges/<int:pk>/undo/", duplicates.undo, name="merge_undo", roles=BUREAU),
    page("people/differences/<int:pk>/", duplicates.difference, name="told_twice", roles=BUREAU),
    # the postdocs themselves
    page("me/", own.me, name="me", roles={Role.POSTDOC}),
    page("postdocs/<str:number>/invite/", own.invite, name="postdoc_invite", roles=HANDLER),
    *DOCTORS.pages(),
    *TALENTS.pages(),
    *SELECTIONS.pages(),
    page("insurance/", insurance.units, name="insurance", roles=CASEWORK),
    page("insurance/<int:pk>/", insurance.unit, name="insurance_unit", roles=CASEWORK),
    page("insurance/<int:pk>/export/", insurance.export, name="insurance_export", roles=CASEWORK),
]
