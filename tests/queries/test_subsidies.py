"""Claims, cards, schemes and the money."""

from datetime import date

from django.utils.timezone import localdate

from portal.models import Role
from subsidies.claims import actions as claims
from subsidies.entitlements.sweep import sweep
from subsidies.models import Budget
from tests import make
from tests.postdocs import staying
from tests.queries.counting import A_DAY, counted, signed_in
from tests.subsidies import granting, paying


def test_a_claim_takes_as_many_queries_with_one_paper_as_with_three(stage, people):
    """As its handler fills it in, and as its bureau decides it, with three conditions judged."""
    codes = [{"code": f"judged-{n}", "title": "由人看"} for n in range(3)]
    granting.living(stage, conditions=[*granting.ENTERED, *codes], papers=("a", "b", "c"))
    row = granting.begun(stage, people)
    page = {"claim": f"/claims/{row.matter.number}/"}
    assert counted(signed_in(people[Role.HANDLER]), page) == {"claim": 14}
    row = granting.brought_to("handling", stage, people, row)
    for number in range(3):
        claims.find(row, f"judged-{number}", True, note="", by=people[Role.BUREAU_HANDLER], on=make.ON)
        granting.proved(row, people[Role.HANDLER])
        if number in (0, 2):
            assert counted(signed_in(people[Role.BUREAU_HANDLER]), page) == {"claim": 16}


def card_pages(person, station) -> dict[str, str]:
    return {"person": f"/people/{person}/card/", "station": f"/stations/{station}/card/"}


UNCLAIMED = {
    "entitlements": "/entitlements/?part=missing",
    "entitlements, exported": "/entitlements/export/?part=missing",
    "calendar": "/entitlements/calendar/",
    "calendar, exported": "/entitlements/calendar/export/",
}


def test_cards_and_those_who_have_not_claimed_take_as_many_queries_for_one_as_for_three(stage, people):
    """Three people on the lists; one person with three schemes and a claim on each."""
    at, officer, found = staying.station(stage, people), people[Role.BUREAU_HANDLER], []
    first = staying.brought_to("here", stage, people, at=at)
    for number in range(3):
        granting.version(
            stage,
            granting.scheme(stage, f"s{number}", title=f"项目{number}"),
            conditions=[*granting.ENTERED, {"code": "judged", "title": "由人看"}],
            instalments=[
                {"number": 1, "opens": "entered_on", "share": 50},
                {"number": 2, "opens": "planned_until", "share": 50},
            ],
        )
        born, until = date(1990, 1, number + 1), {"planned_until": localdate() + A_DAY}
        staying.brought_to("here", stage, people, at=at, number=staying.paper_number(born), values=until)
        claims.begin(first, f"s{number}", 1, by=people[Role.HANDLER], on=localdate())
        sweep(stage.pack, on=localdate())
        if number in (0, 2):
            pages = card_pages(first.person_id, first.station.matter.number)
            found.append(counted(signed_in(officer), UNCLAIMED) | counted(signed_in(people[Role.HANDLER]), pages))
    assert found == [UNCLAIMED_QUERIES, UNCLAIMED_QUERIES]


UNCLAIMED_QUERIES = {
    **{"entitlements": 10, "entitlements, exported": 8, "calendar": 7, "calendar, exported": 5},
    **{"person": 20, "station": 9},
}


def scheme_pages(draft) -> dict[str, str]:
    draft_page = f"/schemes/living/{draft}/"
    pages = {"schemes": "/schemes/", "schemes, exported": "/schemes/export/", "scheme": "/schemes/living/"}
    pages |= {"draft": draft_page, "edit": f"{draft_page}edit/", "impact": f"{draft_page}impact/?basis=all"}
    return pages | {"impact, exported": f"{draft_page}impact/export/?basis=all"}


def test_schemes_take_as_many_queries_with_one_condition_and_person_as_with_three(stage, people):
    row = granting.living(stage)
    draft = granting.version(stage, row.scheme, since=date(2026, 7, 1), state="draft", amount=180_000)
    at = staying.station(stage, people)
    for number in range(3):
        staying.brought_to("here", stage, people, at=at, number=staying.paper_number())
        for version in (row, draft):
            version.boundaries.create(name=f"用例{number}", given={"entered_on": "2026-01-01"}, expect="met")
            about = {"fact": "in_service", "lookup": "exact", "value": False, "clause": stage.clause}
            version.conditions.create(code=f"own-{number}", title="x", **about)
            version.papers.create(code=f"more-{number}", title="x")
        granting.version(stage, granting.scheme(stage, f"other-{number}"))
        if number in (0, 2):
            found = counted(signed_in(people[Role.BUREAU_HANDLER]), scheme_pages(draft.pk))
            assert found == SCHEME_QUERIES


SCHEME_QUERIES = {
    "schemes": 9, "schemes, exported": 7, "scheme": 26, "draft": 41, "edit": 23, "impact": 31, "impact, exported": 29,
}  # fmt: skip


MONEY = {
    "budgets": "/budgets/",
    "ledger": "/ledger/",
    "forecast": "/forecast/",
    "forecast, exported": "/forecast/export/",
    "payments": "/payments/",
}


MONEY_QUERIES = {
    **{"budgets": 6, "ledger": 15, "forecast": 12, "forecast, exported": 10, "payments": 7},
    **{"budget": 9, "budget, exported": 7, "new": 6, "payment": 11, "release": 10},
}


def money_pages(line, budget, number) -> dict[str, str]:
    return {
        "budget": f"/budgets/{budget}/",
        "budget, exported": f"/budgets/export/?budget={budget}",
        "new": f"/payments/new/{line}/",
        "payment": f"/payments/{number}/",
        "release": f"/payments/{number}/release/",
    }


def test_money_takes_as_many_queries_for_one_claim_as_for_three(stage, people):
    client = signed_in(make.user(Role.BUREAU_HANDLER, Role.BUREAU_APPROVER, district=stage.root))
    for number in range(3):
        paying.payable(stage, people)
        more = paying.payable(stage, people, count=number + 1)
        row = paying.handed_over(stage, people, more)
        if number in (0, 2):
            budget = Budget.objects.get()
            pages = MONEY | money_pages(budget.line_id, budget.pk, row.matter.number)
            assert counted(client, pages) == MONEY_QUERIES
