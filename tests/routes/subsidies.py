from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, Route, button, let, page, public

READ = (*CASEWORK, "postdoc")
FILL = (*HANDLERS, "postdoc")
DECIDE = (*DISTRICTS, *BUREAU)
STEP = (*FILL, "certifier", *DECIDE)
FOUND = {"wide-verdict": "yes"}


def person(row):
    return [row.person]


def station(row):
    return [row.station]


def claim(*rest):
    return lambda row: [row.claim, *rest]


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
}
