"""Addresses of stations. Roles stand beside the pages they may open."""

from django.urls import path

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK, OFFICIALS, UNIT
from portal.routes import page
from stations.views import applications, chains, enterprises, register, review

HANDLER = {Role.HANDLER}
CASES = CASEWORK
DECIDE = BUREAU | {Role.DISTRICT}

app_name = "stations"
urlpatterns = [
    path("register/", enterprises.registration, name="registration"),
    path("guide/", enterprises.guide, name="guide"),
    path("guide/<slug:pack>/<slug:code>/", enterprises.guide_type, name="guide_type"),
    page("desk/", enterprises.workbench, name="workbench", roles=UNIT),
    page("enterprise/", enterprises.own_enterprise, name="own_enterprise", roles=UNIT),
    page("enterprise/people/", enterprises.people, name="people", roles=UNIT),
    page("enterprises/<str:code>/", enterprises.enterprise, name="enterprise", roles=CASES),
    page("applications/", applications.applications, name="applications", roles=CASES),
    page("applications/export/", applications.export, name="applications_export", roles=CASES),
    page("applications/new/", applications.new, name="application_new", roles=HANDLER),
    page("applications/<str:number>/", applications.application, name="application", roles=CASES),
    page("applications/<str:number>/parts/<slug:key>/", applications.section, name="application_section", roles=UNIT),
    page(
        "applications/<str:number>/answers/<slug:code>/", applications.answer, name="application_answer", roles=HANDLER
    ),
    page("applications/<str:number>/slots/<str:slot>/", applications.upload, name="application_upload", roles=HANDLER),
    page(
        "applications/<str:number>/files/<int:pk>/remove/",
        applications.remove,
        name="application_remove",
        roles=HANDLER,
    ),
    page("applications/<str:number>/items/<int:pk>/", applications.explain, name="application_explain", roles=HANDLER),
    page(
        "applications/<str:number>/certify/", applications.certify, name="application_certify", roles={Role.CERTIFIER}
    ),
    page("applications/<str:number>/move/<slug:action>/", applications.move, name="application_move", roles=CASES),
    page("applications/<str:number>/verdict/<slug:code>/", review.verdict, name="application_verdict", roles=DECIDE),
    page("applications/<str:number>/return/", review.send_back, name="application_return", roles=DECIDE),
    page("chains/", chains.chains, name="chains", roles=OFFICIALS),
    page("chains/<slug:code>/", chains.chain, name="chain", roles=BUREAU),
    page("stations/", register.stations, name="stations", roles=CASES),
    page("stations/export/", register.export, name="stations_export", roles=CASES),
    page("stations/<str:number>/", register.station, name="station", roles=CASES),
    page("stations/<str:number>/move/<slug:action>/", register.move, name="station_move", roles=BUREAU),
]
