"""Addresses of postdocs. Roles stand beside the pages they may open."""

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK
from portal.routes import page
from postdocs.due import views as due
from postdocs.inside import views as inside
from postdocs.people import views as people
from postdocs.stays import views as stays

HANDLER = {Role.HANDLER}
DISTRICT = {Role.DISTRICT}
DECIDE = BUREAU | DISTRICT
READ = CASEWORK | {Role.POSTDOC}

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
    page("postdocs/<str:number>/move/<slug:action>/", stays.move, name="stay_move", roles=HANDLER | DECIDE),
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
]
