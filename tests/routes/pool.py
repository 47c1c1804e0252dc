from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, JUDGED, MAKERS, UNIT, Route, button, let, page

ROUTES = {
    # the reserve pool
    "stations:pool": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:pool_export": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:pool_candidates": Route(let(MAKERS, 200), let(MAKERS, 422)),
    "stations:pool_candidates_export": page(MAKERS),
    "stations:pool_new": Route(let(DISTRICTS, 200), let(DISTRICTS, 422)),
    "stations:own_pool": Route(let(UNIT, 302), let(HANDLERS, 422)),
    "stations:pool_entry": page(CASEWORK, kind="pool", args=lambda row: [row.entry]),
    "stations:pool_plan": button(
        (*DISTRICTS, *BUREAU),
        let(DISTRICTS, 302) | let(BUREAU, 302) | {"bureau_approver": 403},
        kind="pool",
        args=lambda row: [row.entry],
        data={"plan": "先补合作流动站"},
    ),
    "stations:pool_correct": button(
        HANDLERS, kind="pool", args=lambda row: [row.entry], data={"note": "已补充"}, locked="AB"
    ),
    "stations:pool_return": Route(
        let((*DISTRICTS, *BUREAU), 403), let((*DISTRICTS, *BUREAU), 403), "pool", lambda row: [row.entry]
    ),
    "stations:pool_verdict": button(
        (*DISTRICTS, *BUREAU),
        let(DISTRICTS, 302) | let(BUREAU, 302) | {"bureau_approver": 422},
        kind="pool",
        args=lambda row: [row.entry, "basic-1"],
        data=JUDGED,
        kept=("bureau_approver",),
    ),
    "stations:pool_done": button(
        (*HANDLERS, *DISTRICTS, *BUREAU),
        let((*HANDLERS, *DISTRICTS, *BUREAU), 302) | {"bureau_approver": 422},
        kind="pool",
        args=lambda row: [row.entry, row.measure],
        data={"done-done_on": "2026-06-02"},
        kept=("bureau_approver",),
    ),
    "stations:pool_move grade": Route(
        let(CASEWORK, 403) | let((*DISTRICTS, *BUREAU), 200) | {"bureau_approver": 403},
        let(CASEWORK, 403) | let((*DISTRICTS, *BUREAU), 302) | {"bureau_approver": 403},
        "pool",
        lambda row: [row.entry, "grade"],
        data={"grade-tier": "a", "grade-note": "补齐了"},
    ),
    "stations:pool_move resume": Route(  # comes by itself with the application
        let(CASEWORK, 404), let(CASEWORK, 404), "pool", lambda row: [row.entry, "resume"]
    ),
    "api_pool-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_pool-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "pool", lambda row: [row.entry]),
}
