"""Addresses of postdocs. Roles stand beside the pages they may open."""

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK
from portal.routes import page
from postdocs.destinations import views as destinations
from postdocs.filing import views as filing
from postdocs.people import views as people
from postdocs.stays import views as stays

HANDLER = {Role.HANDLER}
DISTRICT = {Role.DISTRICT}
MAKERS = {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER}
DECIDE = BUREAU | DISTRICT
READ = CASEWORK | {Role.POSTDOC}
OFFICE = DECIDE | {Role.AUDITOR}
TELL = HANDLER | DECIDE | {Role.POSTDOC}

app_name = "postdocs"
urlpatterns = [
    page("postdocs/", stays.stays, name="stays", roles=READ),
    page("postdocs/export/", stays.export, name="stays_export", roles=CASEWORK),
    page("postdocs/new/", stays.begin, name="stay_new", roles=HANDLER),
    page("postdocs/<str:number>/", stays.stay, name="stay", roles=READ),
    page("postdocs/<str:number>/entry/", stays.entry, name="entry", roles=HANDLER),
    page("postdocs/<str:number>/slots/<str:slot>/", stays.upload, name="stay_upload", roles=HANDLER),
    page("postdocs/<str:number>/files/<int:pk>/remove/", stays.remove, name="stay_remove", roles=HANDLER),
    page("postdocs/<str:number>/move/<slug:action>/", stays.move, name="stay_move", roles=HANDLER | DECIDE),
    page("postdocs/<str:number>/return/", stays.send_back, name="stay_return", roles=DISTRICT),
    page("postdocs/<str:number>/milestones/", stays.milestone, name="milestone_new", roles=HANDLER),
    page("postdocs/<str:number>/milestones/<int:pk>/check/", stays.check, name="milestone_check", roles=DECIDE),
    page("people/<uuid:pk>/", people.person, name="person", roles=READ),
    # where they went
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
]
