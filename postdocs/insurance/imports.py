"""Workbooks of the insurance office: who was insured at which unit in which month."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import bulk, sealed
from portal.forms import TidyField
from portal.imports import Column, DayCell, ImportKind, LabelField, import_kind
from portal.models import Organisation
from postdocs.insurance.models import Insured, InsuredMonth
from postdocs.numbers import PaperNumber
from postdocs.told import OFFICERS
from stations.import_columns import YES_NO, CreditCode, text

FACTS = ("paid", "back_paid_on", "source")


class MonthCell(TidyField):
    """A month as people write it: 2026-05, 202605, 2026年5月, or a day of it. Kept as its first day."""

    WRITTEN = re.compile(r"(\d{4})[年/.\-]?(\d{1,2})(?:月|[月/.\-]\d{1,2}日?)?")

    def clean(self, value):
        value = super().clean(value)
        found = self.WRITTEN.fullmatch(value.replace(" ", ""))
        if found and 1 <= int(found[2]) <= 12 and int(found[1]) >= 1990:
            return date(int(found[1]), int(found[2]), 1)
        raise ValidationError(_("“%(value)s”不是月份。请写成 2026-05 这样。") % {"value": value})

    def prepare_value(self, value):
        return f"{value:%Y-%m}" if isinstance(value, date) else value


@import_kind
class InsuranceLists(ImportKind):
    """A row is one month of one person at one unit. Who hands it in confirms it."""

    code, order, keeps_secrets = "insurance", 9, True
    label = gettext_lazy("参保清单")
    note = gettext_lazy(
        "一行一人一月，按单位代码、证件号码和月份认。没有名单的月份算不知道，不算断缴；补缴的写补缴日期。"
    )
    roles = OFFICERS
    result = "postdocs:insurance"

    def columns(self, place):
        last = f"{place.on:%Y-%m}"
        back = DayCell(label=gettext_lazy("补缴日期"), required=False)
        return [
            Column("code", CreditCode(label=gettext_lazy("统一社会信用代码")), "", ("单位代码", "信用代码")),
            Column("name", text(gettext_lazy("姓名"), 60, needed=True), "张三"),
            Column("number", PaperNumber(), "", ("身份证号", "身份证号码"), gettext_lazy("请设成文本格式"), secret=True),
            Column("month", MonthCell(label=gettext_lazy("月份")), last, ("参保月份", "费款所属期", "所属期")),
            Column("paid", LabelField(YES_NO, {"已缴": True, "未缴": False}, label=gettext_lazy("当月已缴")), "是",
                   ("是否缴费", "缴费状态")),
            Column("back_paid_on", back, "", ("补缴时间",), gettext_lazy("当月没缴、后来补缴的写")),
            Column("source", text(gettext_lazy("依据"), 80, needed=True), "市社保中心参保证明", ("来源",)),
        ]  # fmt: skip

    def key(self, values):
        return values["code"], sealed.index_of(values["number"]), values["month"]

    def find(self, place, rows):
        codes = {row.values["code"] for row in rows if row.values.get("code")}
        units = Organisation.objects.filter(code__in=codes, district__in=place.user.scope.districts)
        place.memory["units"] = {unit.code: unit for unit in units}
        by_pk = {unit.pk: unit.code for unit in units}
        indexes = {sealed.index_of(row.values["number"]) for row in rows if row.values.get("number")}
        people = Insured.objects.filter(organisation__in=by_pk, number_index__in=indexes)
        place.memory["people"] = {(by_pk[one.organisation_id], one.number_index): one for one in people}
        known = {one.pk: key for key, one in place.memory["people"].items()}
        months = {row.values["month"] for row in rows if row.values.get("month")}
        found = InsuredMonth.objects.filter(insured__in=known, month__in=months)
        return {(*known[one.insured_id], one.month): one for one in place.held(found)}

    def said(self, found):
        return {name: getattr(found, name) for name in FACTS}

    def check(self, place, row):
        values, back = row.values, row.values.get("back_paid_on")
        code, month = values.get("code"), values.get("month")
        if code and code not in place.memory["units"]:
            row.wrong("code", _("没有登记这家单位，或它不在您的范围内。"))
        if month and month > place.on:
            row.wrong("month", _("%(month)s 还没有到。") % {"month": f"{month:%Y-%m}"})
        if back and (values.get("paid") or (month and back <= month)):
            row.wrong("back_paid_on", _("补缴日期只写在当月没缴的行上，且晚于当月。"))
        if back and back > place.on:
            row.wrong("back_paid_on", _("%(day)s 还没有到。") % {"day": back})
        if row.found and values.get("paid") and row.found.back_paid_on:
            row.wrong("paid", _("这个月已登记为 %(day)s 补缴。") % {"day": row.found.back_paid_on})

    def create(self, place, rows):
        people = place.memory["people"]
        keys = {(v["code"], sealed.index_of(v["number"])): v["name"] for v in rows}
        fresh = [
            Insured(organisation=place.memory["units"][code], number_index=index, name=name)
            for (code, index), name in keys.items()
            if (code, index) not in people
        ]
        Insured.objects.bulk_create(fresh, ignore_conflicts=True)
        codes = {unit.pk: code for code, unit in place.memory["units"].items()}
        again = Insured.objects.filter(organisation__in=codes, number_index__in=[index for _code, index in keys])
        known = {(codes[one.organisation_id], one.number_index): one for one in again}
        made = [
            InsuredMonth(
                insured=known[v["code"], sealed.index_of(v["number"])], month=v["month"], paid=v["paid"],
                back_paid_on=v.get("back_paid_on"), source=v["source"], confirmed_by=place.user, confirmed_on=place.on,
            )
            for v in rows
        ]  # fmt: skip
        return bulk.pour(made)

    def change(self, place, rows):
        for found, values in rows:
            for name, value in values.items():
                setattr(found, name, value)
            found.confirmed_by, found.confirmed_on = place.user, place.on
        bulk.overwrite([found for found, _values in rows], [*FACTS, "confirmed_by", "confirmed_on"])

    def get(self, place, targets):
        rows = InsuredMonth.objects.filter(pk__in=targets, insured__in=Insured.objects.visible_to(place.user))
        return {str(row.pk): row for row in place.held(rows)}

    def take_away(self, place, found):
        InsuredMonth.objects.filter(pk__in=[row.pk for row in found]).delete()
        people = Insured.objects.filter(pk__in=[row.insured_id for row in found])
        people.filter(months=None).delete()
