"""No address is left out."""

from django.urls import resolve

from tests.queries.test_applications import BATCH, PARTS, SHEETS, parts, review, sheets
from tests.queries.test_lists import ADMIN, LISTS, MAP, paper_pages
from tests.queries.test_pool import CANDIDATES, POOL, POOL_OWN, pool_entry_pages
from tests.queries.test_postdocs import (
    ALIKE,
    LEFT,
    READ,
    inside_pages,
    outcome_pages,
    own_pages,
    served_pages,
    stay_pages,
)
from tests.queries.test_stations import (
    CHANGED,
    ONE_ROW,
    OPENING,
    OWN,
    PAIRED,
    main_pages,
    met,
    portraits,
    records,
    rounds_and_sheets,
    standing_pages,
    talk_pages,
)
from tests.queries.test_subsidies import MONEY, UNCLAIMED, card_pages, money_pages, scheme_pages
from tests.queries.test_targets import BOARDS, SEEN_BY_OTHERS, report_pages, return_pages
from tests.test_routes import walked

WITHOUT_ROWS = {
    *("home", "healthz", "readyz", "session", "set_language", "schema"),
    *("login", "logout", "totp", "verify", "join", "password_change"),
    *("password_reset", "password_reset_done", "password_reset_confirm"),
    *("matter", "watch", "hand", "present", "notices_read", "notice_open", "official_end"),  # they lead elsewhere
    "stations:people_end",
    *("file", "file_page", "job", "job_file", "document_file", "document_attach"),
    *("import_new", "import_template", "import_apply", "import_undo", "import_mistakes"),
    *(
        "stations:registration",
        "stations:waiting",
        "stations:registration_move",
        "stations:registration_case",
    ),  # one row
    *(
        f"stations:application_{name}"
        for name in ("answer", "upload", "remove", "explain", "certify", "verdict", "copy", "visit")
    ),
    *("stations:application_move", "stations:station_move"),  # the form of one step
    *("stations:demand_move", "stations:match_move", "stations:demand_propose", "stations:match_contact"),
    *("stations:match_agreement", "stations:university_link", "stations:university_unlink"),
    *("stations:demand_new", "stations:demand_edit", "stations:pairing_propose", "stations:pairing_line"),
    *("stations:university_new", "stations:university_edit", "stations:university_flow"),
    *("stations:station_rename", "stations:station_row", "stations:station_row_edit", "stations:happening"),  # one row
    *("stations:enterprise_row", "stations:enterprise_row_edit"),
    *(f"stations:standing_{name}" for name in ("move", "remedy", "done", "opinion")),
    "stations:recruits_confirm",
    *("stations:evaluation_new", "stations:evaluation_move", "stations:evaluation_grades"),
    *(f"stations:assessment_{name}" for name in ("move", "upload", "remove", "explain", "refill")),
    *("api_demand-detail", "api_match-detail", "api_evaluation-detail", "api_assessment-detail"),
    *("api_application-detail", "api_station-detail", "api_pool-detail"),
    *("api_standing-detail", "api_consultation-detail", "api_postdoc-detail"),
    *(f"postdocs:{name}" for name in ("stay_new", "stay_upload", "stay_remove", "stay_move", "stay_return")),
    *("postdocs:milestone_new", "postdocs:milestone_check", "postdocs:match"),
    *(f"postdocs:outcome_{name}" for name in ("join", "upload", "remove", "move", "return")),
    *("api_outcome-detail", "api_destination-detail", "api_request-detail"),
    *("view_new", "view", "view_remove"),  # one row
    *("subsidies:card", "subsidies:card_file", "subsidies:person_card_file", "subsidies:station_card_file"),
    *("subsidies:prepare", "subsidies:calculator"),  # the card again; a button; the same schemes for everybody
    *("subsidies:scheme_draft", "subsidies:version_case", "subsidies:version_move"),  # one step
    *(f"subsidies:{name}" for name in ("scheme_new", "scheme_found", "scheme_tell", "version_case_edit")),  # one row
    *(f"subsidies:claim_{name}" for name in ("new", "payee", "account", "upload", "remove", "find", "move", "return")),
    *("subsidies:recoveries", "subsidies:recoveries_export", "subsidies:recovery_answer"),  # test_recoveries.py
    *("subsidies:money", "subsidies:money_export"),  # tests/subsidies/test_boards.py
    *(f"subsidies:claim_objections{end}" for end in ("", "_answer", "_file")),  # tests/subsidies/test_publicity.py
    *("subsidies:claim_decision", "subsidies:claim_decision_json"),  # tests/subsidies/test_decisions.py
    *("api_claim-list", "api_claim-detail", "api_entitlement-list"),  # tests/subsidies/test_api.py
    *("api_scheme-list", "api_scheme-detail", "api_budget-list", "api_batch-list", "api_batch-detail"),
    *(f"subsidies:payment_{name}" for name in ("add", "remove", "result", "results", "move", "dissolve", "list")),
    *("subsidies:budget_new", "subsidies:budget_change", "subsidies:payment_letter"),
    *(
        "postdocs:visit_new",
        "postdocs:visit_need",
        "postdocs:visit_file",
        "postdocs:request_new",
        "postdocs:request_move",
    ),
    *("postdocs:destination", "postdocs:follow_up"),  # forms of one step
    *("postdocs:difference", "postdocs:reconciled"),  # tests/postdocs/test_filing.py
    *("postdocs:career_edit", "postdocs:career_strike", "postdocs:paper", "postdocs:person_search"),  # one row
    *(
        "postdocs:duplicate",
        "postdocs:apart",
        "postdocs:merge_undo",
        "postdocs:told_twice",
        "postdocs:difference",
        "postdocs:postdoc_invite",
    ),
    *(f"postdocs:{sort}_{name}" for sort in ("doctor", "talent", "selection") for name in ("new", "remove")),
    *(f"postdocs:{sort}s_confirm" for sort in ("doctor", "talent", "selection")),
    *(f"postdocs:{name}" for name in ("ask", "asked_edit", "asked_move", "inside_row", "inside_row_edit")),  # one form
    "api_publicity-list",  # tests/stations/test_api.py
    *("stations:talk_new", "stations:talk_move", "stations:talk_minutes"),
    *("stations:pool_new", "stations:pool_return", "stations:pool_move"),  # forms of one step
    *(f"stations:pool_{name}" for name in ("plan", "correct", "verdict", "done")),
    *("stations:publicity", "stations:publicity_round", "stations:objections"),  # tests/stations/test_publicity.py
    *("stations:objections_answer", "stations:objections_file"),
    *(f"targets:{name}" for name in ("duties", "duties_export", "duty_year", "duty")),  # tests/targets/test_duties.py
    *(f"targets:occurrence{end}" for end in ("", "_progress", "_move", "_proof")),
    *("targets:activities", "targets:activities_export", "targets:activity"),  # tests/targets/test_activities.py
    *(f"targets:activity_{name}" for name in ("new", "edit", "results", "move", "sign_in", "off", "keep", "paper")),
    *(f"api_{name}-{page}" for name in ("duty", "activity") for page in ("list", "detail")),
    *("reminders", "absence_back", "stations:window", "stations:window_strike"),
    *("stations:behalf_new", "stations:application_help", "stations:application_helping"),
    *("targets:return_open", "targets:return_back", "targets:return_move"),  # forms of one step
    *("targets:return_file", "targets:return_file_remove", "targets:return_sealed", "targets:return_paper_file"),
    *("targets:department_report", "targets:reading_file"),  # tests/targets/test_reported.py
    *("targets:report_subscription_end", "targets:report_picture", "targets:report_move"),
    *("targets:draft_publish", "targets:draft_drop"),
}


def test_every_address_is_counted_or_shows_no_rows():
    tables = [LISTS, ADMIN, BOARDS, ONE_ROW, CHANGED, OWN, records("TE-WS-2026-0001", "x"), PAIRED]
    tables += [met("TE-XQ-2026-0001", "TE-DJ-2026-0001", 1), {"workbook": "/imports/1/"}]
    tables += [MAP, portraits("TE-WS-2026-0001"), talk_pages("TE-HS-2026-0001"), main_pages("TE-WS-2026-0001")]
    tables += [paper_pages(1), SEEN_BY_OTHERS, return_pages(1, "TE-JB-2026-0001", "x")]
    tables += [{"told": "/doctors/1/", "t": "/talents/1/", "s": "/selections/1/"}]
    tables += [{"unit": "/insurance/1/", "exported": "/insurance/1/export/"}]
    tables += [stay_pages("TE-BH-2026-0001", "00000000-0000-4000-8000-000000000000")]
    tables += [outcome_pages("TE-CG-2026-0001")]
    tables += [served_pages(1, "TE-FW-2026-0001")]
    tables += [{"claim": "/claims/TE-ZJ-2026-0001/"}, UNCLAIMED, scheme_pages(1)]
    tables += [card_pages("00000000-0000-4000-8000-000000000000", "TE-WS-2026-0001")]
    tables += [MONEY, money_pages(1, 1, "TE-BF-2026-0001")]
    tables += [own_pages("00000000-0000-4000-8000-000000000000"), READ, ALIKE]
    tables += [inside_pages("TE-BH-2026-0001", "TE-YQ-2026-0001")]
    tables += [BATCH, SHEETS, sheets("TE-SZ-2026-0001")]
    tables += [LEFT, BATCH, SHEETS, sheets("TE-SZ-2026-0001")]
    tables += [CANDIDATES, POOL, POOL_OWN, pool_entry_pages("TE-CB-2026-0001")]
    tables += [parts("TE-SZ-2026-0001", *PARTS), review("TE-SZ-2026-0001")]
    tables += [rounds_and_sheets("TE-PG-2026-0001", "TE-PB-2026-0001")]
    tables += [report_pages("TE-BS-2026-0001"), {"program": "/api/v1/reports/TE-BS-2026-0001/figures/"}]
    tables += [standing_pages("TE-DT-2026-0001"), {"open": OPENING.format("TE-WS-2026-0001")}]
    found = {resolve(url.partition("?")[0]).view_name for table in tables for url in table.values()}
    assert sorted(found & WITHOUT_ROWS) == []
    assert found | WITHOUT_ROWS == {name for name, _view in walked()}
