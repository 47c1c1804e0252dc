from subsidies.models import SchemeVersion
from tests.routes.terms import BUREAU, CASEWORK, DISTRICTS, HANDLERS, SIGNED_IN, Route, button, let, page, public

READ = (*CASEWORK, "postdoc")
FILL = (*HANDLERS, "postdoc")
DECIDE = (*DISTRICTS, *BUREAU)
STEP = (*FILL, "certifier", *DECIDE)
FOUND = {"wide-verdict": "yes"}


def claim(*rest):
    return lambda row: [row.claim, *rest]


RULES = (*BUREAU, "auditor")


def draft():
    """The scheme of the city and its draft."""
    return ["set-up", SchemeVersion.objects.get(pack__code="testcity", state="draft").pk]


def only_read(people, **values):
    return Route(let(people, 200), let(people, 405), **values)


# each claim of the world is a unit's own, handed in by both of its accounts, and waits for its district
ROUTES = {
    "subsidies:claims": page(READ),
    "subsidies:claims_export": page(CASEWORK),
    "subsidies:claim": page(READ, kind="demand", args=claim()),
    "subsidies:claim_new": button(
        FILL, kind="demand", args=lambda row: ["station", row.station_pk, "set-up", 1], kept=FILL
    ),  # it is claimed already
    "subsidies:claim_account": button(FILL, 422, kind="demand", args=claim(), kept=FILL),
    "subsidies:claim_upload": button(FILL, kind="demand", args=claim("paper.report"), kept=FILL),
    "subsidies:claim_remove": button(FILL, kind="demand", args=lambda row: [row.claim, row.claim_paper], kept=FILL),
    "subsidies:claim_find": button(DECIDE, kind="demand", args=claim("wide"), data=FOUND, kept=BUREAU),
    "subsidies:claim_move forward": Route(
        let((*FILL, "certifier", *BUREAU), 403) | let(DISTRICTS, 200),
        let((*FILL, "certifier", *BUREAU), 403) | let(DISTRICTS, 302),
        "demand",
        claim("forward"),
    ),
    "subsidies:claim_return": Route(
        let(DISTRICTS, 200) | let(BUREAU, 403), let(DISTRICTS, 422) | let(BUREAU, 403), "demand", claim()
    ),
    "subsidies:schemes": Route(*public(200)),
    "subsidies:schemes_export": page([p for p in SIGNED_IN if p != "nobody"]),
    "subsidies:scheme": Route(*public(200), args=lambda row: ["set-up"]),
    "subsidies:scheme_draft": button(("bureau_handler",), args=lambda row: ["set-up"], data={"since": "2028-01-01"}),
    "subsidies:version": only_read(RULES, args=lambda row: draft()),
    "subsidies:version_edit": Route(
        let(("bureau_handler",), 200), let(("bureau_handler",), 422), args=lambda row: draft()
    ),
    "subsidies:version_case": button(("bureau_handler",), 422, args=lambda row: draft()),
    "subsidies:version_impact": only_read(RULES, args=lambda row: draft()),
    "subsidies:impact_export": only_read(RULES, args=lambda row: draft()),
    "subsidies:version_move propose": button(
        BUREAU,
        let(("bureau_handler",), 422) | let(("bureau_reviewer", "bureau_approver"), 403),
        args=lambda row: [*draft(), "propose"],
    ),
}
