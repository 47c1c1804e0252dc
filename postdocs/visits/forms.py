"""The border of visits: one day, the same visitors, one or many who were visited; and what they said they need."""

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.forms import DayField, TidyField
from portal.models import Organisation
from postdocs.services.models import Service
from postdocs.stays.models import Stay
from stations.consultations.lifecycle import offices
from stations.forms import LocalisedChoice, TitledChoice
from stations.models import PoolEntry, Station


class NamedChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return str(row)


class Stays(forms.ModelMultipleChoiceField):
    def label_from_instance(self, row):
        return f"{row.person} · {row.matter.organisation}"


class VisitForm(forms.Form):
    """Who was visited when by whom. `stays` are offered when the list sent somebody here, else a station or a firm."""

    stays = Stays(
        label=gettext_lazy("走访了谁"), queryset=Stay.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    station = NamedChoice(
        label=pgettext_lazy("一个", "工作站"), queryset=Station.objects.none(), required=False,
        empty_label=gettext_lazy("不是走访工作站"),
    )  # fmt: skip
    entry = NamedChoice(
        label=gettext_lazy("储备库企业"), queryset=PoolEntry.objects.none(), required=False,
        empty_label=gettext_lazy("不是走访储备库企业"),
    )  # fmt: skip
    visited_on = DayField(label=gettext_lazy("走访日期"))
    visitors = TidyField(label=gettext_lazy("走访人"), max_length=100, help_text=gettext_lazy("姓名和职务，用顿号隔开"))
    note = TidyField(
        label=gettext_lazy("走访情况"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    promised = TidyField(
        label=gettext_lazy("答应做的事"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    upload = forms.FileField(
        label=gettext_lazy("照片或记录"), required=False, help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 10 MB")
    )

    def __init__(self, *args, user, stays, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["visited_on"].initial = localdate()
        if stays is not None:
            del self.fields["station"], self.fields["entry"]
            self.fields["stays"].queryset = stays  # type: ignore[attr-defined]
            self.fields["stays"].initial = [row.pk for row in stays]
            return
        del self.fields["stays"]
        stations = Station.objects.visible_to(user).valid(on).select_related("matter__district", "matter__organisation")
        entries = PoolEntry.objects.visible_to(user).open().select_related(
            "matter__district", "matter__organisation", "enterprise__organisation"
        )  # fmt: skip
        self.fields["station"].queryset = stations.order_by("matter__title", "pk")  # type: ignore[attr-defined]
        self.fields["entry"].queryset = entries.order_by("matter__title", "pk")  # type: ignore[attr-defined]

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        chosen = [*data.get("stays", ()), *filter(None, (data.get("station"), data.get("entry")))]
        if not chosen:
            self.add_error(None, _("请先选走访了谁。"))
        elif data.get("station") and data.get("entry"):
            self.add_error("entry", _("一次只记一个对象；工作站和储备库企业请分两次登记。"))
        data["subjects"] = chosen
        return data

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("visited_on", "visitors", "note", "promised")}


class NeedForm(forms.Form):
    """What was asked for on a visit: of which service, by whom and until when it is seen to."""

    service = TitledChoice(
        label=gettext_lazy("哪类诉求"), queryset=Service.objects.none(), empty_label=gettext_lazy("请选择")
    )
    content = TidyField(label=gettext_lazy("诉求内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    owner = LocalisedChoice(
        label=gettext_lazy("承办部门"), queryset=Organisation.objects.none(), required=False,
        empty_label=gettext_lazy("按服务目录"),
    )  # fmt: skip
    due_on = DayField(
        label=gettext_lazy("期限"), required=False, help_text=gettext_lazy("空着就按服务目录承诺的工作日")
    )

    def __init__(self, *args, pack, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.filter(pack=pack).order_by("order", "pk")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = offices(pack)  # type: ignore[attr-defined]
