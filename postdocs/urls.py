"""Addresses of postdocs. Roles stand beside the pages they may open."""

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK
from portal.routes import page
from postdocs.careers import views as careers
from postdocs.disclosures import views as disclosures
from postdocs.disclosures.actions import SHOWN_TO
from postdocs.disclosures.models import READERS
from postdocs.duplicates import views as duplicates
from postdocs.own import views as own
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
    page("people/differences/<int:pk>/", duplicates.difference, name="difference", roles=BUREAU),
    # the postdocs themselves
    page("me/", own.me, name="me", roles={Role.POSTDOC}),
    page("postdocs/<str:number>/invite/", own.invite, name="postdoc_invite", roles=HANDLER),
]
