from tests.routes.terms import BUREAU, FIGURES, MAKERS, Route, button, let, page


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
    "api_figures": Route(let(FIGURES, 200), let(FIGURES, 405), "city", lambda row: [row.plan]),
}
