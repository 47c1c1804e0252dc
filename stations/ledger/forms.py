"""Forms of dated rows, and of what befalls a station or an enterprise."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, PhoneField, TidyField, WanField, WholeField
from portal.models import District, Pack
from stations.forms import LocalisedChoice
from stations.models import (
    ENDED,
    Certificate,
    EnterpriseEvent,
    MainStation,
    Manager,
    OverseasStudio,
    Partner,
    Plate,
    Recruits,
    ResearchOrganisation,
    SalaryPromise,
    Station,
    StationDiscipline,
    StationKind,
    Supervisor,
    University,
)


class LastDayField(DayField):
    """The last day that something is so, as papers say it; kept as the day after it."""

    def to_python(self, value):
        day = super().to_python(value)
        return day + timedelta(1) if day and not isinstance(value, date) else day

    def prepare_value(self, value):
        return value - timedelta(1) if isinstance(value, date) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class RowForm(forms.ModelForm):
    """`version`: the owner's when the form was opened."""

    since = DayField(label=gettext_lazy("起"))
    until = LastDayField(label=gettext_lazy("最后一天"), required=False, help_text=gettext_lazy("还在继续的不填"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, version: int, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version
        if not self.instance.pk and "since" in self.fields:
            self.initial["since"] = today  # the blank row would win over the field's own
        for name, field in self.fields.items():
            if isinstance(field, forms.TypedChoiceField) and name not in ("since", "until"):
                field.choices = [("", _("请选择")), *[c for c in field.choices if c[0] != ""]]  # type: ignore

    def _post_clean(self):
        """The action checks the row with its owner: one message for one mistake."""
        forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class SupervisorForm(RowForm):
    phone = PhoneField(label=gettext_lazy("电话"), required=False, max_length=20)

    class Meta:
        model = Supervisor
        fields = ("name", "title", "field", "phone", "full_time", "since", "until")


class DisciplineForm(RowForm):
    class Meta:
        model = StationDiscipline
        fields = ("code", "since", "until")


class PartnerForm(RowForm):
    since = DayField(label=gettext_lazy("签订日期"))
    until = LastDayField(
        label=gettext_lazy("有效期至"), required=False, help_text=gettext_lazy("协议写明的最后一天；长期有效的不填")
    )
    upload = forms.FileField(
        label=gettext_lazy("协议文件"), required=False, help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 10 MB")
    )

    class Meta:
        model = Partner
        fields = ("university", "flow_station", "since", "until")

    def __init__(self, *args, **kwargs):
        """The city's universities are offered to pick from; another name may be typed."""
        super().__init__(*args, **kwargs)
        self.fields["university"].widget.attrs["list"] = "universities"
        self.fields["university"].help_text = _("从名单里选；名单里没有的照协议填写")

    @property
    def known(self):
        pack = Pack.objects.above(self.instance.station.matter.district_id).values("pk")
        return University.objects.filter(pack__in=pack).order_by("name").values_list("name", flat=True)


class ManagerForm(RowForm):
    phone = PhoneField(label=gettext_lazy("电话"), max_length=20)

    class Meta:
        model = Manager
        fields = ("name", "phone", "leader", "since", "until")


class SalaryForm(RowForm):
    amount = WanField(label=gettext_lazy("承诺年薪（万元）"))

    class Meta:
        model = SalaryPromise
        fields = ("amount", "since", "until")


class PlateForm(RowForm):
    since = DayField(label=gettext_lazy("挂牌日期"))
    until = LastDayField(label=gettext_lazy("挂到哪一天"), required=False, help_text=gettext_lazy("没有摘牌的不填"))

    class Meta:
        model = Plate
        fields = ("since", "until")


class RecruitsForm(RowForm):
    """One year. Without another day it is told to its end, this year to today."""

    since = None  # type: ignore[assignment]
    until = None  # type: ignore[assignment]
    year = WholeField(label=gettext_lazy("年份"), min_value=1985, max_value=2100)
    entered = WholeField(
        label=gettext_lazy("备案进站人数"), max_value=999, help_text=gettext_lazy("没有招收请写 0；不知道就不要登记")
    )
    last_on = DayField(
        label=gettext_lazy("最近一次备案进站"),
        required=False,
        help_text=gettext_lazy("知道日期的填写，滚动年从这天起算"),
    )
    present = WholeField(label=gettext_lazy("年末在站人数"), required=False, max_value=999)
    pay = WanField(
        label=gettext_lazy("博士后平均年薪（万元）"),
        required=False,
        help_text=gettext_lazy("税前，按在站博士后平均；不知道不填"),
    )
    counted_on = DayField(
        label=gettext_lazy("统计截至"), required=False, help_text=gettext_lazy("不填：往年到12月31日，今年到今天")
    )

    class Meta:
        model = Recruits
        fields = ("year", "entered", "last_on", "present", "pay", "counted_on", "source")
        help_texts = {"source": gettext_lazy("例如 全国博士后系统备案表")}

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, today=today, **kwargs)
        self.today = today
        if not self.instance.pk:
            self.initial["year"] = today.year

    def clean(self):
        data = super().clean()
        year = data.get("year")
        if year and not data.get("counted_on") and "counted_on" not in self.errors:
            data["counted_on"] = min(date(year, 12, 31), max(self.today, date(year, 1, 1)))
        return data


class StationChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return str(row)


class MainForm(RowForm):
    main = StationChoice(
        label=gettext_lazy("所属总站"), queryset=Station.objects.none(), empty_label=gettext_lazy("请选择")
    )

    class Meta:
        model = MainStation
        fields = ("main", "document", "since", "until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        root = self.instance.station.matter.district
        mains = Station.objects.filter(
            kind=StationKind.REGIONAL, matter__district__up__ancestor__pack__root__down__node=root
        )
        mains = mains.exclude(status__in=ENDED).select_related("matter").distinct()
        self.fields["main"].queryset = mains.order_by("matter__title")  # type: ignore[attr-defined]


class CertificateForm(RowForm):
    since = DayField(label=gettext_lazy("发证日期"))
    until = LastDayField(
        label=gettext_lazy("有效期至"), required=False, help_text=gettext_lazy("证书写明的最后一天；长期有效的不填")
    )

    class Meta:
        model = Certificate
        fields = ("tag", "number", "since", "until")


class ResearchForm(RowForm):
    since = DayField(label=gettext_lazy("成立或认定日期"))

    class Meta:
        model = ResearchOrganisation
        fields = ("name", "level", "document", "since", "until")


class StudioForm(RowForm):
    country = TidyField(label=gettext_lazy("国家或地区"), max_length=40)
    city = TidyField(label=gettext_lazy("城市"), max_length=40, required=False)
    host = TidyField(
        label=gettext_lazy("合作机构"), max_length=100, help_text=gettext_lazy("工作室设在哪所大学、研究机构或公司")
    )
    since = DayField(label=gettext_lazy("设立日期"))
    postdocs = WholeField(label=gettext_lazy("博士后人数"), required=False, help_text=gettext_lazy("还不清楚的不填"))

    class Meta:
        model = OverseasStudio
        fields = ("country", "city", "host", "postdocs", "contact", "reach", "document", "since", "until")


FORMS: dict[str, type[RowForm]] = {
    "studio": StudioForm,
    "supervisor": SupervisorForm,
    "discipline": DisciplineForm,
    "partner": PartnerForm,
    "manager": ManagerForm,
    "salary": SalaryForm,
    "main": MainForm,
    "plate": PlateForm,
    "recruits": RecruitsForm,
    "certificate": CertificateForm,
    "research": ResearchForm,
}


class RenameForm(forms.Form):
    name = TidyField(label=gettext_lazy("新名称"), max_length=120, help_text=gettext_lazy("与批准更名的文件一致"))
    name_en = TidyField(label=gettext_lazy("英文名称"), max_length=240, required=False)
    document = TidyField(label=gettext_lazy("文号"), max_length=80, help_text=gettext_lazy("例如 博管办〔2026〕28号"))
    since = DayField(label=gettext_lazy("文件日期"))


class HappeningForm(forms.Form):
    """What befell an enterprise. A new name is asked for a renaming, a district for a move."""

    kind = forms.ChoiceField(
        label=gettext_lazy("变更"), choices=[("", gettext_lazy("请选择")), *EnterpriseEvent.Kind.choices]
    )
    on = DayField(label=gettext_lazy("文件日期"))
    document = TidyField(
        label=gettext_lazy("依据文件"), max_length=80, help_text=gettext_lazy("文号，或登记机关的通知书编号")
    )
    name = TidyField(label=gettext_lazy("新名称"), max_length=100, required=False, help_text=gettext_lazy("更名时填写"))
    district = LocalisedChoice(
        label=gettext_lazy("迁入区镇"),
        queryset=District.objects.none(),
        required=False,
        empty_label=gettext_lazy("不迁移"),
        help_text=gettext_lazy("市内迁移时选择；以前的申报和站点仍留在原区镇"),
    )
    note = TidyField(
        label=gettext_lazy("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, districts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]

    def clean(self):
        data = super().clean()
        if data.get("kind") == EnterpriseEvent.Kind.RENAMED and not data.get("name"):
            self.add_error("name", _("请填写新名称。"))
        if data.get("kind") == EnterpriseEvent.Kind.MOVED and not data.get("district"):
            self.add_error("district", _("请选迁入的区镇。"))
        return data


class DayForm(forms.Form):
    """Any day up to today: which one a page is to show."""

    on = DayField(label=gettext_lazy("看哪一天"), required=False)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day and day > self.today:
            raise forms.ValidationError(_("%(day)s 还没有到，请选今天或以前的日期。") % {"day": day})
        return day
