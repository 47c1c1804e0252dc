from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, IMPORTERS, Route, let

ROUTES = {
    # ledgers out for editing, and stays by program
    "import_out": Route(
        let(IMPORTERS, 403) | let((*DISTRICTS, *BUREAU), 200), let(IMPORTERS, 405), args=lambda row: ["stays"]
    ),
    "api_postdoc-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_postdoc-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "demand", lambda row: [row.stay]),
}
