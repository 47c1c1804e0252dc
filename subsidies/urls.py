"""Addresses of subsidies. Roles stand beside the pages they may open."""

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK, MONEY
from portal.routes import page
from subsidies.claims import views as claims
from subsidies.claims.lifecycle import PAYERS, RELEASERS
from subsidies.ledger import views as ledger
from subsidies.payments import views as payments

app_name = "subsidies"
HANDLER = {Role.HANDLER}
DECIDE = BUREAU | {Role.DISTRICT}
READ = CASEWORK | {Role.POSTDOC}
FILL = HANDLER | {Role.POSTDOC}
STEP = FILL | {Role.CERTIFIER} | DECIDE

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
