"""The addresses of the ground, and where each app's begin. Roles stand beside the pages they may open."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK, EVERYBODY, LENT, OFFICIALS
from portal.routes import page
from portal.views import (
    absences,
    accounts,
    claims,
    documents,
    errors,
    files,
    health,
    imports,
    jobs,
    people,
    public,
    reminders,
    rules,
    saved,
    work,
)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

IMPORTERS = BUREAU | {Role.DISTRICT, Role.HANDLER}

urlpatterns = [
    path("", public.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("session/", health.session, name="session"),
    path("language/", accounts.language, name="set_language"),
    path("login/", accounts.Login.as_view(), name="login"),
    path("logout/", accounts.Logout.as_view(), name="logout"),
    path("password/reset/", accounts.PasswordReset.as_view(), name="password_reset"),
    path("password/reset/sent/", accounts.PasswordResetDone.as_view(), name="password_reset_done"),
    path("password/reset/<uidb64>/<token>/", accounts.PasswordResetConfirm.as_view(), name="password_reset_confirm"),
    path("join/<str:token>/", accounts.join, name="join"),
    path("account/", accounts.account, name="account"),
    path("account/password/", accounts.password_change, name="password_change"),
    path("account/code/", accounts.totp, name="totp"),
    path("account/verify/", accounts.verify, name="verify"),
    page("work/", work.work, name="work", roles=CASEWORK | {Role.REPORTER}),
    page("search/", work.search, name="search", roles=CASEWORK),
    page("matters/<str:number>/", work.matter, name="matter", roles=CASEWORK | {Role.REPORTER}),
    page("matters/<str:number>/watch/", work.watch, name="watch", roles=CASEWORK),
    page("matters/<str:number>/hand/", claims.hand, name="hand", roles=CASEWORK),
    page("matters/<str:number>/present/", claims.present, name="present", roles=CASEWORK),
    page("absences/", absences.away, name="absences", roles=LENT),
    page("absences/<int:pk>/back/", absences.back, name="absence_back", roles=LENT),
    path("views/new/", saved.view_new, name="view_new"),
    path("views/<int:pk>/", saved.view, name="view"),
    path("views/<int:pk>/remove/", saved.view_remove, name="view_remove"),
    path("notices/", work.notices, name="notices"),
    path("notices/switches/", reminders.switches, name="reminders"),
    path("notices/read/", work.notices_read, name="notices_read"),
    path("notices/<int:pk>/", work.notice_open, name="notice_open"),
    page("files/<uuid:pk>/", files.file, name="file", roles=CASEWORK),
    page("files/<uuid:pk>/<int:number>.png", files.file_page, name="file_page", roles=CASEWORK),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_file, name="job_file"),
    page("officials/", people.officials, name="officials", roles={Role.SYSTEM_ADMIN}),
    page("officials/<int:pk>/end/", people.official_end, name="official_end", roles={Role.SYSTEM_ADMIN}),
    page("settings/", rules.settings, name="settings", roles=OFFICIALS),
    page("settings/<str:code>/", rules.setting, name="setting", roles=OFFICIALS),
    path("documents/", documents.documents, name="documents"),
    page("documents/export/", documents.export, name="documents_export", roles=EVERYBODY),
    page("documents/gaps/", documents.gaps, name="documents_gaps", roles=OFFICIALS),
    page("documents/gaps/export/", documents.gaps_export, name="documents_gaps_export", roles=OFFICIALS),
    path("documents/<int:pk>/", documents.document, name="document"),
    page("documents/<int:pk>/export/", documents.document_export, name="document_export", roles=EVERYBODY),
    page("documents/<int:pk>/file/", documents.file, name="document_file", roles=EVERYBODY),
    page("documents/<int:pk>/attach/", documents.attach, name="document_attach", roles=BUREAU),
    page("imports/", imports.batches, name="imports", roles=IMPORTERS),
    page("imports/new/<slug:kind>/", imports.new, name="import_new", roles=IMPORTERS),
    page("imports/template/<slug:kind>/", imports.template, name="import_template", roles=IMPORTERS),
    page("imports/out/<slug:kind>/", imports.out, name="import_out", roles=IMPORTERS),
    page("imports/<int:pk>/", imports.batch, name="import", roles=IMPORTERS),
    page("imports/<int:pk>/apply/", imports.apply, name="import_apply", roles=IMPORTERS),
    page("imports/<int:pk>/undo/", imports.undo, name="import_undo", roles=IMPORTERS),
    page("imports/<int:pk>/mistakes/", imports.mistakes, name="import_mistakes", roles=IMPORTERS),
    path("", include("stations.urls")),
    path("", include("postdocs.urls")),
    path("", include("subsidies.urls")),
    path("", include("targets.urls")),
    path("api/v1/", include("portal.documents_api")),
    path("api/v1/", include("stations.api")),
    path("api/v1/", include("postdocs.api")),
    path("api/v1/", include("targets.api")),
    path("api/v1/", include("subsidies.api")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
]
