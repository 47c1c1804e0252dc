"""Columns that several kinds of workbooks share, and the enterprises that their rows name."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as WrongCode

from portal.forms import CodeField, TidyField
from portal.imports import Column, LabelField, Place, districts
from portal.models import District, Role
from portal.models.people import BUREAU
from portal.words import localised
from stations.models import Enterprise, IndustryChain

OFFICERS = BUREAU | {Role.DISTRICT}
BEGINNING = date(1985, 7, 1)  # when postdoctoral work began in China: no paper is older
YES_NO = ((True, gettext_lazy("是")), (False, gettext_lazy("否")))


class CreditCode(CodeField):
    """A credit code with its check digit; a register has no licence to compare with, so a wrong one is told."""

    SHAPE = re.compile(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}")  # others are told what is wrong

    def to_python(self, value):
        value = super().to_python(value)
        if not value or (self.SHAPE.fullmatch(value) and checked(value)):
            return value
        try:
            uscc.validate(value)
        except InvalidChecksum as error:
            raise ValidationError(_("“%(code)s”的校验位不对，多半是错了一位。") % {"code": value}) from error
        except WrongCode as error:
            text = _("“%(code)s”有 %(n)s 位，统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）。")
            raise ValidationError(text % {"code": value, "n": len(value)}) from error
        return value


PLACE = {sign: place for place, sign in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
WEIGHTS = [*(pow(3, n, 31) for n in range(17)), 1]


def checked(code: str) -> bool:
    """Whether the check digit of a well-formed code fits (GB 32100-2015): all of it weighs a multiple of 31."""
    return not sum(PLACE[sign] * weight for sign, weight in zip(code, WEIGHTS, strict=True)) % 31


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


def enterprises_of(place: Place, codes, *, whole: bool = True) -> dict[str, Enterprise]:
    """The enterprises of these codes in this city, whether this person may write of them or not. `whole`: with their
    profile, not only what they are called, where they lie and their chain."""
    here = {d.pk: d for d in District.objects.below(place.pack.root)} if place.pack else {}
    rows = Enterprise.objects.filter(organisation__code__in=codes, organisation__district__in=here)
    found = {}
    if not whole:
        rows = rows.only("chain", "organisation__code", "organisation__name", "organisation__district")
    for row in place.held(rows).select_related("organisation").order_by("pk"):
        row.organisation.district = here[row.organisation.district_id]
        found[row.organisation.code] = row
    return found
