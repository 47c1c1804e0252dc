"""Candidates and the reserve pool."""

from portal.models import Role
from stations.models import Condition, ConditionCriterion, PoolBasis, PoolBasisCriterion, Slot
from tests import make
from tests.queries.counting import counted, signed_in

POOL = {
    "pool": "/pool/",
    "pool, filtered": "/pool/?tier=b&status=growing&q=TE",
    "pool, exported": "/pool/export/",
    "api: pool": "/api/v1/pool/",
}


POOL_OWN = {"own pool": "/pool/own/"}


POOL_QUERIES = {
    "pool": 8,
    "pool, filtered": 8,
    "pool, exported": 7,
    "api: pool": 5,
    "entry": 14,
    "its own": 10,
    "own pool": 14,
}


CANDIDATES = {
    "candidates": "/pool/candidates/",
    "candidates, filtered": "/pool/candidates/?tag=high_tech&rd=municipal&short=3",
    "candidates, exported": "/pool/candidates/export/",
}


def test_candidates_take_as_many_queries_for_one_as_for_three(stage, people):
    maker = signed_in(people[Role.BUREAU_HANDLER])
    special = PoolBasis.objects.get(pack=stage.pack, code="special")
    PoolBasisCriterion.objects.create(basis=special, fact="is_special", lookup="exact", value=True)
    for number in range(3):
        make.enterprise(stage.north, chain=stage.chain)
        if number in (0, 2):
            assert counted(maker, CANDIDATES) == {
                "candidates": 7,
                "candidates, filtered": 7,
                "candidates, exported": 6,
            }


def pool_entry_pages(number) -> dict[str, str]:
    return {"entry": f"/pool/{number}/"}


def test_the_pool_takes_as_many_queries_for_one_entry_as_for_three(stage, people):
    officer = signed_in(people[Role.DISTRICT])
    for number in range(3):
        here, them = make.people_of(stage, make.enterprise(stage.north, chain=stage.chain), people)
        row = make.pool_entry("growing", here, them)
        for _n in range(number):
            make.measure(row, people[Role.DISTRICT])
        if number in (0, 2):
            page = pool_entry_pages(row.matter.number)
            found = counted(officer, POOL | page) | counted(signed_in(people[Role.HANDLER]), POOL_OWN)
            assert found | {"its own": counted(signed_in(them[Role.HANDLER]), page)["entry"]} == POOL_QUERIES
        condition = Condition.objects.create(
            type=stage.upward, code=f"x{number}", group="basic", title="x", summary="x", clause=stage.clause, order=9
        )
        ConditionCriterion.objects.create(condition=condition, fact="staff", lookup="gte", value=number)
        Slot.objects.create(condition=condition, code="proof", title="x")
