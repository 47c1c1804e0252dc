"""What a workbook of yearly recruits says, and how its rows come to their stations."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import WanField, WholeField
from portal.imports import Column, DayCell, import_kind
from stations.import_columns import OFFICERS, text
from stations.ledger.imports import StationRows
from stations.models import Station
from stations.roles import HANDLER


@import_kind
class YearlyRecruits(StationRows):
    """A row is one year of one station, known by the station's number and the year."""

    code, row_kind, order = "recruits", "recruits", 5
    label = gettext_lazy("招收情况")
    note = gettext_lazy("一行一个站一年，按工作站编号和年份认。没有招收的年份请写 0；空着表示不知道。")
    roles = OFFICERS | HANDLER
    result, own_result = "stations:standing", "stations:stations"
    facts = ("entered", "last_on", "present", "pay", "source")

    def columns(self, place):
        return [
            self.station_column(),
            Column("year", WholeField(label=gettext_lazy("年份")), str(place.on.year - 1), ("年度",)),
            Column("entered", WholeField(label=gettext_lazy("备案进站人数"), max_value=999), "2",
                   ("进站人数", "招收人数"), gettext_lazy("没有招收写 0")),
            Column("last_on", DayCell(label=gettext_lazy("最近一次备案进站"), required=False), "",
                   ("最近进站日期",)),
            Column("present", WholeField(label=gettext_lazy("年末在站人数"), required=False, max_value=999), "3",
                   ("在站人数",)),
            Column("pay", WanField(label=gettext_lazy("博士后平均年薪（万元）"), required=False), "", ("平均年薪",)),
            Column("source", text(gettext_lazy("依据"), 80, needed=True), "全国博士后系统备案表", ("来源",)),
        ]  # fmt: skip

    def key(self, values):
        return values["station"], values["year"]

    def find(self, place, rows):
        numbers = {row.values["station"] for row in rows if row.values.get("station")}
        seen = Station.objects.visible_to(place.user).filter(matter__number__in=numbers)
        place.memory["stations"] = {s.matter.number: s for s in seen.select_related("matter")}
        stations = {s.pk: s for s in place.memory["stations"].values()}
        found = {}
        for one in place.held(self.kept.model.objects.filter(station__in=stations)):
            one.station = stations[one.station_id]
            found[one.station.matter.number, one.year] = one
        return found

    def check(self, place, row):
        values, number = row.values, row.values.get("station")
        station = place.memory["stations"].get(number)
        if number and station is None:
            row.wrong("station", _("没有编号 %(number)s 的工作站，或它不在您的范围内。") % {"number": number})
        elif station and not self.kept.may(place.user, station):
            row.wrong("station", _("这个站已终止，或不由您登记。"))
        year, last_on = values.get("year"), values.get("last_on")
        if station and year and year < station.approved_on.year:
            row.wrong("year", _("工作站 %(day)s 才批准。") % {"day": station.approved_on})
        if year and year > place.on.year:
            row.wrong("year", _("%(year)s 年还没有到。") % {"year": year})
        if last_on and (last_on.year != year or last_on > place.on):
            row.wrong("last_on", _("应在 %(year)s 年之内，且不晚于今天。") % {"year": year})
        if last_on and values.get("entered") == 0:
            row.wrong("last_on", _("没有招收的年份不写日期。"))

    def create(self, place, rows):
        return super().create(place, [{**v, "counted_on": counted(v["year"], place.on)} for v in rows])

    def change(self, place, rows):
        for found, _values in rows:
            found.counted_on = counted(found.year, place.on)
        super().change(place, rows)


def counted(year: int, on: date) -> date:
    """A year is told to its end, this one to today."""
    return min(date(year, 12, 31), on)
