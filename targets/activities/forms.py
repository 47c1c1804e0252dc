"""The border of activities: planning one, its results, who came, its papers, and the steps."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.forms import DayField, TidyField, WholeField
from portal.models import District, Organisation
from portal.words import localised
from stations.consultations.lifecycle import offices
from stations.forms import LocalisedChoice
from targets.activities.actions import PHOTO, REPORT, SIGN_IN
from targets.activities.models import Activity, ActivityKind, Participant
from targets.duties.actions import open_for
from targets.models import Occurrence


class KindChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return str(row)


class OccurrenceChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return localised(row.matter, "title")


class ActivityForm(forms.ModelForm):
    """An activity as it is planned. `places`: where it may belong; a district has only its own."""

    kind = KindChoice(label=_("活动类别"), queryset=ActivityKind.objects.none(), empty_label=_("请选择"))
    name = TidyField(label=_("活动名称"), max_length=80)
    since = DayField(label=_("开始日期"))
    until = DayField(label=_("结束日期"), required=False, help_text=_("只办一天的不填"))
    venue = TidyField(label=_("地点"), max_length=100)
    organiser = LocalisedChoice(label=_("主办单位"), queryset=Organisation.objects.none(), empty_label=_("请选择"))
    partners = TidyField(label=_("协办单位"), max_length=200, required=False)
    about = TidyField(
        label=_("活动内容"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("发布后本市有账号的人都能看"),
    )  # fmt: skip
    district = LocalisedChoice(label=_("属地"), queryset=District.objects.none(), empty_label=None)
    occurrence = OccurrenceChoice(
        label=_("完成哪项任务"), queryset=Occurrence.objects.none(), required=False, empty_label=_("不对应工作清单")
    )

    class Meta:
        model = Activity
        fields = ("kind", "name", "since", "until", "venue", "organiser", "partners", "about", "occurrence")

    field_order = (*Meta.fields[:6], "district", *Meta.fields[6:])

    def __init__(self, *args, pack, user, places, **kwargs):
        super().__init__(*args, **kwargs)
        fields = self.fields
        fields["kind"].queryset = ActivityKind.objects.filter(pack=pack).order_by("order", "pk")
        fields["organiser"].queryset = offices(pack)
        rows = open_for(user, pack, localdate())
        if self.instance.occurrence_id:
            rows = rows | Occurrence.objects.filter(pk=self.instance.occurrence_id).select_related("matter")
        fields["occurrence"].queryset = rows
        if self.instance.pk or places.count() < 2:
            del fields["district"]
        else:
            fields["district"].queryset = places

    def clean(self):
        data = super().clean()
        data["until"] = data.get("until") or data.get("since")
        if data.get("since") and data["until"] < data["since"]:
            self.add_error("until", _now("结束日期不能早于开始日期。"))
        return data


class ResultForm(forms.ModelForm):
    """How many came and what came of it."""

    enterprises = WholeField(label=_("参加单位（家）"), required=False, max_value=100_000)
    universities = WholeField(label=_("参加高校（家）"), required=False, max_value=100_000)
    postdocs = WholeField(label=_("博士、博士后（人）"), required=False, max_value=100_000)
    others = WholeField(label=_("其他人员（人）"), required=False, max_value=100_000)
    intentions = WholeField(label=_("意向数"), required=False, max_value=100_000)
    signed = WholeField(label=_("签约数"), required=False, max_value=100_000)
    result = TidyField(
        label=_("活动成果"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("归档前要写"),
    )  # fmt: skip
    matches = TidyField(
        label=_("促成的对接"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("对接编号，几个之间用顿号或换行"),
    )  # fmt: skip

    class Meta:
        model = Activity
        fields = ("enterprises", "universities", "postdocs", "others", "intentions", "signed", "result")

    def clean_matches(self):
        return [n.strip().upper() for n in re.split(r"[\s,，、;；]+", self.cleaned_data["matches"] or "") if n.strip()]

    def clean(self):
        data = super().clean()
        signed, wanted = data.get("signed"), data.get("intentions")
        if signed is not None and wanted is not None and signed > wanted:
            raise ValidationError({"signed": _now("签约数不能多于意向数。")})
        return data

    def _post_clean(self):
        """The row is written by an action: nothing of it changes here."""


class ParticipantForm(forms.Form):
    """One line of the sign-in list."""

    unit = TidyField(label=_("单位"), max_length=100)
    name = TidyField(label=_("姓名"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=_("参加者类别"), choices=[("", _("按名称认")), *Participant.Kind.choices], required=False
    )
    people = WholeField(label=_("人数"), min_value=1, max_value=5000, required=False)


class PaperForm(forms.Form):
    slot = forms.ChoiceField(
        label=_("是什么"), choices=[(PHOTO, _("照片")), (REPORT, _("总结报告")), (SIGN_IN, _("签到表扫描件"))]
    )
    upload = forms.FileField(label=_("文件"), help_text=_("PDF、JPG 或 PNG，不超过 10 MB"))


class ActivityMoveForm(forms.Form):
    """What a step of an activity asks for."""

    held_on = DayField(label=_("举办日期"), help_text=_("第一天；按这一天计入指标"))
    note = TidyField(label=_("理由"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, prefix=step.action, **kwargs)
        if not step.needs:
            del self.fields["held_on"]
        if step.note_needed:
            self.fields["note"].required = True
        else:
            del self.fields["note"]

    def clean(self):
        data = super().clean()
        data.setdefault("note", "")
        return data

    def details(self) -> dict:
        return {"held_on": str(self.cleaned_data["held_on"])} if "held_on" in self.cleaned_data else {}
