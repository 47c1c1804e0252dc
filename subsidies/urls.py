"""Addresses of subsidies. Roles stand beside the pages they may open."""

from django.urls import path

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK, EVERYBODY
from portal.routes import page
from subsidies.claims import views as claims
from subsidies.schemes import views as schemes

app_name = "subsidies"
HANDLER = {Role.HANDLER}
DECIDE = BUREAU | {Role.DISTRICT}
READ = CASEWORK | {Role.POSTDOC}
FILL = HANDLER | {Role.POSTDOC}
STEP = FILL | {Role.CERTIFIER} | DECIDE
DRAFT = {Role.BUREAU_HANDLER}
RULES = BUREAU | {Role.AUDITOR}

urlpatterns = [
    page("claims/", claims.claims, name="claims", roles=READ),
    page("claims/export/", claims.export, name="claims_export", roles=CASEWORK),
    page(
        "claims/new/<slug:vocabulary>/<int:pk>/<slug:scheme>/<int:number>/", claims.begin, name="claim_new", roles=FILL
    ),
    page("claims/<str:number>/", claims.claim, name="claim", roles=READ),
    page("claims/<str:number>/account/", claims.account, name="claim_account", roles=FILL),
    page("claims/<str:number>/papers/<str:slot>/", claims.upload, name="claim_upload", roles=FILL),
    page("claims/<str:number>/files/<int:pk>/remove/", claims.remove, name="claim_remove", roles=FILL),
    page("claims/<str:number>/find/<slug:code>/", claims.find, name="claim_find", roles=DECIDE),
    page("claims/<str:number>/move/<slug:action>/", claims.move, name="claim_move", roles=STEP),
    page("claims/<str:number>/return/", claims.send_back, name="claim_return", roles=DECIDE),
    path("schemes/", schemes.schemes, name="schemes"),  # everybody, signed in or not
    page("schemes/export/", schemes.export, name="schemes_export", roles=EVERYBODY),
    path("schemes/<slug:code>/", schemes.scheme, name="scheme"),
    page("schemes/<slug:code>/draft/", schemes.draft, name="scheme_draft", roles=DRAFT),
    page("schemes/<slug:code>/<int:pk>/", schemes.version, name="version", roles=RULES),
    page("schemes/<slug:code>/<int:pk>/edit/", schemes.edit, name="version_edit", roles=DRAFT),
    page("schemes/<slug:code>/<int:pk>/case/", schemes.case, name="version_case", roles=DRAFT),
    page("schemes/<slug:code>/<int:pk>/impact/", schemes.impact, name="version_impact", roles=RULES),
    page("schemes/<slug:code>/<int:pk>/impact/export/", schemes.impact_export, name="impact_export", roles=RULES),
    page("schemes/<slug:code>/<int:pk>/move/<slug:action>/", schemes.move, name="version_move", roles=BUREAU),
]
