from subsidies.models import SchemeVersion
from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, SIGNED_IN, Route, button, let, page, public

READ = (*CASEWORK, "postdoc")
FILL = (*HANDLERS, "postdoc")
DECIDE = (*DISTRICTS, *BUREAU)
STEP = (*FILL, "certifier", *DECIDE)
WITH_A_ROLE = tuple(person for person in SIGNED_IN if person != "nobody")
ALL_MONEY = (*BUREAU, "auditor", "finance_maker", "finance_checker")
NOTHING = let((*BUREAU, "auditor"), 404)
UNDECIDED = let((*DECIDE, "auditor"), 404)
FOUND = {"wide-verdict": "yes"}
MONEY = (*BUREAU, "finance_maker", "finance_checker", "auditor")
PAYERS = ("bureau_handler", "finance_maker")
RELEASERS = ("bureau_approver", "finance_checker")
CHIEF = ("bureau_approver",)
BOTH = (*PAYERS, *RELEASERS)


def person(row):
    return [row.person]


def station(row):
    return [row.station]


def claim(*rest):
    return lambda row: [row.claim, *rest]


RULES = (*BUREAU, "auditor")


def draft():
    """The scheme of the city and its draft."""
    return ["set-up", SchemeVersion.objects.get(pack__code="testcity", state="draft").pk]


def only_read(people, **values):
    return Route(let(people, 200), let(people, 405), **values)


def of_payment(*rest):
    return lambda row: [row.payment, *rest]


def of_budget(row):
    return [row.budget]


# each claim of the world is a unit's own, handed in by both of its accounts, and waits for its district
ROUTES = {
    # the policy card
    "subsidies:card": page(("postdoc",)),
    "subsidies:card_file": Route(let(("postdoc",), 404), let(("postdoc",), 404)),  # nobody yet: no stay names them
    "subsidies:person_card": page(CASEWORK, kind="demand", args=person),
    "subsidies:person_card_file": page(CASEWORK, kind="demand", args=person),
    "subsidies:station_card": page(CASEWORK, kind="demand", args=station),
    "subsidies:station_card_file": page(CASEWORK, kind="demand", args=station),
    # who could claim
    "subsidies:entitlements": page(CASEWORK),
    "subsidies:entitlements_export": page(CASEWORK),
    "subsidies:prepare": button(DECIDE, kept=DECIDE),
    "subsidies:calendar": page(CASEWORK),
    "subsidies:calendar_export": page(CASEWORK),
    "subsidies:calculator": Route(*public(200, 200)),
    "subsidies:claims": page(READ),
    "subsidies:claims_export": page(CASEWORK),
    "subsidies:claim": page(READ, kind="demand", args=claim()),
    "subsidies:claim_new": button(
        FILL, kind="demand", args=lambda row: ["station", row.station_pk, "set-up", 1], kept=FILL
    ),  # it is claimed already
    "subsidies:claim_payee": button(HANDLERS, 422, kind="demand", args=claim(), kept=HANDLERS),
    "subsidies:claim_account": button(FILL, 422, kind="demand", args=claim(), kept=FILL),
    "subsidies:claim_upload": button(FILL, kind="demand", args=claim("paper.report"), kept=FILL),
    "subsidies:claim_remove": button(FILL, kind="demand", args=lambda row: [row.claim, row.claim_paper], kept=FILL),
    "subsidies:claim_find": button(DECIDE, kind="demand", args=claim("wide"), data=FOUND, kept=BUREAU),
    "subsidies:claim_move forward": Route(
        let((*FILL, "certifier", *BUREAU), 403) | let(DISTRICTS, 200),
        let((*FILL, "certifier", *BUREAU), 403) | let(DISTRICTS, 302),
        "demand",
        claim("forward"),
    ),
    "subsidies:claim_return": Route(
        let(DISTRICTS, 200) | let(BUREAU, 403), let(DISTRICTS, 422) | let(BUREAU, 403), "demand", claim()
    ),
    "subsidies:money": page((*CASEWORK, "finance_maker", "finance_checker")),
    "subsidies:money_export": page((*CASEWORK, "finance_maker", "finance_checker")),
    "subsidies:claim_objections": page((*BUREAU, "auditor"), kind="demand", args=claim()),
    "subsidies:claim_objections_answer": button(BUREAU, 404, args=lambda row: ["nothing", 1]),
    "subsidies:claim_objections_file": Route(NOTHING, NOTHING, args=lambda row: ["nothing", 1]),
    "subsidies:claim_decision": Route(UNDECIDED, UNDECIDED, args=lambda row: ["nothing"]),
    "subsidies:claim_decision_json": Route(UNDECIDED, UNDECIDED, args=lambda row: ["nothing"]),
    "api_claim-list": Route(let(READ, 200), let(READ, 405)),
    "api_claim-detail": Route(let(READ, 200), let(READ, 405), "demand", claim()),
    "api_entitlement-list": Route(let(READ, 200), let(READ, 405)),
    "api_scheme-list": Route(let(WITH_A_ROLE, 200), let(WITH_A_ROLE, 405)),
    "api_scheme-detail": Route(let(WITH_A_ROLE, 404), let(WITH_A_ROLE, 405), args=lambda row: ["nothing"]),
    "api_budget-list": Route(let(ALL_MONEY, 200), let(ALL_MONEY, 405)),
    "api_batch-list": Route(let(MONEY, 200), let(MONEY, 405)),
    "api_batch-detail": Route(let(MONEY, 200), let(MONEY, 405), "city", of_payment()),
    "subsidies:schemes": Route(*public(200)),
    "subsidies:schemes_export": page([p for p in SIGNED_IN if p != "nobody"]),
    "subsidies:scheme": Route(*public(200), args=lambda row: ["set-up"]),
    "subsidies:scheme_draft": button(("bureau_handler",), args=lambda row: ["set-up"], data={"since": "2028-01-01"}),
    "subsidies:version": only_read(RULES, args=lambda row: draft()),
    "subsidies:version_edit": Route(
        let(("bureau_handler",), 200), let(("bureau_handler",), 422), args=lambda row: draft()
    ),
    "subsidies:version_case": Route(
        let(("bureau_handler",), 200), let(("bureau_handler",), 422), args=lambda row: draft()
    ),
    "subsidies:version_case_edit": Route(
        let(("bureau_handler",), 404), let(("bureau_handler",), 404), args=lambda row: [*draft(), 1]
    ),
    "subsidies:scheme_new": page(("bureau_handler",)),
    "subsidies:scheme_found": Route(
        let(("bureau_handler",), 200), let(("bureau_handler",), 422), args=lambda row: ["stay"]
    ),
    "subsidies:scheme_tell": Route(
        let(("bureau_handler",), 404), let(("bureau_handler",), 404), args=lambda row: ["set-up"]
    ),
    "subsidies:recoveries": page(RULES),
    "subsidies:recoveries_export": page(RULES),
    "subsidies:recovery_answer": button(("bureau_handler",), 404, args=lambda row: [1, "take"]),
    "subsidies:version_impact": only_read(RULES, args=lambda row: draft()),
    "subsidies:impact_export": only_read(RULES, args=lambda row: draft()),
    "subsidies:version_move propose": button(
        BUREAU,
        let(("bureau_handler",), 422) | let(("bureau_reviewer", "bureau_approver"), 403),
        args=lambda row: [*draft(), "propose"],
    ),
    # the batch of each city is being put together, and there is nothing in it
    "subsidies:budgets": page(MONEY),
    "subsidies:budget_new": Route(let(CHIEF, 200), let(CHIEF, 422)),
    "subsidies:budget_export": Route(let(MONEY, 404), let(MONEY, 404)),  # of one budget, which the query names
    "subsidies:budget": page(MONEY, kind="city", args=of_budget),
    "subsidies:budget_change": Route(let(CHIEF, 200), let(CHIEF, 422), "city", of_budget),
    "subsidies:ledger": page(MONEY),
    "subsidies:forecast": page(MONEY),
    "subsidies:forecast_export": page(MONEY),
    "subsidies:payments": page(MONEY),
    "subsidies:payment_new": Route(let(PAYERS, 200), let(PAYERS, 422), "city", lambda row: [row.line]),
    "subsidies:payment": page(MONEY, kind="city", args=of_payment()),
    "subsidies:payment_add": button(PAYERS, kind="city", args=of_payment(), kept=PAYERS),
    "subsidies:payment_remove": button(PAYERS, 404, kind="city", args=of_payment(10**9)),
    "subsidies:payment_result": Route(let(PAYERS, 404), let(PAYERS, 404), "city", of_payment(10**9)),
    "subsidies:payment_results": button(PAYERS, kind="city", args=of_payment(), kept=PAYERS),
    "subsidies:payment_move hand_over": Route(
        let(PAYERS, 200) | let(RELEASERS, 403), let(PAYERS, 422) | let(RELEASERS, 403), "city", of_payment("hand_over")
    ),
    "subsidies:payment_dissolve": button(PAYERS, kind="city", args=of_payment()),
    "subsidies:payment_release": Route(let(RELEASERS, 403), let(RELEASERS, 403), "city", of_payment()),
    "subsidies:payment_list": button(BOTH, 403, kind="city", args=of_payment()),
    "subsidies:payment_letter": Route(let(MONEY, 404), let(MONEY, 405), "city", of_payment("pdf")),
}
