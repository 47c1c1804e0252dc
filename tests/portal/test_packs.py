"""Packs load whole or not at all, come back as their files, and lose nobody's edit."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal import packs, rules
from portal.facts import VOCABULARIES
from portal.models import (
    Ancestry,
    Clause,
    District,
    Document,
    Guard,
    Job,
    Organisation,
    Pack,
    Setting,
    Workday,
)
from portal.packs import reading
from stations.models import ApplicationType, Condition, IndustryChain, Slot
from targets.models import Indicator, Plan, Snapshot, Target
from tests import make
from tests.portal import small_pack
from tests.portal.small_pack import FILES
from tests.subsidies.covering import uncovered

CITIES = ("kunshan", "jianghai", "chongqing", "qingdao")


def counted():
    """Rows of the kinds that every loading moves."""
    return [model.objects.count() for model in (Pack, District, Organisation, Setting, Workday)]


def same_files(one, other):
    names = sorted(path.name for path in one.glob("*.yaml"))
    assert names == sorted(path.name for path in other.glob("*.yaml"))
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


# --- the four cities ---------------------------------------------------------------------------


def test_four_cities_live_in_one_database_come_back_as_their_files_and_load_twice(tmp_path, db):
    loaded = {city: packs.load(packs.HOME / city) for city in CITIES}
    assert sorted(Pack.objects.values_list("code", flat=True)) == sorted(CITIES)
    for city, pack in loaded.items():
        below = District.objects.below(pack.root)
        assert {Pack.objects.get_for(district) for district in below} == {pack}
        assert not Organisation.objects.filter(pack=pack).exclude(district__in=below).exists()
        assert not Guard.objects.filter(pack=pack).exclude(clause__document__pack=pack).exists()
        assert not Indicator.objects.filter(pack=pack).exclude(plan__document__pack=pack).exists()
        assert not ApplicationType.objects.filter(pack=pack).exclude(clause__document__pack=pack).exists()
        packs.dump(pack, tmp_path / city)
        same_files(packs.HOME / city, tmp_path / city)
        assert (pack.changed > 50, packs.load(packs.HOME / city).changed) == (True, 0)
        assert list(uncovered(pack)) == []  # the schemes' boundary cases


# --- the small one -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the small pack is written: a fixtures/small of its own, without a calendar beside it."""
    monkeypatch.setattr(reading, "HOME", tmp_path / "fixtures")
    return tmp_path / "fixtures" / "small"


@pytest.fixture
def small(folder, db):
    return packs.load(small_pack.write(folder))


def test_a_pack_becomes_rows(small):
    assert [(d.code, d.depth, d.path_order) for d in District.objects.below(small.root)] == [
        ("small", 0, "000."),
        ("small-a", 1, "000.000."),
        ("small-b", 1, "000.001."),
    ]
    assert sorted((a.node.code, a.ancestor.code) for a in Ancestry.objects.all()) == [
        ("small", "small"),
        *(("small-a", "small"), ("small-a", "small-a"), ("small-b", "small"), ("small-b", "small-b")),
    ]
    assert [c.number for c in Clause.objects.filter(document__code="paper").order_by("order")] == ["一(一)", "二"]
    assert Setting.objects.values_of(small)["start"] == "2025-01-01"
    assert Guard.objects.get(action="recommend").since == date(2026, 2, 1)
    (kind,) = ApplicationType.objects.all()
    assert [(c.code, c.order) for c in kind.conditions.order_by("order")] == [("basic-1", 0), ("rec-1", 1)]
    assert list(Slot.objects.order_by("order").values_list("code", "required")) == [("licence", True), ("more", False)]
    assert Indicator.objects.get(code="ST-H").parent.code == "ST"


def test_loading_asks_for_the_figures_once_and_only_when_something_moved(small, folder):
    assert Job.objects.filter(kind="recompute").count() == 1
    assert packs.load(folder).changed == 0
    assert Job.objects.filter(kind="recompute").count() == 1


def test_a_small_pack_comes_back_as_its_files(small, folder, tmp_path):
    assert packs.dump(small, tmp_path / "out") == sorted(FILES)
    same_files(folder, tmp_path / "out")


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("'on'", "on").encode(),
        lambda text: f"# by hand\n\n{text}".encode(),
    ],
    ids=["line ends of Windows", "a byte order mark", "keys without quotes", "a comment"],
)
def test_a_pack_is_read_as_people_may_write_it(written, folder, db):
    changed = {name: written(text) for name, text in FILES.items()}
    assert packs.load(small_pack.write(folder, **changed)).code == "small"
    assert packs.load(small_pack.write(folder)).changed == 0


def test_what_a_file_moves_is_counted_and_moved(small, folder):
    small_pack.write(
        folder,
        **{
            "districts.yaml": FILES["districts.yaml"].replace("name: 乙区", "name: 丙区"),
            "documents.yaml": FILES["documents.yaml"].replace("summary: 目标", "summary: 新目标"),
            "settings.yaml": FILES["settings.yaml"].replace("value: 10\n", "value: 12\n", 1),
            "plans.yaml": FILES["plans.yaml"].replace("value: 60", "value: 66"),
            "pack.yaml": FILES["pack.yaml"].replace("name: 小城", "name: 小城市"),
        },
    )
    assert packs.load(folder).changed == 5
    assert Setting.objects.values_of(small)["days.bureau"] == 12
    assert Target.objects.get(indicator__code="ST", on=date(2026, 12, 31)).value == 66


def test_the_order_of_a_file_is_kept_when_it_changes(small, folder):
    text = FILES["documents.yaml"]
    first, second = text.index("    - number: 一"), text.index("    - number: 二")
    third = text.index("- code: rules")
    turned = text[:first] + text[second:third] + text[first:second] + text[third:]
    assert packs.load(small_pack.write(folder, **{"documents.yaml": turned})).changed == 2
    assert [c.number for c in Clause.objects.filter(document__code="paper").order_by("order")] == ["二", "一(一)"]


def test_a_district_may_move_under_another(small, folder):
    moved = """\
- code: small
  name: 小城
  children:
    - code: small-a
      name: 甲区
      children:
        - code: small-b
          name: 乙区
          documented: false
"""
    packs.load(small_pack.write(folder, **{"districts.yaml": moved}))
    lower = District.objects.get(code="small-b")
    assert (lower.depth, lower.path_order, lower.parent.code) == (2, "000.000.000.", "small-a")
    assert sorted(lower.up.values_list("ancestor__code", flat=True)) == ["small", "small-a", "small-b"]


# --- wrong ways --------------------------------------------------------------------------------


def edit(name, *changes):
    """One file with some lines changed; each must occur."""
    text = FILES[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return {name: text}


def settings(old, new):
    return edit("settings.yaml", (old, new))


FACTS_OF_STATIONS = "、".join(sorted(VOCABULARIES["station"].facts))
KNOWN_SETTING = "code、title、title_en、kind、value、unit、unit_en、options、options_en、why、why_en、ask、clause"
KNOWN_FILES = "、".join(
    f"{name}.yaml"
    for name in (
        *(
            "activity_kinds",
            "applications",
            "budget_lines",
            "chains",
            "districts",
            "documents",
            "duties",
            "entry_papers",
        ),
        *("evaluations", "guards"),
        *(
            "milestones",
            "opportunities",
            "organisations",
            "pack",
            "phrases",
            "plans",
            "pool",
            "programmes",
            "relations",
            "reports",
        ),
        *("scarce_majors", "services", "settings", "signs", "standing", "subsidies", "windows"),
    )
)
NO_DATA = "应为文字、数字、日期、列表或一组“名称: 取值”"
NEW = "        - fact: approved_on\n          lookup: gte\n          setting: start\n"  # what the last indicator counts

WRONG = {
    # the files as such
    "no pack.yaml": ({"pack.yaml": None}, ":1: 这个文件夹里没有 pack.yaml，不是一个规则包"),
    "an empty pack.yaml": ({"pack.yaml": ""}, "pack.yaml:1: 这里应为一组“名称: 取值”"),
    "no YAML at all": (
        {"pack.yaml": "code: [small"},
        "pack.yaml:1: YAML 格式不对：expected ',' or ']', but got '<stream end>'",
    ),
    "broken YAML": (
        edit("chains.yaml", ("  name: 机器人", "  name: [机器人")),
        "chains.yaml:3: YAML 格式不对：expected ',' or ']', but got ':'",
    ),
    "a tab": (
        edit("chains.yaml", ("  name: 机器人", "\tname: 机器人")),
        "chains.yaml:2: YAML 格式不对：found character '\\t' that cannot start any token",
    ),
    "not UTF-8": (
        {"chains.yaml": FILES["chains.yaml"].encode("gbk")},
        "chains.yaml:1: 不是 UTF-8 编码，请用 UTF-8 另存",
    ),
    "a control character": (
        edit("chains.yaml", ("机器人", "机器\x07人")),
        "chains.yaml:2: 有不能用的字符 U+0007",
    ),
    "two documents": (
        {"chains.yaml": f"{FILES['chains.yaml']}---\n- code: more\n"},
        "chains.yaml:4: YAML 格式不对：but found another document",
    ),
    "an alias of nothing": (
        edit("chains.yaml", ("name: 机器人", "name: *other")),
        "chains.yaml:2: YAML 格式不对：found undefined alias 'other'",
    ),
    "an unknown file": ({"targets.yaml": "- a\n"}, f"targets.yaml:1: 不认识的文件；可用：{KNOWN_FILES}"),
    "an ending of three letters": ({"chains.yml": "- a\n"}, f"chains.yml:1: 不认识的文件；可用：{KNOWN_FILES}"),
    "a mapping for a list": ({"chains.yaml": "code: robotics\n"}, "chains.yaml:1: 这里应为一个列表（每项以 - 开头）"),
    "a word for a row": ({"chains.yaml": "- robotics\n"}, "chains.yaml:1: 这里应为一组“名称: 取值”"),
    # names
    "an unknown name": (
        settings("  unit: 个", "  units: 个"),
        f"settings.yaml:5: 不认识的名称 units；可用：{KNOWN_SETTING}",
    ),
    "a name twice": (settings("  value: 5\n", "  value: 5\n  value: 6\n"), "settings.yaml:5: value 出现了两次"),
    "a name twice in free data": (
        settings("    loose: 宽\n", "    loose: 宽\n    loose: 很宽\n"),
        "settings.yaml:63: options：loose 出现了两次",
    ),
    "a list for a name": (
        edit("chains.yaml", ("  name: 机器人", "  ? [a]\n  : b\n  name: 机器人")),
        "chains.yaml:2: 不认识的名称 [ScalarNode(tag='tag:yaml.org,2002:str', value='a')]；可用：code、name、name_en、clause",
    ),
    "a missing name": (settings("  title: 允许差\n", ""), "settings.yaml:53: 缺少 title（事项）"),
    "several at once": (
        edit("settings.yaml", ("  title: 允许差\n", ""), ("  kind: text\n", "  kind: text\n  colour: red\n")),
        "settings.yaml:53: 缺少 title（事项）",
        f"settings.yaml:93: 不认识的名称 colour；可用：{KNOWN_SETTING}",
    ),
    # types
    "an empty value": (settings("title: 允许差", "title:"), "settings.yaml:54: title：此字段不能为空。"),
    "a list for a value": (settings("title: 允许差", "title: [允许差]"), "settings.yaml:54: title：这里应为一个值"),
    "a list for a reference": (
        edit("chains.yaml", ("clause: paper 二", "clause: [paper 二]")),
        "chains.yaml:3: clause：这里应为一个值",
    ),
    "a mapping for a reference": (
        edit("organisations.yaml", ("district: small-a", "district: {code: small-a}")),
        "organisations.yaml:4: district：这里应为一个值",
    ),
    "a word for a number": (
        edit("applications.yaml", ("  conditions:", "  minutes: viel\n  conditions:")),
        "applications.yaml:9: minutes：应为整数，现为 'viel'",
    ),
    "a yes for a number": (
        edit("applications.yaml", ("  conditions:", "  minutes: true\n  conditions:")),
        "applications.yaml:9: minutes：应为整数，现为 'true'",
    ),
    "a strange tag for a number": (
        edit("applications.yaml", ("  conditions:", "  minutes: !much 40\n  conditions:")),
        "applications.yaml:9: minutes：应为整数，现为 '40'",
    ),
    "a number too big": (
        edit("applications.yaml", ("  conditions:", "  minutes: 99999\n  conditions:")),
        "applications.yaml:9: minutes：确保该值小于或等于32767。",
    ),
    "a word for yes or no": (
        edit("districts.yaml", ("documented: false", "documented: nein")),
        "districts.yaml:8: documented：应为true 或 false，现为 'nein'",
    ),
    "a month too many": (
        edit("guards.yaml", ("since: 2026-02-01", "since: 2026-13-01")),
        "applications.yaml:1: guards.yaml 里没有 application 的 recommend 的办理条件",
        "guards.yaml:19: since：应为日期，如 2026-01-01，现为 '2026-13-01'",
    ),
    "a word for a date": (
        edit("plans.yaml", ("until: 2026-12-31", "until: 年底")),
        "plans.yaml:5: until：应为日期，如 2026-01-01，现为 '年底'",
    ),
    "a word for money": (
        edit("plans.yaml", ("plan_total: 30", "plan_total: 三十")),
        "plans.yaml:50: plan_total：应为数字，现为 '三十'",
    ),
    "no number at all": (
        edit("plans.yaml", ("plan_total: 30", "plan_total: NaN")),
        "plans.yaml:50: plan_total：应为数字，现为 'NaN'",
    ),
    "a text too long": (
        edit("documents.yaml", ("summary: 本平台定", f"summary: {'长' * 201}")),
        "documents.yaml:18: summary：确保该变量包含不超过 200 字符 (目前字符数 201)。",
    ),
    "a code with a space": (
        edit("chains.yaml", ("code: robotics", "code: robo tics")),
        "chains.yaml:1: code：输入由字母，数字，下划线或连字符号组成的有效“字段”。",
    ),
    "a kind that isn't one": (
        edit("organisations.yaml", ("kind: bureau", "kind: ministry")),
        "organisations.yaml:7: kind：值 'ministry' 不是有效选项。",
    ),
    "data that JSON can't hold": (
        settings("value: 2\n", "value: !!binary aGVsbG8=\n"),
        f"settings.yaml:56: value：取值 aGVsbG8= 不能用：{NO_DATA}",
    ),
    "a tag nobody knows": (
        settings("value: 2\n", "value: !two 2\n"),
        f"settings.yaml:56: value：取值 2 不能用：{NO_DATA}",
    ),
    "a day that isn't in the calendar": (
        settings("value: 2\n", "value: 2025-02-30\n"),
        f"settings.yaml:56: value：取值 2025-02-30 不能用：{NO_DATA}",
    ),
    "infinity": (settings("value: 2\n", "value: .inf\n"), f"settings.yaml:56: value：取值 .inf 不能用：{NO_DATA}"),
    "a mapping whose names are lists": (
        settings("value: 2\n", "value: {[1]: 2}\n"),
        f"settings.yaml:56: value：取值  不能用：{NO_DATA}",
    ),
    "a list for a group of names": (
        settings("    loose: 宽\n    strict: 严\n", "    - strict\n"),
        "settings.yaml:63: options：这里应为一组“名称: 取值”",
    ),
    "a word for a list": (
        edit("applications.yaml", ("  levels:\n    - 市级\n    - 省级\n", "  levels: 省级\n")),
        "applications.yaml:5: levels：这里应为一个列表",
    ),
    # references
    "an unknown clause": (
        edit("chains.yaml", ("clause: paper 二", "clause: paper 三")),
        "chains.yaml:3: clause：没有找到条款 paper 三；已有：paper 一(一)、paper 二、rules 申报",
    ),
    "an unknown document": (
        edit("plans.yaml", ("document: paper", "document: papers")),
        "plans.yaml:3: document：没有找到政策文件 papers；已有：paper、rules",
    ),
    "an unknown district": (
        edit("organisations.yaml", ("district: small-a", "district: small-z")),
        "organisations.yaml:4: district：没有找到区镇 small-z；已有：small、small-a、small-b",
    ),
    "a whole that comes after its part": (
        edit("plans.yaml", ("parent: ST", "parent: NEW")),
        "plans.yaml:33: parent：没有找到指标 NEW；已有：ST",
    ),
    "the same row twice": (
        settings("- code: tolerance", "- code: base"),
        "settings.yaml:53: 重复：口径与参数 base",
    ),
    "the same row twice within another": (
        edit("applications.yaml", ("code: more", "code: licence")),
        "applications.yaml:18: 重复：证明材料 licence",
    ),
    "the same name under two codes": (
        edit("chains.yaml", ("- code: robotics", "- code: bots\n  name: 机器人\n- code: robotics")),
        "chains.yaml:3: 已有同名的产业链。",
    ),
    # the ground
    "a name missing from the pack": (
        edit("pack.yaml", ("name: 小城\n", "")),
        "pack.yaml:1: name：此字段不能为空。",
    ),
    "a prefix that is taken": (
        edit("pack.yaml", ("prefix: SM", "prefix: TE")),
        "pack.yaml:4: prefix：具有 编号前缀 的 地方规则包 已存在。",
    ),
    "a prefix too long": (
        edit("pack.yaml", ("prefix: SM", "prefix: SMALLER")),
        "pack.yaml:4: prefix：确保该变量包含不超过 6 字符 (目前字符数 7)。",
    ),
    "no districts": ({"districts.yaml": None}, "districts.yaml:1: 应只有一个根区划，其他写在它的 children 下"),
    "two roots": (
        {"districts.yaml": f"{FILES['districts.yaml']}- code: other\n  name: 另\n"},
        "districts.yaml:1: 应只有一个根区划，其他写在它的 children 下",
    ),
    "a district of another city": (
        edit("districts.yaml", ("code: small-b", "code: testcity-north")),
        "districts.yaml:6: 区划代码 testcity-north 已属于另一个规则包",
    ),
    "a district twice": (
        edit("districts.yaml", ("code: small-b", "code: small-a")),
        "districts.yaml:6: 区划代码 small-a 出现了两次",
    ),
    "a district without a code": (
        edit("districts.yaml", ("    - code: small-b\n      name: 乙区", "    - name: 乙区")),
        "districts.yaml:6: code：此字段不能为空。",
    ),
    "a district that is a word": ({"districts.yaml": "- small\n"}, "districts.yaml:1: 这里应为一组“名称: 取值”"),
    "no bureau": (
        edit("organisations.yaml", ("kind: bureau", "kind: department")),
        "organisations.yaml:1: 应恰好有一个 kind: bureau 的主管部门",
    ),
    "two bureaus": (
        edit("organisations.yaml", ("kind: district_office", "kind: bureau")),
        "organisations.yaml:1: 应恰好有一个 kind: bureau 的主管部门",
    ),
    "an enterprise": (
        edit("organisations.yaml", ("kind: district_office", "kind: enterprise")),
        "organisations.yaml:1: small-a-office：企业自己注册，不写在规则包里",
    ),
    # settings
    "a promise without its days": (
        settings("code: days.bureau", "code: days.office"),
        "settings.yaml:1: 缺少承诺时限 days.bureau（待市局审核）",
        "settings.yaml:1: 缺少承诺时限 days.bureau（待市局经办）",
        "settings.yaml:1: 缺少承诺时限 days.bureau（待市级核对）",
    ),
    "a whole number that isn't one": (
        settings("value: 5\n", "value: 5.5\n"),
        "settings.yaml:4: value：应为 0 或正整数",
    ),
    "a whole number below zero": (settings("value: 5\n", "value: -5\n"), "settings.yaml:4: value：应为 0 或正整数"),
    "a number that is a yes": (settings("value: 5\n", "value: true\n"), "settings.yaml:4: value：应为 0 或正整数"),
    "a number in quotes": (settings("value: 2\n", "value: '2'\n"), "settings.yaml:56: value：应为数字"),
    "a yes that is a word": (settings("value: false", "value: nein"), "settings.yaml:69: value：应为 true 或 false"),
    "a choice not on offer": (
        settings("value: strict", "value: stern"),
        "settings.yaml:61: value：应为其中之一：loose、strict",
    ),
    "a choice that is a list": (
        settings("value: strict", "value: [strict]"),
        "settings.yaml:61: value：应为其中之一：loose、strict",
    ),
    "a text that is a number": (settings("value: 揭榜挂帅", "value: 9"), "settings.yaml:94: value：应为文字"),
    "English for an option there isn't": (
        settings("    strict: 严\n", "    strict: 严\n  options_en:\n    stern: Stern\n"),
        "settings.yaml:66: options_en：options 里没有 stern",
    ),
    # guards
    "no guards": (
        {"guards.yaml": None},
        "applications.yaml:1: guards.yaml 里没有 application 的 recommend 的办理条件",
        "applications.yaml:1: guards.yaml 里没有 application 的 submit 的办理条件",
        "applications.yaml:1: guards.yaml 里没有 application 的 to_certify 的办理条件",
    ),
    "an unknown lifecycle": (
        edit("guards.yaml", ("lifecycle: application\n  action: submit", "lifecycle: claims\n  action: submit")),
        "applications.yaml:1: guards.yaml 里没有 application 的 submit 的办理条件",
        "guards.yaml:7: 没有名为 claims 的流程；可用：activity、application、assessment、change、claim、consultation、demand、duty、"
        "evaluation、extension、match、outcome、payment、pool、quarterly、registration、report、request、standing、station、stay",
    ),
    "an unknown action": (
        edit("guards.yaml", ("lifecycle: application\n  action: submit", "lifecycle: station\n  action: submit")),
        "applications.yaml:1: guards.yaml 里没有 application 的 submit 的办理条件",
        "guards.yaml:7: 流程 station 没有动作 submit；可用：cancel、pause、resume、upgrade；"
        f"“station”没有名为 truthful 的事实；可用：{FACTS_OF_STATIONS}",
    ),
    "an unknown lookup": (
        edit("guards.yaml", ("lookup: exact", "lookup: not")),
        "applications.yaml:1: guards.yaml 里没有 application 的 submit 的办理条件",
        "guards.yaml:7: 比较方式 not 不认识；可用：exact、lt、lte、gt、gte、in",
    ),
    "a value of another type": (
        edit("guards.yaml", ("value: true", "value: 1")),
        "applications.yaml:1: guards.yaml 里没有 application 的 submit 的办理条件",
        "guards.yaml:7: truthful 的取值 1 不对：应为 BooleanField",
    ),
    "a period that ends before it begins": (
        edit("guards.yaml", ("since: 2026-02-01", "since: 2026-02-01\n  until: 2026-01-01")),
        "applications.yaml:1: guards.yaml 里没有 application 的 recommend 的办理条件",
        "guards.yaml:13: 止期须晚于起期。",
    ),
    # what may be applied for
    "upward to nobody": (
        edit("applications.yaml", ("  levels:\n    - 市级\n    - 省级\n", "")),
        "applications.yaml:1: 审核上报须列出上级；认定备案没有上级。",
    ),
    "levels that aren't names": (
        edit("applications.yaml", ("    - 市级\n", "    - [市级]\n")),
        "applications.yaml:1: levels 应为单位名称的列表",
    ),
    "English for one level of two": (
        edit("applications.yaml", ("    - 省级\n", "    - 省级\n  levels_en:\n    - City\n")),
        "applications.yaml:1: levels_en 的个数应与 levels 相同",
    ),
    "no time to fill in": (
        edit("applications.yaml", ("  conditions:", "  minutes: 0\n  conditions:")),
        "applications.yaml:1: minutes 应为正整数",
    ),
    "no basic condition": (
        edit("applications.yaml", ("group: basic", "group: recommended")),
        "applications.yaml:1: 至少要有一项基本条件",
    ),
    "more needed than recommended": (
        edit("applications.yaml", ("  conditions:", "  recommended_needed: 2\n  conditions:")),
        "applications.yaml:1: recommended_needed 为 2，推荐条件只有 1 项",
    ),
    "a hint from an unknown fact": (
        edit("applications.yaml", ("lookup: exact", "lookup: contains")),
        "applications.yaml:22: 比较方式 contains 不认识；可用：exact、lt、lte、gt、gte、in",
    ),
    # plans
    "years that don't add up": (
        edit("plans.yaml", ("plan_total: 30", "plan_total: 31")),
        "plans.yaml:42: 各年目标合计 30，与计划总数 31 不符",
    ),
    "a part that is more than its whole": (
        edit("plans.yaml", ("value: 20", "value: 61")),
        "plans.yaml:29: 2026-12-31 的目标 61 大于上级指标 ST 的 60",
    ),
    "a whole that isn't one of this plan's": (
        edit("plans.yaml", ("parent: ST", "parent: ST-H")),
        "plans.yaml:33: parent：没有找到指标 ST-H；已有：ST",
    ),
    "a node outside the plan": (
        edit("plans.yaml", ("'on': 2025-12-31\n          value: 50", "'on': 2024-12-31\n          value: 50")),
        "plans.yaml:7: 目标节点 2024-12-31 不在计划期 2025-01-01 至 2026-12-31 内",
    ),
    "a level that sinks": (
        edit("plans.yaml", ("value: 50", "value: 70")),
        "plans.yaml:7: 存量和累计目标应逐步增加；确实要求下降的请写 falling: true",
    ),
    "no target for the city": (
        edit(
            "plans.yaml",
            (
                "district: small\n          'on': 2026-12-31\n          value: 12",
                "district: small-a\n          'on': 2026-12-31\n          value: 12",
            ),
        ),
        "plans.yaml:58: 没有全市目标（targets）；文件没有定目标的写 watched: true",
    ),
    "a target below zero": (edit("plans.yaml", ("value: 12", "value: -12")), "plans.yaml:70: 目标不能为负数。"),
    "a target twice": (
        edit("plans.yaml", ("'on': 2025-12-31\n          value: 10", "'on': 2026-12-31\n          value: 10")),
        "plans.yaml:55: 重复：目标 small 2026-12-31",
    ),
    "a plan that ends before it begins": (
        edit("plans.yaml", ("until: 2026-12-31", "until: 2024-12-31")),
        "plans.yaml:1: 计划止期须晚于起期。",
    ),
    "an unknown source": (
        edit("plans.yaml", ("source: reported", "source: stays")),
        "plans.yaml:42: 没有名为 stays 的数据来源；可用：activity、application、assessment、change、claim、consultation、cooperation、"
        "demand、doctor、doctoral、enterprise、evaluation、extension、honour、match、occurrence、outcome、payment、pool、quarterly、"
        "registration、report、request、selection、standing、station、stay、talent、visit",
    ),
    "a source and a reason why there is none": (
        edit("plans.yaml", ("source: reported", "source: reported\n      awaiting: 没有系统")),
        "plans.yaml:42: 指标要么有数据来源，要么写明为什么暂无数据。",
    ),
    "an unknown fact to begin with": (
        edit(
            "plans.yaml",
            (
                "starts: approved_on\n      where:\n        - fact: app",
                "starts: begun\n      where:\n        - fact: app",
            ),
        ),
        f"plans.yaml:58: “station”没有名为 begun 的事实；可用：{FACTS_OF_STATIONS}",
    ),
    "a beginning that isn't a date": (
        edit(
            "plans.yaml",
            (
                "starts: approved_on\n      where:\n        - fact: app",
                "starts: kind\n      where:\n        - fact: app",
            ),
        ),
        "plans.yaml:58: starts 和 stops 须是日期，kind 不是",
    ),
    "nothing to begin with": (
        edit("plans.yaml", ("starts: approved_on\n      where:\n        - fact: app", "where:\n        - fact: app")),
        "plans.yaml:58: 缺少 starts：从哪一天起计入",
    ),
    "a sum of words": (
        edit("plans.yaml", (NEW, f"{NEW}      sum_of: kind\n")),
        "plans.yaml:58: sum_of 须是数字，kind 不是",
    ),
    "a flow that stops": (
        edit("plans.yaml", ("kind: cumulative", "kind: flow\n      stops: ended_on")),
        "plans.yaml:58: 年度增量只计开始，不能有 stops",
    ),
    "coverage of nothing": (
        edit("plans.yaml", ("kind: cumulative", "kind: coverage")),
        "plans.yaml:58: 覆盖数须写明 distinct：计哪个事实的不同取值",
    ),
    "a cumulative count without a beginning": (
        edit("plans.yaml", (f"      where:\n{NEW}", "")),
        "plans.yaml:58: 计划期累计须在 where 里写明 approved_on 从哪一天起（lookup: gte）",
    ),
    "an unknown setting": (
        edit("plans.yaml", ("setting: start", "setting: begin")),
        "plans.yaml:58: 没有编号为 begin 的参数",
    ),
    "a list for a setting": (
        edit("plans.yaml", ("setting: start", "setting: [start]")),
        "plans.yaml:58: 没有编号为 ['start'] 的参数",
    ),
    "settings that aren't names": (
        edit("plans.yaml", ("      source: reported", "      source: reported\n      settings:\n        - {a: b}")),
        "plans.yaml:42: 没有编号为 {'a': 'b'} 的参数",
    ),
    "a list for a fact": (
        edit("plans.yaml", (NEW, f"{NEW}        - fact: [kind]\n          value: national\n")),
        f"plans.yaml:58: “station”没有名为 ['kind'] 的事实；可用：{FACTS_OF_STATIONS}",
    ),
    "a criterion without a fact": (
        edit("plans.yaml", (NEW, f"{NEW}        - value: national\n")),
        "plans.yaml:58: where 的一项应写作 fact、lookup、value（或 setting）：{'value': 'national'}",
    ),
    "a value outside its code list": (
        edit("plans.yaml", (NEW, f"{NEW}        - fact: level\n          value: world\n")),
        "plans.yaml:58: level 的取值 'world' 不在代码表内：national、provincial、city",
    ),
    "departments that aren't names": (
        edit("plans.yaml", ("        - 人社局", "        - {a: b}")),
        "plans.yaml:42: departments 应为部门名称的列表",
    ),
}


def left_out(changed):
    """Files that a way doesn't touch and nothing else needs, for speed; guards and applications need each other."""
    pairs = {"guards.yaml": "applications.yaml", "applications.yaml": "guards.yaml"}
    leaves = {"chains.yaml", "guards.yaml", "applications.yaml", "plans.yaml"}
    return dict.fromkeys(leaves - set(changed) - {pairs.get(name) for name in changed})


@pytest.fixture
def another_city(db):
    root = make.district("testcity")
    make.district("testcity-north", root)
    return Pack.objects.create(code="testcity", name="测试市", bureau="测试市人社局", prefix="TE", root=root)


def lines(refused):
    return [str(mistake).removeprefix("fixtures/small").removeprefix("/") for mistake in refused.value.mistakes]


@pytest.mark.parametrize("way", WRONG)
def test_a_wrong_pack_is_refused_whole_with_file_line_and_reason(way, another_city, folder):
    changed, *told = WRONG[way]
    before = counted()
    with pytest.raises(packs.WrongPack) as refused:
        packs.load(small_pack.write(folder, **left_out(changed), **changed))
    assert lines(refused) == told
    assert counted() == before


def test_a_wrong_change_of_a_loaded_pack_leaves_it_as_it_was(small, folder):
    small_pack.write(folder, **settings("value: 5\n", "value: 6\n"), **edit("plans.yaml", ("value: 60", "value: 40")))
    with pytest.raises(packs.WrongPack, match="存量和累计目标应逐步增加"):
        packs.load(folder)
    assert Setting.objects.values_of(small)["days.district"] == 5
    assert Target.objects.filter(value=60).count() == 1


def test_a_mistake_in_a_pack_of_ours_names_the_file_below_the_project():
    assert reading.Reader.shown(packs.HOME / "kunshan" / "pack.yaml") == "fixtures/kunshan/pack.yaml"


# --- the working days of the country -----------------------------------------------------------


@pytest.fixture
def calendar(folder):
    """Writes a calendar that the next loading reads."""
    folder.mkdir(parents=True)
    return lambda text: (folder.parent / "workdays.yaml").write_text(text, encoding="utf-8")


DAY = "- {on: 2026-10-01, works: false, name: 国庆节, source: 测}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {on: 2026-10-01, works: false, name: 国庆节}\n", "缺少 source"),
        ("- {on: 2026-10-41, works: false, name: 国庆节, source: 测}\n", "on：应为日期，如 2026-01-01，现为 '2026-10-41'"),
        ("- {on: 2026-10-01, works: 0, name: 国庆节, source: 测}\n", "works：应为true 或 false，现为 '0'"),
        ("- holiday\n", "这里应为一组“名称: 取值”"),
        (DAY + DAY, "2026-10-01 出现了两次"),
        ("- {on: 2026-10-01, works: false, name: 国庆节, source: 测, day: 4}\n", "不认识的名称 day；可用：on、works、name、source"),
    ],
    ids=["a name missing", "no such day", "a number for yes or no", "a word", "a day twice", "an unknown name"],
)  # fmt: skip
def test_a_wrong_calendar_is_refused_with_the_pack(text, told, calendar, folder, db):
    calendar(text)
    with pytest.raises(packs.WrongPack) as refused:
        packs.load(small_pack.write(folder))
    assert [m.text for m in refused.value.mistakes] == [told]
    assert (Workday.objects.count(), Pack.objects.count()) == (0, 0)


def test_a_corrected_calendar_takes_the_place_of_the_old(calendar, folder, db):
    calendar(DAY + DAY.replace("10-01", "10-02"))
    packs.load(small_pack.write(folder))
    calendar(DAY.replace("测", "测二"))
    packs.load(folder)
    assert list(Workday.objects.values_list("on", "source")) == [(date(2026, 10, 1), "测二")]


# --- a page and a file -------------------------------------------------------------------------


def amended(code, value, by):
    row = Setting.objects.get(code=code)
    return rules.amend(row, {"value": value}, key=code, by=by, reason="会议")


@pytest.fixture
def official(small):
    return make.user()


def test_an_edit_on_a_page_alone_survives_a_reload_and_comes_out_in_the_dump(small, official, folder, tmp_path):
    amended("days.district", 7, official)
    assert packs.load(folder).changed == 0
    assert Setting.objects.values_of(small)["days.district"] == 7
    packs.dump(small, tmp_path / "out")
    assert "value: 7" in (tmp_path / "out" / "settings.yaml").read_text(encoding="utf-8")


def test_an_edit_on_a_page_and_in_the_file_is_refused_with_both_values(small, official, folder):
    amended("days.district", 7, official)
    small_pack.write(folder, **settings("value: 5\n", "value: 6\n"))
    with pytest.raises(packs.WrongPack) as refused:
        packs.load(folder)
    assert [(m.line, m.text) for m in refused.value.mistakes] == [
        (1, "口径与参数 days.district 已在页面上修改：value 页面为 7，文件为 6。以文件为准请加 --replace")
    ]
    assert Setting.objects.values_of(small)["days.district"] == 7


def test_a_file_wins_when_it_is_told_to(small, official, folder):
    amended("days.district", 7, official)
    small_pack.write(folder, **settings("value: 5\n", "value: 6\n"))
    assert packs.load(folder, replace=True).changed == 1
    row = Setting.objects.get(code="days.district")
    assert (row.value, row.edited_at) == (6, None)
    assert packs.load(folder).changed == 0


def test_a_file_that_says_what_the_page_says_is_content(small, official, folder):
    amended("days.district", 7, official)
    small_pack.write(folder, **settings("value: 5\n", "value: 7\n"))
    packs.load(folder)
    assert Setting.objects.get(code="days.district").edited_at is None
    small_pack.write(folder, **settings("value: 5\n", "value: 8\n"))
    assert packs.load(folder).changed == 1


def test_a_page_that_was_saved_without_a_change_stands_in_nobodys_way(small, official, folder):
    amended("days.district", 5, official)
    small_pack.write(folder, **settings("value: 5\n", "value: 6\n"))
    assert packs.load(folder).changed == 1
    assert Setting.objects.values_of(small)["days.district"] == 6


def test_a_row_made_on_a_page_survives_a_reload(small, official, folder):
    target = Target(
        pack=small, indicator=Indicator.objects.get(code="ST"), district=District.objects.get(code="small-a"),
        on=date(2026, 12, 31),
    )  # fmt: skip
    rules.amend(target, {"value": "30"}, key="ST small-a", by=official, reason="分解")
    assert packs.load(folder).changed == 0
    assert Target.objects.get(district__code="small-a").value == 30


# --- what the files no longer have -------------------------------------------------------------


def without(name, begin, end=""):
    text = FILES[name]
    start = text.index(begin)
    stop = text.index(end, start + 1) if end else len(text)
    return {name: text[:start] + text[stop:]}


def refused_lines(folder):
    with pytest.raises(packs.WrongPack) as refused:
        packs.load(folder)
    return lines(refused)


def test_a_row_that_is_gone_from_the_file_is_removed(small, folder):
    assert packs.load(small_pack.write(folder, **without("settings.yaml", "- code: motto"))).changed == 1
    assert Setting.objects.filter(code="motto").count() == 0


def test_a_row_within_another_that_is_gone_is_removed(small, folder):
    gone = without("applications.yaml", "        - code: more", "      criteria:")
    assert packs.load(small_pack.write(folder, **gone)).changed == 1
    assert list(Slot.objects.values_list("code", flat=True)) == ["licence"]


def test_a_row_is_removed_with_all_it_holds(small, folder):
    """Indicators protect themselves against a plan's end, targets against an indicator's: they go together."""
    assert packs.load(small_pack.write(folder, **{"plans.yaml": None})).changed == 1
    assert (Plan.objects.count(), Indicator.objects.count(), Target.objects.count()) == (0, 0, 0)


def test_a_row_that_is_used_is_refused_by_name(small, folder, db):
    owner = make.organisation(district=District.objects.get(code="small-b"), name="测试单位")
    gone = without("districts.yaml", "    - code: small-b")
    assert refused_lines(small_pack.write(folder, **gone)) == [
        "districts.yaml:1: 文件里没有 区镇 small-b，但还有记录在用它，不能删除：单位 测试单位"
    ]
    owner.delete()
    packs.load(folder)
    assert District.objects.filter(code="small-b").count() == 0


def test_a_row_that_other_files_still_name_is_refused(small, folder):
    gone = without("documents.yaml", "    - number: 二", "- code: rules")
    (line,) = refused_lines(small_pack.write(folder, **gone))
    told, _colon, users = line.rpartition("：")
    assert told == "documents.yaml:1: 文件里没有 条款 二，但还有记录在用它，不能删除"
    assert sorted(users.split("、")) == [
        *("产业链 机器人", "指标 IN 新引进", "指标 NEW 计划期新增", "指标 ST 工作站", "指标 ST-H 高新区内的工作站")
    ]


def test_a_row_edited_on_a_page_is_not_removed_silently(small, official, folder):
    amended("motto", "自强", official)
    small_pack.write(folder, **without("settings.yaml", "- code: motto"))
    assert refused_lines(folder) == [
        "settings.yaml:1: 文件里没有 口径与参数 motto，但它在页面上改过。确认删除请加 --replace"
    ]
    packs.load(folder, replace=True)
    assert Setting.objects.filter(code="motto").count() == 0


def test_what_was_made_on_a_page_below_a_row_is_not_removed_silently(small, official, folder):
    target = Target(
        pack=small, indicator=Indicator.objects.get(code="NEW"), district=District.objects.get(code="small-a"),
        on=date(2026, 12, 31),
    )  # fmt: skip
    rules.amend(target, {"value": "6"}, key="NEW small-a", by=official, reason="分解")
    small_pack.write(folder, **without("plans.yaml", "    - code: NEW"))
    assert refused_lines(folder) == [
        "plans.yaml:1: 文件里没有 指标 NEW，但目标 small-a 2026-12-31 在页面上改过。确认删除请加 --replace"
    ]
    packs.load(folder, replace=True)
    assert Indicator.objects.filter(code="NEW").count() == 0


def test_figures_of_a_removed_indicator_go_with_it(small, folder):
    row = Indicator.objects.get(code="NEW")
    Snapshot.objects.create(indicator=row, district=small.root, on=date(2026, 6, 1), value=3)
    packs.load(small_pack.write(folder, **without("plans.yaml", "    - code: NEW")))
    assert Snapshot.objects.count() == 0


def test_a_row_that_got_another_name_lets_go_of_what_it_used(small, folder):
    """The clause goes and what used it under its old name goes with it, whichever file comes first."""
    renamed = {
        **edit("documents.yaml", ("number: 二", "number: 三")),
        **edit(
            "chains.yaml", ("code: robotics", "code: robots"), ("name: 机器人", "name: 机器"), ("paper 二", "paper 三")
        ),
        "plans.yaml": FILES["plans.yaml"].replace("paper 二", "paper 三"),
    }
    packs.load(small_pack.write(folder, **renamed))
    assert list(IndustryChain.objects.values_list("code", "clause__number")) == [("robots", "三")]
    assert sorted(Clause.objects.filter(document__code="paper").values_list("number", flat=True)) == ["一(一)", "三"]
    assert Condition.objects.count() == 2


# --- commands ----------------------------------------------------------------------------------


def called(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_loadpack_says_what_moved(folder, db):
    small_pack.write(folder)
    assert called("loadpack", str(folder)) == "小城：改动 49 行\n"
    assert called("loadpack", str(folder)) == "小城：没有变化\n"


def test_loadpack_answers_in_json(folder, db):
    small_pack.write(folder)
    assert json.loads(called("loadpack", str(folder), "--json")) == {"loaded": True, "pack": "small", "changed": 49}


def test_loadpack_lists_the_mistakes_and_fails(folder, db):
    small_pack.write(folder, **{"pack.yaml": None})
    told = "1 处错误，什么都没有装入：\n  fixtures/small:1: 这个文件夹里没有 pack.yaml，不是一个规则包"
    with pytest.raises(CommandError) as failed:
        called("loadpack", str(folder))
    assert (str(failed.value), failed.value.returncode) == (told, 1)


def test_loadpack_lists_the_mistakes_in_json_and_fails(folder, db):
    small_pack.write(folder, **{"pack.yaml": None})
    out = StringIO()
    with pytest.raises(SystemExit) as failed:
        call_command("loadpack", str(folder), "--json", stdout=out)
    assert failed.value.code == 1
    assert json.loads(out.getvalue()) == {
        "loaded": False,
        "mistakes": [{"file": "fixtures/small", "line": 1, "text": "这个文件夹里没有 pack.yaml，不是一个规则包"}],
    }


def test_loadpack_replaces_when_told_to(small, official, folder):
    amended("days.district", 7, official)
    small_pack.write(folder, **settings("value: 5\n", "value: 6\n"))
    assert called("loadpack", str(folder), "--replace") == "小城：改动 1 行\n"


def test_a_city_without_a_folder_is_refused(db):
    with pytest.raises(CommandError, match="fixtures/atlantis:1: 这个文件夹里没有 pack.yaml"):
        called("loadpack", "atlantis")


def test_dumppack_writes_the_files(small, folder, tmp_path):
    out = tmp_path / "out"
    assert called("dumppack", "small", "--to", str(out)) == f"小城：写出 9 个文件到 {out}\n"
    same_files(folder, out)
    told = json.loads(called("dumppack", "small", "--to", str(out), "--json"))
    assert told == {"folder": str(out), "files": sorted(FILES)}


def test_dumppack_names_the_packs_there_are(small):
    with pytest.raises(CommandError, match="^没有装入名为 atlantis 的规则包；已装入：small$"):
        called("dumppack", "atlantis")
    Pack.objects.filter(pk=small.pk).update(code="moved")
    with pytest.raises(CommandError, match="已装入：moved$"):
        called("dumppack", "small")


def test_dumppack_without_a_pack_says_so(db):
    with pytest.raises(CommandError, match="^没有装入名为 small 的规则包；已装入：一个也没有$"):
        called("dumppack", "small")


def test_a_document_of_another_pack_is_not_ours_to_name(small, folder):
    other = make.city()
    Document.objects.filter(pack=other.pack).update(code="foreign")
    small_pack.write(folder, **edit("plans.yaml", ("document: paper", "document: foreign")))
    assert refused_lines(folder) == ["plans.yaml:3: document：没有找到政策文件 foreign；已有：paper、rules"]
