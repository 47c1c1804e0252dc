from tests.routes.terms import (
    BUREAU,
    CASEWORK,
    DISTRICTS,
    FILL,
    FILLED,
    HANDLERS,
    HELPERS,
    JUDGED,
    UNIT,
    Route,
    button,
    let,
    page,
    public,
    read_by_unit,
)

ROUTES = {
    "stations:guide": Route(*public(200, 200)),
    "stations:guide_type": Route(*public(200, 200), args=lambda row: ["testcity", "national"]),
    "stations:guide_check": Route(*public(200, 200), args=lambda row: ["testcity", "national"]),
    # applications
    "stations:applications": page(CASEWORK),
    "stations:applications_export": page(CASEWORK),
    "stations:application_new": Route(let(HANDLERS, 200), let(HANDLERS, 404)),
    "stations:application": page(CASEWORK, kind="case", args=lambda row: [row.number]),
    "stations:application_section plan": Route(
        let(UNIT, 200) | let(HELPERS, 403),
        let(UNIT, 302) | let(HELPERS, 403),
        "case",
        lambda row: [row.number, "plan"],
        data={"supervisor": "张三", "supervisor_title": "正高级工程师"},
        kept=("certifier",),
        locked="AB",
    ),
    "stations:application_section profile": Route(
        let(UNIT, 200) | let(HELPERS, 403),
        let(UNIT, 302) | let(HELPERS, 403),
        "case",
        lambda row: [row.number, "profile"],
        data={"address": "测试路2号"},
        kept=("certifier",),
        locked="AB",
    ),
    "stations:application_section basic": Route(*read_by_unit(), "case", lambda row: [row.number, "basic"], kept=UNIT),
    "stations:application_section recommended": Route(
        *read_by_unit(), "case", lambda row: [row.number, "recommended"], kept=UNIT
    ),
    "stations:application_section check": Route(*read_by_unit(), "case", lambda row: [row.number, "check"], kept=UNIT),
    "stations:application_section nothing": Route(
        let((*UNIT, *HELPERS), 404), let((*UNIT, *HELPERS), 404), "case", lambda row: [row.number, "nothing"]
    ),
    "stations:application_answer": button(
        FILL,
        FILLED,
        kind="case",
        args=lambda row: [row.number, "basic-1"],
        data={"basic-1-claimed": "false", "basic-1-statement": "不符合"},
        locked="ABR",
    ),
    "stations:application_upload": button(
        FILL, FILLED, kind="case", args=lambda row: [row.number, "basic-2.proof"], locked="ABR"
    ),
    "stations:application_remove": button(
        FILL, FILLED, kind="case", args=lambda row: [row.number, row.evidence], locked="ABR"
    ),
    "stations:application_explain": button(
        FILL, FILLED, kind="item", args=lambda row: [row.number, row.item], data={"answer": "与合同一致"}
    ),
    "stations:application_certify": button(
        UNIT, kind="case", args=lambda row: [row.number], data={"truthful": "on"}, kept=HANDLERS, locked="AD"
    ),
    "stations:application_move": Route(
        let(CASEWORK, 403) | let(DISTRICTS, 200),
        let(CASEWORK, 403) | let(DISTRICTS, 302),
        "case",
        lambda row: [row.number, "refuse"],
        data={"refuse-note": "理由"},
        draft=302,
        locked="D",
    ),
    "stations:application_verdict": button(
        (*DISTRICTS, *BUREAU),
        let(DISTRICTS, 302) | let(BUREAU, 422),
        kind="case",
        args=lambda row: [row.number, "basic-1"],
        data=JUDGED,
        kept=BUREAU,
    ),
    "stations:application_return": Route(
        let(DISTRICTS, 200) | let(BUREAU, 403),
        let(DISTRICTS, 302) | let(BUREAU, 403),
        "case",
        lambda row: [row.number],
        data={"on-field:project": "on", "code-field:project": "R01", "note-field:project": "写明项目"},
    ),
    "stations:application_paper": page(CASEWORK, kind="case", args=lambda row: [row.number, "form"]),
    "stations:application_paper_file": page(CASEWORK, kind="case", args=lambda row: [row.number, "form"]),
    "stations:application_visit": Route(
        let(DISTRICTS, 200),
        let(DISTRICTS, 302),
        "case",
        lambda row: [row.number],
        data={"visited_on": "2026-06-01", "visitors": "甲", "findings": "属实"},
    ),
    "stations:application_copy": button(HANDLERS, 404, kind="case", args=lambda row: [row.number]),
    "stations:batch": Route(let(BUREAU, 200), let(BUREAU, 422)),
    **{
        f"stations:batch_summary{more}": Route(let(BUREAU, 404), let(BUREAU, 404))  # of nothing, nothing
        for more in ("", "_file", "_export")
    },
    # by program
    "api_application-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_application-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "case", lambda row: [row.number]),
}
