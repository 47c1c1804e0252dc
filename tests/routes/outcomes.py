from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, Route, button, let, page

READ = (*CASEWORK, "postdoc")
RECORD = (*HANDLERS, "postdoc")


def outcome(*rest):
    return lambda row: [row.outcome, *rest]


ROUTES = {
    # what postdocs brought forth
    "postdocs:outcomes": page(READ),
    "postdocs:outcomes_export": page(CASEWORK),
    "postdocs:outcome_kinds": page(RECORD),
    "postdocs:outcome_new": Route(let(RECORD, 200), let(RECORD, 422), args=lambda _row: ["patent"]),
    "postdocs:outcome_many": Route(let(HANDLERS, 200), let(HANDLERS, 422), args=lambda _row: ["patent"]),
    "postdocs:outcome": page(READ, kind="demand", args=outcome()),
    "postdocs:outcome_edit": Route(let(RECORD, 403), let(RECORD, 403), "demand", outcome()),  # it was confirmed
    "postdocs:outcome_join": button(HANDLERS, 422, kind="demand", args=outcome(), kept=HANDLERS),
    "postdocs:outcome_upload": button(RECORD, kind="demand", args=outcome(), kept=RECORD),
    "postdocs:outcome_remove": button(RECORD, kind="demand", args=lambda row: [row.outcome, row.proof], kept=RECORD),
    "postdocs:outcome_move verify": Route(
        let((*RECORD, *BUREAU), 403) | let(DISTRICTS, 200),
        let((*RECORD, *BUREAU), 403) | let(DISTRICTS, 302),
        "demand",
        outcome("verify"),
    ),
    "postdocs:outcome_return": Route(let(DISTRICTS, 200), let(DISTRICTS, 422), "demand", outcome()),
    "api_outcome-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_outcome-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "demand", outcome()),
}
