from tests.routes.terms import BUREAU, CASEWORK, FORM, Route, let, page

ROUTES = {
    # the register
    "stations:stations": page(CASEWORK),
    "stations:stations_export": page(CASEWORK),
    "stations:station": page(CASEWORK, kind="station", args=lambda row: [row.station]),
    "stations:station_move cancel": Route(
        let(BUREAU, 403) | {"bureau_approver": 200},
        let(BUREAU, 403) | {"bureau_approver": 302},
        "station",
        lambda row: [row.station, "cancel"],
        data=FORM,
    ),
    "stations:station_move upgrade": Route(  # comes by itself with the higher station
        let(BUREAU, 404), let(BUREAU, 404), "station", lambda row: [row.station, "upgrade"], data=FORM
    ),
    "api_station-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_station-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "station", lambda row: [row.station]),
}
