from tests.routes.terms import BUREAU, FIGURES, Route, let, page

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
    "api_figures": Route(let(FIGURES, 200), let(FIGURES, 405), "city", lambda row: [row.plan]),
}
