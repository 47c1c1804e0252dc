"""The kinds of outcomes as declarations: what each tells beside its title and day, how a duplicate is known, what proves it.

Forms, pages, workbooks and keys are all made of these; a new kind is one more entry here.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.facts import yuan


class OutcomeKind(models.TextChoices):
    PAPER = "paper", gettext_lazy("论文")
    PATENT = "patent", gettext_lazy("专利")
    BOOK = "book", gettext_lazy("专著")
    PROJECT = "project", gettext_lazy("项目")
    GRANT = "grant", gettext_lazy("基金（资助）")
    AWARD = "award", gettext_lazy("奖励（荣誉）")
    STANDARD = "standard", pgettext_lazy("成果", "标准")
    TRANSFER = "transfer", gettext_lazy("成果转化")
    SOFTWARE = "software", gettext_lazy("软件著作权")
    PRODUCT = "product", gettext_lazy("新产品（新工艺）")


K = OutcomeKind
OTHER = ("other", pgettext_lazy("成果", "其他"))
Choices = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Detail:
    """One thing that a kind tells. `sort`: text, long, number (a code), choice, yes, wan, whole. `column` names the
    column of a ledger of all kinds in which it stands; without one it isn't in such a ledger."""

    name: str
    label: Any
    sort: str = "text"
    choices: Choices = ()
    required: bool = False
    hint: Any = ""
    column: str = ""

    def said(self, value: Any) -> str:
        """A kept value as people read it."""
        if value in (None, ""):
            return ""
        if self.sort == "choice":
            return str(dict(self.choices).get(value, value))
        if self.sort == "yes":
            return _("是") if value else _("否")
        return yuan(Decimal(value)) if self.sort == "wan" else str(value)


@dataclass(frozen=True)
class Kind:
    """`day` is what the outcome's date is called; `keys` the ways to know a duplicate, of which the first that is
    wholly told counts; `title` and `year` may stand in them. `proof` is what its evidence must be."""

    code: OutcomeKind
    day: Any
    details: tuple[Detail, ...]
    keys: tuple[tuple[str, ...], ...]
    proof: Any

    @property
    def label(self) -> str:
        return str(self.code.label)

    @property
    def by_name(self) -> dict[str, Detail]:
        return {detail.name: detail for detail in self.details}

    @property
    def brief(self) -> tuple[Detail, ...]:
        """What one line of many asks for: what must be told, and what tells duplicates."""
        known = {name for names in self.keys[:1] for name in names}
        return tuple(d for d in self.details if d.required or d.name in known)

    def key(self, *, title: str, on: date | None, details: Mapping[str, Any]) -> str:
        """What two records of the same thing have in common; empty where too little is told to compare."""
        for names in self.keys:
            told = {n: details.get(n) or "" for n in names} | {"title": title, "year": str(on.year) if on else ""}
            parts = [number(self.code, n, told[n]) for n in names]
            if all(parts):
                return f"{self.code}:{'+'.join(names)}:{'|'.join(parts)}"[:400]
        return ""

    def said(self, details: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What was told, with its label, in the order of the declaration."""
        told = [(str(d.label), d.said(details.get(d.name))) for d in self.details]
        return [(label, text) for label, text in told if text]


# --- numbers that are compared -----------------------------------------------------------------


def bare(text: str) -> str:
    """Letters and digits alone: how two people write one title or number."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", str(text))).lower()


def number(kind: str, name: str, text: str) -> str:
    """A part of a key: a DOI without the address before it, an application without country and check digit."""
    if name == "doi":
        text = unicodedata.normalize("NFKC", str(text)).strip().lower()
        return re.sub(r"\s", "", re.sub(r"^(https?://)?(dx\.)?(doi\.org/|doi[:：]?)\s*", "", text))
    text = bare(text)
    if kind == K.PATENT and name == "number":
        text = re.sub(r"^(cn|zl)+", "", text)
        if re.fullmatch(r"(\d{12}|\d{8})[\dx]", text):  # of 2003 and later, and of before: with the check digit
            text = text[:-1]
    return text


# --- the kinds ---------------------------------------------------------------------------------

PLACES: Choices = (("abroad", gettext_lazy("国际")), ("home", gettext_lazy("国内")))
INDEXED: Choices = (
    *((name.lower(), name) for name in ("SCI", "SSCI", "EI", "CPCI", "CSSCI")),
    ("pku", gettext_lazy("北大核心")),
    OTHER,
)
PATENTS: Choices = (
    ("invention", gettext_lazy("发明")),
    ("utility", gettext_lazy("实用新型")),
    ("design", gettext_lazy("外观设计")),
    OTHER,
)
LEVELS: Choices = (
    ("nation", pgettext_lazy("级别", "国家")),
    ("province", pgettext_lazy("级别", "省")),
    ("city", pgettext_lazy("级别", "市")),
    ("county", pgettext_lazy("级别", "区")),
    ("industry", gettext_lazy("横向")),
)
ISSUERS: Choices = (
    ("nation", pgettext_lazy("级别", "国家")),
    ("province", pgettext_lazy("级别", "省")),
    ("army", gettext_lazy("军队")),
    ("ministry", gettext_lazy("部委")),
    ("unit", gettext_lazy("单位内部")),
    OTHER,
)
NATURES: Choices = (
    ("strategic", gettext_lazy("战略性基础研究")),
    ("free", gettext_lazy("自由探索")),
    ("applied", gettext_lazy("应用研究")),
    ("industrial", gettext_lazy("科学技术产业化")),
    ("public", gettext_lazy("社会公益")),
    ("facility", gettext_lazy("条件建设与支撑")),
    OTHER,
)
PROGRESS: Choices = (
    ("closed", gettext_lazy("结题")),
    ("mostly", gettext_lazy("主要内容完成")),
    ("started", gettext_lazy("启动")),
    OTHER,
)
PROGRAMMES: Choices = (
    ("general1", gettext_lazy("面上资助一等")),
    ("general2", gettext_lazy("面上资助二等")),
    ("special", gettext_lazy("特别资助")),
    ("state_a", gettext_lazy("国资计划 A 档")),
    ("state_b", gettext_lazy("国资计划 B 档")),
    ("state_c", gettext_lazy("国资计划 C 档")),
    ("outstanding", gettext_lazy("省卓越博士后")),
    ("provincial", gettext_lazy("省博士后科研资助")),
    ("doctor", gettext_lazy("双创博士")),
    OTHER,
)
AWARD_LEVELS: Choices = (
    ("world", gettext_lazy("国际")),
    ("nation", pgettext_lazy("级别", "国家")),
    ("province", gettext_lazy("省部")),
    ("city", pgettext_lazy("级别", "市")),
)
GRADES: Choices = (
    *(("gold", gettext_lazy("金奖")), ("silver", gettext_lazy("银奖")), ("bronze", gettext_lazy("铜奖"))),
    *(("first", gettext_lazy("一等奖")), ("second", gettext_lazy("二等奖")), ("third", gettext_lazy("三等奖"))),
    ("merit", gettext_lazy("优胜奖")),
    OTHER,
)
STANDARDS: Choices = (
    ("world", gettext_lazy("国际")),
    ("nation", pgettext_lazy("级别", "国家")),
    ("industry", gettext_lazy("行业")),
    ("local", gettext_lazy("地方")),
    ("group", gettext_lazy("团体")),
)
WAYS: Choices = (
    ("assign", gettext_lazy("转让")),
    ("license", gettext_lazy("许可")),
    ("shares", gettext_lazy("作价入股")),
    ("develop", gettext_lazy("技术开发")),
    ("service", gettext_lazy("技术服务")),
)
DUTIES: Choices = (("lead", gettext_lazy("主持")), ("part", pgettext_lazy("承担责任", "参与")))
DRAFTING: Choices = (("lead", gettext_lazy("主导")), ("part", pgettext_lazy("承担责任", "参与")))
SHARES: Choices = (("alone", gettext_lazy("独著")), ("together", gettext_lazy("合著")))
KINDS_OF_VENUE: Choices = (("journal", gettext_lazy("期刊")), ("conference", gettext_lazy("会议")))


def money(name: str, label, **values) -> Detail:
    return Detail(name, label, "wan", **values)


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            K.PAPER,
            gettext_lazy("发表日期"),
            (
                Detail("venue", gettext_lazy("刊物或会议名称"), required=True, column="venue"),
                Detail("venue_kind", gettext_lazy("期刊或会议"), "choice", KINDS_OF_VENUE),
                Detail("venue_place", gettext_lazy("国内或国际"), "choice", PLACES),
                Detail("issn", "ISSN", "number"),
                Detail("indexed", gettext_lazy("收录情况"), "choice", INDEXED, required=True, column="sort"),
                Detail("doi", "DOI", hint=gettext_lazy("没有 DOI 的填检索号"), column="number"),
                Detail("corresponding", gettext_lazy("通讯作者"), "yes"),
            ),
            (("doi",), ("title", "venue", "year")),
            gettext_lazy("封面、目录和正文；SCI、EI 另附检索证明"),
        ),
        Kind(
            K.PATENT,
            gettext_lazy("申请（受理）日期"),
            (
                Detail("patent_kind", gettext_lazy("专利类型"), "choice", PATENTS, required=True, column="sort"),
                Detail("number", gettext_lazy("申请（受理）号"), "number", required=True, column="number"),
                Detail("country", gettext_lazy("批准国（地区）")),
                Detail("summary", gettext_lazy("简介"), "long", required=True, column="summary"),
                Detail("high_value", gettext_lazy("高价值专利"), "yes"),
            ),
            (("number",),),
            gettext_lazy("专利证书；还在申请的为受理通知书，发明另附实质审查通知书"),
        ),
        Kind(
            K.BOOK,
            gettext_lazy("出版日期"),
            (
                Detail("publisher", gettext_lazy("出版社"), required=True, column="venue"),
                Detail("published", gettext_lazy("已出版"), "yes"),
                Detail("share", gettext_lazy("独著或合著"), "choice", SHARES, column="sort"),
                Detail("isbn", "ISBN", "number", column="number"),
            ),
            (("isbn",), ("title", "publisher", "year")),
            gettext_lazy("封面和版权页"),
        ),
        Kind(
            K.PROJECT,
            gettext_lazy("批准日期"),
            (
                Detail("level", gettext_lazy("级别"), "choice", LEVELS, required=True, column="level"),
                Detail("issuer", gettext_lazy("下达部门"), "choice", ISSUERS),
                Detail("number", gettext_lazy("项目编号"), "number", column="number"),
                Detail("nature", gettext_lazy("性质"), "choice", NATURES),
                Detail("progress", gettext_lazy("进展"), "choice", PROGRESS),
                money("amount", gettext_lazy("金额"), column="amount"),
                Detail("duty", gettext_lazy("承担责任"), "choice", DUTIES, column="sort"),
            ),
            (("number",), ("title", "level", "year")),
            gettext_lazy("立项通知、成员页和预算；横向项目为合同封面和经费到账凭证"),
        ),
        Kind(
            K.GRANT,
            gettext_lazy("获批日期"),
            (
                Detail("programme", gettext_lazy("资助项目"), "choice", PROGRAMMES, required=True, column="sort"),
                Detail("number", gettext_lazy("资助编号"), "number", column="number"),
                money("amount", gettext_lazy("金额"), column="amount"),
            ),
            (("number",), ("title", "programme", "year")),
            gettext_lazy("获批通知"),
        ),
        Kind(
            K.AWARD,
            gettext_lazy("获奖日期"),
            (
                Detail("level", gettext_lazy("级别"), "choice", AWARD_LEVELS, required=True, column="level"),
                Detail("grade", gettext_lazy("等次"), "choice", GRADES, column="sort"),
                Detail("work", gettext_lazy("获奖项目"), hint=gettext_lazy("凭什么得奖"), column="venue"),
                Detail("number", gettext_lazy("证书编号"), "number", column="number"),
                Detail("competition", gettext_lazy("省级以上博士后创新创业大赛"), "yes"),
            ),
            (("number",), ("title", "work", "year")),
            gettext_lazy("写明排名的证书"),
        ),
        Kind(
            K.STANDARD,
            gettext_lazy("发布日期"),
            (
                Detail("number", gettext_lazy("标准号"), "number", required=True, column="number"),
                Detail("level", gettext_lazy("级别"), "choice", STANDARDS, required=True, column="level"),
                Detail("duty", gettext_lazy("主导或参与"), "choice", DRAFTING, required=True, column="sort"),
            ),
            (("number",),),
            gettext_lazy("写明起草人的正文页"),
        ),
        Kind(
            K.TRANSFER,
            gettext_lazy("合同签订日期"),
            (
                Detail("contract", gettext_lazy("合同编号"), "number", required=True, column="contract"),
                Detail("way", gettext_lazy("转化方式"), "choice", WAYS, required=True, column="sort"),
                Detail("buyer", gettext_lazy("买方"), required=True, column="venue"),
                Detail("seller", gettext_lazy("卖方")),
                money("amount", gettext_lazy("合同金额"), required=True, column="amount"),
                money("arrived", gettext_lazy("到账金额")),
                Detail("number", gettext_lazy("技术合同登记号"), "number", column="number"),
                Detail("landed", gettext_lazy("在本市落地转化"), "yes"),
            ),
            (("number",), ("contract", "buyer")),
            gettext_lazy("合同和技术合同登记证明，按这个顺序放在一个文件里"),
        ),
        Kind(
            K.SOFTWARE,
            gettext_lazy("登记日期"),
            (Detail("number", gettext_lazy("登记号"), "number", required=True, column="number"),),
            (("number",),),
            gettext_lazy("登记证书"),
        ),
        Kind(
            K.PRODUCT,
            gettext_lazy("投产或鉴定日期"),
            (
                Detail("period", gettext_lazy("效益期间"), hint=gettext_lazy("例如 2025 年"), column="venue"),
                money("revenue", gettext_lazy("销售收入"), column="amount"),
                money("profit", gettext_lazy("利润")),
                money("tax", gettext_lazy("税收")),
            ),
            (("title", "period", "year"),),
            gettext_lazy("盖章的单位说明"),
        ),
    )
}


def columns_of(details: Iterable[Detail]) -> dict[str, Detail]:
    """Those of a kind that stand in a ledger of all kinds, by its column."""
    return {detail.column: detail for detail in details if detail.column}
