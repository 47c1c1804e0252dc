"""Whatever the four cities let an enterprise apply for: each type walks its whole way through the pages, and each
figure that a condition asks for is held on both sides of its boundary, and where nobody knows it."""

from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from portal.models import Role
from stations.models import Application, ApplicationType, ConditionCriterion, Enterprise, Signing, Station
from stations.pool import gaps
from tests import applying, make
from tests.applying import PLAN, TYPES
from tests.reading import Visitor


@pytest.fixture
def kind(db, request) -> ApplicationType:
    return applying.load(*request.param)


@pytest.mark.parametrize("kind", TYPES, indirect=True, ids="-".join)
def test_an_application_of_each_type_walks_its_whole_way(kind):
    unit, who = applying.everybody(kind)
    handler = Visitor(who[Role.HANDLER]).go("/applications/new/").press("开始填写", where={"type": str(kind.pk)})
    url = handler.url
    case = Application.objects.select_related("matter").get()
    for condition in kind.conditions.prefetch_related("slots"):
        handler.go(f"{url}parts/{condition.group}/")
        told = {f"{condition.code}-claimed": "true", f"{condition.code}-statement": "已具备"}
        handler.press("保存", to=f"answers/{condition.code}/", **told)
        for slot in condition.slots.all():
            handler.press("上传", to=f"slots/{condition.code}.{slot.code}/", file=make.upload())
    handler.go(f"{url}parts/plan/").press("保存并返回", **PLAN)
    assert "都已备齐" in handler.text
    handler.go(f"{url}parts/check/")
    if case.signing == Signing.PAGE:
        handler.press("上传", to="slots/stamp.page/", file=make.upload("盖章页.pdf"))
        handler.go(f"{url}parts/check/").press("确认并提交", truthful="on")
    else:
        handler.press("送单位审核人")
        Visitor(who[Role.CERTIFIER]).go(url).press("确认并提交", truthful="on")

    officer = Visitor(who[Role.DISTRICT]).go(url)
    for condition in kind.conditions.all():
        officer.go(f"{url}?c={condition.code}").press("符合", to=f"/verdict/{condition.code}/")
    officer.go(url).press("推荐")
    maker, approver = Visitor(who[Role.BUREAU_HANDLER]), Visitor(who[Role.BUREAU_APPROVER])
    assert maker.go(url).press("审核通过").told == ["已办理：审核通过。"]
    paper = {"document": "测〔2026〕28号", "document_on": localdate().isoformat()}
    if kind.route == "recognise":
        approver.go(url).press("认定", **{f"recognise-{name}": value for name, value in paper.items()})
    else:
        approver.go(url).press("审核上报")
        for _level in kind.levels[1:]:
            assert maker.go(url).press("登记转报").told == ["已办理：登记转报。"]
        maker.go(url).press("登记批复", **{f"approve-{name}": value for name, value in paper.items()})

    station = Station.objects.get()
    assert (station.kind, station.status, station.approved_on) == (kind.kind, "valid", localdate())
    assert station.approver == (kind.levels[-1] if kind.levels else kind.pack.bureau)
    assert station.matter.number in handler.go(url).page


# --- conditions --------------------------------------------------------------------------------

NUMBERS = {"revenue", "rd_spend", "staff", "rd_staff", "senior_staff", "doctors"}
LEVELS = [level.value for level in Enterprise.Level]


def sides(fact: str, lookup: str, value) -> dict[bool | None, dict]:
    """Met, unmet and unknown -> the enterprise's values that just make it so."""
    if fact in NUMBERS:
        assert lookup == "gte", f"{fact} {lookup}: say here what lies on either side"
        return {True: {fact: Decimal(value)}, False: {fact: Decimal(value) - 1}, None: {fact: None}}
    if fact == "legal_person":
        return {True: {fact: value}, False: {fact: not value}, None: {fact: None}}
    if fact == "rd_level":
        other = next(level for level in LEVELS if level not in value)
        return {True: {fact: value[-1]}, False: {fact: other}, None: {fact: ""}}
    assert fact.startswith("is_"), f"{fact}: say here what lies on either side"
    tag, known = fact.removeprefix("is_"), {"confirmed_on": make.ON}
    return {True: {"tags": [tag]} | known, False: {"tags": []} | known, None: {"tags": [], "confirmed_on": None}}


@pytest.mark.parametrize("kind", TYPES, indirect=True, ids="-".join)
def test_each_figure_that_a_condition_asks_for_is_met_unmet_or_unknown(kind):
    """The others of the same condition are left as they are met, so that it is this one that turns it."""
    unit, _who = applying.everybody(kind)
    asked = list(ConditionCriterion.objects.filter(condition__type=kind).select_related("condition"))
    assert asked, "a test of nothing"
    for criterion in asked:
        met = {}
        for other in asked:
            if other.condition_id == criterion.condition_id:
                met |= sides(other.fact, other.lookup, other.value)[True]
        for due, values in sides(criterion.fact, criterion.lookup, criterion.value).items():
            Enterprise.objects.filter(pk=unit.pk).update(**met | values)
            found = gaps.gaps_of([gaps.Asked(1, unit.pk, kind)], on=make.ON)[1]
            gap = next(g for g in found.rows if g.condition.code == criterion.condition.code)
            assert gap.met is due, (kind, criterion, values)
