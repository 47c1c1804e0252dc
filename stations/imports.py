"""What a workbook of stations or of enterprises says, and how its rows come into the register."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.bulk import overwrite, pour
from portal.forms import PhoneField, WanField, WholeField
from portal.imports import Column, DayCell, ImportKind, LabelField, LabelsField, Place, Row, import_kind
from portal.lifecycle import Refused
from portal.models import Appointment, Event, Matter, Organisation, Spell
from stations import demand_imports, ledger, lifecycle, row_imports  # noqa: F401 they bring kinds of their own
from stations.import_columns import (
    BEGINNING,
    OFFICERS,
    YES_NO,
    CreditCode,
    chain_column,
    district_column,
    enterprises_of,
    text,
)
from stations.models import (
    ENDED,
    CancelGround,
    Enterprise,
    Plate,
    Station,
    StationKind,
)


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
    pour([Plate(station_id=station.pk, since=day, by_id=place.user.pk) for station, day in plates])


@import_kind
class Enterprises(ImportKind):
    """A row is one enterprise, known by its credit code. Those that keep their own profile are not written over."""

    code = "enterprises"
    order = 1
    label = pgettext_lazy("导入", "设站单位")
    note = gettext_lazy("一行一家单位，按统一社会信用代码认。已由单位自己维护的不会被覆盖；更名和迁移请在单位页登记。")
    roles = OFFICERS
    result = "stations:stations"
    FIGURES = ("staff", "rd_staff", "senior_staff", "doctors")

    def columns(self, place):
        return [
            Column("code", CreditCode(label=gettext_lazy("统一社会信用代码")), "91320583MA1ABCDE2P", ("信用代码", "代码")),
            Column("name", text(gettext_lazy("单位全称"), 100, needed=True), "昆山某某科技有限公司",
                   ("设站单位", "单位名称", "单位", "企业名称")),
            district_column(place, needed=True),
            Column("unit_type", LabelField(Enterprise.UnitType.choices, label=gettext_lazy("单位性质"), required=False)),
            Column("legal_person", LabelField(YES_NO, label=gettext_lazy("独立法人"), required=False), "是"),
            Column("address", text(gettext_lazy("单位地址"), 160)),
            Column("industry", text(gettext_lazy("国民经济行业"), 60), "C39 计算机、通信和其他电子设备制造业"),
            chain_column(place),
            Column("tags", LabelsField(Enterprise.Tag.choices, label=gettext_lazy("企业资质"), required=False),
                   "", hint=gettext_lazy("几项之间用顿号")),
            Column("revenue", WanField(label=gettext_lazy("上年度营业收入（万元）"), required=False), "53200"),
            Column("rd_spend", WanField(label=gettext_lazy("上年度研发投入（万元）"), required=False), "4860"),
            Column("staff", WholeField(label=gettext_lazy("职工人数"), required=False), "420"),
            Column("rd_staff", WholeField(label=gettext_lazy("研发人员"), required=False), "86"),
            Column("senior_staff", WholeField(label=gettext_lazy("高级职称人员"), required=False)),
            Column("doctors", WholeField(label=gettext_lazy("博士人数"), required=False)),
            Column("rd_name", text(gettext_lazy("研发机构名称"), 100)),
            Column("rd_level", LabelField(Enterprise.Level.choices, label=gettext_lazy("研发机构级别"), required=False)),
            Column("contact", text(gettext_lazy("联系人"), 40)),
            Column("contact_phone", PhoneField(label=gettext_lazy("联系电话"), required=False, max_length=20)),
        ]  # fmt: skip

    PROFILE = (
        *("unit_type", "legal_person", "address", "industry", "tags", "revenue", "rd_spend"),
        *("staff", "rd_staff", "senior_staff", "doctors", "rd_name", "rd_level", "contact", "contact_phone"),
    )

    def key(self, values):
        return values["code"]

    def find(self, place, rows):
        codes = {row.values["code"] for row in rows if row.values.get("code")}
        found = enterprises_of(place, codes)
        place.memory["elsewhere"] = set(
            Organisation.objects.filter(code__in=codes).exclude(code__in=found).values_list("code", flat=True)
        )
        owners = Appointment.objects.in_force(place.on).filter(organisation__in=[e.pk for e in found.values()])
        place.memory["own"] = set(owners.values_list("organisation", flat=True))
        names = {row.values["name"] for row in rows if row.values.get("name")}
        place.memory["names"] = dict(
            Organisation.objects.filter(name__in=names, district__up__ancestor=place.pack.root).values_list(
                "name", "code"
            )
        )
        return found

    def said(self, found):
        return {name: getattr(found, name) or None if name == "unit_type" else getattr(found, name)
                for name in self.PROFILE} | {"chain": found.chain_id}  # fmt: skip

    def check(self, place, row):
        values, found = row.values, row.found
        code = values.get("code")
        if code in place.memory["elsewhere"]:
            row.wrong("code", _("这个代码已由别处的单位使用，请核对。"))
        if found:
            self.check_found(place, row, found)
        elif code and place.memory["names"].get(values.get("name"), code) != code:
            row.wrong("name", _("同名的单位已用另一个代码登记，请核对代码。"))
        total = values.get("staff")
        for name in ("rd_staff", "senior_staff", "doctors"):
            if total is not None and (values.get(name) or 0) > total:
                row.wrong(name, _("多于职工人数 %(n)s。") % {"n": total})

    def check_found(self, place, row: Row, found: Enterprise) -> None:
        values, organisation = row.values, found.organisation
        if organisation.district_id not in place.user.scope.districts:
            row.wrong("code", _("这家单位属%(district)s，不在您的区镇。") % {"district": organisation.district.name})
            return
        if values.get("name") and values["name"] != organisation.name:
            row.wrong("name", _("登记的名称是“%(name)s”。改名请在单位页登记更名。") % {"name": organisation.name})
        if values.get("district") and values["district"] != organisation.district_id:
            row.wrong(
                "district", _("登记在%(district)s。迁移请在单位页登记。") % {"district": organisation.district.name}
            )
        said = self.said(found)
        differs = any(values.get(n) not in (None, "", []) and values[n] != v for n, v in said.items() if n in values)
        if found.pk in place.memory["own"] and differs:
            row.wrong("", _("这家单位已自己注册，情况由它自己维护，不能覆盖。"))

    def create(self, place, rows):
        organisations = [
            Organisation(
                code=values["code"],
                name=values["name"],
                kind=Organisation.Kind.ENTERPRISE,
                district_id=values["district"],
            )
            for values in rows
        ]
        pour(organisations)
        return pour(
            [
                Enterprise(organisation=organisation, **self.filled(values))
                for organisation, values in zip(organisations, rows, strict=True)
            ]
        )

    def filled(self, values) -> dict[str, Any]:
        given = {n: values[n] for n in self.PROFILE if values.get(n) not in (None, "", [])}
        return given | ({"chain_id": values["chain"]} if values.get("chain") else {})

    def change(self, place, rows):
        for found, values in rows:
            for name, value in values.items():
                empty = "" if name in ("unit_type", "rd_level") else [] if name == "tags" else None
                setattr(found, "chain_id" if name == "chain" else name, empty if value is None else value)
            found.version += 1
        overwrite([found for found, _values in rows], (*self.PROFILE, "chain", "version"))

    def get(self, place, targets):
        rows = place.held(Enterprise.objects.filter(pk__in=targets)).select_related("organisation")
        return {str(row.pk): row for row in rows}

    def take_away(self, place, found):
        organisations = [row.organisation for row in found]
        taken = set(Appointment.objects.filter(organisation__in=organisations).values_list("organisation", flat=True))
        for organisation in organisations:
            if organisation.pk in taken:
                raise Refused(_("%(name)s 已有人注册。") % {"name": organisation})
        Enterprise.objects.filter(pk__in=[row.pk for row in found]).delete()
        Organisation.objects.filter(pk__in=[row.pk for row in organisations]).delete()
