from tests.routes.terms import BUREAU, CASEWORK, Route, button, let, page, public

ROUTES = {
    "stations:publicity": Route(*public(200, 200)),
    "stations:publicity_round": Route(*public(404, 404), args=lambda row: ["nothing"]),
    "stations:objections": page((*BUREAU, "auditor"), kind="city", args=lambda row: [row.round]),
    "stations:objections_answer": button(BUREAU, 404, args=lambda row: ["nothing", 1]),
    "stations:objections_file": Route(
        let((*BUREAU, "auditor"), 404), let((*BUREAU, "auditor"), 404), args=lambda row: ["nothing", 1]
    ),
    "api_publicity-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
}
