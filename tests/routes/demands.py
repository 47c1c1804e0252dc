from tests.routes.terms import BROKERS, BUREAU, CASEWORK, DISTRICTS, HANDLERS, UNIT, Route, button, let, page, public

ROUTES = {
    # demands
    "stations:board": Route(*public(200, 200)),
    "stations:demands": page(CASEWORK),
    "stations:demands_export": page(CASEWORK),
    "stations:demand_new": Route(let(HANDLERS, 200), let(HANDLERS, 422)),
    "stations:demand": page(CASEWORK, kind="demand", args=lambda row: [row.demand]),
    "stations:demand_edit": Route(
        let(HANDLERS, 302), let(HANDLERS, 302), "demand", lambda row: [row.demand], data={"title": "改"}, locked="AB"
    ),
    "stations:demand_move take_down": Route(
        let(BROKERS, 200),
        let(BROKERS, 302),
        "demand",
        lambda row: [row.demand, "take_down"],
        data={"take_down-note": "理由"},
    ),
    "stations:demand_move talk": Route(  # follows from a match
        let(BROKERS, 404), let(BROKERS, 404), "demand", lambda row: [row.demand, "talk"]
    ),
    "stations:demand_propose": button(BROKERS, 422, kind="demand", args=lambda row: [row.demand], locked="AB"),
    "stations:matches": page(CASEWORK),
    "stations:matches_export": page(CASEWORK),
    "stations:match": page(CASEWORK, kind="demand", args=lambda row: [row.match]),
    "stations:match_contact": button(
        BROKERS,
        kind="demand",
        args=lambda row: [row.match],
        data={"on": "2026-06-01", "way": "call", "result": "谈过"},
    ),
    "stations:match_agreement": button(  # nothing is signed here
        BROKERS, kind="demand", args=lambda row: [row.match], data={"until": "2030-01-01"}, kept=BROKERS
    ),
    "stations:match_move end": Route(
        let(BROKERS, 200),
        let(BROKERS, 302),
        "demand",
        lambda row: [row.match, "end"],
        data={"end-note": "理由"},
    ),
    "stations:match_move lapse": Route(  # comes with its demand
        let(BROKERS, 404), let(BROKERS, 404), "demand", lambda row: [row.match, "lapse"]
    ),
    "stations:universities": page(CASEWORK),
    "stations:universities_export": page(CASEWORK),
    "stations:university_new": Route(let(BUREAU, 200), let(BUREAU, 422)),
    "stations:university": Route(
        let(CASEWORK, 200),
        let(CASEWORK, 200) | let(BUREAU, 302),
        "city",
        lambda row: [row.university],
        data={"discipline": "0811"},
        kept=(*UNIT, *DISTRICTS, "auditor"),
    ),
    "stations:university_edit": Route(
        let(BUREAU, 200),
        let(BUREAU, 302),
        "city",
        lambda row: [row.university],
        data={"name": "新名大学", "province": "江苏"},
    ),
    "stations:university_link": button(  # no agreement waits here
        BUREAU, data={"name": "某大学", "university": ""}, kept=BUREAU
    ),
    "stations:university_unlink": button(BUREAU, kind="city", args=lambda row: [row.other_name]),
    "stations:university_flow": Route(
        let(BUREAU, 200), let(BUREAU, 302), "city", lambda row: [row.flow], data={"discipline": "0811"}
    ),
    "stations:pairing": page(BUREAU),
    "stations:pairing_export": page(BUREAU),
    "api_pairing-list": Route(let(BUREAU, 200), let(BUREAU, 405)),
    "stations:pairing_propose": Route(let(BUREAU, 405), let(BUREAU, 302), kept=BUREAU),  # no paper asks for one here
    "stations:pairing_line": button(BUREAU, kind="city", args=lambda row: [row.pairing], kept=BUREAU),
    "api_demand-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_demand-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "demand", lambda row: [row.demand]),
    "api_match-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_match-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "demand", lambda row: [row.match]),
    "api_university-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
}
