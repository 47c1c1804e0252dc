from tests.routes.terms import BUREAU, FIGURES, UNIT, Route, button, let, page, public

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
