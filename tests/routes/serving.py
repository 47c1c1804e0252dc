from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, OFFICE, Route, button, let, page, public

DECIDE = (*DISTRICTS, *BUREAU)
ASK = (*HANDLERS, "postdoc")


def visit(*rest):
    return lambda row: [row.visit, *rest]


def request(*rest):
    return lambda row: [row.request, *rest]


ROUTES = {
    # visits
    "postdocs:visits_due": page(OFFICE),
    "postdocs:visits_export": page(OFFICE),
    "postdocs:visits": page(OFFICE),
    "postdocs:visits_made_export": page(OFFICE),
    "postdocs:visit_new": Route(let(DECIDE, 200), let(DECIDE, 422)),
    "postdocs:visit": page((*OFFICE, "postdoc"), kind="demand", args=visit()),
    "postdocs:visit_need": button(DECIDE, 422, kind="demand", args=visit(), kept=DECIDE),
    "postdocs:visit_file": Route(let(OFFICE, 200), let(OFFICE, 405), "demand", visit()),
    # services
    "postdocs:services": Route(*public(200, 200)),
    "postdocs:request_new": Route(let(ASK, 200), let(ASK, 422), "city", lambda row: [row.service], kept=ASK),
    "postdocs:requests": page((*CASEWORK, "postdoc")),
    "postdocs:requests_export": page(CASEWORK),
    "postdocs:request_figures": page(OFFICE),
    "postdocs:request_figures_export": page(OFFICE),
    "postdocs:request": page((*CASEWORK, "postdoc"), kind="demand", args=request()),
    "postdocs:request_move accept": Route(
        let(DECIDE, 200) | let(("bureau_approver", *HANDLERS, "postdoc"), 403),
        let(DECIDE, 302) | let(("bureau_approver", *HANDLERS, "postdoc"), 403),
        "demand",
        request("accept"),
    ),
    "api_visit-list": Route(let(OFFICE, 200), let(OFFICE, 405)),
    "api_request-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_request-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "demand", request()),
}
