"""The border of doctors and research talents."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal import sealed
from portal.forms import DayField, TidyField
from portal.lifecycle import Refused
from portal.models import Organisation
from postdocs.numbers import PaperNumber, kind_of
from postdocs.people import actions as people
from postdocs.rosters.models import Doctor, Talent
from postdocs.told_forms import ToldForm, chosen
from stations.disciplines import choices as disciplines
from stations.models import Station, StationStatus

PRIVATE = gettext_lazy("加密保存；登记后不能改，写错了请删除后重新登记")


class DoctorForm(ToldForm):
    """Who it is comes first and is asked once: the number decides it."""

    FIRST = ("unit", "name", "number", "degree_school", "discipline", "degree_on")

    name = TidyField(label=gettext_lazy("姓名"), max_length=60, help_text=gettext_lazy("与证件一致"))
    number = PaperNumber(help_text=PRIVATE)
    degree_school = TidyField(label=gettext_lazy("博士毕业单位"), max_length=80, required=False)
    discipline = forms.ChoiceField(
        label=gettext_lazy("博士一级学科"), choices=[("", gettext_lazy("请选择")), *disciplines()], required=False
    )
    degree_on = DayField(label=gettext_lazy("博士学位证书日期"))
    first_insured_on = DayField(label=gettext_lazy("本市首次参保"), required=False)
    since = DayField(label=gettext_lazy("到岗日期"))
    until = DayField(label=gettext_lazy("离岗日期"), required=False, help_text=gettext_lazy("仍在岗不填"))

    class Meta:
        model = Doctor
        fields = ("engagement", "channel", "first_insured_on", "since", "until")

    def prepare(self):
        rows = Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE).order_by("name")
        rows = self.own(rows, organisation="pk", district="district")
        code = gettext_lazy("单位的统一社会信用代码")
        unit = chosen(self.user, rows, "code", label=gettext_lazy("单位"), number=code)
        self.fields = {"unit": unit, **{n: self.fields[n] for n in self.FIRST[1:]}, **self.fields}

    def build(self):
        row = super().build()
        if row.pk is None:
            given = self.cleaned_data
            row.organisation = given["unit"]
            row.district_id = given["unit"].district_id
            number, kind = given["number"], kind_of(given["number"])
            if same(row, number):
                raise Refused(_("这个证件号码在这段时间已登记在本单位。请改原来那一行，或核对起止日期。"))
            told = {name: given[name] for name in ("degree_school", "discipline", "degree_on")}
            row.person = people.candidate(name=given["name"], kind=kind, number=number, has_certificate=True, **told)
        return row


def same(row: Doctor, number: str) -> bool:
    """Whether the unit has told of this number already for some of these days, settled or not."""
    rows = Doctor.objects.filter(
        Q(until=None) | Q(until__gt=row.since),
        organisation=row.organisation_id,
        person__papers__number_index=sealed.index_of(number),
    )
    return (rows.filter(since__lt=row.until) if row.until else rows).exists()


class TalentForm(ToldForm):
    """A line of a station's roster."""

    FIRST = ("station", "number")

    number = PaperNumber(help_text=PRIVATE)
    name = TidyField(label=gettext_lazy("姓名"), max_length=60)
    title = TidyField(label=gettext_lazy("职称"), max_length=40, required=False)
    contract_since = DayField(
        label=gettext_lazy("合同起"), required=False, help_text=gettext_lazy("没有合同的不计入目标")
    )
    contract_until = DayField(label=gettext_lazy("合同止"), required=False)
    since = DayField(label=gettext_lazy("入职日期"))
    until = DayField(label=gettext_lazy("离职日期"), required=False, help_text=gettext_lazy("仍在职不填"))

    class Meta:
        model = Talent
        fields = (
            *("name", "degree", "rank", "title", "post", "relation"),
            *("contract_since", "contract_until", "since", "until"),
        )

    def prepare(self):
        rows = self.own(stations(), organisation="matter__organisation", district="matter__district")
        label, number = pgettext_lazy("一个", "工作站"), gettext_lazy("工作站编号")
        station = chosen(self.user, rows, "matter__number", label=label, number=number)
        self.fields = {"station": station, "name": self.fields["name"], "number": self.fields["number"], **self.fields}

    def build(self):
        row = super().build()
        if row.pk is None:
            row.station = self.cleaned_data["station"]
            row.organisation_id, row.district_id = row.station.matter.organisation_id, row.station.matter.district_id
            row.number_index = sealed.index_of(self.cleaned_data["number"])
        return row


def stations():
    return Station.objects.filter(status=StationStatus.VALID).select_related("matter", "enterprise__organisation")
