from tests.routes.terms import BUREAU, DISTRICTS, OFFICIALS, Route, let, page, public

ROUTES = {
    "stations:chains": Route(let(OFFICIALS, 200), let(OFFICIALS, 200) | let(BUREAU, 422)),
    "stations:chain": Route(
        let(BUREAU, 200),
        let(BUREAU, 302),
        kind="city",
        args=lambda row: [row.chain],
        data={"name": "机器人和智能制造", "reason": "会议纪要"},
    ),
    "stations:contacts": Route(*public(200, 200)),
    "stations:coverage": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:coverage_export": page((*DISTRICTS, *BUREAU, "auditor")),
}
