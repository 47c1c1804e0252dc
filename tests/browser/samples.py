"""Invented data for the gallery: every part in every state. No name, number or phone in it is real."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator

TODAY = date(2026, 11, 20)
SINCE, UNTIL = date(2025, 1, 1), date(2026, 12, 31)
SHARE = ((TODAY - SINCE).days + 1) / ((UNTIL - SINCE).days + 1)
MONTHS = [date(2025 + m // 12, m % 12 + 1, 1) for m in range(23)]
COUNTED = [1, 2, 3, 3, 4, 5, 6, 3, 8, 5, 4, 3, 3, 2, 4, 5, 6, 6, 3, 4, 5, 5, 3]
LEFT = {10: 1, 21: 1}


class Sample(forms.Form):
    """The kinds of question, some answered wrongly."""

    autosave = True
    unit_name = forms.CharField(label="单位名称", help_text="按营业执照填写。")
    spent = forms.DecimalField(label="上年度研发投入", help_text="照专项审计报告合计一栏填。", widget=forms.TextInput)
    founded_on = forms.DateField(label="成立日期", widget=forms.DateInput(attrs={"placeholder": "例如 2018-03-16"}))
    district = forms.ChoiceField(label="所在区镇", choices=[("", "请选择"), ("kfq", "开发区"), ("gxq", "高新区")])
    level = forms.ChoiceField(
        label="申报级别", widget=forms.RadioSelect, choices=[("national", "国家级工作站"), ("province", "省级实践基地")]
    )
    grounds = forms.MultipleChoiceField(
        label="推荐条件",
        widget=forms.CheckboxSelectMultiple,
        choices=[("giant", "专精特新“小巨人”企业"), ("lab", "建有国家级或省级科研平台")],
    )
    plan = forms.CharField(label="招收计划", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    seal = forms.FileField(label="盖章页", required=False)
    true = forms.BooleanField(label="以上内容属实，材料与原件一致")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["spent"].was = "4,860.00"
        self.fields["level"].choice_hints = {"national": "由省厅和国家审批", "province": "由省厅审批"}


class Reason(forms.Form):
    reason = forms.CharField(label="退回说明", help_text="申报人原样看到。", widget=forms.Textarea(attrs={"rows": 3}))


def course() -> list[tuple[date, int]]:
    total, points = 0, [(SINCE, 0)]
    for i, (month, n) in enumerate(zip(MONTHS, COUNTED, strict=True)):
        for k in range(n):
            total += 1
            points.append((month + timedelta(days=(k + 1) * (18 if month == MONTHS[-1] else 27) // (n + 1)), total))
        if i in LEFT:
            total -= LEFT[i]
            points.append((month + timedelta(days=27), total))
    return [p for p in points if p[0] <= TODAY]


def chart_data(points=None) -> dict:
    points = course() if points is None else points
    return {
        "kind": "cumulative",
        "unit": "名",
        "target": 100,
        "since": SINCE.isoformat(),
        "until": UNTIL.isoformat(),
        "today": TODAY.isoformat(),
        "actual": [[d.isoformat(), n] for d, n in points],
        "pace": [[SINCE.isoformat(), 0], [UNTIL.isoformat(), 100]],
        "forecast": {"low": 94, "mid": 97, "high": 99},
        "labels": {"actual": "实际", "pace": "序时进度", "target": "目标", "today": "今天"},
    }


def monthly_data() -> dict:
    months = [[m.strftime("%Y-%m"), n, LEFT.get(i, 0)] for i, (m, n) in enumerate(zip(MONTHS, COUNTED, strict=True))]
    labels = {"in": "计入", "out": "撤出", "pace": "每月应完成"}
    return {
        "kind": "monthly",
        "unit": "名",
        "months": months,
        "even": 4.2,
        "today": TODAY.isoformat(),
        "labels": labels,
    }


def target(label, state, actual, whole, unit, pace, ahead, source, step=1, base=0) -> dict:
    share = [(d - SINCE).days / (UNTIL - SINCE).days for d, _ in course()]
    counts = [n for _, n in course()]
    points = [(x, base + (actual - base) * n // counts[-1] // step * step) for x, n in zip(share, counts, strict=True)]
    points[-1] = (SHARE, actual)
    return {
        "label": label,
        "url": "#",
        "state": state,
        "actual": actual,
        "target": whole,
        "unit": unit,
        "pace": pace,
        "ahead": ahead,
        "gap": whole - actual,
        "points": points,
        "pace_points": [(0, base), (1, whole)],
        "today": SHARE,
        "base": base,
        "source": source,
    }


def strip() -> list[dict]:
    return [
        target("百名博士后", "behind", 91, 100, "名", 94, -3, "11-20 08:00 人才开发科"),
        target("百家工作站", "behind", 96, 100, "家", 99, -3, "起点 86 · 11-20 08:00", base=86),
        target("卓越博士后", "behind", 7, 10, "名", Decimal("9.5"), Decimal("-2.5"), "11-18 17:20 省厅名单"),
        target("优秀工作站", "level", 8, 10, "家", 8, 0, "按节点 · 11-16 09:00", step=4),
        target("研究人才", "behind", 1742, 2000, "人", 1888, -146, "11-19 24:00 单位花名册"),
        target("科研成果", "level", 1866, 2000, "项", 1888, -22, "11-19 24:00 已核验"),
    ]


def agenda() -> list[dict]:
    return [
        {
            "on": date(2026, 11, 20),
            "title": "第 11 批资金拨付",
            "url": "#",
            "text": ["12 笔", "经办 陆晓楠", "审核 李蕴"],
            "end": "214.60 万元",
            "end_note": "剩 0 日",
        },
        {
            "on": date(2026, 11, 23),
            "title": "建站资助审批",
            "url": "#",
            "text": ["昆山臻越智能装备有限公司"],
            "end": "60.00 万元",
            "end_note": "剩 1 日",
        },
        {
            "on": date(2026, 11, 25),
            "title": "推荐上报国家级工作站",
            "url": "#",
            "text": ["3 家：高新区 2、花桥 1"],
            "end": "3 家",
            "end_note": "剩 3 日",
        },
        {
            "on": date(2026, 11, 27),
            "title": "优秀工作站评定名单",
            "url": "#",
            "text": ["候选 4 家", "评审已完成"],
            "end": "4 家",
            "end_note": "剩 5 日",
        },
        {
            "on": date(2026, 12, 1),
            "title": "李慕白",
            "url": "#",
            "phone": "138 0000 1878",
            "text": ["退站追回生活补贴", "昆山启澜新材料有限公司"],
            "end": "8.00 万元",
            "end_note": "剩 7 日",
        },
    ]


def matrix() -> dict:
    heads = [
        "人工智能",
        "机器人",
        "低空经济",
        "集成电路",
        "新型显示",
        "智能终端",
        "新能源汽车",
        "新型储能",
        "光伏",
        "生物医药",
        "医疗器械",
        "先进材料",
        "高端装备",
        "工业软件",
        "咖啡",
    ]
    rows = {
        "储备库企业": [5, 4, 3, 3, 2, 2, 3, 2, 0, 4, 2, 3, 3, 2, 1],
        "省级实践基地": [2, 2, 0, 2, 1, 1, 2, 1, 1, 2, 1, 2, 2, 1, 0],
        "国家级工作站": [4, 7, 0, 9, 8, 6, 6, 3, 2, 7, 5, 8, 9, 2, 0],
        "在站博士后": [7, 8, 0, 9, 5, 4, 4, 2, 0, 8, 4, 7, 8, 2, 0],
    }
    holes = {"低空经济", "咖啡"}
    return {
        "heads": [{"label": h, "hole": h in holes} for h in heads],
        "rows": [
            {
                "label": label,
                "total": sum(values),
                "rule": label == "省级实践基地",
                "cells": [
                    {"value": v, "url": "#" if v else "", "hole": v == 0 and h in holes and "站" in label and i < 3}
                    for h, v in zip(heads, values, strict=True)
                ],
            }
            for i, (label, values) in enumerate(rows.items())
        ],
    }


def files() -> dict:
    return {
        "licence": {
            "name": "营业执照.pdf",
            "size": 2_201_600,
            "origin": "企业档案带入",
            "on": date(2026, 11, 18),
            "url": "#",
        },
        "audit": {
            "name": "2025 年研发投入专项审计报告（盖章扫描件）.pdf",
            "size": 7_130_317,
            "pages": 24,
            "origin": "顾晓岚上传",
            "on": date(2026, 11, 18),
            "url": "#",
        },
    }


def chain() -> list[dict]:
    return [
        {"shape": "past", "title": "提交", "lines": ["11 月 16 日 顾晓岚填写，沈立群签"]},
        {"shape": "back", "title": "昆山开发区退回", "lines": ["11 月 18 日 周敏，3 处一次列全"]},
        {"shape": "here", "title": "补正，在你手里", "lines": [], "when": "12 月 4 日 17:30 前交回"},
        {"shape": "later", "title": "昆山开发区接着审", "lines": ["承诺时间暂停中，交回后还剩 3 日"]},
        {"shape": "later", "title": "市人社局汇总推荐", "lines": ["每月集中一次，下次 12 月 15 日"]},
    ]


def jobs() -> list[dict]:
    steps = [
        ("done", "再核对一遍，没有人同时改过"),
        ("doing", "新增 64 / 86"),
        ("todo", "变化 23"),
        ("todo", "更新指标"),
    ]
    return [
        {
            "title": "正在入库 64 / 109 行",
            "done": 64,
            "total": 109,
            "meta": ["批次 DR-2026-0318", "大约还要 6 秒"],
            "steps": steps,
            "note": "可以离开此页，完成后通知你。",
        },
        {
            "title": "已入库 109 行",
            "finished": True,
            "meta": ["批次 DR-2026-0318"],
            "note": "30 天内可整批撤回。",
            "result_url": "#",
        },
        {
            "title": "停在第 65 行，一行都没有入库",
            "finished": True,
            "failed": True,
            "meta": ["批次 DR-2026-0319"],
            "note": "第 65 行的人同时被别人改过。",
        },
    ]


def gallery() -> dict:
    wrong = Sample(
        {"unit_name": "", "spent": "四千", "founded_on": "2026-13-02", "level": "", "district": "gxq", "true": ""}
    )
    good = Sample(
        initial={
            "unit_name": "昆山澄湖智能装备有限公司",
            "spent": "4860.00",
            "founded_on": "2018-03-16",
            "district": "kfq",
            "level": "national",
            "grounds": ["giant"],
        },
        prefix="good",
    )
    return {
        "today": TODAY,
        "since": SINCE,
        "until": UNTIL,
        "now": datetime(2026, 11, 20, 10, 32),
        "icons": ["search", "bell", "camera", "cloud-upload", "download", "printer", "chevron-right", "phone", "x"],
        "statuses": [
            ("done", "已完成"),
            ("doing", "填写中 4/6"),
            ("todo", "未开始"),
            ("locked", "还不能开始"),
            ("fix", "要改"),
            ("met", "符合"),
            ("unmet", "不符合"),
            ("unknown", "待核实"),
            ("error", "有错"),
            ("new", "新增"),
            ("changed", "有变化"),
            ("returned", "退回补正"),
            ("waiting", "等流动站盖章"),
        ],
        "states": ["ahead", "level", "behind", "none", "untargeted", "not_due", "ended"],
        "tones": ["", "blue", "warm", "line"],
        "form": good,
        "wrong_form": wrong,
        "mend_form": Sample(prefix="mend"),
        "sign_in": Sample(prefix="in"),
        "parts": ["done", "done", "half", "done", "done", "", ""],
        "clock": ["", "", "done", "done", "done"],
        "dialog_form": Reason(prefix="return"),
        "strip": strip(),
        "agenda": agenda(),
        "matrix": matrix(),
        "chart": chart_data(),
        "few": chart_data([(SINCE, 1), (date(2025, 3, 1), 4)]) | {"today": "2025-04-01", "forecast": None},
        "monthly": monthly_data(),
        "points": course(),
        "months": monthly_data()["months"],
        "files": files(),
        "chain": chain(),
        "jobs": jobs(),
        "bars": [
            ("全市", 91, 100, 94, None),
            ("开发区", 25, 24, Decimal("22.7"), None),
            ("花桥", 5, 9, Decimal("8.5"), None),
            ("淀山湖镇", 4, 3, Decimal("2.8"), None),
            ("暂无数据", None, 6, Decimal("5.7"), None),
            ("拨付", 480, 720, 639, 120),
        ],
        "facts": [
            ("算什么", "计划期内进站备案、在册的博士后，一人只计一次"),
            ("何时计入", "进站备案日期"),
            {"label": "目标", "value": "2026-12-31 达 100 名", "note": "昆人社发〔2025〕9号 一"},
            {"label": "责任", "value": "人才开发科 陆晓楠", "url": "#"},
        ],
        "tabs": [
            {"label": "待办", "url": "#", "current": True, "count": 18},
            {"label": "待认领", "url": "#", "count": 4},
            {"label": "已办", "url": "#"},
        ],
        "views": [
            {"label": "全部", "url": "#", "current": True, "count": 18},
            {"label": "已超时", "url": "#", "count": 1, "shape": "st-fix"},
            {"label": "3 日内", "url": "#", "count": 6},
        ],
        "page": Paginator(range(95), 12).page(3),
        "one_page": Paginator(range(3), 12).page(1),
        "long": "Postdoctoral workstation application for recommendation to the provincial department",
    }
