"""What is typed about reports: which, of which day; the words of a chapter; who gets what."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField
from portal.models import Appointment, Role, User
from portal.models.people import BUREAU
from stations.forms import LocalisedChoice
from targets.models import Plan
from targets.reports.models import Report, ReportChapter, ReportTemplate, Subscription

Kind = Report.Kind


class NewForm(forms.Form):
    """A brief, a bulletin, or a report by one of the city's templates; `what` is a kind or a template's code. A template
    with the code of a kind, quarter or year, stands in the place of that report."""

    what = forms.ChoiceField(label=gettext_lazy("做什么"), widget=forms.RadioSelect)
    plan = LocalisedChoice(
        label=gettext_lazy("计划"),
        queryset=Plan.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("本市自定的报告按各自的计划，不看这一项"),
    )
    on = DayField(
        label=gettext_lazy("截至"), help_text=gettext_lazy("数字冻结在这一天；通报一般取月末，季报和白皮书取季末或年末")
    )

    def __init__(self, *args, pack, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        mine = ReportTemplate.objects.filter(pack=pack).select_related("plan__pack__root")
        self.templates = {template.code: template for template in mine.order_by("order", "pk")}
        self.fields["what"].choices = [
            (Kind.BRIEF, _("一页简报")),
            (Kind.BULLETIN, _("各区镇进度通报")),
            *((code, str(template)) for code, template in self.templates.items()),
            *((k, k.label) for k in (Kind.QUARTER, Kind.YEAR) if k not in self.templates),
        ]
        plans = Plan.objects.filter(pack=pack).select_related("pack__root")
        self.fields["plan"].queryset = plans.order_by("-until", "order", "pk")

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(_("%(day)s 还没有到，请选今天或以前的日子。") % {"day": on.isoformat()})
        return on

    def clean(self):
        data = super().clean()
        template = self.templates.get(data.get("what", ""))
        plan, on = template.plan if template else data.get("plan"), data.get("on")
        if plan and on and on < plan.since:
            since = {"day": on.isoformat(), "plan": plan.name, "since": plan.since.isoformat()}
            self.add_error("on", _("%(day)s 时“%(plan)s”还没有开始，它从 %(since)s 起。") % since)
        data["template"], data["plan"] = template, plan
        return data

    def told(self) -> dict:
        """What to begin."""
        data = self.cleaned_data
        kind = Kind.REPORT if data["template"] else data["what"]
        return {"kind": kind, "plan": data["plan"], "template": data["template"], "on": data["on"]}


class ChapterForm(forms.ModelForm):
    title = TidyField(label=gettext_lazy("标题"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("文字"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("一行一段。数字由系统写在后面，不用在这里抄。"),
    )

    class Meta:
        model = ReportChapter
        fields = ("title", "text")


class SubscriptionForm(forms.Form):
    user = forms.ModelChoiceField(label=gettext_lazy("收件人"), queryset=User.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("内容"), choices=Subscription.Kind.choices)
    every = forms.ChoiceField(label=gettext_lazy("多久一次"), choices=Subscription.Every.choices)

    def __init__(self, *args, pack, by, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.pack = pack
        people = User.objects.filter(pk=by.pk)
        if by.scope.roles & BUREAU:
            rows = Appointment.objects.in_force(today).filter(role__in=BUREAU | {Role.AUDITOR}, district=pack.root_id)
            people = User.objects.filter(pk__in=rows.values("user"), is_active=True)
        self.fields["user"].queryset = people.order_by("name", "pk")
        self.fields["user"].initial = by.pk

    def clean(self):
        data = super().clean()
        found = Subscription.objects.filter(
            pack=self.pack, until=None, user=data.get("user"), kind=data.get("kind"), every=data.get("every")
        )
        if not self.errors and found.exists():
            raise ValidationError(_("已经订阅过了。"))
        return data
