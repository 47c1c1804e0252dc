from tests.routes.terms import BROKERS, BUREAU, CASEWORK, DISTRICTS, Route, button, let, page

OFFICERS = (*DISTRICTS, *BUREAU)


def told(sort: str) -> dict:
    """The six addresses of one sort of told rows; each row is one nobody has confirmed."""
    own = {"kind": "demand", "args": lambda row: [getattr(row, sort)]}
    return {
        f"postdocs:{sort}s": page(CASEWORK),
        f"postdocs:{sort}s_export": page(CASEWORK),
        f"postdocs:{sort}_new": Route(let(BROKERS, 200), let(BROKERS, 422)),
        f"postdocs:{sort}s_confirm": button(OFFICERS, kept=OFFICERS),  # nothing was ticked
        f"postdocs:{sort}": Route(let(CASEWORK, 200), let(CASEWORK, 403) | let(BROKERS, 422), kept=CASEWORK, **own),
        f"postdocs:{sort}_remove": button(BROKERS, **own),
    }


ROUTES = {
    **told("doctor"),
    **told("talent"),
    **told("selection"),
    "postdocs:insurance": page(CASEWORK),
    "postdocs:insurance_unit": page(CASEWORK, kind="demand", args=lambda row: [row.unit]),
    "postdocs:insurance_export": page(CASEWORK, kind="demand", args=lambda row: [row.unit]),
    **{f"api_{name}-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)) for name in ("doctor", "talent", "selection")},
    "api_insured-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
}
