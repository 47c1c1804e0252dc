"""What reports say, from figures made by hand: ahead, behind, no data, no target, over; ranks with ties; one page."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from django.utils.translation import override

from portal.models import Matter
from targets.reports import blocks, papers, texts
from targets.reports.actions import BULLETIN
from targets.reports.models import Report, ReportChapter
from targets.reports.ranking import ranking, ranks
from tests.targets.reporting import BEFORE, CITY, figure, frozen, indicator

NORTH, SOUTH, EAST = CITY + 1, CITY + 2, CITY + 3


@pytest.fixture(autouse=True)
def _no_demo(monkeypatch):
    """Nothing here needs a database."""
    monkeypatch.setattr(papers, "holds_demo", lambda: False)


def read_pdf(content: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(content)
    return ["".join(pdf[n].get_textpage().get_text_range().split()) for n in range(len(pdf))]


def read_word(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())


# --- sentences ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"value": 96, "target": 100, "pace": 99}, "工作站 96 家，应有 99 家，距目标 100 差 4，滞后序时"),
        ({"value": 99, "target": 100, "pace": 90}, "工作站 99 家，应有 90 家，距目标 100 差 1，超序时"),
        ({"value": 90, "target": 100, "pace": 90}, "工作站 90 家，应有 90 家，距目标 100 差 10，正常"),
        ({"value": 101, "target": 100, "pace": 90}, "工作站 101 家，目标 100 家，已达到"),
        ({"value": 0, "target": 10, "pace": "0.4"}, "工作站 0 家，应有 0.4 家，距目标 10 差 10，正常"),
        ({"value": 5}, "工作站 5 家，未定目标"),
        ({"value": 5, "target": 10}, "工作站 5 家，目标 10 家，未到节点"),
        ({"target": 10, "pace": 9}, "工作站：暂无数据"),
        ({"value": 9, "target": 10, "pace": 10, "state": "missed"}, "工作站 9 家，应有 10 家，距目标 10 差 1，未完成"),
    ],
    ids=["behind", "ahead", "level", "reached", "zero is a figure", "no target", "not due", "no data", "over, missed"],
)
def test_one_sentence_says_where_an_indicator_stands(values, said):
    row = indicator(1, "工作站")
    assert texts.standing(frozen([row], [figure(1, **values)]), row) == said


def test_a_figure_without_data_says_why():
    row = indicator(1, "活动", awaiting="活动记录尚未启用")
    assert texts.standing(frozen([row], [figure(1)]), row) == "活动：暂无数据（活动记录尚未启用）"


def test_the_city_is_told_in_one_sentence():
    rows = [indicator(n, f"指标{n}") for n in range(1, 6)]
    told = frozen(
        rows,
        [
            figure(1, value=96, target=100, pace=99),
            figure(2, value=99, target=100, pace=90),
            figure(3, value=1),
            figure(4, target=5, pace=4),
            figure(5, value=50, target=100, pace=80),
        ],
    )
    assert texts.where(told, rows) == (
        "截至 2026-10-31，《测试计划》时间已过 91.6%，5 项目标中1 项超序时、2 项滞后序时、1 项未定任务、1 项暂无数据。"
    )
    assert texts.without_data(told, rows) == "1 项暂无数据：指标4。"
    assert texts.who_is_behind(told, rows) == ["滞后的目标：指标1、指标5。"]


def test_a_plan_that_is_over_is_over():
    row = indicator(1, "工作站")
    told = frozen(
        [row], [figure(1, on=date(2027, 1, 31), value=9, target=10, pace=10, state="missed")], on=date(2027, 1, 31)
    )
    assert texts.where(told, [row]) == "截至 2027-01-31，《测试计划》已到期，1 项目标中1 项未完成。"


def test_on_its_last_day_a_plan_is_full():
    row = indicator(1, "工作站")
    told = frozen([row], [figure(1, on=date(2026, 12, 31), value=9, target=10, pace=10)], on=date(2026, 12, 31))
    assert texts.where(told, [row]) == "截至 2026-12-31，《测试计划》期满，1 项目标中1 项滞后序时。"


DUTIES = [
    {"title": "年度监测分析", "title_en": "Yearly analysis", "who": "市委组织部", "who_en": "OD", "on": "2025-12-31"},
    {"title": "季度对接活动", "title_en": "", "who": "市人社局", "who_en": "", "on": "2026-11-30"},
]


@pytest.mark.parametrize(
    ("duties", "said"),
    [
        (None, ""),
        ({"late": 0, "near": 0, "days": 30, "first": []}, "工作清单没有逾期的任务，30 天内也没有到期的。"),
        (
            {"late": 1, "near": 1, "days": 30, "first": DUTIES},
            "工作清单任务逾期 1 项，30 天内到期 1 项，最早的：市委组织部 年度监测分析（2025-12-31）、市人社局 季度对接活动（11-30）。",
        ),
    ],
    ids=["a city without a work list", "nothing due", "late and soon"],
)
def test_which_duties_are_due(duties, said):
    told = frozen([], [])
    assert texts.duties_due(told) == ""  # frozen before duties were told
    told.words["duties"] = duties
    assert texts.duties_due(told) == said
    assert not said or said in "".join(papers.brief(told).blocks[-1].paragraphs)


def test_a_state_that_nothing_was_compared_with_does_not_turn():
    row = indicator(1, "招聘")
    told = frozen([row], [figure(1, value=8, target=10, pace=10), figure(1, on=BEFORE, value=0)])
    assert texts.changed(told, row) == "招聘 +8 家"


def test_a_figure_without_a_target_is_drawn_without_a_pace():
    row = indicator(1, "平台")
    told = frozen([row], [figure(1, value=9), figure(1, on=BEFORE, value=8)])
    picture, table = blocks.trend(told, [row])
    assert (picture.chart.words, table.heads, table.rows[0]) == (
        ("实际", "", ""),
        ["截至", "实际"],
        ["2026-09-30", "8"],
    )


def test_what_is_known_of_the_city_alone_is_not_laid_out_by_district():
    row = indicator(1, "人才")
    told = frozen([row], [figure(1, value=9, target=10, pace=9), figure(1, NORTH), figure(1, SOUTH), figure(1, EAST)])
    assert blocks.districts(told, [row]) == blocks.bars(told, [row]) == []


def test_nothing_behind_is_said_too():
    row = indicator(1, "工作站")
    assert texts.who_is_behind(frozen([row], [figure(1, value=99, target=100, pace=90)]), [row]) == ["没有滞后的目标。"]


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (
            {"soon": 0, "over": 0, "days": 10, "first": []},
            "到 2026-11-03，10 个工作日内没有到期的事项，也没有超期。",
        ),
        (
            {"soon": 2, "over": 1, "days": 10, "first": [{"title": "申报", "who": "某公司", "on": "2026-11-01"}]},
            "到 2026-11-03，在办事项超期 1 件，10 个工作日内到期 2 件，最早的：某公司 申报（11-01）。",
        ),
    ],
)
def test_what_is_due(due, said):
    assert texts.due(frozen([], [], due=due)) == said


# --- ranks -------------------------------------------------------------------------------------


def split(*values, before=(None, None, None)):
    """An indicator whose districts have these (value, target, pace), and what they had before."""
    row = indicator(1, "工作站")
    figures = [figure(1, value=96, target=100, pace=99), figure(1, on=BEFORE, value=94, target=100, pace=97)]
    for n, (now, was) in enumerate(zip(values, before, strict=True), CITY + 1):
        figures.append(figure(1, n, **dict(zip(("value", "target", "pace"), now, strict=False))))
        if was:
            figures.append(figure(1, n, BEFORE, **dict(zip(("value", "target", "pace"), was, strict=False))))
    return row, frozen([row], figures)


def test_districts_are_ranked_by_points_of_their_own_task():
    row, told = split((9, 10, 9), (46, 50, 45), (6, 8, "7.2"))
    assert [(p.district["pk"], p.rank, p.points) for p in ranking(told, row)] == [
        (SOUTH, 1, Decimal("2.0")),
        (NORTH, 2, Decimal("0.0")),
        (EAST, 3, Decimal("-15.0")),
    ]


def test_equal_points_share_a_rank_and_stand_in_official_order():
    row, told = split((9, 10, 10), (18, 20, 20), (5, 5, 5))
    assert [(p.district["pk"], p.rank) for p in ranking(told, row)] == [(EAST, 1), (NORTH, 2), (SOUTH, 2)]
    row, told = split((5, 5, 5), (10, 10, 10), (9, 10, 10))
    assert [(p.district["pk"], p.rank) for p in ranking(told, row)] == [(NORTH, 1), (SOUTH, 1), (EAST, 3)]


def test_within_the_tolerance_nobody_is_ahead_or_behind():
    """A third of a station of a task of three is no reason to stand last."""
    row, told = split((2, 3, "2.9"), (10, 10, "9.6"), (7, 10, 9))
    assert [(p.district["pk"], p.rank, p.points) for p in ranking(told, row)] == [
        (NORTH, 1, Decimal("0.0")), (SOUTH, 1, Decimal("0.0")), (EAST, 3, Decimal("-20.0")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ((None, 3, 2), "暂无数据，不排名"),
        ((2,), "未分解任务，不排名"),
        ((2, 0, 0), "任务为 0，不排名"),
        ((2, 3), "未到节点，不排名"),
    ],
    ids=["no data", "no task", "a task of 0", "not due"],
)
def test_who_cannot_be_ranked_is_not_last(values, why):
    row, told = split(values, (1, 10, 9), (9, 10, 9))
    places = ranking(told, row)
    assert [(p.district["pk"], p.rank, p.why) for p in places] == [(EAST, 1, ""), (SOUTH, 2, ""), (NORTH, None, why)]
    assert places[-1].points is None
    table = blocks.ranked(told, row)
    assert table.rows[-1][0] == "—"
    assert table.rows[-1][-1] == why
    assert "也不算末位" in table.note


def test_a_district_that_the_figures_leave_out_has_no_data():
    row = indicator(1, "工作站")
    told = frozen([row], [figure(1, value=1, target=2, pace=1), figure(1, NORTH, value=1, target=2, pace=1)])
    assert [p.why for p in ranking(told, row)] == ["", "暂无数据，不排名", "暂无数据，不排名"]


def test_what_changed_since_the_month_before():
    row, told = split((9, 10, 9), (6, 10, 9), (5, 5, 5), before=((6, 10, 9), (6, 10, 8), (5, 5, 5)))
    assert ranks(told, row, BEFORE) == {NORTH: 3, SOUTH: 2, EAST: 1}
    assert texts.changes(told, [row]) == [
        "与 2026-09-30 相比：工作站 +2 家。",
        "工作站：北区 +3 家，由第 3 名升至第 1 名；南区，由第 2 名降至第 3 名。",
    ]


def test_nothing_to_compare_with_is_said():
    row, told = split((9, 10, 9), (6, 10, 9), (5, 5, 5))
    told.before = None
    assert texts.changes(told, [row]) == ["没有上期数据，不作比较。"]


def test_a_change_of_state_is_told_and_unknown_is_not_zero():
    row, other = indicator(1, "工作站"), indicator(2, "成果")
    told = frozen(
        [row, other],
        [
            figure(1, value=96, target=100, pace=99),
            figure(1, on=BEFORE, value=96, target=100, pace=96),
            figure(2, value=5, target=9, pace=5),
            figure(2, on=BEFORE, target=9, pace=4),
        ],
    )
    assert texts.changes(told, [row, other]) == [
        "与 2026-09-30 相比：工作站没有变化，由“正常”转为“滞后序时”；成果：没有可比的数据。"
    ]


# --- papers ------------------------------------------------------------------------------------

LONG = [
    {"title": "设立国家级博士后科研工作站分站", "who": "很长很长的名字新材料科技股份有限公司", "on": "2026-11-21"}
] * 3


def full():
    """As much as a brief may ever have to say."""
    rows = [indicator(n, f"很长的指标名称第{n}项") for n in range(1, 9)]
    figures = [figure(n, value=n, target=100, pace=80) for n in range(1, 8)] + [figure(8)]
    names = [f"第{n}个街道开发区" for n in range(2, 20)]
    for n in range(2, 20):
        figures += [figure(i, n, value=1, target=10, pace=9) for i in range(1, 8)]
    due = {"soon": 114, "over": 23, "days": 10, "first": LONG}
    told = frozen(rows, figures, districts=names, due=due)
    told.words["duties"] = {"late": 12, "near": 34, "days": 30, "first": DUTIES}
    return told


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_brief_is_one_page_however_much_there_is_to_say(language):
    with override(language):
        sheet = papers.brief(full())
        (page,) = read_pdf(papers.as_file(sheet, "pdf"))
    assert "很长的指标名称第6项" in page
    assert "第7项" not in page.split("很长的指标名称第6项")[0]


def test_the_brief_as_word_says_the_same():
    row = indicator(1, "百家工作站")
    told = frozen([row], [figure(1, value=96, target=100, pace=99)])
    text = read_word(papers.as_file(papers.brief(told, number="TE-BS-2026-0001"), "docx"))
    for said in (
        "测试市博士后工作简报", "（截至 2026年10月31日）", "TE-BS-2026-0001", "百家工作站（家）", "滞后的目标：百家工作站。",
        "10 个工作日内没有到期的事项", "测试市人社局", "2026年11月3日",
    ):  # fmt: skip
        assert said in text
    assert re.search(r"百家工作站（家）100969?9", text)


def report(kind: str, title: str, chapters, **values) -> tuple[Report, list]:
    row = Report(kind=kind, matter=Matter(number="TE-BS-2026-0002", title=title), status="draft", on=BEFORE, **values)
    return row, [
        ReportChapter(code=code, title=title, text=text, blocks=shown, order=n)
        for n, (code, title, text, shown) in enumerate(chapters)
    ]


def bulletin(remarks: str = ""):
    row, told = split((9, 10, 9), (None, 10, 9), (5, 5, 5), before=((6, 10, 9), None, None))
    chapters = [(code, title, remarks if code == "remarks" else "", shown) for code, title, shown in BULLETIN]
    return told, *report("bulletin", "关于2026年10月博士后工作目标进度的通报", chapters)


def test_a_bulletin_has_its_chapters_in_order_and_an_empty_one_is_left_out():
    told, row, chapters = bulletin()
    text = read_word(papers.as_file(papers.paper(row, told, chapters), "docx"))
    at = [text.index(said) for said in ("各区镇：", "一、总体情况", "二、各区镇进度", "三、较上期变化")]
    assert at == sorted(at)
    assert "工作要求" not in text
    assert "草稿，未印发" in text
    told, row, chapters = bulletin("请各区镇抓紧。")
    text = read_word(papers.as_file(papers.paper(row, told, chapters), "docx"))
    assert text.index("四、工作要求") < text.index("请各区镇抓紧。")


def test_a_bulletin_is_chinese_whoever_prints_it():
    told, row, chapters = bulletin()
    with override("en"):
        english = papers.as_file(papers.paper(row, told, chapters), "docx")
    assert english == papers.as_file(papers.paper(row, told, chapters), "docx")


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_same_paper_is_the_same_file(form):
    told, row, chapters = bulletin()
    sheet = papers.paper(row, told, chapters)
    assert papers.as_file(sheet, form) == papers.as_file(sheet, form)


def long_report():
    row = indicator(1, "工作站")
    days = [date(2025 + n // 4, n % 4 * 3 + 1, 28) for n in range(7)]
    points = [figure(1, on=day, value=80 + n, pace=81 + n, state="point") for n, day in enumerate(days)]
    now, was = figure(1, value=96, target=100, pace=99), figure(1, on=BEFORE, value=94, target=100, pace=97)
    told = frozen([row], [now, was, *points, figure(1, NORTH, value=9, target=10, pace=9)])
    shown = [
        {"show": name} for name in ("overall", "figures", "said", "trend", "districts", "bars", "lagging", "changes")
    ]
    chapters = [("a", "总体", "开头的话。\n第二段。", shown), ("m", "口径说明", "", [{"of": "all", "show": "method"}])]
    return told, *report("report", "2026年第三季度测试市报告", chapters)


def test_a_report_has_cover_contents_chapters_figures_and_notes():
    told, row, chapters = long_report()
    sheet = papers.paper(row, told, chapters)
    pages = read_pdf(papers.as_file(sheet, "pdf"))
    assert "2026年第三季度测试市报告" in pages[0]
    assert "—1—" in pages[1]
    assert "目录一、总体" in pages[1]
    last = len(pages) - 1
    assert pages[1].index("二、口径说明") < pages[1].rindex(str(last))
    for said in (
        "开头的话。",
        "第二段。",
        "工作站走势（家）",
        "工作站：各期数值",
        "工作站：各区镇进度排名",
        "口径第1版",
    ):
        assert any(said in page for page in pages[2:])
    content = papers.as_file(sheet, "docx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        images = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert len(images) == 2
        assert all(archive.read(name).startswith(b"\x89PNG") for name in images)
        assert "TOC \\o" in archive.read("word/document.xml").decode()


def test_a_block_of_indicators_that_are_gone_shows_nothing():
    told, _row, _chapters = long_report()
    assert blocks.parts_of(told, {"show": "said", "of": ["GONE"]}) == []


@pytest.mark.parametrize(
    "wrong", [{}, [{"show": "nothing"}], [{"show": "said", "from": 1}], [{"show": "said", "of": "some"}], ["said"]]
)
def test_a_wrong_block_is_told(wrong):
    assert list(blocks.wrong(wrong))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_block_has_its_word_and_can_be_drawn(language):
    told, _row, _chapters = long_report()
    with override(language):
        assert set(blocks.LABELS) == set(blocks.SHOWN)
        for name in blocks.SHOWN:
            assert blocks.LABELS[name]()
            assert blocks.parts_of(told, {"show": name})


# --- titles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "on", "said"),
    [
        ("", date(2026, 10, 31), "2026年10月"),
        ("", date(2024, 2, 29), "2024年2月"),
        ("", date(2026, 10, 30), "截至2026年10月30日"),
        ("quarter", date(2026, 9, 30), "2026年第三季度"),
        ("quarter", date(2026, 12, 31), "2026年第四季度"),
        ("quarter", date(2026, 10, 31), "截至2026年10月31日"),
        ("year", date(2025, 12, 31), "2025年度"),
        ("year", date(2025, 6, 30), "截至2025年6月30日"),
    ],
)
def test_a_report_is_called_by_its_time(period, on, said):
    assert papers.span(on, period)[0] == said


@pytest.mark.parametrize(("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四")])
def test_chapters_are_numbered_as_papers_are(number, said):
    assert papers.numeral(number) == said
