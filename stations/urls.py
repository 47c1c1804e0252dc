"""Addresses of stations. Roles stand beside the pages they may open."""

from django.urls import path

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK, OFFICIALS, UNIT
from portal.routes import page
from stations.applications.views import batches, cases, guide, papers, parts, review, visits
from stations.behalf import views as behalf
from stations.chains import views as chains
from stations.consultations import views as consultations
from stations.demands.views import demands, matches, pairing, universities
from stations.enterprises import lists as units
from stations.enterprises import views as enterprises
from stations.evaluation.views import figures, rounds, sheets
from stations.ledger.views import branches, certificates, rows, supervisors
from stations.pool.views import candidates, entries, lists
from stations.portrait import views as portrait
from stations.publicity import views as publicity
from stations.register import views as register
from stations.registrations import views as registrations
from stations.standing import views as standing
from stations.standing import years
from stations.windows import views as windows

HANDLER = {Role.HANDLER}
CASES = CASEWORK
DECIDE = BUREAU | {Role.DISTRICT}
BROKERS = DECIDE | HANDLER
MAKERS = {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER}
HELPERS = MAKERS | {Role.DISTRICT}
FILL = HANDLER | HELPERS  # the enterprise's handlers, and officers with its consent
FILLERS = UNIT | HELPERS

app_name = "stations"
urlpatterns = [
    path("register/", enterprises.registration, name="registration"),
    path("register/waiting/", registrations.waiting, name="waiting"),
    page("registrations/<str:number>/", registrations.case, name="registration_case", roles=CASES),
    page("registrations/<str:number>/move/<slug:action>/", registrations.move, name="registration_move", roles=HELPERS),
    path("guide/", guide.guide, name="guide"),
    path("guide/<slug:pack>/<slug:code>/", guide.guide_type, name="guide_type"),
    path("guide/<slug:pack>/<slug:code>/check/", guide.check, name="guide_check"),
    page("desk/", enterprises.workbench, name="workbench", roles=UNIT),
    page("enterprise/", enterprises.own_enterprise, name="own_enterprise", roles=UNIT),
    page("enterprise/people/", enterprises.people, name="people", roles=UNIT),
    page("enterprise/people/<int:pk>/end/", enterprises.people_end, name="people_end", roles=HANDLER),
    page("enterprises/", units.enterprises, name="enterprises", roles=CASES - UNIT),
    page("enterprises/export/", units.export, name="enterprises_export", roles=CASES - UNIT),
    page("enterprises/<str:code>/", enterprises.enterprise, name="enterprise", roles=CASES),
    page("applications/", cases.applications, name="applications", roles=CASES),
    page("applications/export/", cases.export, name="applications_export", roles=CASES),
    page("applications/new/", cases.new, name="application_new", roles=HANDLER),
    page("applications/batch/", batches.batch, name="batch", roles=BUREAU),
    page("applications/batch/summary/", batches.summary, name="batch_summary", roles=BUREAU),
    page("applications/batch/summary/file/", batches.summary_file, name="batch_summary_file", roles=BUREAU),
    page("applications/batch/summary/export/", batches.summary_export, name="batch_summary_export", roles=BUREAU),
    page("applications/<str:number>/", cases.application, name="application", roles=CASES),
    page("applications/<str:number>/parts/<slug:key>/", parts.section, name="application_section", roles=FILLERS),
    page("applications/<str:number>/answers/<slug:code>/", parts.answer, name="application_answer", roles=FILL),
    page("applications/<str:number>/slots/<str:slot>/", parts.upload, name="application_upload", roles=FILL),
    page(
        "applications/<str:number>/files/<int:pk>/remove/",
        parts.remove,
        name="application_remove",
        roles=FILL,
    ),
    page("applications/<str:number>/items/<int:pk>/", parts.explain, name="application_explain", roles=FILL),
    page("applications/<str:number>/certify/", cases.certify, name="application_certify", roles=UNIT),
    page("applications/<str:number>/move/<slug:action>/", cases.move, name="application_move", roles=CASES),
    page("applications/<str:number>/verdict/<slug:code>/", review.verdict, name="application_verdict", roles=DECIDE),
    page("applications/<str:number>/return/", review.send_back, name="application_return", roles=DECIDE),
    page("applications/<str:number>/papers/<slug:name>/", papers.paper, name="application_paper", roles=CASES),
    page("applications/<str:number>/papers/<slug:name>/file/", papers.file, name="application_paper_file", roles=CASES),
    page("applications/<str:number>/visits/", visits.visit, name="application_visit", roles={Role.DISTRICT}),
    page("applications/<str:number>/copy/", cases.copy, name="application_copy", roles=HANDLER),
    page("chains/", chains.chains, name="chains", roles=OFFICIALS),
    page("chains/<slug:code>/", chains.chain, name="chain", roles=BUREAU),
    page("stations/", register.stations, name="stations", roles=CASES),
    page("stations/export/", register.export, name="stations_export", roles=CASES),
    page("stations/<str:number>/", register.station, name="station", roles=CASES),
    page("stations/<str:number>/portrait/", portrait.portrait, name="portrait", roles=CASES),
    page("stations/<str:number>/portrait/<slug:part>/", portrait.export, name="portrait_export", roles=CASES),
    page("stations/<str:number>/move/<slug:action>/", register.move, name="station_move", roles=BUREAU),
    page("pool/", lists.entries, name="pool", roles=CASES - UNIT),
    page("pool/export/", lists.export, name="pool_export", roles=CASES - UNIT),
    page("pool/new/", lists.propose, name="pool_new", roles={Role.DISTRICT}),
    page("pool/candidates/", candidates.candidate_list, name="pool_candidates", roles=MAKERS),
    page("pool/candidates/export/", candidates.export, name="pool_candidates_export", roles=MAKERS),
    page("pool/own/", lists.own_pool, name="own_pool", roles=UNIT),
    page("pool/<str:number>/", entries.entry, name="pool_entry", roles=CASES),
    page("pool/<str:number>/plan/", entries.plan, name="pool_plan", roles=DECIDE),
    page("pool/<str:number>/correct/", entries.correct, name="pool_correct", roles=HANDLER),
    page("pool/<str:number>/return/", entries.send_back, name="pool_return", roles=DECIDE),
    page("pool/<str:number>/verdict/<slug:code>/", entries.verdict, name="pool_verdict", roles=DECIDE),
    page("pool/<str:number>/measures/<int:pk>/done/", entries.done, name="pool_done", roles=HANDLER | DECIDE),
    page("pool/<str:number>/move/<slug:action>/", entries.move, name="pool_move", roles=CASES),
    path("board/", demands.board, name="board"),
    page("demands/", demands.demands, name="demands", roles=CASES),
    page("demands/export/", demands.export, name="demands_export", roles=CASES),
    page("demands/new/", demands.new, name="demand_new", roles=HANDLER),
    page("demands/<str:number>/", demands.demand, name="demand", roles=CASES),
    page("demands/<str:number>/edit/", demands.edit, name="demand_edit", roles=HANDLER),
    page("demands/<str:number>/move/<slug:action>/", demands.move, name="demand_move", roles=BROKERS),
    page("demands/<str:number>/propose/", demands.propose, name="demand_propose", roles=BROKERS),
    page("matches/", matches.matches, name="matches", roles=CASES),
    page("matches/export/", matches.export, name="matches_export", roles=CASES),
    page("matches/<str:number>/", matches.match, name="match", roles=CASES),
    page("matches/<str:number>/contacts/", matches.contact, name="match_contact", roles=BROKERS),
    page("matches/<str:number>/agreement/", matches.agreement, name="match_agreement", roles=BROKERS),
    page("matches/<str:number>/move/<slug:action>/", matches.move, name="match_move", roles=BROKERS),
    page("universities/", universities.universities, name="universities", roles=CASES),
    page("universities/export/", universities.export, name="universities_export", roles=CASES),
    page("universities/new/", universities.new, name="university_new", roles=BUREAU),
    page("universities/link/", universities.link, name="university_link", roles=BUREAU),
    page("universities/names/<int:pk>/remove/", universities.unlink, name="university_unlink", roles=BUREAU),
    page("universities/<int:pk>/", universities.university, name="university", roles=CASES),
    page("universities/<int:pk>/edit/", universities.edit, name="university_edit", roles=BUREAU),
    page("flows/<int:pk>/", universities.flow, name="university_flow", roles=BUREAU),
    page("pairing/", pairing.pairing, name="pairing", roles=BUREAU),
    page("pairing/export/", pairing.export, name="pairing_export", roles=BUREAU),
    page("pairing/propose/", pairing.propose, name="pairing_propose", roles=BUREAU),
    page("pairing/<int:pk>/", pairing.line, name="pairing_line", roles=BUREAU),
    page("coverage/", chains.chain_coverage, name="coverage", roles=CASES - UNIT),
    page("coverage/export/", chains.export, name="coverage_export", roles=CASES - UNIT),
    path("contacts/", chains.contacts, name="contacts"),
    page("supervisors/", supervisors.supervisors, name="supervisors", roles=CASES),
    page("supervisors/export/", supervisors.export, name="supervisors_export", roles=CASES),
    page("stations/<str:number>/rename/", rows.rename, name="station_rename", roles=BUREAU),
    page("stations/<str:number>/rows/<slug:kind>/", rows.station_row, name="station_row", roles=HANDLER | DECIDE),
    page(
        "stations/<str:number>/rows/<slug:kind>/<int:pk>/",
        rows.station_row,
        name="station_row_edit",
        roles=HANDLER | DECIDE,
    ),
    page("certificates/", certificates.certificates, name="certificates", roles=CASES - UNIT),
    page("certificates/export/", certificates.export, name="certificates_export", roles=CASES - UNIT),
    page("enterprise/papers/", certificates.own_papers, name="certificates_own", roles=UNIT),
    page("enterprise/papers/<slug:kind>/", rows.enterprise_row, name="enterprise_row", roles=HANDLER),
    page("enterprise/papers/<slug:kind>/<int:pk>/", rows.enterprise_row, name="enterprise_row_edit", roles=HANDLER),
    page("enterprises/<str:code>/happenings/", rows.happening, name="happening", roles=DECIDE),
    page("evaluations/", rounds.evaluations, name="evaluations", roles=CASES - UNIT),
    page("evaluations/new/", rounds.new, name="evaluation_new", roles=MAKERS),
    page("evaluations/<str:number>/", rounds.evaluation, name="evaluation", roles=CASES - UNIT),
    page("evaluations/<str:number>/export/", rounds.export, name="evaluation_export", roles=CASES - UNIT),
    page("evaluations/<str:number>/grades/", rounds.grades, name="evaluation_grades", roles=MAKERS),
    page("evaluations/<str:number>/move/<slug:action>/", rounds.move, name="evaluation_move", roles=BUREAU),
    page("assessments/<str:number>/", sheets.assessment, name="assessment", roles=CASES),
    page("assessments/<str:number>/figures/<slug:code>/", figures.figure, name="assessment_figure", roles=CASES),
    page("assessments/<str:number>/move/<slug:action>/", sheets.move, name="assessment_move", roles=CASES),
    page("assessments/<str:number>/return/", sheets.send_back, name="assessment_return", roles=DECIDE),
    page("assessments/<str:number>/papers/<slug:code>/", sheets.upload, name="assessment_upload", roles=HANDLER),
    page("assessments/<str:number>/files/<int:pk>/remove/", sheets.remove, name="assessment_remove", roles=HANDLER),
    page("assessments/<str:number>/items/<int:pk>/", sheets.explain, name="assessment_explain", roles=HANDLER),
    page("assessments/<str:number>/refill/", sheets.refill, name="assessment_refill", roles=HANDLER),
    page("standing/", standing.standing, name="standing", roles=CASES - UNIT),
    page("standing/export/", standing.export, name="standing_export", roles=CASES - UNIT),
    page("standing/<str:number>/", standing.case, name="standing_case", roles=CASES),
    page("standing/<str:number>/move/<slug:action>/", standing.move, name="standing_move", roles=CASES),
    page("standing/<str:number>/remedies/", standing.remedy, name="standing_remedy", roles=HANDLER),
    page("standing/<str:number>/remedies/<int:pk>/", standing.done, name="standing_done", roles=HANDLER),
    page("standing/<str:number>/opinion/", standing.opinion, name="standing_opinion", roles={Role.DISTRICT}),
    page("standing/<str:number>/letter/", standing.paper, name="standing_paper", roles=CASES),
    page("standing/<str:number>/letter/file/", standing.paper_file, name="standing_paper_file", roles=CASES),
    page("stations/<str:number>/clocks/<slug:code>/", standing.begin, name="standing_open", roles=BUREAU),
    page("stations/<str:number>/recruits/<int:year>/", years.year, name="recruits_year", roles=CASES),
    page("stations/<str:number>/recruits/<int:pk>/confirm/", standing.confirm, name="recruits_confirm", roles=DECIDE),
    page("stations/<str:number>/branches/", branches.main, name="branches", roles=CASES),
    page("stations/<str:number>/branches/export/", branches.main_export, name="branches_export", roles=CASES),
    page("studios/", branches.studios, name="studios", roles=CASES),
    page("studios/export/", branches.studios_export, name="studios_export", roles=CASES),
    page("talks/", consultations.talks, name="talks", roles=CASES),
    page("talks/export/", consultations.export, name="talks_export", roles=CASES),
    page("talks/new/", consultations.raise_, name="talk_new", roles=BROKERS),
    page("talks/<str:number>/", consultations.talk, name="talk", roles=CASES),
    page("talks/<str:number>/minutes/", consultations.minutes, name="talk_minutes", roles=BUREAU),
    page("talks/<str:number>/move/<slug:action>/", consultations.move, name="talk_move", roles=BROKERS),
    page("behalf/", behalf.helped, name="behalf", roles=HELPERS),
    page("behalf/new/", behalf.new, name="behalf_new", roles=HELPERS),
    page("applications/<str:number>/help/", behalf.ask, name="application_help", roles=HANDLER),
    page("applications/<str:number>/help/<slug:do>/", behalf.helping, name="application_helping", roles=FILL),
    page("windows/", windows.batches, name="windows", roles=CASES - UNIT),
    page("windows/<slug:code>/", windows.batch, name="window", roles=BUREAU),
    page("windows/<slug:code>/strike/", windows.strike_out, name="window_strike", roles=BUREAU),
    path("publicity/", publicity.publicities, name="publicity"),
    path("publicity/<str:number>/", publicity.public_matter, name="publicity_round"),
    page(
        "evaluations/<str:number>/objections/", publicity.objections, name="objections", roles=BUREAU | {Role.AUDITOR}
    ),
    page("evaluations/<str:number>/objections/<int:pk>/", publicity.answer, name="objections_answer", roles=BUREAU),
    page(
        "evaluations/<str:number>/objections/<int:pk>/file/",
        publicity.paper,
        name="objections_file",
        roles=BUREAU | {Role.AUDITOR},
    ),
]
