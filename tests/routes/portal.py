from tests.routes.terms import (
    BUREAU,
    CASEWORK,
    DISTRICTS,
    HANDLERS,
    IMPORTERS,
    LENT,
    NEW_PASSWORD,
    OFFICIALS,
    SIGNED_IN,
    Route,
    button,
    let,
    page,
    public,
)

WITH_A_ROLE = tuple(name for name in SIGNED_IN if name != "nobody")

ROUTES = {
    # anybody
    "home": Route({"anonymous": 200} | let(SIGNED_IN, 302), {"anonymous": 200} | let(SIGNED_IN, 302)),
    "healthz": Route(*public(200)),
    "readyz": Route(*public(200)),
    "session": Route(*public(200)),
    "set_language": Route(*public(302, 302)),
    "login": Route({"anonymous": 200} | let(SIGNED_IN, 302), {"anonymous": 200} | let(SIGNED_IN, 302)),
    "password_reset": Route(*public(200, 200)),
    "password_reset_done": Route(*public(200)),
    "password_reset_confirm": Route(*public(200, 200), args=lambda row: ["eA", "set-password"]),
    "join": Route(*public(200, 302), kind="invitation", args=lambda row: [row.token], data=NEW_PASSWORD),
    "documents": Route(*public(200, 200)),
    "document": Route(*public(200, 200), kind="city", args=lambda row: [row.document]),
    "documents_export": page(WITH_A_ROLE),
    "document_export": page(WITH_A_ROLE, kind="city", args=lambda row: [row.document]),
    "document_file": Route(  # with a file: tests/portal/test_documents.py
        let(WITH_A_ROLE, 404), let(WITH_A_ROLE, 405), "city", lambda row: [row.document]
    ),
    "document_attach": button(BUREAU, 422, kind="city", args=lambda row: [row.document], kept=BUREAU),
    "documents_gaps": page(OFFICIALS),
    "documents_gaps_export": page(OFFICIALS),
    "api_document-list": Route(let(WITH_A_ROLE, 200), let(WITH_A_ROLE, 405)),
    "api_document-detail": Route(let(WITH_A_ROLE, 200), let(WITH_A_ROLE, 405), "city", lambda row: [row.document]),
    "schema": Route(*public(200)),
    # one's own account
    "logout": button(SIGNED_IN),
    "account": page(SIGNED_IN),
    "password_change": page(SIGNED_IN),
    "totp": Route(let(SIGNED_IN, 200), let(SIGNED_IN, 200)),
    "verify": Route(let(SIGNED_IN, 302), let(SIGNED_IN, 302)),
    "absences": Route(let(LENT, 200), let(LENT, 422)),
    "absence_back": button(LENT, 404, args=lambda row: [10**9]),  # whose it is: tests/portal/test_absences.py
    "notices": page(SIGNED_IN),
    "reminders": Route(let(SIGNED_IN, 200), let(SIGNED_IN, 302)),
    "view_new": Route(let(SIGNED_IN, 404), let(SIGNED_IN, 302), data={"path": "/jobs/", "query": "q=1", "name": "新"}),
    "view": Route(
        let(SIGNED_IN, 200), let(SIGNED_IN, 302), kind="mine", args=lambda row: [row.view], data={"name": "改"}
    ),
    "view_remove": button(SIGNED_IN, kind="mine", args=lambda row: [row.view]),
    "notices_read": button(SIGNED_IN),
    "notice_open": button(SIGNED_IN, kind="mine", args=lambda row: [row.notice]),
    "jobs": Route(let(SIGNED_IN, 200), let(SIGNED_IN, 405)),
    "job": Route(let(SIGNED_IN, 200), let(SIGNED_IN, 405), kind="mine", args=lambda row: [row.job]),
    "job_file": Route(let(SIGNED_IN, 404), let(SIGNED_IN, 405), kind="mine", args=lambda row: [row.job]),
    # matters
    "work": page((*CASEWORK, "reporter")),
    "search": page(CASEWORK),
    "matter": Route(
        let((*CASEWORK, "reporter"), 302),
        let((*CASEWORK, "reporter"), 302),
        "case",
        lambda row: [row.number],
        kept=(*CASEWORK, "reporter"),
    ),
    "hand": button(  # who may take it in hand: tests/stations/test_casework.py
        CASEWORK, kind="case", args=lambda row: [row.number], data={"do": "nothing"}, kept=CASEWORK
    ),
    "present": Route(let(CASEWORK, 200), let(CASEWORK, 405), "case", lambda row: [row.number]),
    "watch": button(CASEWORK, kind="case", args=lambda row: [row.number]),
    "file": Route(let(CASEWORK, 200), let(CASEWORK, 405), "case", lambda row: [row.file]),
    "file_page": Route(let(CASEWORK, 200), let(CASEWORK, 405), "case", lambda row: [row.file, 1]),
    # the city's rules and people
    "officials": Route(let(["system_admin"], 200), let(["system_admin"], 422)),
    "official_end": button(["system_admin"], kind="appointment", args=lambda row: [row.appointment]),
    "settings": page(OFFICIALS),
    "setting": Route(
        let(OFFICIALS, 200),
        let(OFFICIALS, 404) | let(BUREAU, 302),
        kind="city",
        args=lambda row: [row.setting],
        data={"value": ["national"], "reason": "会议纪要"},
    ),
    # workbooks
    "imports": page(IMPORTERS),
    "import_new": Route(
        let(IMPORTERS, 403) | let((*DISTRICTS, *BUREAU), 200),
        let(IMPORTERS, 403) | let((*DISTRICTS, *BUREAU), 422),
        args=lambda row: ["stations"],
    ),
    "import_new supervisors": Route(
        let(IMPORTERS, 403) | let(HANDLERS, 200),
        let(IMPORTERS, 403) | let(HANDLERS, 422),
        args=lambda row: ["supervisors"],
    ),
    "import_template": Route(
        let(IMPORTERS, 403) | let((*DISTRICTS, *BUREAU), 200), let(IMPORTERS, 405), args=lambda row: ["enterprises"]
    ),
    "import": page(IMPORTERS, kind="mine", args=lambda row: [row.batch]),
    "import_apply": button(
        IMPORTERS,
        let(HANDLERS, 403) | let((*DISTRICTS, *BUREAU), 302),
        kind="mine",
        args=lambda row: [row.batch],
        data={"choice": "right"},
    ),
    "import_undo": button(
        IMPORTERS,
        let(HANDLERS, 403) | let((*DISTRICTS, *BUREAU), 302),
        kind="mine",
        args=lambda row: [row.batch],
        kept=(*DISTRICTS, *BUREAU),
    ),
    "import_mistakes": Route(let(IMPORTERS, 404), let(IMPORTERS, 405), kind="mine", args=lambda row: [row.batch]),
}
