"""Packs load whole or not at all, come back as their files, and lose nobody's edit."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal import packs, rules
from portal.models import Ancestry, Clause, District, Document, Guard, Job, Organisation, Pack, Setting
from stations.models import ApplicationType, Condition, IndustryChain, Slot
from targets.models import Indicator, Plan, Snapshot, Target
from tests import make
from tests.portal import small_pack
from tests.portal.small_edits import edit, lines, same_files, settings
from tests.portal.small_pack import FILES
from tests.subsidies.covering import uncovered

CITIES = ("kunshan", "jianghai", "chongqing", "qingdao")


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
