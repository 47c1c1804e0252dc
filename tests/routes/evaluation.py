from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, MAKERS, OFFICE, Route, button, let, page

ROUTES = {
    # evaluation
    "stations:evaluations": page(OFFICE),
    "stations:evaluation_new": Route(let(MAKERS, 200), let(MAKERS, 422)),
    "stations:evaluation": page(OFFICE, kind="city", args=lambda row: [row.round]),
    "stations:evaluation_export": page(OFFICE, kind="city", args=lambda row: [row.round]),
    "stations:evaluation_grades": button(MAKERS, 403, kind="city", args=lambda row: [row.round]),
    "stations:evaluation_move end_reports": Route(
        let(BUREAU, 403) | let(MAKERS, 200),
        let(BUREAU, 403) | let(MAKERS, 302),
        "city",
        lambda row: [row.round, "end_reports"],
    ),
    "stations:assessment": Route(
        let(CASEWORK, 200),
        let(CASEWORK, 302),
        "station",
        lambda row: [row.sheet],
        data={"recruits": "2", "recruits-note": "两人", "staff-note": "", "rules-note": ""},
        kept=("certifier", *DISTRICTS, *BUREAU, "auditor"),
    ),
    "stations:assessment_move exempt": Route(
        let(CASEWORK, 403) | let(MAKERS, 200),
        let(CASEWORK, 403) | let(MAKERS, 302),
        "station",
        lambda row: [row.sheet, "exempt"],
        data={"exempt-note": "理由"},
    ),
    "stations:assessment_return": Route(  # nothing has been handed in yet
        let((*DISTRICTS, *BUREAU), 403), let((*DISTRICTS, *BUREAU), 403), "station", lambda row: [row.sheet]
    ),
    "stations:assessment_upload": button(  # without a file
        HANDLERS, kind="station", args=lambda row: [row.sheet, "recruits"], kept=HANDLERS
    ),
    "stations:assessment_remove": button(HANDLERS, kind="station", args=lambda row: [row.sheet, row.paper]),
    "stations:assessment_explain": button(  # nothing was sent back
        HANDLERS, 404, kind="station", args=lambda row: [row.sheet, 10**9]
    ),
    "stations:assessment_figure": page(CASEWORK, kind="station", args=lambda row: [row.sheet, "recruits"]),
    "stations:assessment_refill": button(HANDLERS, kind="station", args=lambda row: [row.sheet]),
    "api_evaluation-list": Route(let(OFFICE, 200), let(OFFICE, 405)),
    "api_evaluation-detail": Route(let(OFFICE, 200), let(OFFICE, 405), "city", lambda row: [row.round]),
    "api_honour-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_assessment-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_assessment-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "station", lambda row: [row.sheet]),
}
