"""Which flow stations suit a demand, by reasons that can be read; and the pairing that follows from them."""

import pytest
from django.utils import translation

from portal.models import Role
from stations.demands import actions as demand_actions
from stations.demands import matching
from stations.models import IndustryChain, Pairing, University
from tests import make

ON = make.ON


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("碳化硅器件晶圆级测试方法", "射频芯片、碳化硅器件、晶圆级测试", ("碳化硅器件", "晶圆级测试")),
        ("用 SiC 做功率器件", "sic、GaN 功率器件", ("功率器件", "SiC")),
        ("研究方向和人才", "研究方向", ("研究方向",)),
        ("技术研究", "技术，研究", ()),
        ("机器人", "机床", ()),
        ("缓释制剂质量一致，求质量研究方案", "缓释制剂、质量研究", ("缓释制剂", "质量研究")),
        ("", "机床", ()),
    ],
    ids=[
        "the longest pieces",
        "Latin words",
        "more than two empty words",
        "empty words",
        "one character",
        "a part of another",
        "nothing",
    ],
)
def test_words_in_common(one, other, found):
    assert matching.words_in_common(one, other) == found


@pytest.fixture
def wanted(city, people):
    return make.demand(
        city, people, chain=city.chain, disciplines=["0812", "0811"], title="伺服驱动", description="控制"
    )


def suggested(city, demand):
    return [(s.flow, s.reasons.told) for s in matching.suggestions(demand, city.pack)]


def test_a_discipline_comes_before_a_chain_before_a_category_before_words(city, wanted):
    words = make.flow(city, discipline="1007", strengths="伺服驱动")
    category = make.flow(city, discipline="0805")
    chain = make.flow(city, discipline="1001")
    chain.chains.set([city.chain])
    same = make.flow(city, discipline="0811")
    make.flow(city, discipline="1202", strengths="市场")
    assert suggested(city, wanted) == [
        (same, ["同一级学科：控制科学与工程"]),
        (chain, ["同产业链：机器人"]),
        (category, ["同学科门类：工学"]),
        (words, ["共同词：伺服驱动"]),
    ]


def test_of_equal_reasons_the_key_university_stands_first(city, wanted):
    plain = make.flow(city, owner=make.university(city, name="甲大学", key=False))
    key = make.flow(city, owner=make.university(city, name="乙大学"))
    assert [flow for flow, _told in suggested(city, wanted)] == [key, plain]


def test_what_is_in_talks_is_not_suggested_again_until_it_ends(city, people, wanted):
    flow = make.flow(city)
    row = make.match(city, people, wanted=wanted, flow_=flow)
    assert suggested(city, wanted) == []
    by = people[Role.HANDLER]
    make.demand_lifecycle.match.move(row, "end", by=by, on=ON, note="方向不合")
    assert [found for found, _told in suggested(city, wanted)] == [flow]


def test_another_city_s_flow_stations_are_not_suggested(city, wanted):
    make.flow(make.city("othercity"))
    assert suggested(city, wanted) == []


def test_a_match_keeps_its_reasons_as_they_were(city, people, wanted):
    flow = make.flow(city, strengths="伺服驱动")
    flow.chains.set([city.chain])
    row = make.match(city, people, wanted=wanted, flow_=flow)
    IndustryChain.objects.update(name="改名", name_en="Renamed")
    assert matching.told(row.reasons) == ["同一级学科：计算机科学与技术", "同产业链：机器人", "共同词：伺服驱动"]
    with translation.override("en"):
        assert matching.told(row.reasons) == [
            "Same discipline: Computer science and technology",
            "Same chain: Robotics",
            "Words in common: 伺服驱动",
        ]


# --- the pairing -------------------------------------------------------------------------------


@pytest.fixture
def hosts(city, people):
    """Three hosts: one with a demand on the list, one in a chain, one with neither; and an enterprise without station."""
    chief, rows = people[Role.BUREAU_APPROVER], {}
    for name, values in (("neither", {}), ("chained", {"chain": city.chain}), ("wanting", {})):
        rows[name] = make.station(city, chief, **values).enterprise
    here, who = make.people_of(city, rows["wanting"], people)
    make.demand(here, who, disciplines=["0812"])
    make.enterprise(city.north)
    return rows


def paired(city, by, enterprises=3, universities=2):
    demand_actions.pair(city.pack, enterprises=enterprises, universities=universities, by=by, on=ON)
    rows = Pairing.objects.select_related("enterprise", "university")
    return {row.enterprise: row for row in rows}


def test_hosts_with_demands_come_first_then_those_in_a_chain(city, hosts):
    found = matching.key_enterprises(city.pack, 9, ON)
    assert found == [hosts["wanting"], hosts["chained"], hosts["neither"]]
    assert matching.key_enterprises(city.pack, 1, ON) == [hosts["wanting"]]


def test_each_host_gets_the_university_that_fits_it_best(city, people, hosts):
    computing = make.flow(city, discipline="0812").university
    robotics = make.flow(city, discipline="1001")
    robotics.chains.set([city.chain])
    lines = paired(city, people[Role.BUREAU_HANDLER])
    assert lines[hosts["wanting"]].university == computing
    assert lines[hosts["chained"]].university == robotics.university
    assert matching.told(lines[hosts["wanting"]].reasons) == ["同一级学科：计算机科学与技术"]
    assert lines[hosts["neither"]].reasons == []


def test_no_more_universities_than_the_plan_says(city, people, hosts):
    for code in ("0812", "0811", "1001"):
        make.flow(city, discipline=code)
    lines = paired(city, people[Role.BUREAU_HANDLER], universities=1)
    assert len(lines) == 3
    assert {line.university for line in lines.values()} == {University.objects.get(flows__discipline="0812")}


def test_what_was_kept_stays_when_it_is_proposed_again(city, people, hosts):
    by = people[Role.BUREAU_HANDLER]
    make.flow(city)
    other = make.university(city)
    line = paired(city, by)[hosts["wanting"]]
    demand_actions.settle_pair(line, university=other, kept=True, by=by)
    lines = paired(city, by, enterprises=2)
    assert (lines[hosts["wanting"]].university, lines[hosts["wanting"]].kept) == (other, True)
    assert lines[hosts["wanting"]].reasons == []
    assert len(lines) == 2


def test_without_universities_there_is_no_pairing(city, people, hosts):
    assert paired(city, people[Role.BUREAU_HANDLER]) == {}
