"""Addresses of subsidies. Roles stand beside the pages they may open."""

from functools import partial

from django.urls import path

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK, EVERYBODY, MONEY
from portal.routes import page
from stations.publicity import views as publicity
from subsidies.boards import views as boards
from subsidies.cards import calculator_views as calculator
from subsidies.cards import lists
from subsidies.cards import views as cards
from subsidies.claims import decisions
from subsidies.claims import views as claims
from subsidies.claims.lifecycle import PAYERS, RELEASERS
from subsidies.ledger import views as ledger
from subsidies.payments import views as payments
from subsidies.recoveries import views as recoveries
from subsidies.schemes import views as schemes

app_name = "subsidies"
HANDLER = {Role.HANDLER}
DECIDE = BUREAU | {Role.DISTRICT}
READ = CASEWORK | {Role.POSTDOC}
FILL = HANDLER | {Role.POSTDOC}
OBJECTORS = BUREAU | {Role.AUDITOR}  # who may know who objected
SPENT = CASEWORK | {Role.FINANCE_MAKER, Role.FINANCE_CHECKER}  # each their own part of it
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
    page("claims/<str:number>/payee/", claims.payee, name="claim_payee", roles=HANDLER),
    page("claims/<str:number>/account/", claims.account, name="claim_account", roles=FILL),
    page("claims/<str:number>/papers/<str:slot>/", claims.upload, name="claim_upload", roles=FILL),
    page("claims/<str:number>/files/<int:pk>/remove/", claims.remove, name="claim_remove", roles=FILL),
    page("claims/<str:number>/find/<slug:code>/", claims.find, name="claim_find", roles=DECIDE),
    page("claims/<str:number>/move/<slug:action>/", claims.move, name="claim_move", roles=STEP),
    page("claims/<str:number>/return/", claims.send_back, name="claim_return", roles=DECIDE),
    page(
        "claims/<str:number>/objections/",
        partial(publicity.objections, kind="claim"),
        name="claim_objections",
        roles=OBJECTORS,
    ),
    page(
        "claims/<str:number>/objections/<int:pk>/",
        partial(publicity.answer, kind="claim"),
        name="claim_objections_answer",
        roles=BUREAU,
    ),
    page(
        "claims/<str:number>/objections/<int:pk>/file/",
        partial(publicity.paper, kind="claim"),
        name="claim_objections_file",
        roles=OBJECTORS,
    ),
    page("claims/<str:number>/decision/", decisions.decision, name="claim_decision", roles=DECIDE | {Role.AUDITOR}),
    page(
        "claims/<str:number>/decision/json/",
        decisions.download,
        name="claim_decision_json",
        roles=DECIDE | {Role.AUDITOR},
    ),
    page("recoveries/", recoveries.recoveries, name="recoveries", roles=RULES),
    page("recoveries/export/", recoveries.export, name="recoveries_export", roles=RULES),
    page("recoveries/<int:pk>/<slug:what>/", recoveries.answer, name="recovery_answer", roles=DRAFT),
    page("money/", boards.money, name="money", roles=SPENT),
    page("money/export/", boards.export, name="money_export", roles=SPENT),
    # the policy card
    page("card/", cards.card, name="card", roles={Role.POSTDOC}),
    page("card/file/", cards.card_file, name="card_file", roles={Role.POSTDOC}),
    page("people/<uuid:pk>/card/", cards.person_card, name="person_card", roles=CASEWORK),
    page("people/<uuid:pk>/card/file/", cards.person_card_file, name="person_card_file", roles=CASEWORK),
    page("stations/<str:number>/card/", cards.station_card, name="station_card", roles=CASEWORK),
    page("stations/<str:number>/card/file/", cards.station_card_file, name="station_card_file", roles=CASEWORK),
    page("entitlements/", lists.entitlements, name="entitlements", roles=CASEWORK),
    page("entitlements/export/", lists.export, name="entitlements_export", roles=CASEWORK),
    page("entitlements/prepare/", lists.prepare, name="prepare", roles=DECIDE),
    page("entitlements/calendar/", lists.calendar, name="calendar", roles=CASEWORK),
    page("entitlements/calendar/export/", lists.calendar_export, name="calendar_export", roles=CASEWORK),
    path("calculator/", calculator.calculator, name="calculator"),
    path("schemes/", schemes.schemes, name="schemes"),  # everybody, signed in or not
    page("schemes/export/", schemes.export, name="schemes_export", roles=EVERYBODY),
    page("schemes/new/", schemes.begin, name="scheme_new", roles=DRAFT),
    page("schemes/new/<slug:vocabulary>/", schemes.found, name="scheme_found", roles=DRAFT),
    path("schemes/<slug:code>/", schemes.scheme, name="scheme"),
    page("schemes/<slug:code>/tell/", schemes.retell, name="scheme_tell", roles=DRAFT),
    page("schemes/<slug:code>/draft/", schemes.draft, name="scheme_draft", roles=DRAFT),
    page("schemes/<slug:code>/<int:pk>/", schemes.version, name="version", roles=RULES),
    page("schemes/<slug:code>/<int:pk>/edit/", schemes.edit, name="version_edit", roles=DRAFT),
    page("schemes/<slug:code>/<int:pk>/case/", schemes.case, name="version_case", roles=DRAFT),
    page("schemes/<slug:code>/<int:pk>/case/<int:number>/", schemes.case, name="version_case_edit", roles=DRAFT),
    page("schemes/<slug:code>/<int:pk>/impact/", schemes.impact, name="version_impact", roles=RULES),
    page("schemes/<slug:code>/<int:pk>/impact/export/", schemes.impact_export, name="impact_export", roles=RULES),
    page("schemes/<slug:code>/<int:pk>/move/<slug:action>/", schemes.move, name="version_move", roles=BUREAU),
    page("budgets/", ledger.budgets, name="budgets", roles=MONEY),
    page("budgets/new/", ledger.enter, name="budget_new", roles={Role.BUREAU_APPROVER}),
    page("budgets/export/", ledger.export, name="budget_export", roles=MONEY),
    page("budgets/<int:pk>/", ledger.budget, name="budget", roles=MONEY),
    page("budgets/<int:pk>/change/", ledger.change, name="budget_change", roles={Role.BUREAU_APPROVER}),
    page("ledger/", ledger.ledger, name="ledger", roles=MONEY),
    page("forecast/", ledger.due, name="forecast", roles=MONEY),
    page("forecast/export/", ledger.due_export, name="forecast_export", roles=MONEY),
    page("payments/", payments.payments, name="payments", roles=MONEY),
    page("payments/new/<int:line>/", payments.begin, name="payment_new", roles=PAYERS),
    page("payments/<str:number>/", payments.payment, name="payment", roles=MONEY),
    page("payments/<str:number>/add/", payments.add, name="payment_add", roles=PAYERS),
    page("payments/<str:number>/lines/<int:pk>/remove/", payments.remove, name="payment_remove", roles=PAYERS),
    page("payments/<str:number>/lines/<int:pk>/result/", payments.result, name="payment_result", roles=PAYERS),
    page("payments/<str:number>/results/", payments.list_of_results, name="payment_results", roles=PAYERS),
    page("payments/<str:number>/move/<slug:action>/", payments.move, name="payment_move", roles=PAYERS | RELEASERS),
    page("payments/<str:number>/dissolve/", payments.dissolve, name="payment_dissolve", roles=PAYERS),
    page("payments/<str:number>/release/", payments.release, name="payment_release", roles=RELEASERS),
    page("payments/<str:number>/list/", payments.take_list, name="payment_list", roles=PAYERS | RELEASERS),
    page("payments/<str:number>/letter/<slug:form>/", payments.letter, name="payment_letter", roles=MONEY),
]
