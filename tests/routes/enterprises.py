from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, SIGNED_IN, UNIT, Route, button, let, page

ROUTES = {
    "stations:registration": Route({"anonymous": 200} | let(SIGNED_IN, 302), {"anonymous": 422} | let(SIGNED_IN, 302)),
    # enterprises
    "stations:workbench": page(UNIT),
    "stations:own_enterprise": Route(let(UNIT, 200), let(HANDLERS, 302)),
    "stations:people": Route(
        let(UNIT, 200),
        let(HANDLERS, 200),
        data={"role": "certifier", "name": "新同事", "phone": "13911112222"},
    ),
    "stations:people_end": button(HANDLERS, kind="colleague", args=lambda row: [row.appointment]),
    "stations:enterprises": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:enterprises_export": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:enterprise": page(CASEWORK, kind="unit", args=lambda row: [row.code]),
    "api_enterprise-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
}
