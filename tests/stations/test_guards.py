"""Every rule that the first city lays on a step of an application: one side of it is allowed, the other refused.

A case stands ready at each step; a change that stays on the right side of the rule lets it go on, one that just
crosses it is refused in the rule's own words, with its clause, and for no other reason.
"""

from types import SimpleNamespace

import pytest
from django.db import transaction

from portal import packs
from portal.lifecycle import Refused
from portal.models import Confirmation, District, Evidence, Guard, Role
from stations.applications import lifecycle
from stations.models import Answer, Application, ApplicationType, Enterprise, IndustryChain
from tests import make

ON = make.ON
SUBMITTED = "to_certify", "submit"  # what is asked before the second account sees it, and again when it hands in

RULES = {
    *((action, "classified", "exact", False) for action in SUBMITTED),
    *(
        (action, fact, "lte", 0)
        for action in SUBMITTED
        for fact in ("profile_missing", "basic_open", "recommended_short", "recommended_open", "plan_missing")
    ),
    ("submit", "truthful", "exact", True),
    ("recommend", "district_unjudged", "lte", 0),
    ("recommend", "district_unmet", "lte", 0),
    ("recommend", "district_recommended_short", "lte", 0),
    ("pass", "bureau_unmet", "lte", 0),
}


@pytest.mark.parametrize("city", ["kunshan", "jianghai", "chongqing", "qingdao"])
@pytest.mark.django_db
def test_every_city_asks_the_same_of_an_application(city):
    packs.load(packs.HOME / city)
    found = Guard.objects.filter(lifecycle="application").values_list("action", "fact", "lookup", "value")
    assert set(found) == RULES
    assert set(Guard.objects.values_list("lifecycle", flat=True)) == {"application", "stay", "extension", "change"}


# --- a case at each step -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def ready(django_db_setup, django_db_blocker):
    """One case of the real first city waiting before each guarded step."""
    with django_db_blocker.unblock(), transaction.atomic():
        pack = packs.load(packs.HOME / "kunshan")
        zone, other = (District.objects.get(code=code) for code in ("ks-kfq", "ks-gxq"))
        kind = ApplicationType.objects.get(pack=pack, code="national")
        chain = IndustryChain.objects.filter(pack=pack).first()
        place = make.City(pack, pack.root, zone, other, other, kind.clause, chain, kind, kind, make.enterprise(zone))
        who = make.people(place)
        cases = {}
        for action, status in (
            ("to_certify", "draft"),
            ("submit", "certifying"),
            ("recommend", "district"),
            ("pass", "bureau"),
        ):
            here, them = make.people_of(place, make.enterprise(zone), who)
            cases[action] = only_one_claimed(make.brought_to(status, here, them)), them
        make.judge_all(cases["recommend"][0], who[Role.DISTRICT])
        yield SimpleNamespace(cases=cases)
        transaction.set_rollback(True)


def only_one_claimed(case) -> Application:
    """As many recommended conditions as are needed, not one more: the rule's own border."""
    claimed = case.answers.filter(condition__group="recommended").order_by("condition__order")
    spare = list(claimed.values_list("pk", flat=True))[case.type.recommended_needed :]
    Answer.objects.filter(pk__in=spare).update(claimed=None)
    return case


def taken(ready, action):
    """Press the button; gives the sentences of what was refused."""
    case, who = ready.cases[action]
    by = {
        "to_certify": who[Role.HANDLER],
        "submit": who[Role.CERTIFIER],
        "recommend": who[Role.DISTRICT],
        "pass": who[Role.BUREAU_HANDLER],
    }[action]
    if action == "submit":
        Application.objects.filter(pk=case.pk, truthful=False).exclude(project="untrue").update(truthful=True)
    try:
        lifecycle.application.move(case, action, by=by, on=ON)
    except Refused as reason:
        return [finding.text for finding in reason.findings]
    return []


# --- what may be changed -----------------------------------------------------------------------


def profile(**values):
    return lambda case: Enterprise.objects.filter(pk=case.enterprise_id).update(**values)


def plan(**values):
    return lambda case: Application.objects.filter(pk=case.pk).update(**values)


def answers(case, group):
    return case.answers.filter(condition__group=group).select_related("condition").order_by("condition__order")


def answered(group, claimed):
    def change(case):
        row = answers(case, group).filter(claimed=True).first()
        Answer.objects.filter(pk=row.pk).update(claimed=claimed)

    return change


def paper_out(group):
    """The first claimed condition loses one required paper."""

    def change(case):
        row = answers(case, group).filter(claimed=True).first()
        slot = row.condition.slots.filter(required=True).first()
        Evidence.objects.filter(matter=case.matter, slot=slot.name).update(removed_at="2026-06-01T08:00Z")

    return change


def claimed_without_paper(case):
    row = answers(case, "recommended").filter(claimed=None).first()
    Answer.objects.filter(pk=row.pk).update(claimed=True)
    Evidence.objects.filter(matter=case.matter, slot__startswith=f"{row.condition.code}.").update(
        removed_at="2026-06-01T08:00Z"
    )


def claimed_with_paper(case):
    row = answers(case, "recommended").filter(claimed=None).first()
    Answer.objects.filter(pk=row.pk).update(claimed=True)


def welcome_papers_out(case):
    """Papers that are only welcome may be missing."""
    required = {slot.name for row in case.answers.all() for slot in row.condition.slots.filter(required=True)}
    Evidence.objects.filter(matter=case.matter).exclude(slot__in=required).delete()


def found(level, group, verdict, note=""):
    def change(case):
        row = answers(case, group).filter(claimed=True).first()
        same = {"matter": case.matter, "topic": row.condition.code, "level": level}
        Confirmation.objects.filter(**same, until=None).update(until=ON)
        Confirmation.objects.create(**same, verdict=verdict, note=note, since=ON, by=case.matter.opener)

    return change


def unfound(level, group):
    def change(case):
        row = answers(case, group).filter(claimed=True).first()
        Confirmation.objects.filter(matter=case.matter, topic=row.condition.code, level=level).update(until=ON)

    return change


def nothing(case):
    pass


def both(*changes):
    return lambda case: [change(case) for change in changes]


ALLOWED = {
    "to_certify": {
        "as it stands": nothing,
        "zeros and noes are answers": profile(rd_spend=0, senior_staff=0, legal_person=False),
        "no chain, no tags, no doctors": profile(chain=None, tags=[], doctors=None),
        "two recommended conditions with their papers": claimed_with_paper,
        "without papers that are only welcome": welcome_papers_out,
        "the least that may be promised": plan(recruits=1, project_budget=0, salary_promise=0),
    },
    "submit": {"as it stands": nothing, "two recommended conditions": claimed_with_paper},
    "recommend": {
        "as it stands": nothing,
        "another verdict on top": both(found("district", "basic", False), found("district", "basic", True)),
        "a second recommended condition, met too": both(claimed_with_paper, lambda case: judge_the_rest(case)),
    },
    "pass": {
        "as it stands": nothing,
        "found met": found("bureau", "basic", True),
        "not yet told": found("bureau", "basic", None),
        "a recommended condition found unmet": found("bureau", "recommended", False),
        "the district had its doubts": found("district", "basic", False),
    },
}


def judge_the_rest(case):
    for row in case.answers.filter(claimed=True).select_related("condition"):
        same = {"matter": case.matter, "topic": row.condition.code, "level": "district"}
        Confirmation.objects.get_or_create(
            **same, until=None, defaults={"verdict": True, "since": ON, "by": case.matter.opener}
        )


HANDED_IN = {
    "secret": (plan(classified=True), "classified", "材料涉密：是，应为 否"),
    "secret or not, not told": (plan(classified=None), "classified", "材料涉密：尚不知道，请补充，应为 否"),
    "one column of the profile": (profile(rd_name=""), "profile_missing", "单位情况未填项：1 项，应为 0 项"),
    "a basic condition not met": (answered("basic", False), "basic_open", "还没备齐的基本条件：1 项，应为 0 项"),
    "a basic condition not answered": (answered("basic", None), "basic_open", "还没备齐的基本条件：1 项"),
    "a basic condition without paper": (paper_out("basic"), "basic_open", "还没备齐的基本条件：1 项"),
    "no recommended condition": (answered("recommended", None), "recommended_short", "还差的推荐条件：1 项，应为 0 项"),
    "a recommended one without paper": (claimed_without_paper, "recommended_open", "选了但没备齐证明的推荐条件：1 项"),
    "one column of the plan": (plan(partner=""), "plan_missing", "招收计划和项目未填项：1 项，应为 0 项"),
}
REFUSED = {
    "to_certify": HANDED_IN,
    "submit": HANDED_IN | {"nobody declared it true": (plan(truthful=False, project="untrue"), "truthful", "承诺材料真实：否，应为 是")},
    "recommend": {
        "one not looked at": (unfound("district", "basic"), "district_unjudged", "区镇还没有结论的条件：1 项，应为 0 项"),
        "one still unclear": (found("district", "basic", None), "district_unjudged", "区镇还没有结论的条件：1 项"),
        "one basic found unmet": (found("district", "basic", False), "district_unmet", "区镇认为不符合的基本条件：1 项，应为 0 项"),
        "the one recommended found unmet": (
            found("district", "recommended", False), "district_recommended_short", "区镇还没认可的推荐条件，差：1 项，应为 0 项",
        ),
    },
    "pass": {"one basic found unmet": (found("bureau", "basic", False), "bureau_unmet", "市局认为不符合的基本条件：1 项，应为 0 项")},
}  # fmt: skip


@pytest.mark.parametrize(("action", "name"), [(a, n) for a, rows in ALLOWED.items() for n in rows])
@pytest.mark.django_db
def test_on_the_right_side_the_step_is_taken(action, name, ready):
    ALLOWED[action][name](ready.cases[action][0])
    assert taken(ready, action) == []


@pytest.mark.parametrize(("action", "name"), [(a, n) for a, rows in REFUSED.items() for n in rows])
@pytest.mark.django_db
def test_across_the_border_it_is_refused_for_that_reason_alone(action, name, ready):
    change, fact, words = REFUSED[action][name]
    change(ready.cases[action][0])
    refused = taken(ready, action)
    clause = Guard.objects.get(action=action, fact=fact).clause
    told = [text for text in refused if words in text]
    assert told, refused
    assert f"（{clause}）" in told[0]
    assert len(refused) == (2 if name == "secret or not, not told" else 1)  # that is a column of the plan too


def test_every_rule_is_crossed_once():
    crossed = {(action, fact) for action, rows in REFUSED.items() for _c, fact, _w in rows.values()}
    assert crossed == {(action, fact) for action, fact, _lookup, _value in RULES}
