"""What the page of a station shows of one day: its dated rows as lines, each with the address that changes it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from stations.applications.submissions import yuan
from stations.ledger import rows as ledger
from stations.ledger.rows import KINDS, Kind, Portrait
from stations.models import Recruits, Station, StationKind, StationStatus
from stations.standing.counted import Both, both_of


@dataclass
class Link:
    label: str
    url: str


@dataclass
class Single:
    """A value of which there is one at a time."""

    label: str
    texts: list[str]
    links: list[Link]


@dataclass
class Cell:
    """`label`: its column's head, which a phone shows beside it."""

    label: str
    text: str


@dataclass
class Line:
    head: str
    cells: list[Cell]
    url: str
    file: Any = None


@dataclass
class Many:
    """A table of rows of one kind."""

    label: str
    heads: list[str]
    rows: list[Line]
    none: str
    add_label: str = ""
    add_url: str = ""
    has_files: bool = False


def day(value: date | None) -> str:
    return value.isoformat() if value else "—"


def last(until: date | None) -> str:
    """The last day of a period; open ones have none."""
    return (until - timedelta(1)).isoformat() if until else _("长期")


def said(row) -> list[str]:
    """A single value in words."""
    return [text for text in SAID[type(row).__name__](row) if text]


SAID: dict[str, Callable[[Any], list[str]]] = {
    "Manager": lambda r: [r.name, r.phone, _("分管领导 %(name)s") % {"name": r.leader} if r.leader else "", since(r)],
    "SalaryPromise": lambda r: [yuan(r.amount), since(r)],
    "MainStation": lambda r: [str(r.main), r.document, since(r)],
    "Plate": lambda r: [r.since.isoformat()],
}


def since(row) -> str:
    return _("%(day)s 起") % {"day": row.since.isoformat()}


@dataclass(frozen=True)
class Table:
    code: str
    plural: Any
    heads: Sequence[Any]
    line: Callable[[Any], tuple[str, list[str]]]
    none: Any
    rows: Callable[[Portrait], list] = field(default=lambda then: [])


TABLES = (
    Table(
        "supervisor",
        gettext_lazy("合作导师"),
        (
            gettext_lazy("姓名"),
            gettext_lazy("职称"),
            gettext_lazy("研究方向"),
            gettext_lazy("电话"),
            gettext_lazy("任职"),
        ),
        lambda r: (r.name, [r.title, r.field, r.phone or "—", _("全职") if r.full_time else _("兼职")]),
        gettext_lazy("还没有登记合作导师。"),
        lambda then: then.supervisors,
    ),
    Table(
        "partner",
        gettext_lazy("合作流动站"),
        (gettext_lazy("高校院所"), gettext_lazy("流动站"), gettext_lazy("签订日期"), gettext_lazy("有效期至")),
        lambda r: (r.university, [r.flow_station, day(r.since), last(r.until)]),
        gettext_lazy("还没有登记合作流动站。"),
        lambda then: then.partners,
    ),
    Table(
        "discipline",
        gettext_lazy("一级学科"),
        (gettext_lazy("一级学科"), gettext_lazy("代码"), gettext_lazy("起")),
        lambda r: (str(r), [r.code, day(r.since)]),
        gettext_lazy("还没有登记学科。"),
        lambda then: then.disciplines,
    ),
    Table(
        "studio",
        gettext_lazy("海外博士后工作室"),
        (
            gettext_lazy("合作机构"),
            gettext_lazy("国家或地区"),
            gettext_lazy("起"),
            gettext_lazy("有效期至"),
            gettext_lazy("博士后人数"),
            gettext_lazy("联系"),
        ),
        lambda r: (
            r.host,
            [f"{r.country} {r.city}".strip(), day(r.since), last(r.until)]
            + [_("未知") if r.postdocs is None else str(r.postdocs), f"{r.contact} {r.reach}".strip() or "—"],
        ),
        gettext_lazy("没有登记海外博士后工作室。"),
        lambda then: then.studios,
    ),
)


def address(station: Station, kind: Kind, row=None) -> str:
    name = "stations:station_row_edit" if row else "stations:station_row"
    return reverse(name, args=[station.matter.number, kind.code, *([row.pk] if row else [])])


def singles(station: Station, then: Portrait, may: set[str]) -> list[Single]:
    found = []
    rows = {"manager": then.manager, "salary": then.salary, "main": then.main, "plate": then.plate}
    for code, row in rows.items():
        kind = KINDS[code]
        if code == "main" and station.kind != StationKind.BRANCH:
            continue
        links = [Link(_("改"), address(station, kind, row))] if row and code in may else []
        if code in may:
            links.append(Link(_("登记新的") if row else pgettext("动词", "登记"), address(station, kind)))
        found.append(Single(str(kind.label), said(row) if row else [], links))
    return found


def tables(station: Station, then: Portrait, may: set[str]) -> list[Many]:
    found = []
    for table in TABLES:
        kind = KINDS[table.code]
        lines = []
        for row in table.rows(then):
            head, cells = table.line(row)
            url = address(station, kind, row) if table.code in may else ""
            named = [Cell(str(label), text) for label, text in zip(table.heads[1:], cells, strict=True)]
            lines.append(Line(head, named, url, getattr(row, "file", None)))
        has_files = table.code == "partner"
        heads = [str(h) for h in table.heads] + ([_("文件")] if has_files else [])
        adding = (_("添加"), address(station, kind)) if table.code in may else ("", "")
        found.append(Many(str(table.plural), heads, lines, str(table.none), *adding, has_files=has_files))
    return found


YEARS = 8  # that the page of a station lists


@dataclass
class Year:
    """What was told of one year by a day; `row` None: nothing was typed. `both`: that beside the entries on record."""

    year: int
    row: Any
    url: str
    both: Both


def years(station: Any, on: date, may: set[str], rows: Iterable[Recruits]) -> dict:
    """The station's last years, from its approval to the day, the latest first, and where to tell one. `station` comes
    from `counted.beside()`; `rows`: what was told by the day, of whatever stations."""
    told = {row.year: row for row in rows if row.station_id == station.pk}
    kind, last = KINDS["recruits"], min(on.year, station.ended_on.year if station.ended_on else on.year)
    found = []
    for year in range(last, max(station.approved_on.year, last - YEARS + 1) - 1, -1):
        row = told.get(year)
        url = address(station, kind, row) if "recruits" in may else ""
        both = both_of(year, [row] if row else [], station.entries_, station.typed_counts_)
        found.append(Year(year, row, url if row or not url else f"{url}?year={year}", both))
    add_url = address(station, kind) if "recruits" in may else ""
    return {"rows": found, "add_url": add_url, "differ": [y.both for y in found if y.both.differs]}


def warnings(station: Station, then: Portrait, today: date) -> list[str]:
    """What of today somebody should see to."""
    if then.on != today or station.ended_on:
        return []
    told = []
    gone = ledger.ended_by(station.enterprise, today)
    if gone:
        told.append(
            _("设站单位已于 %(day)s %(what)s（%(document)s），请核实后办理工作站的变更或注销。")
            % {"day": gone.on, "what": gone.get_kind_display(), "document": gone.document}
        )
    if station.kind == StationKind.BRANCH and then.main is None:
        told.append(_("分站还没有登记所属总站，请市局登记。"))
    if station.status == StationStatus.PAUSED:
        told.append(_("工作站已暂停，恢复前不招收博士后。"))
    return told
