from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, OFFICE, Route, button, let, page

ROUTES = {
    "stations:recruits_confirm": button(
        (*DISTRICTS, *BUREAU), kind="station", args=lambda row: [row.station, row.recruits]
    ),
    "stations:recruits_year": page(CASEWORK, kind="station", args=lambda row: [row.station, 2026]),
    # standing
    "stations:standing": page(OFFICE),
    "stations:standing_export": page(OFFICE),
    "stations:standing_open": Route(  # a case is under way
        let(BUREAU, 302), let(BUREAU, 302), "station", lambda row: [row.station, "idle"], kept=BUREAU
    ),
    "stations:standing_case": page(CASEWORK, kind="station", args=lambda row: [row.standing]),
    "stations:standing_move dismiss": Route(
        let(CASEWORK, 403) | let(BUREAU, 200),
        let(CASEWORK, 403) | let(BUREAU, 302),
        "station",
        lambda row: [row.standing, "dismiss"],
        data={"dismiss-note": "理由"},
    ),
    "stations:standing_move lapse": Route(  # comes with the end of the station
        let(CASEWORK, 404), let(CASEWORK, 404), "station", lambda row: [row.standing, "lapse"]
    ),
    "stations:standing_remedy": button(
        HANDLERS,
        kind="station",
        args=lambda row: [row.standing],
        data={"remedy-text": "招收一名", "remedy-due_on": "2030-01-01"},
    ),
    "stations:standing_done": button(HANDLERS, 422, kind="station", args=lambda row: [row.standing, row.remedy]),
    "stations:standing_opinion": button(
        DISTRICTS,
        kind="station",
        args=lambda row: [row.standing],
        data={"opinion-verdict": "yes", "opinion-note": "同意"},
    ),
    "stations:standing_paper": page(CASEWORK, kind="station", args=lambda row: [row.standing]),
    "stations:standing_paper_file": page(CASEWORK, kind="station", args=lambda row: [row.standing]),
    "api_standing-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "station", lambda row: [row.standing]),
    "api_recruit-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_standing-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
}
