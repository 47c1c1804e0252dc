from tests.routes.terms import CASEWORK, HELPERS, SIGNED_IN, Route, let, page

ROUTES = {
    "stations:waiting": Route(
        let(SIGNED_IN, 302), let(SIGNED_IN, 302)
    ),  # who waits: tests/stations/test_registrations.py
    "stations:registration_case": page(CASEWORK, kind="office", args=lambda row: [row.registration]),
    "stations:registration_move": Route(
        let(HELPERS, 200),
        let(HELPERS, 302),
        "office",
        lambda row: [row.registration, "refuse"],
        data={"refuse-note": "理由"},
    ),
}
