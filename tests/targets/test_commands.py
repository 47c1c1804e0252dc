"""What the two commands print, held against the papers; the figures of the demonstration are in stations/test_demo.py."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from portal import packs
from portal.models import Setting
from stations.models import Clock
from targets.models import Indicator
from tests import make
from tests.make import Life

pytestmark = pytest.mark.django_db

# 昆办发〔2022〕67号: the 28 indicators of the annex with their parts, as printed: code | name | unit | kind | 2022 to 2025 |
# departments. Transcribed from the paper, not from the pack.
ANNEX = """
RC-01 | 国家重大工程专家 | 名 | level | 155 170 185 200 | 科技局 工信局
RC-01a | 自主培育国家重大工程专家 | 名 | level | 50 55 60 65 | 科技局 工信局
RC-02 | 各级双创人才（团队）总量 | 个 | level | 1250 1400 1550 1700 | 科技局 工信局 宣传部 发改委 教育局 人社局 农业农村局 商务局 卫健委
RC-02a | 新增省级以上双创人才（团队） | 个 | flow | 20 25 25 30 | 科技局 工信局 宣传部 发改委 教育局 人社局 农业农村局 商务局 卫健委
RC-03 | 新增创新创业硕博 | 名 | flow | 450 450 550 550 | 科技局
RC-04 | 新增高技能人才数 | 人 | flow | 10000 10000 10000 10000 | 人社局
RC-05 | 高层次人才总量 | 万人 | level | 5.12 5.46 5.82 6.2 | 人社局
RC-06 | 人才资源总量 | 万人 | level | 50.5 53.5 56.5 60 | 人社局
RC-07 | 新增博士后工作站 | 个 | flow | 4 5 5 6 | 人社局
RC-08 | 新增省级及以上工程技术研究中心 | 个 | flow | 15 15 15 15 | 科技局
RC-09 | 新增省级及以上企业技术中心 | 个 | flow | 15 15 15 15 | 工信局
RC-10 | 新增苏州市级及以上新型研发机构 | 个 | flow | 1 1 1 2 | 科技局
RC-11 | 新增“揭榜挂帅”攻关项目 | 项 | flow | 120 120 130 130 | 科技局
RC-12 | 有效高新技术企业 | 家 | level | 2500 2800 3100 3500 | 科技局
RC-12a | 净增高新技术企业 | 家 | flow | 300 300 300 400 | 科技局
RC-13 | “专精特新”企业 | 家 | level | 400 450 500 550 | 工信局
RC-13a | 新增国家级“专精特新”企业 | 家 | flow | 3 4 6 7 | 工信局
RC-14 | 瞪羚企业 | 家 | level | 100 120 150 200 | 科技局
RC-15 | “独角兽”培育企业 | 家 | level | 20 30 40 50 | 科技局
RC-16 | 新增上市企业 | 家 | flow | 8 10 10 12 | 金融办
RC-17 | 新增高价值发明专利数 | 件 | flow | 610 630 660 700 | 市场监管局
RC-18 | 新增主导或参与国际、国家、行业标准制（修）订数 | 项 | flow | 30 30 30 30 | 市场监管局
RC-19 | 全社会研发支出占地区生产总值比重 | % | rate | 4.0 4.1 4.3 4.5 | 科技局
RC-20 | 规上工业企业研发投入强度 | % | rate | 1.7 1.8 1.9 2 | 科技局
RC-21 | 战略性新兴产业产值占规上工业总产值比重 | % | rate | 51 53 55 56 | 工信局
RC-22 | 高新技术产业产值占规上工业总产值比重 | % | rate | 50.7 51.7 52.7 54 | 科技局
RC-23 | 新增科创载体面积 | 万平方米 | flow | 100 120 130 150 | 科技局 资源规划局
RC-24 | 新增苏州市级及以上孵化器和众创空间数 | 个 | flow | 9 9 9 9 | 科技局
RC-25 | 新增离岸创新飞地 | 个 | flow | 2 2 3 3 | 科技局
RC-26 | 新引进科创项目 | 个 | flow | 1000 1000 1000 1000 | 科技局
RC-27 | 科技服务业收入 | 亿元 | value | 284 285 287 290 | 科技局
RC-28 | 新增人才公寓 | 套 | flow | 2500 2500 2500 2500 | 住建局 资源规划局
"""

# 昆人社发〔2025〕9号: what the plan "hundred, ten, thousand" announces, all by the end of 2026.
BY_2026 = {
    **{"KS-PD": 100, "KS-ST": 100, "KS-ZY": 10, "KS-YX": 10, "KS-YJ": 2000, "KS-CG": 2000, "KS-CL": 15},
    **{"KS-QY": 50, "KS-GX": 20, "KS-BS": 100, "KS-LY": 20, "KS-SJ": 10},
}


def said(command, **options):
    out = io.StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def printed(command, **options):
    return json.loads(said(command, json=True, **options))


# --- a small city; these come first, before the real pack is loaded -----------------------------


def test_the_targets_of_districts_stand_apart(city):
    row = make.indicator(make.plan(city), city, code="ST")
    make.Target.objects.create(pack=city.pack, indicator=row, district=city.north, on=date(2026, 12, 31), value=40)
    (found,) = printed("targets", plan="plan")
    assert found["targets"] == {"2026-12-31": 100}
    assert found["districts"] == {"testcity-north 2026-12-31": 40}


def test_another_day_and_another_district(city):
    make.indicator(make.plan(city), city, code="ST")
    make.bare_stations([Life(city.north, date(2025, 3, 1)), Life(city.south, date(2026, 3, 1), owner=1)])

    def value(**options):
        (row,) = printed("indicators", **options)
        return row["value"], row["as_of"]

    assert value(on=date(2025, 2, 28)) == (0, "2025-02-28")
    assert value(on=date(2025, 3, 1)) == (1, "2025-03-01")
    assert value(on=date(2026, 6, 1)) == (2, "2026-06-01")
    assert value(on=date(2026, 6, 1), district=city.north.code) == (1, "2026-06-01")
    assert value(on=date(2026, 6, 1), district=city.east.code) == (0, "2026-06-01")


@pytest.mark.parametrize("command", ["indicators", "targets"])
def test_without_a_pack_the_command_says_what_to_do_first(command, db):
    with pytest.raises(CommandError, match="先运行 loadpack"):
        said(command)


def test_of_several_cities_one_must_be_named(city):
    make.indicator(make.plan(city), city)
    elsewhere = make.city("othercity")
    make.indicator(make.plan(elsewhere, code="theirs"), elsewhere)
    with pytest.raises(CommandError, match="请用 --city 指定一个"):
        said("indicators", on=date(2026, 6, 1))
    assert len(printed("indicators", city="othercity", on=date(2026, 6, 1))) == 1
    with pytest.raises(CommandError, match="已装入：theirs"):
        said("indicators", plan="plan", city="othercity")


# --- the real pack -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kunshan(django_db_setup, django_db_blocker):
    """Loaded once for all that is asked here; whatever a test changes is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield packs.load(packs.HOME / "kunshan")
        transaction.set_rollback(True)


def plain(name: str) -> str:
    """A name without what papers print one way or the other: 其中, full or half brackets."""
    return name.removeprefix("其中：").replace("(", "（").replace(")", "）")


def test_the_table_of_the_plan_of_2022_is_that_of_its_annex(kunshan):
    due = []
    for line in ANNEX.strip().splitlines():
        code, name, unit, kind, years, departments = line.split(" | ")
        due.append(
            {
                "code": code,
                "name": name,
                "unit": unit,
                "kind": kind,
                "parent": code.removesuffix("a") if code.endswith("a") else None,
                "departments": departments.split(),
                "targets": {f"{2022 + n}-12-31": float(value) for n, value in enumerate(years.split())},
                "districts": {},
            }
        )
    rows = printed("targets", plan="rcq")
    assert [row | {"name": plain(row["name"])} for row in rows] == due
    assert len(rows) == 32


def test_every_target_of_the_plan_of_2025_is_that_of_its_paper(kunshan):
    rows = {row["code"]: row["targets"] for row in printed("targets", plan="bsq")}
    assert {code: rows[code] for code in BY_2026} == {code: {"2026-12-31": value} for code, value in BY_2026.items()}
    assert rows["KS-YXB"] == {"2025-12-31": 1, "2026-12-31": 1}  # 每年
    assert set(rows["KS-DJ"].values()) == {1, 2, 3, 4}  # 每季度, added up within the year


def test_the_table_is_printed_for_people_too(kunshan):
    text = said("targets", plan="rcq")
    assert "RC-07    新增博士后工作站（个）　2022 4　2023 5　2024 5　2025 6" in text


def test_a_decimal_is_a_decimal_and_a_whole_number_is_whole(kunshan):
    rows = {row["code"]: row for row in printed("indicators", plan="rcq", on=date(2025, 6, 30))}
    assert (rows["RC-05"]["target"], rows["RC-06"]["target"]) == (6.2, 60)
    assert type(rows["RC-06"]["target"]) is int
    assert rows["RC-19"]["value"] is None


@pytest.mark.parametrize(
    ("options", "known"),
    [
        ({"plan": "nothing"}, "没有名为 nothing 的计划；已装入：bsq、rcq"),
        ({"district": "nothing"}, "昆山市 没有代码为 nothing 的区镇；可用：320583、ks-kfq、"),
        ({"city": "nothing"}, "没有名为 nothing 的规则包；已装入：kunshan"),
        ({"on": date(1999, 1, 1)}, "没有名为 （当前） 的计划；已装入：bsq、rcq"),
    ],
    ids=["plan", "district", "city", "a day before every plan"],
)
def test_an_unknown_name_gives_the_known_ones(options, known, kunshan):
    with pytest.raises(CommandError) as refused:
        said("indicators", **options)
    assert str(refused.value).startswith(known)


@pytest.mark.parametrize(
    ("options", "known"),
    [
        ({"plan": "nothing"}, "没有名为 nothing 的计划；已装入：bsq、rcq"),
        ({"plan": "bsq", "city": "nothing"}, "没有名为 nothing 的规则包；已装入：kunshan"),
    ],
    ids=["plan", "city"],
)
def test_the_table_of_an_unknown_name_is_refused_with_the_known_ones(options, known, kunshan):
    with pytest.raises(CommandError) as refused:
        printed("targets", **options)
    assert str(refused.value) == known


# 江府办〔2022〕36号: totals by the end of 2024, and what each year is to bring.
JIANGHAI_BY_2024 = {"JH-PT": 35, "JH-GJ": 2, "JH-JD": 4, "JH-BG": 4, "JH-RS": 100}
JIANGHAI_YEARS = {
    **{"JH-YJ": (15, 15, 20), "JH-XJ": (3, 2, 5), "JH-BJ": (2, 2, 2), "JH-YC": (100, 100, 100), "JH-HD": (12, 12, 12)},
    **dict.fromkeys(("JH-JH", "JH-JW", "JH-GX", "JH-ZS", "JH-KT"), (1, 1, 1)),
}
# 青岛“十大行动” 2025: what is to be reached, and the levels of platforms as told at the time, which add up.
QINGDAO = {"QD-JJ": 10000, "QD-XM": 1000, "QD-ZP": 10, "QD-DJ": 4, "QD-TJ": 3}
PLATFORMS = {"QD-LD": 75, "QD-GZ": 64, "QD-SJ": 63, "QD-SH": 156}


@pytest.fixture(scope="module")
def others(kunshan, django_db_blocker):
    with django_db_blocker.unblock():
        return {name: packs.load(packs.HOME / name) for name in ("jianghai", "qingdao", "chongqing")}


def test_every_figure_of_jianghai_is_that_of_its_paper(others):
    rows = {row["code"]: row["targets"] for row in printed("targets", plan="hxq", city="jianghai")}
    due = {code: {"2024-12-31": value} for code, value in JIANGHAI_BY_2024.items()}
    due |= {code: {f"{2022 + n}-12-31": v for n, v in enumerate(years)} for code, years in JIANGHAI_YEARS.items()}
    assert rows == due
    plan_totals = dict(Indicator.objects.filter(plan__code="hxq").values_list("code", "plan_total"))
    assert (plan_totals["JH-YJ"], plan_totals["JH-XJ"]) == (50, 10)
    assert sum(JIANGHAI_YEARS["JH-XJ"]) == sum(JIANGHAI_BY_2024[code] for code in ("JH-GJ", "JH-JD", "JH-BG"))


def test_every_figure_of_qingdao_is_that_of_its_paper(others):
    rows = {row["code"]: row for row in printed("targets", plan="sdxd", city="qingdao")}
    assert {code: rows[code]["targets"] for code in QINGDAO} == {c: {"2025-12-31": v} for c, v in QINGDAO.items()}
    values = Setting.objects.values_of(others["qingdao"])
    assert {code: values[f"{code}.baseline"] for code in PLATFORMS} == PLATFORMS
    assert values["QD-PT.baseline"] == sum(PLATFORMS.values()) == 358
    assert {rows[code]["parent"] for code in PLATFORMS} == {"QD-PT"}
    assert (values["QD-JJ.baseline"], values["retention.reported"]) == (8767, 76)
    watched = set(Indicator.objects.filter(plan__code="sdxd", watched=True).values_list("code", flat=True))
    assert watched == {*PLATFORMS, "QD-PT", "QD-LQ"} == {code for code, row in rows.items() if not row["targets"]}


def test_the_dynamic_adjustment_of_chongqing_is_followed_and_has_no_figures_that_no_paper_gives(others):
    rows = printed("targets", plan="dtgl", city="chongqing")
    assert [(row["code"], row["targets"]) for row in rows] == [
        (code, {}) for code in ("CQ-ZS", "CQ-ZG", "CQ-ZX1", "CQ-ZX2", "CQ-ZX3")
    ]
    assert Setting.objects.values_of(others["chongqing"])["A32.years"] == 4
    (clock,) = Clock.objects.filter(pack=others["chongqing"], code="idle")
    assert clock.steps.get(kind="rectify").rectify_months == 12  # the fourth year


def test_every_city_has_plans_that_the_commands_can_print(others):
    for plan in make.Plan.objects.select_related("pack"):
        rows = printed("indicators", plan=plan.code, city=plan.pack.code, on=date(2026, 11, 20))
        assert len(rows) == Indicator.objects.filter(plan=plan).count() > 0
        assert {row["as_of"] for row in rows} == {"2026-11-20"}
