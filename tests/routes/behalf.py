from tests.routes.terms import FILL, FILLED, HANDLERS, HELPERS, Route, button, let, page

ROUTES = {
    "stations:behalf": page(HELPERS),
    "stations:behalf_new": Route(let(HELPERS, 200), let(HELPERS, 422)),
    "stations:application_help": button(HANDLERS, kind="case", args=lambda row: [row.number], locked="AB"),
    "stations:application_helping": button(
        FILL, FILLED, kind="case", args=lambda row: [row.number, "end"], locked="ABDR"
    ),
}
