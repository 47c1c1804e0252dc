"""The pages of selections (see postdocs/told_views.py), and the part of a stay's page."""

from django.utils.translation import gettext_lazy as _

from portal.words import localised
from postdocs.selections.forms import SelectionFilter, SelectionForm
from postdocs.selections.models import Selection
from postdocs.told_views import CONFIRMED, DISTRICT, UNIT, Column, Sort, Words


def of_stay(stay) -> list[Selection]:
    """What a stay's page lists."""
    return list(Selection.objects.filter(stay=stay).select_related("programme").order_by("-listed_on", "-pk"))


SELECTIONS = Sort(
    "selection",
    Selection,
    SelectionForm,
    SelectionFilter,
    Words(
        title=_("入选名单"),
        meta=_("人才计划、基金、路演和大赛；按名单日期计，核对后计入。"),
        add=_("登记入选"),
        new_meta=_("人才计划和基金按人登记，路演和大赛按项目登记。"),
        unit=_("条"),
        empty=_("还没有登记入选。"),
    ),
    (
        Column(_("博士后或项目"), str),
        Column(_("博士后"), lambda row: row.stay.person.name if row.stay else "", None),
        Column(_("遴选项目"), lambda row: localised(row.programme, "name")),
        Column(_("级别"), lambda row: str(row.programme.get_level_display()), "not-on-phone"),
        Column(_("等次"), lambda row: row.rank, "not-on-phone"),
        UNIT,
        DISTRICT,
        Column(_("年度"), lambda row: row.year, None),
        Column(_("名单日期"), lambda row: row.listed_on, "num"),
        Column(_("文号或名单"), lambda row: row.document, None),
        Column(_("资助或获奖编号"), lambda row: row.number, None),
        Column(_("资助金额（元）"), lambda row: row.amount, None),
        Column(_("取消日期"), lambda row: row.revoked_on, None),
        CONFIRMED,
    ),
    join=("programme", "stay__person"),
    latest="-listed_on",
    kind="selections",
)
