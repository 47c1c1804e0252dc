from tests.routes.postdocs import READ, stay
from tests.routes.terms import CASEWORK, DISTRICTS, HANDLERS, Route, let, page


def asked(*rest):
    return lambda row: [row.asked, *rest]


REFUSED = let(HANDLERS, 403)  # the rows of the tables are of somebody who isn't in station yet

ROUTES = {
    # between entry and exit
    "postdocs:inside": page(READ, kind="demand", args=stay()),
    "postdocs:ask": Route(REFUSED, REFUSED, "demand", stay("extension")),
    "postdocs:inside_row": Route(REFUSED, REFUSED, "demand", stay("abroad")),
    "postdocs:inside_row_edit": Route(REFUSED, REFUSED, "demand", lambda row: [row.stay, "grants", row.grant]),
    "postdocs:asked": page(READ, kind="demand", args=asked()),
    "postdocs:asked_edit": Route(REFUSED, REFUSED, "demand", asked()),
    "postdocs:asked_move file": Route(
        let(HANDLERS, 403) | let(DISTRICTS, 200),
        let(HANDLERS, 403) | let(DISTRICTS, 422),
        "demand",
        asked("file"),
    ),
    "postdocs:due": page(CASEWORK),
    "postdocs:due_export": page(CASEWORK),
}
