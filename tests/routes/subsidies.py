from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, Route, button, let, page

READ = (*CASEWORK, "postdoc")
FILL = (*HANDLERS, "postdoc")
DECIDE = (*DISTRICTS, *BUREAU)
STEP = (*FILL, "certifier", *DECIDE)
FOUND = {"wide-verdict": "yes"}
MONEY = (*BUREAU, "finance_maker", "finance_checker", "auditor")
PAYERS = ("bureau_handler", "finance_maker")
RELEASERS = ("bureau_approver", "finance_checker")
CHIEF = ("bureau_approver",)
BOTH = (*PAYERS, *RELEASERS)


def claim(*rest):
    return lambda row: [row.claim, *rest]


def of_payment(*rest):
    return lambda row: [row.payment, *rest]


def of_budget(row):
    return [row.budget]


# each claim of the world is a unit's own, handed in by both of its accounts, and waits for its district
ROUTES = {
    "subsidies:claims": page(READ),
    "subsidies:claims_export": page(CASEWORK),
    "subsidies:claim": page(READ, kind="demand", args=claim()),
    "subsidies:claim_new": button(
        FILL, kind="demand", args=lambda row: ["station", row.station_pk, "set-up", 1], kept=FILL
    ),  # it is claimed already
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
