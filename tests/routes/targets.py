from tests.routes.terms import (
    BUREAU,
    DISTRICTS,
    FIGURES,
    MAKERS,
    OFFICE,
    SIGNED_IN,
    UNIT,
    Route,
    button,
    let,
    page,
    public,
)

READS = (*BUREAU, "auditor")


def filed(*rest):
    """An address of a return that its district corrects."""
    return {"kind": "office", "args": lambda row: [row.returned, *rest]}


CLERKS = (*DISTRICTS, *BUREAU)
TOLD = tuple(p for p in SIGNED_IN if p != "nobody")


def of_report(people):
    """A page of a draft: the office reads it; to those who read only what was issued it is none."""
    office = (*BUREAU, "auditor")
    statuses = let(people, 404) | let(office, 200)
    return Route(statuses, statuses, "city", lambda row: [row.report], kept=office)


ROUTES = {
    # figures
    "targets:dashboard": page(FIGURES),
    "targets:plans": page(FIGURES),
    "targets:plan": page(FIGURES, kind="city", args=lambda row: [row.plan]),
    "targets:plan_export": page(FIGURES, kind="city", args=lambda row: [row.plan]),
    "targets:indicator": page(FIGURES, kind="city", args=lambda row: [row.plan, "I"]),
    "targets:indicator_export": page(FIGURES, kind="city", args=lambda row: [row.plan, "I"]),
    "targets:split": Route(
        let(BUREAU, 200), let(BUREAU, 302), "city", lambda row: [row.plan, "I"], data={"reason": "会议纪要"}
    ),
    # figures that departments report: the reporter of the tests sits in another one, and is led there
    "targets:departments": Route(let(READS, 200) | let(("reporter",), 302), let(READS, 200) | let(("reporter",), 302)),
    "targets:department": Route(
        let(READS, 200) | let(("reporter",), 404),
        let(READS, 200) | let(("reporter",), 404),
        args=lambda row: ["office-testcity"],
        kept=READS,
    ),
    "targets:department_report": Route(
        let(("reporter",), 404), let(("reporter",), 404), args=lambda row: ["office-testcity"]
    ),
    "targets:readings": Route(let(FIGURES, 404), let(FIGURES, 404), args=lambda row: ["plan", "I"]),
    "targets:reading_file": Route(let(FIGURES, 404), let(FIGURES, 404), args=lambda row: [10**9]),
    "api_reading-list": Route(let(FIGURES, 200), let(FIGURES, 405)),
    # quarterly returns
    "targets:returns": page(OFFICE),
    "targets:return_open": Route(let(BUREAU, 200), let(BUREAU, 422)),
    "targets:return_quarter": page(OFFICE, kind="city", args=lambda row: [row.quarter]),
    "targets:return": Route(let(OFFICE, 200), let(READS, 422) | let(DISTRICTS, 302), **filed(), kept=READS),
    "targets:return_back": Route(let(BUREAU, 403), let(BUREAU, 403), **filed()),
    "targets:return_file": button(DISTRICTS, **filed(), kept=DISTRICTS),
    "targets:return_file_remove": button(DISTRICTS, 404, **filed(10**9)),
    "targets:return_export": page(OFFICE, **filed()),
    "targets:return_paper": page(OFFICE, **filed()),
    "targets:return_paper_file": page(OFFICE, **filed()),
    "targets:return_sealed": page(OFFICE, **filed()),
    "targets:return_changes": page(OFFICE, **filed()),
    "targets:return_changes_export": page(OFFICE, **filed()),
    "targets:return_move": Route(
        let((*BUREAU, *DISTRICTS), 302),
        let((*BUREAU, *DISTRICTS), 302),
        **filed("submit"),
        kept=(*BUREAU, *DISTRICTS),
    ),
    "api_return-list": Route(let(OFFICE, 200), let(OFFICE, 405)),
    "api_return-detail": Route(let(OFFICE, 200), let(OFFICE, 405), **filed()),
    # duties: of a lead that is the bureau, in which all districts take part and whose reporter sits elsewhere
    "targets:duties": page(FIGURES),
    "targets:duties_export": page(FIGURES),
    "targets:duty_year": page(FIGURES),
    "targets:duty": page(FIGURES, kind="city", args=lambda row: [row.duty]),
    "targets:occurrence": page(FIGURES, kind="city", args=lambda row: [row.occurrence]),
    "targets:occurrence_progress": button(FIGURES, 422, kind="city", args=lambda row: [row.occurrence], kept=FIGURES),
    "targets:occurrence_proof": Route(
        let(FIGURES, 200), let(FIGURES, 405), "city", lambda row: [row.occurrence, row.occurrence_proof]
    ),
    "targets:occurrence_move report": Route(
        let(FIGURES, 403) | let(BUREAU, 200),
        let(FIGURES, 403) | let(BUREAU, 302),
        "city",
        lambda row: [row.occurrence, "report"],
        data={"report-progress": "办了"},
    ),
    "api_duty-list": Route(let(FIGURES, 200), let(FIGURES, 405)),
    "api_duty-detail": Route(let(FIGURES, 200), let(FIGURES, 405), "city", lambda row: [row.occurrence]),
    # activities: announced, of the city itself
    "targets:activities": page(TOLD),
    "targets:activities_export": page(TOLD),
    "targets:activity_new": Route(let(CLERKS, 200), let(CLERKS, 422)),
    "targets:activity": page(TOLD, kind="city", args=lambda row: [row.activity]),
    "targets:activity_edit": Route(
        let(DISTRICTS, 403) | let(BUREAU, 200),
        let(DISTRICTS, 403) | let(BUREAU, 422),
        "city",
        lambda row: [row.activity],
    ),
    "targets:activity_results": Route(
        let(DISTRICTS, 403) | let(BUREAU, 302),
        let(DISTRICTS, 403) | let(BUREAU, 302),
        "city",
        lambda row: [row.activity],
        kept=BUREAU,
    ),
    "targets:activity_move unpublish": Route(
        let(DISTRICTS, 403) | let(BUREAU, 200),
        let(DISTRICTS, 403) | let(BUREAU, 302),
        "city",
        lambda row: [row.activity, "unpublish"],
        data={"unpublish-note": "改期"},
    ),
    "targets:activity_sign_in": button(
        CLERKS, let(DISTRICTS, 403) | let(BUREAU, 422), kind="city", args=lambda row: [row.activity], kept=BUREAU
    ),
    "targets:activity_off": button(
        CLERKS, let(DISTRICTS, 403) | let(BUREAU, 302), kind="city", args=lambda row: [row.activity, row.participant]
    ),
    "targets:activity_keep": button(
        CLERKS, let(DISTRICTS, 403) | let(BUREAU, 422), kind="city", args=lambda row: [row.activity], kept=BUREAU
    ),
    "targets:activity_paper": Route(
        let(DISTRICTS, 403) | let(BUREAU, 200), let(CLERKS, 405), "city", lambda row: [row.activity, row.activity_paper]
    ),
    "api_activity-list": Route(let(TOLD, 200), let(TOLD, 405)),
    "api_activity-detail": Route(let(TOLD, 200), let(TOLD, 405), "city", lambda row: [row.activity]),
    # reports; `report` is a draft that was made
    "targets:report_brief": Route(let((*BUREAU, "auditor"), 200), let((*BUREAU, "auditor"), 405)),
    "targets:reports": page(FIGURES),
    "targets:report_new": Route(let(BUREAU, 200), let(BUREAU, 422)),
    "targets:report_subscriptions": Route(let((*BUREAU, "auditor"), 200), let((*BUREAU, "auditor"), 422)),
    "targets:report_subscription_end": button((*BUREAU, "auditor"), 404, args=lambda row: [10**9]),
    "targets:report": of_report(FIGURES),
    "targets:report_figures": of_report(FIGURES),
    "targets:report_picture": Route(let(FIGURES, 404), let(FIGURES, 405), args=lambda row: ["nothing", 1]),
    "targets:report_file": Route(let(FIGURES, 404), let(FIGURES, 405), args=lambda row: ["nothing", "pdf"]),
    "targets:report_chapter": Route(
        let(MAKERS, 200) | let(["bureau_approver"], 403),
        let(MAKERS, 302) | let(["bureau_approver"], 403),
        "city",
        lambda row: [row.report, "remarks"],
        data={"title": "工作要求", "text": "抓紧。"},
    ),
    "targets:report_move check": Route(
        let(MAKERS, 200) | let(["bureau_approver"], 403),
        let(MAKERS, 302) | let(["bureau_approver"], 403),
        "city",
        lambda row: [row.report, "check"],
    ),
    "api_reports": Route(let(FIGURES, 200), let(FIGURES, 405)),
    "api_report_figures": Route(let(FIGURES, 404), let(FIGURES, 405), args=lambda row: ["nothing"]),
    "targets:revise": Route(
        let(BUREAU, 200),
        let(BUREAU, 422),
        "city",
        lambda row: [row.plan, "I"],
        data={"reason": "会议纪要"},
        kept=BUREAU,
    ),
    "targets:plan_new": Route(let(BUREAU, 200), let(BUREAU, 422), kept=BUREAU),
    "targets:draft": Route(
        let(BUREAU, 200), let(BUREAU, 302), "city", lambda row: [f"next-{row.plan}"], data={}, kept=BUREAU
    ),
    "targets:draft_publish": button(BUREAU, kind="city", args=lambda row: [f"next-{row.plan}"], kept=BUREAU),
    "targets:draft_drop": button(BUREAU, kind="city", args=lambda row: [f"next-{row.plan}"]),
    "targets:screen": page(FIGURES),
    "targets:own_figures": page(UNIT),
    "targets:public_figures": Route(*public(404, 405, 404)),
    "api_figures": Route(let(FIGURES, 200), let(FIGURES, 405), "city", lambda row: [row.plan]),
}
