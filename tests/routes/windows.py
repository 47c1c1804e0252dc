from tests.routes.terms import BUREAU, CASEWORK, OFFICE, Route, button, let

ROUTES = {
    "stations:windows": Route(let(OFFICE, 200), let(OFFICE, 200) | let(BUREAU, 422), kept=OFFICE),
    "stations:window": Route(let(BUREAU, 404), let(BUREAU, 404), args=lambda row: ["nothing"]),
    "stations:window_strike": button(BUREAU, 404, args=lambda row: ["nothing"]),
    "api_window-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
}
