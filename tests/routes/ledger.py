from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, UNIT, Route, let, page

ROUTES = {
    "stations:branches": Route(  # of a main station only
        let(CASEWORK, 404), let(CASEWORK, 404), "station", lambda row: [row.station]
    ),
    "stations:branches_export": Route(let(CASEWORK, 404), let(CASEWORK, 404), "station", lambda row: [row.station]),
    "stations:supervisors": page(CASEWORK),
    "stations:supervisors_export": page(CASEWORK),
    "stations:studios": page(CASEWORK),
    "stations:studios_export": page(CASEWORK),
    "stations:station_rename": Route(
        let(BUREAU, 200),
        let(BUREAU, 302),
        "station",
        lambda row: [row.station],
        data={"name": "新站名", "document": "测〔2026〕1号", "since": "2026-07-01"},
    ),
    "stations:station_row": Route(
        let((*BUREAU, *DISTRICTS), 403) | let(HANDLERS, 200),
        let((*BUREAU, *DISTRICTS), 403) | let(HANDLERS, 302),
        "station",
        lambda row: [row.station, "supervisor"],
        data={"name": "张三", "title": "研究员", "field": "控制", "since": "2026-07-01"},
    ),
    "stations:station_row plate": Route(
        let(BUREAU, 200) | let((*HANDLERS, *DISTRICTS), 403),
        let(BUREAU, 302) | let((*HANDLERS, *DISTRICTS), 403),
        "station",
        lambda row: [row.station, "plate"],
        data={"since": "2026-07-01"},
    ),
    "stations:station_row_edit": Route(
        let((*BUREAU, *DISTRICTS), 403) | let(HANDLERS, 404),
        let((*BUREAU, *DISTRICTS), 403) | let(HANDLERS, 404),
        "station",
        lambda row: [row.station, "supervisor", 10**9],
    ),
    "stations:certificates": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:certificates_export": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:certificates_own": page(UNIT),
    "stations:enterprise_row": Route(
        let(HANDLERS, 200),
        let(HANDLERS, 302),
        args=lambda row: ["certificate"],
        data={"tag": "special", "number": "Z1", "since": "2026-07-01"},
    ),
    "stations:enterprise_row_edit": Route(
        let(HANDLERS, 404), let(HANDLERS, 404), args=lambda row: ["certificate", 10**9]
    ),
    "stations:happening": Route(
        let((*DISTRICTS, *BUREAU), 200),
        let((*DISTRICTS, *BUREAU), 302),
        "unit",
        lambda row: [row.code],
        data={"kind": "bankrupt", "on": "2026-07-01", "document": "破1号"},
    ),
    "stations:station_row recruits": Route(
        let((*BUREAU, *DISTRICTS, *HANDLERS), 200),
        let((*BUREAU, *DISTRICTS, *HANDLERS), 422),  # this year is told already
        "station",
        lambda row: [row.station, "recruits"],
        data={"year": "2026", "entered": "1", "source": "备案表"},
        kept=(*BUREAU, *DISTRICTS, *HANDLERS),
    ),
    "api_certificate-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_research_organisation-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_enterprise_event-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_supervisor-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_discipline-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_partner-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_manager-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_salary-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_plate-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_main_station-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_station_name-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_overseas_studio-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
}
