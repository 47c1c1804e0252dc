from tests.routes.terms import BUREAU, DISTRICTS, FIGURES, OFFICE, Route, button, let, page

READS = (*BUREAU, "auditor")
DEPARTMENTS = (*READS, "reporter")


def filed(*rest):
    """An address of a return that its district corrects."""
    return {"kind": "office", "args": lambda row: [row.returned, *rest]}


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
    # figures that departments report: the reporter of the tests sits in none
    "targets:departments": page(DEPARTMENTS),
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
    "api_figures": Route(let(FIGURES, 200), let(FIGURES, 405), "city", lambda row: [row.plan]),
}
