"""What a workbook of enterprises says, and how its rows come into the house."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.bulk import overwrite, pour
from portal.forms import PhoneField, WanField, WholeField
from portal.imports import Column, ImportKind, LabelField, LabelsField, Row, import_kind
from portal.lifecycle import Refused
from portal.models import Appointment, Organisation
from stations.import_columns import OFFICERS, YES_NO, CreditCode, chain_column, district_column, enterprises_of, text
from stations.models import Enterprise


@import_kind
class Enterprises(ImportKind):
    """A row is one enterprise, known by its credit code. Those that keep their own profile are not written over."""

    code = "enterprises"
    order = 1
    label = pgettext_lazy("导入", "设站单位")
    note = gettext_lazy("一行一家单位，按统一社会信用代码认。已由单位自己维护的不会被覆盖；更名和迁移请在单位页登记。")
    roles = OFFICERS
    result = "stations:enterprises"
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
