"""What the dashboard of money shows: the figures of one question as the page and its workbooks want them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.models import District
from portal.models.people import CASEWORK
from portal.templatetags.numbers import MONTHS
from portal.words import localised
from subsidies.boards import figures
from subsidies.boards.figures import LATER, NOTHING, Reach, Stage, Sums

WAN = Decimal(10_000)
GROUPS = (("review", gettext_lazy("审核中")), ("waiting", gettext_lazy("已承诺未到账")))
TINTS = ((0.25, 1), (0.6, 2), (1.0, 3))  # up to this share of the greatest cell: which tint


@dataclass(frozen=True)
class Cell:
    """One month of one scheme: `value` None where the month has not come yet."""

    value: Decimal | None
    tint: int
    url: str


class Board:
    """Everything for one reach, year and day; each figure is read when it is asked for, and once."""

    def __init__(self, reach: Reach, year: int, on: date, user, district: District | None):
        self.reach, self.year, self.on, self.district = reach, year, on, district
        self.today = localdate()
        self.user, self.pack = user, reach.pack

    # --- figures -----------------------------------------------------------------------------

    @cached_property
    def schemes(self):
        return figures.schemes_of(self.pack)

    @cached_property
    def promises(self):
        return figures.promises_of(self.pack, self.schemes)

    @cached_property
    def spent(self):
        return figures.spending(self.reach, self.year, self.on)

    @cached_property
    def total(self) -> Sums:
        return self.spent.total

    @cached_property
    def granted(self):
        """line -> its budget; the city's budget is for who sees all its money."""
        return figures.budgets(self.pack, self.on).get(self.year, {}) if self.reach.whole else {}

    @property
    def budget(self) -> Decimal | None:
        return sum(self.granted.values(), NOTHING) if self.granted else None

    @cached_property
    def way(self) -> list[Stage]:
        """Each stage opens the list of its claims, where the list shows the same day: it knows no other than today's."""
        found = figures.stages(self.reach, self.on, self.promises)
        for stage in found:
            if stage.claims and self.on == self.today:
                stage.url = self.claims_url(status=list(stage.statuses))
        return found

    @cached_property
    def lines(self):
        found = figures.lines_of(self.schemes, self.spent, self.granted, self.gone)
        return [line for line in found if line.budget or line.sums.committed]

    @cached_property
    def levels(self):
        return figures.levels(self.reach, self.year, self.on, self.promises)

    @cached_property
    def kept(self):
        return figures.kept(self.reach, self.year, self.on)

    @cached_property
    def by_district(self):
        return figures.by_district(self.reach, self.year, self.on)

    # --- the answer --------------------------------------------------------------------------

    @property
    def gone(self) -> float:
        return figures.gone(self.year, self.on)

    @property
    def pace(self) -> Decimal | None:
        """What would be paid by now if money went evenly through the year."""
        return None if self.budget is None else self.budget * Decimal(str(self.gone))

    @property
    def share(self) -> float | None:
        return float(self.total.paid / self.budget) if self.budget else None

    @property
    def slow(self) -> Stage | None:
        return next((stage for stage in self.way if stage.slow), None)

    @cached_property
    def groups(self) -> list[dict]:
        """What is under review and what is granted and not yet there, each with the stages it is made of."""
        found = []
        for code, label in GROUPS:
            here = [stage for stage in self.way if stage.group == code]
            amount, claims = sum((s.amount for s in here), NOTHING), sum(s.claims for s in here)
            found.append({"code": code, "label": label, "stages": here, "amount": amount, "claims": claims})
        return found

    @property
    def left(self) -> Decimal | None:
        """What the budget still holds once everything under review is granted as reckoned."""
        return None if self.budget is None else self.budget - self.total.committed - self.groups[0]["amount"]

    @property
    def older(self) -> Decimal:
        """Granted and not yet there, from the budgets of other years."""
        return max(self.groups[1]["amount"] - self.total.waiting, NOTHING)

    @property
    def paid_claims(self) -> int:
        return sum(sums.paid_claims for sums in self.by_district.values())

    # --- by month ----------------------------------------------------------------------------

    @property
    def reached(self) -> int:
        """The last month that has begun on the day."""
        return self.on.month if self.on.year == self.year else 12

    @cached_property
    def months(self) -> list[tuple[int, Decimal, Decimal]]:
        """(month, paid in it, paid until its end) of those that have begun."""
        rows, sum_ = [], NOTHING
        for month in range(1, self.reached + 1):
            sum_ += self.spent.of_month(month)
            rows.append((month, self.spent.of_month(month), sum_))
        return rows

    @property
    def after(self) -> Decimal:
        """Paid after the end of the year from its budget."""
        return self.spent.of_month(LATER)

    @property
    def chart(self) -> dict:
        running = self.on.year == self.year and (self.on.month, self.on.day) < (12, 31)
        return {
            "kind": "money",
            "unit": _("万元"),
            "year": self.year,
            "budget": in_wan(self.budget),
            "committed": in_wan(self.total.committed),
            "months": [[month, in_wan(paid), in_wan(sum_)] for month, paid, sum_ in self.months],
            "running": self.reached if running else None,
            "labels": {
                "budget": _("年度预算"), "committed": _("已承诺"), "paid": _("已拨付"), "pace": _("时间进度"),
                "month": _("当月拨付"), "sum": _("累计拨付"),
            },
        }  # fmt: skip

    @cached_property
    def heat(self) -> list[dict]:
        """Each scheme with what was paid in every month; the tint says which part of the greatest."""
        paid = self.spent.months
        most = max((v for months in paid.values() for v in months.values()), default=NOTHING) or Decimal(1)
        rows = []
        for scheme in self.schemes:
            mine = paid.get(scheme.pk, {})
            if scheme.pk in self.spent.schemes:
                cells = [self.cell(scheme, month, mine.get(month, NOTHING), most) for month in self.columns]
                rows.append({"scheme": scheme, "cells": cells, "sum": sum(mine.values(), NOTHING)})
        return rows

    @property
    def columns(self) -> list[int]:
        return [*range(1, 13), *([LATER] if self.after else [])]

    def cell(self, scheme, month: int, value: Decimal, most: Decimal) -> Cell:
        if self.reached < month != LATER:
            return Cell(None, 0, "")
        tint = next(tint for share, tint in TINTS if value <= most * Decimal(share)) if value > 0 else 0
        when = f"{self.year}-{month:02d}" if month != LATER else str(self.year + 1)
        return Cell(value, tint, self.claims_url(scheme=scheme.pk, paid_in=when) if value else "")

    @property
    def month_names(self) -> list[str]:
        english = get_language() == "en"
        names = {m: MONTHS[m - 1] if english else f"{m}月" for m in range(1, 13)}
        return [names.get(m) or _("次年") for m in self.columns]

    @property
    def sums_of_months(self) -> list[Decimal | None]:
        return [self.spent.of_month(m) if m <= self.reached or m == LATER else None for m in self.columns]

    # --- who ---------------------------------------------------------------------------------

    def places(self, districts: list[District]) -> list[tuple[District, Sums]]:
        """Each district with its money, in official order; those without money too."""
        return [(d, self.by_district.get(d.pk, Sums())) for d in districts if d.pk != self.pack.root_id]

    @cached_property
    def units(self) -> list[tuple[str, Sums, str]]:
        """(enterprise, its money, its claims), those with the most money first."""
        found = figures.by_organisation(self.reach, self.year, self.on)
        return [(self.named(name, name_en), sums, self.claims_url(q=name)) for _pk, name, name_en, sums in found]

    @staticmethod
    def named(name: str, name_en: str) -> str:
        return name_en if name_en and get_language() == "en" else name

    # --- addresses ---------------------------------------------------------------------------

    @property
    def opens(self) -> bool:
        """Whether this person may open the list of claims behind a number."""
        return bool(self.user.scope.roles & CASEWORK)

    def claims_url(self, **asked) -> str:
        if not self.opens:
            return ""
        if self.district is not None and self.district.pk != self.pack.root_id:
            asked["district"] = self.district.code
        return f"{reverse('subsidies:claims')}?{urlencode(asked, doseq=True)}"

    @property
    def paid_url(self) -> str:
        return self.claims_url(paid_in=self.year)


def in_wan(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value / WAN), 4)


# --- as workbooks ------------------------------------------------------------------------------


def stage_table(board: Board, _districts) -> tuple[str, list, list]:
    rows = [
        [str(s.label), s.amount, s.claims, s.unnamed or None, s.promise, s.since, s.waited if s.claims else None]
        for s in board.way
    ]
    headings = [
        _("环节"),
        _("金额（元）"),
        _("笔数"),
        _("还没有金额的笔数"),
        _("承诺时限（工作日）"),
        _("最早到此环节"),
    ]
    return _("钱走到哪一步"), [*headings, _("最久（工作日）")], rows


def scheme_table(board: Board, _districts) -> tuple[str, list, list]:
    rows = []
    for line in board.lines:
        rows.append([str(line.line), "", line.budget, line.sums.committed, line.sums.paid])
        rows += [[str(line.line), str(scheme), None, s.committed, s.paid] for scheme, s in line.schemes]
    return _("按项目"), [_("资金科目"), _("资助项目"), _("预算（元）"), _("已承诺（元）"), _("已拨付（元）")], rows


def month_table(board: Board, _districts) -> tuple[str, list, list]:
    rows = [[f"{board.year}-{month:02d}", paid, sum_] for month, paid, sum_ in board.months]
    return _("按月"), [_("月份"), _("当月拨付（元）"), _("累计拨付（元）")], rows


def heat_table(board: Board, _districts) -> tuple[str, list, list]:
    names = board.month_names
    rows = [[str(r["scheme"]), *(cell.value for cell in r["cells"]), r["sum"]] for r in board.heat]
    return _("项目 × 月份拨付"), [_("资助项目"), *names, _("合计")], rows


def district_table(board: Board, districts) -> tuple[str, list, list]:
    rows = [[localised(d, "name"), s.committed, s.paid, s.claims] for d, s in board.places(districts)]
    return _("按区镇"), [_("区镇"), _("已承诺（元）"), _("已拨付（元）"), _("笔数")], rows


def unit_table(board: Board, _districts) -> tuple[str, list, list]:
    units = figures.by_organisation(board.reach, board.year, board.on, first=None)
    rows = [[name, s.committed, s.paid, s.claims] for _pk, name, _name_en, s in units]
    return _("按设站单位"), [_("设站单位"), _("已承诺（元）"), _("已拨付（元）"), _("笔数")], rows


def level_table(board: Board, _districts) -> tuple[str, list, list]:
    rows = [
        [str(x.label), x.n, x.median, x.ninth, x.promise, None if x.kept is None else round(x.kept * 100, 1)]
        for x in board.levels
    ]
    headings = [_("环节"), _("办结次数"), _("中位数（工作日）"), _("九成在几日内（工作日）"), _("承诺时限（工作日）")]
    return _("每一级用了多久"), [*headings, _("按时（%）")], rows


TABLES = {
    "stages": stage_table, "schemes": scheme_table, "months": month_table, "heat": heat_table,
    "districts": district_table, "units": unit_table, "levels": level_table,
}  # fmt: skip
