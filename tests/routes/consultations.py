from tests.routes.terms import BROKERS, BUREAU, CASEWORK, MAKERS, Route, button, let, page

ROUTES = {
    # consultations
    "stations:talks": page(CASEWORK),
    "stations:talks_export": page(CASEWORK),
    "stations:talk_new": Route(let(BROKERS, 200), let(BROKERS, 422)),
    "stations:talk": page(CASEWORK, kind="demand", args=lambda row: [row.talk]),
    "stations:talk_minutes": button(BUREAU, 422, kind="demand", args=lambda row: [row.talk], kept=BUREAU),
    "stations:talk_move drop": Route(
        let(BROKERS, 403) | let(MAKERS, 200),
        let(BROKERS, 403) | let(MAKERS, 302),
        "demand",
        lambda row: [row.talk, "drop"],
        data={"drop-note": "理由"},
    ),
    "api_consultation-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "demand", lambda row: [row.talk]),
    "api_consultation-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
}
