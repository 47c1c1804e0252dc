"""Workbooks of dated rows of one's own stations: supervisors, and agreements with flow stations."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import PhoneField
from portal.imports import Column, DayCell, ImportKind, LabelField, Place, Row, import_kind
from portal.models import Role
from stations.import_columns import BEGINNING, YES_NO, CodeNumber, text
from stations.ledger import rows as ledger
from stations.ledger.forms import LastDayField
from stations.models import Station


class LastDayCell(LastDayField, DayCell):
    """The last day that something is so, kept as the day after it."""


class StationRows(ImportKind):
    """A row is one dated row of one station, known by the station's number, `names` and the day it begins.

    `same`: of rows that agree in these, the periods may not overlap.
    """

    roles = frozenset({Role.HANDLER})
    result = "stations:workbench"
    row_kind: str
    names: tuple[str, ...]
    same: tuple[str, ...]
    facts: tuple[str, ...]  # columns that may be corrected

    @property
    def kept(self) -> ledger.Kind:
        return ledger.KINDS[self.row_kind]

    def station_column(self) -> Column:
        return Column("station", CodeNumber(label=gettext_lazy("工作站编号")), "KS-WS-2023-0001", ("编号",))

    def key(self, values):
        return values["station"], *(values[name] for name in self.names), values["since"]

    def find(self, place, rows):
        numbers = {row.values["station"] for row in rows if row.values.get("station")}
        own = Station.objects.filter(
            matter__number__in=numbers, matter__organisation__in=place.user.scope.organisations
        )
        stations = {s.matter.number: s for s in own.select_related("matter")}
        place.memory["stations"] = stations
        places = {s.pk: s for s in stations.values()}
        found, periods = {}, {}
        for one in place.held(self.kept.model.objects.filter(station__in=places)):
            one.station = places[one.station_id]
            number = one.station.matter.number
            found[number, *(getattr(one, name) for name in self.names), one.since] = one
            same = (number, *(getattr(one, name) for name in self.same))
            periods.setdefault(same, []).append((one.since, one.until))
        place.memory["periods"] = periods
        return found

    def said(self, found):
        return {name: getattr(found, name) for name in self.facts}

    def check(self, place, row):
        values = row.values
        number, since = values.get("station"), values.get("since")
        station = place.memory["stations"].get(number)
        if number and station is None:
            row.wrong("station", _("本单位没有编号 %(number)s 的工作站。") % {"number": number})
        elif station and not self.kept.may(place.user, station):
            row.wrong("station", _("这个站已终止，或不由您登记。"))
        elif station and since:
            self.check_days(place, row, station)
        if not row.problems:
            self.check_overlap(place, row)

    def check_days(self, place: Place, row: Row, station: Station) -> None:
        if row.values["since"] < station.approved_on:
            row.wrong("since", _("工作站 %(day)s 才批准，起日不能更早。") % {"day": station.approved_on})

    def check_overlap(self, place: Place, row: Row) -> None:
        """The same person or agreement twice at a time, in the register or in the rows above."""
        values = self.filled(row.values)
        since, until = values["since"], values.get("until")
        periods = place.memory["periods"].setdefault((values["station"], *(values[n] for n in self.same)), [])
        for begun, ended in periods:
            if begun != since and (until is None or begun < until) and (ended is None or since < ended):
                row.wrong("since", self.kept.model._meta.constraints[-1].violation_error_message)
                return
        periods.append((since, until))

    def filled(self, values: dict) -> dict[str, Any]:
        """The values of a new row, with what an empty cell stands for."""
        return values

    def create(self, place, rows):
        made = []
        for values in rows:
            given = self.filled(values)
            station = place.memory["stations"][given["station"]]
            made.append(self.kept.model(station=station, **{n: v for n, v in given.items() if n != "station"}))
        ledger.keep_all(self.kept, made, by=place.user, on=place.on)
        return made

    def change(self, place, rows):
        for found, values in rows:
            for name, value in self.filled(values).items():
                setattr(found, name, value)
        ledger.keep_all(self.kept, [found for found, _values in rows], by=place.user, on=place.on)

    def get(self, place, targets):
        rows = place.held(self.kept.model.objects.filter(pk__in=targets))
        return {str(row.pk): row for row in rows.select_related("station__matter", "station__enterprise")}

    def take_away(self, place, found):
        ledger.remove_all(self.kept, found, by=place.user, on=place.on)


@import_kind
class Supervisors(StationRows):
    """A row is one supervisor of one station, known by the station's number, name and the day they began."""

    code, row_kind, order = "supervisors", "supervisor", 3
    label = gettext_lazy("合作导师")
    note = gettext_lazy("一行一位导师，按工作站编号、姓名和起日认。只能导入本单位的工作站。")
    result = "stations:supervisors"
    names, same = ("name",), ("name", "phone")
    facts = ("title", "field", "phone", "full_time")

    def columns(self, place):
        return [
            self.station_column(),
            Column("name", text(gettext_lazy("姓名"), 40, needed=True), "张三", ("导师姓名",)),
            Column("title", text(gettext_lazy("职称"), 40, needed=True), "正高级工程师"),
            Column("field", text(gettext_lazy("研究方向"), 80, needed=True), "机器视觉", ("研究领域",)),
            Column("phone", PhoneField(label=gettext_lazy("电话"), required=False, max_length=20), "13800000000", ("手机",)),
            Column("full_time", LabelField(YES_NO, {"全职": True, "兼职": False}, label=gettext_lazy("是否全职"),
                                           required=False), "是", ("全职",)),
            Column("since", DayCell(label=gettext_lazy("起")), "2024-03-01", ("任职起", "起始日期")),
        ]  # fmt: skip

    def filled(self, values):
        given = dict(values)
        for name, empty in (("phone", ""), ("full_time", True)):
            if name in given and given[name] is None:
                given[name] = empty
        return given if "station" not in given else {"phone": "", "full_time": True} | given


@import_kind
class Partners(StationRows):
    """A row is one agreement with one flow station, known by the station's number, both names and the day of signing."""

    code, row_kind, order = "partners", "partner", 4
    label = gettext_lazy("合作流动站协议")
    note = gettext_lazy("一行一份协议，按工作站编号、高校院所、流动站和签订日期认。协议文件请在站点页上传。")
    names, same = ("university", "flow_station"), ("university", "flow_station")
    facts = ("until",)

    def columns(self, place):
        until = LastDayCell(label=gettext_lazy("有效期至"), required=False)
        return [
            self.station_column(),
            Column("university", text(gettext_lazy("高校院所"), 80, needed=True), "某某大学", ("高校", "合作高校")),
            Column("flow_station", text(gettext_lazy("流动站"), 80, needed=True), "控制科学与工程", ("合作流动站",)),
            Column("since", DayCell(label=gettext_lazy("签订日期")), "2024-03-01", ("签订时间", "起")),
            Column("until", until, "2027-02-28", ("到期日期", "止"), gettext_lazy("协议写明的最后一天；长期有效的不填")),
        ]  # fmt: skip

    def check_days(self, place, row, station):
        since, until = row.values["since"], row.values.get("until")
        if since > place.on:
            row.wrong("since", _("%(day)s 还没有到。") % {"day": since})
        elif since < BEGINNING:
            row.wrong("since", _("%(day)s 早于博士后制度建立，请核对年份。") % {"day": since})
        if until and until <= since:
            last: date = until - timedelta(1)
            row.wrong("until", _("有效期至 %(last)s 早于签订日期 %(day)s。") % {"last": last, "day": since})
