"""A pack with a mistake is refused whole, with file, line and reason."""

from datetime import date

import pytest

from portal import packs
from portal.facts import VOCABULARIES
from portal.models import Pack, Setting, Workday
from portal.packs import reading
from targets.models import Target
from tests import make
from tests.portal import small_pack
from tests.portal.small_edits import counted, edit, lines, settings
from tests.portal.small_pack import FILES

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
