from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, Route, button, let, page

READ = (*CASEWORK, "postdoc")
DECIDE = (*DISTRICTS, *BUREAU)


def stay(*rest):
    return lambda row: [row.stay, *rest]


ROUTES = {
    # people and their stays
    "postdocs:stays": page(READ),
    "postdocs:stays_export": page(CASEWORK),
    "postdocs:stay_new": Route(let(HANDLERS, 200), let(HANDLERS, 422)),
    "postdocs:stay": page(READ, kind="demand", args=stay()),
    "postdocs:entry": Route(let(HANDLERS, 403), let(HANDLERS, 403), "demand", stay()),  # it was handed in
    "postdocs:stay_upload": button(HANDLERS, kind="demand", args=stay("paper.audit-form"), kept=HANDLERS),
    "postdocs:stay_remove": button(HANDLERS, kind="demand", args=lambda row: [row.stay, row.stay_file], kept=HANDLERS),
    "postdocs:stay_move accept": Route(
        let((*HANDLERS, *BUREAU, "postdoc"), 403) | let(DISTRICTS, 200),
        let((*HANDLERS, *BUREAU, "postdoc"), 403) | let(DISTRICTS, 302),
        "demand",
        stay("accept"),
    ),
    "postdocs:stay_return": Route(let(DISTRICTS, 200), let(DISTRICTS, 422), "demand", stay()),
    "postdocs:milestone_new": button(HANDLERS, 422, kind="demand", args=stay(), kept=HANDLERS),
    "postdocs:milestone_check": button(DECIDE, kind="demand", args=lambda row: [row.stay, row.milestone]),
    "postdocs:match": Route(let((*HANDLERS, *DECIDE), 200), let((*HANDLERS, *DECIDE), 302), "demand", stay()),
    "postdocs:person": page(READ, kind="demand", args=lambda row: [row.person]),
}
