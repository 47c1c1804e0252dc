"""The parts of an application, and a visit on site."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, PhoneField, TidyField, WanField, WholeField, YesNoField
from stations.models import Answer, Application, SiteVisit


class PlanForm(forms.ModelForm):
    autosave = True

    recruits = WholeField(label=gettext_lazy("两年内拟招收人数"), required=False, min_value=1, max_value=200)
    project_budget = WanField(label=gettext_lazy("项目经费"), required=False)
    salary_promise = WanField(label=gettext_lazy("承诺年薪"), required=False)
    manager_phone = PhoneField(label=gettext_lazy("管理人员电话"), required=False, max_length=20)
    classified = YesNoField(label=gettext_lazy("材料是否涉密"), required=False)

    class Meta:
        model = Application
        fields = Application.NEEDED
        widgets = {"innovation": forms.Textarea(attrs={"rows": 3})}

    def clean_classified(self):
        if self.cleaned_data["classified"]:
            raise ValidationError(_("涉密材料不得在网上填报和上传。请与区镇主管部门联系，改走线下办理。"))
        return self.cleaned_data["classified"]


class AnswerForm(forms.ModelForm):
    autosave = True

    claimed = YesNoField(label=gettext_lazy("是否符合"), required=False)

    class Meta:
        model = Answer
        fields = ("claimed", "statement")
        widgets = {"statement": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["claimed"].widget = forms.RadioSelect(
            choices=[("true", gettext_lazy("符合")), ("false", gettext_lazy("不符合"))]
        )


class VisitForm(forms.ModelForm):
    visited_on = DayField(label=gettext_lazy("考察日期"))
    visitors = TidyField(
        label=gettext_lazy("考察人员"), max_length=200, help_text=gettext_lazy("姓名和单位，用顿号隔开")
    )
    findings = TidyField(label=gettext_lazy("考察情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    paper = forms.FileField(label=gettext_lazy("考察记录或照片"), required=False)

    class Meta:
        model = SiteVisit
        fields = ("visited_on", "visitors", "findings")
