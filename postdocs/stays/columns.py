"""What stands in a ledger of postdocs: its columns, what else offices call them, and what a cell may say."""

import re
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import PhoneField, TidyField, WanField, tidy
from portal.imports import Column, DayCell, LabelField, Place
from postdocs.people.models import PaperKind, Sex
from postdocs.stays.models import Channel, Identity, RecruitType, Stay, WithdrawalGround
from stations import disciplines
from stations.import_columns import YES_NO, CodeNumber, text
from stations.models import FlowStation, Match, MatchStatus

AGREED = (MatchStatus.SIGNED, MatchStatus.ENTERED)  # matches that may have led to an entry


class Led(NamedTuple):
    """A match as a row of the ledger may name it."""

    pk: int
    number: str
    signed_on: date | None
    station: int | None
    enterprise: int


KINDS = {
    "身份证": "id_card",
    "二代身份证": "id_card",
    "港澳通行证": "hk_macau",
    "回乡证": "hk_macau",
    "台胞证": "taiwan",
}
KINDS |= {"居住证": "residence", "外国护照": "passport", "永居证": "foreigner", "外国人永居证": "foreigner"}
RECRUITED = {"联合招收": "joint", "联合培养": "joint", "单独招收": "alone", "独立招收": "alone", "自主招收": "alone"}
WERE = {
    "应届博士": "graduate",
    "应届毕业生": "graduate",
    "应届博士毕业生": "graduate",
    "在职": "employed",
    "军人": "military",
}
WERE |= {"定向委培": "assigned", "无人事关系": "free", "无人事关系人员": "free", "外籍": "foreign", "港澳台": "hmt"}
FOUND = {"校招": "campus", "高校推荐": "alma_mater", "猎头": "agency", "自主应聘": "self"}


class NameField(TidyField):
    """A person's name: a number in it stands in the wrong column."""

    def to_python(self, value):
        value = super().to_python(value)
        if value and re.search(r"\d{4}", value):
            raise ValidationError(_("姓名里有数字，是不是和别的列填错了位置？"))
        return value


class NumberCell(TidyField):
    """The number of an identity paper as it is typed; what is wrong with it is told without repeating it."""

    def __init__(self, **kwargs):
        super().__init__(max_length=None, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        if value and len(value) > 40:
            raise ValidationError(_("证件号码太长，请对照证件。"))
        return value


class FlowField(LabelField):
    """A flow station, by its whole name or its university's: then its one flow station, or that of the discipline in
    which the postdoc is recruited (a university's name stands for itself until the row is known)."""

    def __init__(self, place: Place, **kwargs):
        rows = place.memory.setdefault("flows", list(flows_of(place)))
        also = {}
        for row in rows:
            also |= {f"{row.university.name}{row.discipline_name}": row.pk, row.university.name: row.university.name}
        super().__init__([(row.pk, str(row)) for row in rows], also, **kwargs)

    default_error_messages = {
        "invalid": gettext_lazy("没有登记“%(value)s”的流动站。请市局先在高校院所里登记，或清空这一格。")
    }


def flows_of(place: Place):
    rows = FlowStation.objects.filter(university__pack=place.pack).select_related("university")
    return rows.order_by("university__name", "discipline")


def flow_named(place: Place, university: str, discipline: str | None) -> int | None:
    """The flow station that is meant by a university's name."""
    rows = [row for row in place.memory["flows"] if row.university.name == university]
    meant = rows if len(rows) == 1 else [row for row in rows if row.discipline == discipline]
    return meant[0].pk if meant else None


class MatchField(LabelField):
    """The match that led to an entry, by its number: of those that were signed in the city and are this person's to see."""

    default_error_messages = {
        "invalid": gettext_lazy("没有编号“%(value)s”的已签约对接，请核对对接清单上的编号，或清空这一格。")
    }

    def __init__(self, place: Place, **kwargs):
        rows = [(match.pk, match.number) for match in matches_of(place).values()]
        super().__init__(rows, **kwargs)
        self.known = {number.lower(): pk for pk, number in rows}  # a number of ours is never meant


def matches_of(place: Place) -> dict:
    """The matches that a row may name, each with what must agree with its stay."""
    if "matches" not in place.memory:
        rows = Match.objects.visible_to(place.user).filter(
            Q(status__in=AGREED) | Q(pk__in=Stay.objects.exclude(match=None).values("match")),
            matter__district__up__ancestor=place.pack.root if place.pack else None,
        )
        told = ("pk", "matter__number", "signed_on", "demand__station", "demand__enterprise")
        rows = rows.order_by("-signed_on", "-pk").values_list(*told)
        place.memory["matches"] = {row[0]: Led(*row) for row in rows}
    return place.memory["matches"]


class DisciplineField(LabelField):
    """A first-level discipline by code, by name, or by both."""

    def __init__(self, **kwargs):
        rows = disciplines.catalogue()
        also = {name: code for code, row in rows.items() for name in (row["name"], row["name_en"])}
        also |= {f"{code}{row['name']}": code for code, row in rows.items()}
        super().__init__([(code, f"{code} {disciplines.name_of(code)}") for code in rows], also, **kwargs)


def day(label, *, needed: bool = False) -> DayCell:
    return DayCell(label=label, required=needed)


def columns(place: Place) -> list[Column]:
    no = {"required": False}
    return [
        Column("name", NameField(label=gettext_lazy("姓名"), max_length=60), "林知远",
               ("博士后姓名", "博士后", "人员姓名", "进站人员", "name")),
        Column("kind", LabelField(PaperKind.choices, KINDS, label=gettext_lazy("证件类型"), **no), str(PaperKind.ID_CARD.label),
               ("证件种类",), gettext_lazy("不填时按号码认身份证；护照等要填")),
        Column("number", NumberCell(label=gettext_lazy("证件号码"), **no), "",
               ("身份证号", "身份证号码", "身份证", "公民身份号码", "居民身份证号", "证件号", "护照号"),
               gettext_lazy("新增的行必填，按文本填写；加密保存，导入后文件不保留"), secret=True),
        Column("sex", LabelField(Sex.choices, label=gettext_lazy("性别"), **no), "", (), gettext_lazy("身份证不用填")),
        Column("born_on", day(gettext_lazy("出生日期")), "", ("出生时间", "生日"), gettext_lazy("身份证不用填，其他证件要填")),
        Column("nationality", text(gettext_lazy("国籍（地区）"), 40), "", ("国籍/地区", "国别"), gettext_lazy("身份证不用填，其他证件要填")),
        Column("mobile", PhoneField(label=gettext_lazy("手机"), max_length=20, **no), "13800000000",
               ("联系电话", "手机号", "手机号码", "联系方式", "电话")),
        Column("station", CodeNumber(label=gettext_lazy("工作站编号"), **no), "KS-WS-2023-0001", ("站点编号", "设站编号"),
               gettext_lazy("单位只有一个招收博士后的站时，可以只填设站单位")),
        Column("unit", text(gettext_lazy("设站单位"), 100), "昆山某某科技有限公司",
               ("单位名称", "单位", "企业名称", "单位全称", "工作单位", "工作站名称", "工作站", "设站单位名称")),
        Column("recruit_type", LabelField(RecruitType.choices, RECRUITED, label=gettext_lazy("招收类型"), **no),
               str(RecruitType.JOINT.label), ("招收方式", "进站类型", "招收类别", "培养方式")),
        Column("identity", LabelField(Identity.choices, WERE, label=gettext_lazy("当前身份"), **no),
               str(Identity.GRADUATE.label), ("进站身份", "身份类别", "人员类别", "进站人员类别")),
        Column("degree_school", text(gettext_lazy("博士毕业单位"), 80), "某某大学",
               ("博士毕业院校", "毕业院校", "毕业学校", "毕业单位", "博士毕业学校", "学位授予单位", "博士院校")),
        Column("degree_country", text(gettext_lazy("获博士学位国别（地区）"), 40), "中国", ("毕业国家", "学位国别")),
        Column("defended_on", day(gettext_lazy("答辩通过日期")), "", ("答辩时间", "答辩日期")),
        Column("degree_on", day(gettext_lazy("证书签发日期")), "2025-06-30",
               ("博士学位日期", "学位日期", "博士毕业时间", "毕业时间", "博士毕业日期", "毕业日期", "获学位时间", "获博士学位时间",
                "博士学位证书签发日期", "学位授予日期")),
        Column("discipline", DisciplineField(label=gettext_lazy("博士一级学科"), **no), "0812",
               ("博士专业", "专业", "一级学科", "学科", "所学专业", "博士学科")),
        Column("flow", FlowField(place, label=gettext_lazy("合作流动站"), **no), "",
               ("流动站", "合作高校", "联合培养单位", "联合招收单位", "流动站单位", "流动站设站单位", "联合培养高校")),
        Column("flow_supervisor", text(gettext_lazy("流动站导师"), 60), "", ("高校导师", "流动站合作导师", "校内导师", "学术导师")),
        Column("supervisor_name", text(gettext_lazy("企业导师"), 60), "",
               ("工作站导师", "导师", "合作导师", "单位导师", "导师姓名", "产业导师")),
        Column("entry_discipline", DisciplineField(label=gettext_lazy("招收一级学科"), **no), "0811", ("进站学科", "招收学科", "研究方向学科")),
        Column("topic", text(gettext_lazy("研究题目"), 160), "", ("研究课题", "课题", "课题名称", "研究项目", "项目名称", "博士后研究题目")),
        Column("contract_since", day(gettext_lazy("合同起")), "", ("合同开始日期", "合同起始日期", "合同开始时间", "合同起始时间")),
        Column("planned_until", day(gettext_lazy("合同止（预计出站）")), "",
               ("预计出站", "预计出站日期", "预计出站时间", "拟出站时间", "合同到期日期", "合同截止日期", "计划出站时间")),
        Column("salary", WanField(label=gettext_lazy("年薪（万元）"), **no), "26", ("年薪待遇", "税前年薪"), gettext_lazy("万元")),
        Column("channel", LabelField(Channel.choices, FOUND, label=gettext_lazy("引才渠道"), **no), "", ("引进渠道", "渠道", "来源渠道")),
        Column("match", MatchField(place, label=gettext_lazy("对接编号"), **no), "", ("由哪次对接引进", "对接"),
               gettext_lazy("由校企对接引进的，填已签约的那次对接")),
        Column("entered_on", day(gettext_lazy("进站日期"), needed=True), "2026-03-02",
               ("进站时间", "进站备案日期", "备案日期", "进站备案时间", "入站时间", "入站日期"), gettext_lazy("以全国系统备案的日期为准")),
        Column("committee_number", text(gettext_lazy("博管会编号"), 40), "", ("博士后编号", "全国编号", "博管会号", "备案编号")),
        Column("ended_on", day(gettext_lazy("出站日期")), "", ("出站时间", "实际出站日期", "实际出站时间", "出站备案日期")),
        Column("certificate_number", text(gettext_lazy("博士后证书编号"), 40), "", ("证书编号", "出站证书编号", "博士后证书号", "证书号")),
        Column("withdrawn_on", day(gettext_lazy("退站日期")), "", ("退站时间",)),
        Column("ground", LabelField(WithdrawalGround.choices, label=gettext_lazy("退站原因"), **no), "", ("退站理由",)),
        Column("other", LabelField(YES_NO, label=gettext_lazy("确认另有其人"), **no), "", ("另有其人",),
               gettext_lazy("和已登记的人同名同生日、号码不同，又确实是另一个人时填“是”")),
    ]  # fmt: skip


def spelled(number: str) -> str:
    """A number as it is compared before its kind is known."""
    if number.isascii() and number.isalnum():
        return number.upper()
    return re.sub(r"[\s\-－—·]", "", tidy(number)).upper()


def kind_of(number: str) -> str | None:
    """Which paper a number is of, where only one kind looks like that."""
    if re.fullmatch(r"8[123]0000\d{11}[\dX]", number):
        return PaperKind.RESIDENCE
    looks = re.fullmatch(r"\d{17}[\dX]|\d{15,19}", number)
    return PaperKind.ID_CARD if looks else None
