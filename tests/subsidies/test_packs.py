"""Schemes in a pack: a wrong one is refused with file and line; what was made on a page stays."""

from datetime import date
from decimal import Decimal

import pytest

from portal import packs
from portal.models import Role
from portal.packs import reading
from subsidies.models import SchemeVersion
from subsidies.schemes import actions, impact
from tests import make
from tests.portal import small_pack

ON = make.ON
LINES = """\
- code: talent
  title: 人才资金
"""
SCHEME = """\
- code: living
  title: 生活补贴
  vocabulary: stay
  event: entered_on
  payee: person
  line: talent
  versions:
    - since: 2026-01-01
      clause: paper 二
      shape: fixed
      amount: 160000
      ceiling: 160000
      instalments:
        - number: 1
          title: 第一期
          opens: proposal_on
          share: 50
        - number: 2
          title: 第二期
          opens: midterm_on
          share: 50
      conditions:
        - code: entered
          title: 已进站
          fact: entered_on
          lookup: gte
          value: '2026-01-01'
          clause: paper 二
      boundaries:
        - name: 当天
          given:
            entered_on: '2026-01-01'
          expect: met
          amount: 160000
        - name: 前一天
          given:
            entered_on: '2025-12-31'
          expect: unmet
"""
WITHOUT = dict.fromkeys(("chains.yaml", "guards.yaml", "applications.yaml", "plans.yaml"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "HOME", tmp_path / "fixtures")
    return tmp_path / "fixtures" / "small"


def written(folder, text: str = SCHEME):
    return small_pack.write(folder, **WITHOUT, **{"budget_lines.yaml": LINES, "subsidies.yaml": text})


def test_schemes_come_back_as_their_file(folder, db, tmp_path):
    pack = packs.load(written(folder))
    packs.dump(pack, tmp_path / "out")
    assert (tmp_path / "out" / "subsidies.yaml").read_text() == SCHEME
    assert packs.load(folder).changed == 0


TWICE = SCHEME + SCHEME[SCHEME.index("    - since") :].replace("since: 2026-01-01", "since: 2026-07-01")
WRONG = {
    "an unknown fact": ("fact: entered_on", "fact: age_of_moon", 23, "“stay”没有名为 age_of_moon 的事实"),
    "an event that is no day": ("event: entered_on", "event: age", 1, "event age 不是“stay”的日期事实"),
    "an unknown vocabulary": ("vocabulary: stay", "vocabulary: moon", 1, "vocabulary 应为其中之一"),
    "shares that don't make 100": ("share: 50\n      conditions", "share: 40\n      conditions", 8, "各期占比合计应为 100，现为 90"),
    "an instalment that opens on no day": ("opens: midterm_on", "opens: age", 18, "opens age 不是日期"),
    "a case that comes out otherwise": ("expect: unmet", "expect: met", 8, "用例“前一天”应为符合，算得不符合"),
    "a case with another sum": ("expect: met\n          amount: 160000", "expect: met\n          amount: 160001",
                                8, "用例“当天”金额应为 160001"),
    "a case about what isn't asked": ("entered_on: '2025-12-31'", "age: 30", 8, "用例“前一天”：这一版没有用到 age"),
    "nothing asked": (SCHEME[SCHEME.index("      conditions") : SCHEME.index("      boundaries")], "", 8, "缺少享受条件"),
    "no case": (SCHEME[SCHEME.index("      boundaries") :], "", 8, "缺少边界用例"),
    "a fixed sum without a sum": ("      amount: 160000\n      ceiling", "      ceiling", 8, "定额、按数量、配套须写金额"),
    "paid by nobody": ("  line: talent\n", "", 1, "要么写资金科目（本局拨付），要么写由谁兑现"),
    "an unknown clause": ("clause: paper 二\n      shape", "clause: paper 九\n      shape", 9, "没有找到条款 paper 九"),
    "an end before the beginning": ("      clause: paper 二\n      shape", "      until: 2025-01-01\n      clause: paper 二\n      shape",
                                    8, "执行止须晚于执行起"),
}  # fmt: skip


@pytest.mark.parametrize("way", WRONG)
def test_a_wrong_scheme_is_refused_with_its_file_and_line(way, folder, db):
    old, new, line, told = WRONG[way]
    assert old in SCHEME
    with pytest.raises(packs.WrongPack) as refused:
        packs.load(written(folder, SCHEME.replace(old, new, 1)))
    found = [(m.file, m.line, m.text) for m in refused.value.mistakes]
    assert any(f.endswith("subsidies.yaml") and at == line and told in text for f, at, text in found), found
    assert not SchemeVersion.objects.exists()


def test_two_versions_in_force_at_once_are_refused(folder, db):
    with pytest.raises(packs.WrongPack, match="subsidies.yaml:39: 同一天只能有一版规则在执行"):
        packs.load(written(folder, TWICE))


@pytest.fixture
def revised(folder, db):
    """A pack of which a page made a second version, published from July on."""
    pack = packs.load(written(folder))
    by, other = (make.user(role, district=pack.root) for role in (Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER))
    former = SchemeVersion.objects.get()
    row = actions.draft(former.scheme, since=date(2026, 7, 1), by=by)
    case = row.boundaries.get(name="当天")
    case.amount = Decimal(180_000)
    row = actions.edit(row, {"amount": Decimal(180_000), "ceiling": Decimal(180_000)}, [case], [], by=by)
    row = actions.propose(row, by=by)
    seen = impact.seen_of(row, former, impact.difference(row, former, on=ON), on=ON)["digest"]
    actions.publish(row, seen=seen, by=other, on=ON)
    return pack


def versions() -> list[tuple]:
    return list(SchemeVersion.objects.order_by("since").values_list("since", "until", "amount", "state"))


def test_loading_again_keeps_a_version_made_on_a_page(revised, folder):
    was = versions()
    assert was == [
        (date(2026, 1, 1), date(2026, 7, 1), Decimal(160_000), "published"),
        (date(2026, 7, 1), None, Decimal(180_000), "published"),
    ]
    packs.load(folder)
    assert versions() == was


def test_a_dump_has_the_version_made_on_a_page_and_loads_as_it_was(revised, folder, tmp_path):
    was = versions()
    packs.dump(revised, folder)
    packs.load(folder)
    assert versions() == was
    packs.dump(revised, tmp_path / "again")
    assert (tmp_path / "again" / "subsidies.yaml").read_text() == (folder / "subsidies.yaml").read_text()
    assert packs.load(folder).changed == 0


def test_a_file_that_says_another_end_than_the_page_is_refused(revised, folder):
    changed = SCHEME.replace(
        "      clause: paper 二\n      shape", "      until: 2027-01-01\n      clause: paper 二\n      shape"
    )
    with pytest.raises(packs.WrongPack, match="已在页面上修改：until 页面为 2026-07-01，文件为 2027-01-01"):
        packs.load(written(folder, changed))


def test_a_draft_that_nobody_finished_is_dumped_and_loaded_as_a_draft(folder, db):
    pack = packs.load(written(folder))
    by = make.user(Role.BUREAU_HANDLER, district=pack.root)
    row = actions.draft(SchemeVersion.objects.get().scheme, since=date(2026, 7, 1), by=by)
    actions.edit(row, {"amount": Decimal(1)}, [], [], by=by)  # its cases no longer come out
    packs.dump(pack, folder)
    packs.load(folder)
    assert [v[3] for v in versions()] == ["published", "draft"]
