from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, OFFICE, Route, let, page

MAKERS = ("bureau_handler", "bureau_reviewer")
TELLERS = (*HANDLERS, *DISTRICTS, *BUREAU, "postdoc")

ROUTES = {
    "postdocs:retention": page(OFFICE),
    "postdocs:retention_export": page(OFFICE),
    "postdocs:follow_ups": page(OFFICE),
    "postdocs:follow_ups_export": page(OFFICE),
    # the stays of these tests are on their way in: nothing to tell yet
    "postdocs:destination": Route(let(TELLERS, 403), let(TELLERS, 403), "demand", lambda row: [row.stay]),
    "postdocs:follow_up": Route(let(DISTRICTS, 403), let(DISTRICTS, 403), "demand", lambda row: [row.stay, 6]),
    "postdocs:differences": page(OFFICE),
    "postdocs:differences_export": page(OFFICE),
    "postdocs:difference": Route(let(OFFICE, 404), let(OFFICE, 404), args=lambda row: [10**9]),
    "postdocs:reconciled": Route(
        let((*DISTRICTS, *MAKERS), 404), let((*DISTRICTS, *MAKERS), 404), args=lambda row: [10**9]
    ),
    "api_destination-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_destination-detail": Route(let(CASEWORK, 404), let(CASEWORK, 405), "demand", lambda row: [row.stay]),
}
