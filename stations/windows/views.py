"""Batches of application: the list with how many cases each has, a new one, and one to change or take away."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.db import IntegrityError
from django.db.models import Count, ProtectedError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.forms import DayField, TidyField
from portal.models.people import BUREAU
from portal.rules import amend, history, strike
from portal.views.rules import own_pack
from stations.forms import TitledChoice
from stations.models import Application, ApplicationType, ApplicationWindow
from stations.pool.forms import targets_of
from stations.windows import openings as windows
from stations.windows.pack import WINDOWS

STATES = {
    "open": ("doing", gettext_lazy("受理中")),
    "coming": ("waiting", gettext_lazy("未开始")),
    "over": ("done", gettext_lazy("已截止")),
}


class WindowForm(forms.ModelForm):
    """A batch with its last day, as people speak of it; a change says why."""

    code = forms.SlugField(
        label=gettext_lazy("代码"),
        max_length=50,
        help_text=gettext_lazy("英文小写、数字和横线，例如 national-2027-1；定下后不再改"),
        error_messages={"invalid": gettext_lazy("代码只用英文字母、数字和横线，例如 national-2027-1。")},
    )
    type = TitledChoice(
        label=gettext_lazy("申报什么"), queryset=ApplicationType.objects.none(), empty_label=gettext_lazy("请选择")
    )
    since = DayField(label=gettext_lazy("开始受理"))
    last = DayField(label=gettext_lazy("截止日期"), help_text=gettext_lazy("包括这一天"))
    reason = TidyField(
        label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("例如哪份通知；会记入变更记录")
    )

    class Meta:
        model = ApplicationWindow
        fields = ("type", "title", "title_en", "since", "code")

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["type"].queryset = targets_of(self.instance.pack, on)
        if self.instance.pk:
            self.initial["last"] = windows.last_day(self.instance)
            self.fields["type"].queryset = ApplicationType.objects.filter(pk=self.instance.type_id)
            for name in ("code", "type"):
                self.fields[name].disabled = True

    def clean(self):
        data = super().clean()
        since, last = data.get("since"), data.get("last")
        self.instance.until = None
        if since and last and last < since:
            self.add_error("last", _("截止日期不能早于开始日期。"))
        elif last:
            self.instance.until = data["until"] = last + timedelta(1)
        return data

    def _get_validation_exclusions(self):
        """Codes are given once in a city, and batches don't overlap: all that the row says is asked."""
        return super()._get_validation_exclusions() - {"pack", "until"} | ({"until"} - set(self.cleaned_data))

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in WINDOWS}


def batches(request):
    """The batches of the city, those to come first; the bureau opens another."""
    pack, today = own_pack(request), localdate()
    may_change = bool(request.user.scope.roles & BUREAU)
    rows = ApplicationWindow.objects.filter(pack=pack).select_related("type").order_by("-since", "pk")
    mine = Application.objects.visible_to(request.user).exclude(window=None).order_by().values("window")
    counts = {row["window"]: row["n"] for row in mine.annotate(n=Count("pk"))}
    form = WindowForm(request.POST or None, instance=ApplicationWindow(pack=pack), on=today) if may_change else None
    if request.method == "POST" and form is not None and form.is_valid() and kept(request, form, form.instance):
        return redirect("stations:windows")
    shown = [(row, windows.last_day(row), STATES[state(row, today)], counts.get(row.pk, 0)) for row in rows]
    types = targets_of(pack, today)
    openings = windows.of_types(list(types), today)
    context = {"rows": shown, "form": form, "all_year": [t for t in types if openings[t.pk].all_year]}
    return render(request, "stations/windows.html", context, status=422 if form and form.errors else 200)


def state(row: ApplicationWindow, on) -> str:
    return "coming" if row.since > on else "open" if on < row.until else "over"


def kept(request, form: WindowForm, row: ApplicationWindow) -> bool:
    """Saved with its reason; or else the form says why not."""
    before = ApplicationWindow.objects.filter(pk=row.pk).first() or ApplicationWindow(pack=row.pack)
    data = form.cleaned_data
    try:
        amend(before, form.values(), key=data["code"], by=request.user, reason=data["reason"])
    except IntegrityError:  # somebody saved an overlapping one a moment earlier
        form.add_error(None, _("同一类申报的两个批次不能重叠，请核对日期。"))
        return False
    cache.delete(f"windows:{row.pack_id}")
    messages.success(request, _("已保存，办事指南和申报页面按新的日期受理。"))
    return True


def batch(request, code):
    """Change a batch, with its history."""
    row = get_object_or_404(ApplicationWindow.objects.select_related("type"), pack=own_pack(request), code=code)
    form = WindowForm(request.POST or None, instance=row, on=localdate())
    if request.method == "POST" and form.is_valid() and kept(request, form, row):
        return redirect("stations:windows")
    context = {"row": row, "form": form, "history": history(row, row.code), "used": row.applications.exists()}
    return render(request, "stations/window.html", context, status=422 if form.errors else 200)


@require_POST
def strike_out(request, code):
    """Take a batch away in which nothing was handed in yet."""
    row = get_object_or_404(ApplicationWindow, pack=own_pack(request), code=code)
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        messages.error(request, _("请写明依据。"))
        return redirect("stations:window", code)
    try:
        strike(row, WINDOWS, key=row.code, by=request.user, reason=reason)
    except ProtectedError:
        messages.error(request, _("这一批已有申报，不能删除，可以改截止日期。"))
        return redirect("stations:window", code)
    cache.delete(f"windows:{row.pack_id}")
    messages.success(request, _("已删除这一批。"))
    return redirect("stations:windows")
