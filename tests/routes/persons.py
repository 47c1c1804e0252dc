from tests.routes.terms import BUREAU, DISTRICTS, HANDLERS, Route, let, page

SHOWN_TO = (*HANDLERS, *DISTRICTS, *BUREAU)
READERS = ("auditor", "audit_admin")
TWO = ["00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"]  # of nobody


def person(*rest):
    return lambda row: [row.person, *rest]


ROUTES = {
    # people, each once: the rows are tried in tests/postdocs/test_{careers,disclosures,duplicates,own}.py
    "postdocs:career": Route(  # it was handed in
        let((*HANDLERS, "postdoc"), 403), let((*HANDLERS, "postdoc"), 403), "demand", person()
    ),
    "postdocs:career_edit": Route(
        let((*HANDLERS, "postdoc"), 403), let((*HANDLERS, "postdoc"), 403), "demand", person(1)
    ),
    "postdocs:career_strike": Route(
        let((*HANDLERS, "postdoc"), 405), let((*HANDLERS, "postdoc"), 403), "demand", person(1)
    ),
    "postdocs:paper": Route(let(SHOWN_TO, 200), let(SHOWN_TO, 422), "demand", lambda row: [row.person, row.identity]),
    "postdocs:person_search": Route(let(SHOWN_TO, 200), let(SHOWN_TO, 422)),
    "postdocs:disclosures": page(READERS),
    "postdocs:disclosures_export": page(READERS),
    "postdocs:duplicates": page(BUREAU),
    "postdocs:duplicate": Route(let(BUREAU, 404), let(BUREAU, 404), args=lambda row: TWO),
    "postdocs:apart": Route(let(BUREAU, 405), let(BUREAU, 404), args=lambda row: TWO),
    "postdocs:merge_undo": Route(let(BUREAU, 404), let(BUREAU, 404), args=lambda row: [10**9]),
    "postdocs:told_twice": Route(let(BUREAU, 404), let(BUREAU, 404), args=lambda row: [10**9]),
    "postdocs:me": page(("postdoc",)),
    "postdocs:postdoc_invite": Route(  # not on the national record yet
        let(HANDLERS, 403), let(HANDLERS, 403), "demand", lambda row: [row.stay]
    ),
}
