"""What a workbook of stations says, and how its rows come into the register."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.bulk import maker, overwrite, pour
from portal.imports import Column, DayCell, ImportKind, LabelField, Place, Row, import_kind
from portal.lifecycle import Refused
from portal.models import Event, Matter, Spell
from stations.import_columns import BEGINNING, OFFICERS, CreditCode, chain_column, district_column, enterprises_of, text
from stations.ledger import rows as ledger
from stations.models import ENDED, CancelGround, Enterprise, Plate, Station, StationKind
from stations.register import lifecycle


@import_kind
class Stations(ImportKind):
    """A row is one station, known by its enterprise, its kind and the date of its paper."""

    code = "stations"
    order = 2
    label = gettext_lazy("工作站名册")
    note = gettext_lazy(
        "一行一个站，按单位、站点类型和批准日期认。设站单位要先登记；更名、暂停、注销已有的站在站点页办理。"
    )
    roles = OFFICERS
    result = "stations:stations"

    def columns(self, place):
        kinds = {"国家级工作站": "national", "国家级": "national", "分站": "branch", "区域性总站": "regional"}
        kinds |= {"省级基地": "base_provincial", "市级基地": "base_city", "博士工作站": "doctor_station"}
        return [
            Column("code", CreditCode(label=gettext_lazy("统一社会信用代码")), "91320583MA1ABCDE2P", ("信用代码", "代码")),
            Column("unit", text(gettext_lazy("设站单位"), 100), "昆山某某科技有限公司", ("单位名称", "单位", "企业名称")),
            Column("kind", LabelField(StationKind.choices, kinds, label=gettext_lazy("站点类型")),
                   str(StationKind.NATIONAL.label), ("类型", "站点级别")),
            Column("name", text(gettext_lazy("工作站名称"), 120), "", ("站名",), gettext_lazy("不填则由单位和类型组成")),
            Column("approved_on", DayCell(label=gettext_lazy("批准日期")), "2023-10-19", ("设站时间", "批准时间")),
            Column("document", text(gettext_lazy("批准文号"), 80, needed=True), "博管办〔2023〕28号", ("文号",)),
            Column("approver", text(gettext_lazy("批准机关"), 80, needed=True), "", ("批准单位",)),
            district_column(place, needed=False),
            chain_column(place),
            Column("plate_on", DayCell(label=gettext_lazy("挂牌日期"), required=False), "", ("挂牌时间",)),
            Column("ended_on", DayCell(label=gettext_lazy("注销日期"), required=False), "", ("注销时间",)),
            Column("end_document", text(gettext_lazy("注销文号"), 80)),
            Column("end_ground", LabelField(CancelGround.choices, label=gettext_lazy("注销原因"), required=False)),
        ]  # fmt: skip

    def key(self, values):
        return values["code"], values["kind"], values["approved_on"]

    def find(self, place, rows):
        codes = {row.values["code"] for row in rows if row.values.get("code")}
        place.memory["owners"] = enterprises_of(place, codes, whole=False)
        found = {}
        owners = {e.pk: e for e in place.memory["owners"].values()}
        for station in (
            place.held(Station.objects.filter(enterprise__in=owners)).select_related("matter").order_by("pk")
        ):
            station.enterprise = owners[station.enterprise_id]
            found[station.enterprise.organisation.code, station.kind, station.approved_on] = station
        with_plates(found.values())
        place.memory["standing"] = {key[:2] for key, s in found.items() if s.status not in ENDED}
        return found

    def said(self, found):
        return {
            "name": found.name,
            "document": found.approval_document,
            "approver": found.approver,
            "chain": found.chain_id,
            "plate_on": found.plate_since,
            "ended_on": found.ended_on,
        }

    def check(self, place, row):
        values, known = row.values, place.memory["owners"]
        self.check_owner(place, row, known.get(values.get("code")))
        self.check_days(place, row)
        self.check_end(row)
        if row.problems:
            return
        kind = StationKind(values["kind"])
        if row.found:
            if values.get("name") and values["name"] != row.found.name:
                row.wrong("name", _("登记的站名是“%(name)s”。改名请在站点页办理更名。") % {"name": row.found.name})
            if values.get("ended_on") and values["ended_on"] != row.found.ended_on:
                row.wrong("ended_on", _("这个站已经登记。注销请在站点页办理，附文号和原因。"))
            if values.get("plate_on") and row.found.plate_since and values["plate_on"] != row.found.plate_since:
                row.wrong("plate_on", _("已登记 %(day)s 挂牌，请在站点页修改。") % {"day": row.found.plate_since})
        elif not values.get("ended_on"):
            many = kind in (StationKind.BRANCH, StationKind.OVERSEAS)
            standing = place.memory["standing"]
            if not many and (values["code"], values["kind"]) in standing:
                row.wrong("kind", _("这家单位已有一个有效的%(kind)s，一家只能有一个。") % {"kind": kind.label})
            standing.add((values["code"], values["kind"]))

    def check_owner(self, place, row: Row, owner: Enterprise | None) -> None:
        values = row.values
        if not values.get("code"):
            return
        if owner is None:
            row.wrong("code", _("没有登记这家单位。请先导入单位，或请它自己注册。"))
            return
        if owner.organisation.district_id not in place.user.scope.districts:
            row.wrong(
                "code", _("这家单位属%(district)s，不在您的区镇。") % {"district": owner.organisation.district.name}
            )
        elif values.get("unit") and values["unit"] != owner.organisation.name:
            row.wrong("unit", _("这个代码登记的单位是“%(name)s”。") % {"name": owner.organisation.name})
        district = values.get("district")
        if district and row.found is None and district != owner.organisation.district_id:
            row.wrong("district", _("这家单位登记在%(district)s。") % {"district": owner.organisation.district.name})

    def check_days(self, place, row: Row) -> None:
        values = row.values
        approved = values.get("approved_on")
        for name in ("approved_on", "plate_on", "ended_on"):
            if values.get(name) and values[name] > place.on:
                row.wrong(name, _("%(day)s 还没有到。") % {"day": values[name]})
            elif values.get(name) and values[name] < BEGINNING:
                row.wrong(name, _("%(day)s 早于博士后制度建立，请核对年份。") % {"day": values[name]})
        for name in ("plate_on", "ended_on"):
            if approved and values.get(name) and values[name] < approved:
                row.wrong(name, _("早于批准日期 %(day)s。") % {"day": approved})

    def check_end(self, row: Row) -> None:
        values = row.values
        if values.get("ended_on"):
            if "end_document" not in row.problems and not values.get("end_document"):
                row.wrong("end_document", _("填了注销日期，请填注销文号。"))
            if "end_ground" not in row.problems and not values.get("end_ground"):
                row.wrong("end_ground", _("填了注销日期，请选注销原因。"))
        elif "ended_on" not in row.problems and (values.get("end_document") or values.get("end_ground")):
            row.wrong("ended_on", _("填了注销文号或原因，请填注销日期。"))

    def create(self, place, rows):
        owners = place.memory["owners"]
        made = lifecycle.enter_stations([self.entry(owners[v["code"]], v) for v in rows], by=place.user)
        pairs = zip(made, rows, strict=True)
        hang([(station, v["plate_on"]) for station, v in pairs if v.get("plate_on")], place)
        return made

    def entry(self, owner: Enterprise, values: dict) -> lifecycle.Entry:
        return lifecycle.Entry(
            owner,
            kind=StationKind(values["kind"]),
            approved_on=values["approved_on"],
            document=values["document"],
            approver=values["approver"],
            district=owner.organisation.district,
            name=values.get("name") or "",
            chain_id=values.get("chain"),
            ended_on=values.get("ended_on"),
            end_document=values.get("end_document") or "",
            end_ground=values.get("end_ground") or "",
        )

    COLUMNS = {"document": "approval_document", "approver": "approver", "chain": "chain_id"}

    def change(self, place, rows):
        for station, values in rows:
            for name, column in self.COLUMNS.items():
                if name in values:
                    setattr(station, column, values[name])
        overwrite([station for station, _values in rows], ("approval_document", "approver", "chain"))
        plates = [(station, values["plate_on"]) for station, values in rows if "plate_on" in values]
        Plate.objects.filter(station__in=[station for station, _day in plates], until=None).delete()
        hang([(station, day) for station, day in plates if day], place)
        held = Matter.objects.filter(pk__in=[station.matter_id for station, _values in rows])
        held.update(version=F("version") + 1)
        notes = [(station.matter, "row_changed", _("按导入的名册修改"), {}) for station, _values in rows]
        ledger.note_all(notes, by=place.user, on=place.on)

    def get(self, place, targets):
        rows = place.held(Station.objects.filter(pk__in=targets)).select_related("matter", "enterprise__organisation")
        found = {str(station.pk): station for station in rows}
        with_plates(found.values())
        return found

    def take_away(self, place, found):
        """Stations that came in with a batch go with everything that came with them; nothing may have happened since."""
        raised = set(
            Station.objects.filter(pk__in=[s.upgraded_from_id for s in found if s.upgraded_from_id]).values_list(
                "pk", flat=True
            )
        )
        matters = [station.matter_id for station in found]
        later = Event.objects.filter(matter__in=matters).exclude(action="cancel", details__has_key="entered")
        moved = set(later.values_list("matter", flat=True))
        for station in found:
            if station.matter_id in moved or station.upgraded_from_id in raised:
                raise Refused(_("%(name)s 已经有了后来的办理，不能撤回。") % {"name": station})
        Plate.objects.filter(station__in=found).delete()
        Station.objects.filter(pk__in=[station.pk for station in found]).delete()
        Event.objects.filter(matter__in=matters).delete()
        Spell.objects.filter(matter__in=matters).delete()
        Matter.objects.filter(pk__in=matters).delete()


def with_plates(stations: Iterable[Station]) -> None:
    stations = list(stations)
    plates = Plate.objects.filter(station__in=[station.pk for station in stations], until=None)
    dates = dict(plates.values_list("station", "since"))
    for station in stations:
        station.plate_since = dates.get(station.pk)  # type: ignore[attr-defined]


def hang(plates: Iterable[tuple[Station, date]], place: Place) -> None:
    new_plate, by = maker(Plate), place.user.pk
    pour([new_plate(station_id=station.pk, since=day, by_id=by) for station, day in plates])
