from tests.routes.terms import CASEWORK, page

ROUTES = {
    "stations:portrait": page(CASEWORK, kind="station", args=lambda row: [row.station]),
    "stations:portrait_export": page(CASEWORK, kind="station", args=lambda row: [row.station, "figures"]),
}
