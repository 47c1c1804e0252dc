"""What a workbook of stations, of enterprises or of supervisors says, and how its rows come into the register."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as WrongCode

from portal.forms import CodeField, PhoneField, TidyField, WanField, WholeField
from portal.imports import Column, DayCell, ImportKind, LabelField, LabelsField, Place, Row, districts, import_kind
from portal.lifecycle import Refused
from portal.models import Appointment, Event, Matter, Organisation, Role, Spell
from portal.models.people import BUREAU
from portal.words import localised
from stations import ledger, lifecycle
from stations.models import (
    ENDED,
    CancelGround,
    Enterprise,
    IndustryChain,
    Plate,
    Station,
    StationKind,
    Supervisor,
)

OFFICERS = BUREAU | {Role.DISTRICT}
BEGINNING = date(1985, 7, 1)  # when postdoctoral work began in China: no paper is older
YES_NO = ((True, gettext_lazy("是")), (False, gettext_lazy("否")))


class CreditCode(CodeField):
    """A credit code with its check digit; a register has no licence to compare with, so a wrong one is told."""

    def to_python(self, value):
        value = super().to_python(value)
        if not value:
            return value
        try:
            uscc.validate(value)
        except InvalidChecksum as error:
            raise ValidationError(_("“%(code)s”的校验位不对，多半是错了一位。") % {"code": value}) from error
        except WrongCode as error:
            text = _("“%(code)s”有 %(n)s 位，统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）。")
            raise ValidationError(text % {"code": value, "n": len(value)}) from error
        return value


class CodeNumber(TidyField):
    """A case number: no spaces inside, capitals."""

    def to_python(self, value):
        return (super().to_python(value) or "").replace(" ", "").upper()


def text(label, limit: int, *, needed: bool = False) -> TidyField:
    return TidyField(label=label, max_length=limit, required=needed)


def district_column(place: Place, *, needed: bool) -> Column:
    rows = place.memory.setdefault("districts", districts(place))
    also = {row.short_name: row.pk for row in rows if row.short_name}
    also |= {row.name_en: row.pk for row in rows if row.name_en} | {row.code: row.pk for row in rows}
    choices = [(row.pk, row.name) for row in rows]
    field = LabelField(choices, also, label=gettext_lazy("区镇"), required=needed)
    return Column("district", field, choices[-1][1] if choices else "", ("所属区镇", "属地", "乡镇"))


def chain_column(place: Place) -> Column:
    rows = place.memory.setdefault(
        "chains", list(IndustryChain.objects.filter(pack=place.pack).order_by("order", "pk"))
    )
    field = LabelField([(r.pk, localised(r, "name")) for r in rows], {r.name: r.pk for r in rows},
                       label=gettext_lazy("产业链"), required=False)  # fmt: skip
    return Column("chain", field, also=("重点产业链", "所属产业链"))


def enterprises_of(place: Place, codes) -> dict[str, Enterprise]:
    """The enterprises of these codes in this city, whether this person may write of them or not."""
    rows = Enterprise.objects.filter(
        organisation__code__in=codes, organisation__district__up__ancestor=place.pack.root if place.pack else None
    )
    return {row.organisation.code: row for row in rows.select_related("organisation__district", "chain")}


@import_kind
class Stations(ImportKind):
    """A row is one station, known by its enterprise, its kind and the date of its paper."""

    code = "stations"
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
        place.memory["owners"] = enterprises_of(place, codes)
        found = {}
        for station in Station.objects.filter(enterprise__organisation__code__in=codes).select_related(
            "enterprise__organisation", "matter__district", "chain"
        ):
            found[station.enterprise.organisation.code, station.kind, station.approved_on] = station
        plates = Plate.objects.filter(station__in=found.values(), until=None)
        dates = dict(plates.values_list("station", "since"))
        for station in found.values():
            station.plate_since = dates.get(station.pk)
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

    def create(self, place, values):
        owner = place.memory["owners"][values["code"]]
        station = lifecycle.enter_station(
            owner,
            kind=StationKind(values["kind"]),
            approved_on=values["approved_on"],
            document=values["document"],
            approver=values["approver"],
            district=owner.organisation.district,
            by=place.user,
        )
        if name := values.get("name"):
            station.name = name
            Matter.objects.filter(pk=station.matter_id).update(title=name, title_en="")
        if values.get("chain"):
            station.chain_id = values["chain"]
        station.save(update_fields=["name", "chain"])
        if values.get("plate_on"):
            Plate.objects.create(station=station, since=values["plate_on"], by=place.user)
        if values.get("ended_on"):
            self.end(station, values, place)
        return station

    def end(self, station: Station, values, place) -> None:
        """A station of the past, entered with its end. The officer enters what a paper decided, and decides nothing."""
        on = values["ended_on"]
        lifecycle.retire(station, on=on, document=values["end_document"], ground=values["end_ground"], by=place.user)

    def change(self, place, found, values):
        names = {"document": "approval_document", "approver": "approver", "chain": "chain_id"}
        for name, column in names.items():
            if name in values:
                setattr(found, column, values[name])
        found.save(update_fields=["approval_document", "approver", "chain"])
        if "plate_on" in values:
            Plate.objects.filter(station=found, until=None).delete()
            if values["plate_on"]:
                Plate.objects.create(station=found, since=values["plate_on"], by=place.user)
        Matter.objects.filter(pk=found.matter_id).update(version=found.matter.version + 1)
        ledger.note_down(found, "row_changed", by=place.user, on=place.on, note=_("按导入的名册修改"))

    def get(self, target):
        rows = Station.objects.select_related("matter", "enterprise__organisation", "chain")
        found = rows.filter(pk=target).first()
        if found:
            found.plate_since = Plate.objects.filter(station=found, until=None).values_list("since", flat=True).first()
        return found

    def take_away(self, place, found):
        """A station that came in with a batch goes with everything that came with it; nothing may have happened since."""
        raised = Station.objects.filter(pk=found.upgraded_from_id).first()
        later = Event.objects.filter(matter=found.matter_id).exclude(action="cancel", details__has_key="entered")
        if later.exists() or raised:
            raise Refused(_("%(name)s 已经有了后来的办理，不能撤回。") % {"name": found})
        matter = found.matter
        Plate.objects.filter(station=found).delete()
        found.delete()
        Event.objects.filter(matter=matter).delete()
        Spell.objects.filter(matter=matter).delete()
        matter.delete()


@import_kind
class Enterprises(ImportKind):
    """A row is one enterprise, known by its credit code. Those that keep their own profile are not written over."""

    code = "enterprises"
    label = gettext_lazy("设站单位")
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

    def create(self, place, values):
        organisation = Organisation(
            code=values["code"],
            name=values["name"],
            kind=Organisation.Kind.ENTERPRISE,
            district_id=values["district"],
        )
        organisation.full_clean()
        organisation.save()
        return Enterprise.objects.create(organisation=organisation, **self.filled(values))

    def filled(self, values) -> dict[str, Any]:
        given = {n: values[n] for n in self.PROFILE if values.get(n) not in (None, "", [])}
        return given | ({"chain_id": values["chain"]} if values.get("chain") else {})

    def change(self, place, found, values):
        for name, value in values.items():
            empty = "" if name in ("unit_type", "rd_level") else [] if name == "tags" else None
            setattr(found, "chain_id" if name == "chain" else name, empty if value is None else value)
        found.version += 1
        found.validate_constraints()
        found.save()

    def get(self, target):
        return Enterprise.objects.select_related("organisation").filter(pk=target).first()

    def take_away(self, place, found):
        organisation = found.organisation
        if organisation.appointments.exists():
            raise Refused(_("%(name)s 已有人注册。") % {"name": organisation})
        found.delete()
        organisation.delete()


@import_kind
class Supervisors(ImportKind):
    """A row is one supervisor of one station, known by the station's number, name and the day they began."""

    code = "supervisors"
    label = gettext_lazy("合作导师")
    note = gettext_lazy("一行一位导师，按工作站编号、姓名和起日认。只能导入本单位的工作站。")
    roles = frozenset({Role.HANDLER})
    result = "stations:workbench"

    def columns(self, place):
        return [
            Column("station", CodeNumber(label=gettext_lazy("工作站编号")), "KS-WS-2023-0001", ("编号",)),
            Column("name", text(gettext_lazy("姓名"), 40, needed=True), "张三", ("导师姓名",)),
            Column("title", text(gettext_lazy("职称"), 40, needed=True), "正高级工程师"),
            Column("field", text(gettext_lazy("研究方向"), 80, needed=True), "机器视觉", ("研究领域",)),
            Column("phone", PhoneField(label=gettext_lazy("电话"), required=False, max_length=20), "13800000000", ("手机",)),
            Column("full_time", LabelField(YES_NO, {"全职": True, "兼职": False}, label=gettext_lazy("是否全职"),
                                           required=False), "是", ("全职",)),
            Column("since", DayCell(label=gettext_lazy("起")), "2024-03-01", ("任职起", "起始日期")),
        ]  # fmt: skip

    def key(self, values):
        return values["station"], values["name"], values["since"]

    def find(self, place, rows):
        numbers = {row.values["station"] for row in rows if row.values.get("station")}
        own = Station.objects.filter(
            matter__number__in=numbers, matter__organisation__in=place.user.scope.organisations
        )
        place.memory["stations"] = {s.matter.number: s for s in own.select_related("matter")}
        found = Supervisor.objects.filter(station__in=place.memory["stations"].values()).select_related(
            "station__matter"
        )
        return {(s.station.matter.number, s.name, s.since): s for s in found}

    def said(self, found):
        return {name: getattr(found, name) for name in ("title", "field", "phone", "full_time")}

    def check(self, place, row):
        number = row.values.get("station")
        station = place.memory["stations"].get(number)
        if number and station is None:
            row.wrong("station", _("本单位没有编号 %(number)s 的工作站。") % {"number": number})
        elif station and not ledger.KINDS["supervisor"].may(place.user, station):
            row.wrong("station", _("这个站已终止，或不由您登记。"))
        elif station and row.values.get("since") and row.values["since"] < station.approved_on:
            row.wrong("since", _("工作站 %(day)s 才批准，起日不能更早。") % {"day": station.approved_on})

    def create(self, place, values):
        given = {n: values[n] for n in ("name", "title", "field", "since")} | {"phone": values.get("phone") or ""}
        full_time = values.get("full_time")
        row = Supervisor(
            station=place.memory["stations"][values["station"]],
            full_time=True if full_time is None else full_time,
            **given,
        )
        ledger.keep(ledger.KINDS["supervisor"], row, by=place.user, on=place.on)
        return row

    def change(self, place, found, values):
        for name, value in values.items():
            setattr(found, name, "" if value is None else value)
        ledger.keep(ledger.KINDS["supervisor"], found, by=place.user, on=place.on)

    def get(self, target):
        return Supervisor.objects.select_related("station__matter", "station__enterprise").filter(pk=target).first()

    def take_away(self, place, found):
        ledger.remove(ledger.KINDS["supervisor"], found, by=place.user, on=place.on)
