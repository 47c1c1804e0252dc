"""What the city decided where its papers are silent."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField, WholeField
from portal.models import Amendment, Setting
from portal.models.people import BUREAU
from portal.rules import amend, history
from portal.site import pack_of
from portal.words import localised


def own_pack(request):
    pack = pack_of(request.user)
    if pack is None:
        raise Http404
    return pack


def words(setting: Setting, value) -> str:
    """A setting's value as a person reads it."""
    options = setting.options | localised(setting, "options")
    if value is None:
        return _("按系统记录")
    if setting.kind == Setting.Kind.BOOLEAN:
        return _("是") if value else _("否")
    if setting.kind == Setting.Kind.CHOICES:
        return _("、").join(options.get(v, v) for v in value)
    text = options.get(str(value), str(value))
    return f"{text} {localised(setting, 'unit')}".strip()


def settings(request):
    """All settings of one's city, with the value in force and whether somebody changed it."""
    pack = own_pack(request)
    rows = Setting.objects.filter(pack=pack).select_related("clause__document").order_by("order", "pk")
    context = {
        "rows": [(row, words(row, row.value)) for row in rows],
        "may_change": bool(request.user.scope.roles & BUREAU),
        "open": sum(row.ask and not row.edited_at for row in rows),
        "changes": Amendment.objects.filter(pack=pack).select_related("by").order_by("-at", "-pk")[:20],
    }
    return render(request, "rules/settings.html", context)


class SettingForm(forms.Form):
    """A value of the setting's own kind, and why it changes."""

    reason = TidyField(
        label=gettext_lazy("修改原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写明依据，例如某次会议或文件；会记入变更记录。"),
    )

    def __init__(self, *args, setting: Setting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"value": self.value_field(setting), **self.fields}

    @staticmethod
    def value_field(setting: Setting) -> forms.Field:
        kind, label = setting.kind, gettext_lazy("取值")
        options = list((setting.options | localised(setting, "options")).items())
        if kind == Setting.Kind.DATE:
            return DayField(label=label, required=False)
        if kind == Setting.Kind.INTEGER:
            return WholeField(label=label, required=setting.value is not None)
        if kind == Setting.Kind.DECIMAL:
            return forms.DecimalField(label=label)
        if kind == Setting.Kind.BOOLEAN:
            return forms.TypedChoiceField(
                label=label,
                choices=[("true", gettext_lazy("是")), ("false", gettext_lazy("否"))],
                coerce=lambda v: v == "true",
                widget=forms.RadioSelect,
            )
        if kind == Setting.Kind.CHOICE:
            return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect)
        if kind == Setting.Kind.CHOICES:
            return forms.MultipleChoiceField(label=label, choices=options, widget=forms.CheckboxSelectMultiple)
        return TidyField(label=label, max_length=300)

    def json_value(self):
        """The value as the setting keeps it."""
        value = self.cleaned_data["value"]
        if value is None or isinstance(value, bool | int | str | list):
            return value
        return value.isoformat() if hasattr(value, "isoformat") else float(value)


def setting(request, code):
    """One setting: why it is so, what depends on it, its history; the bureau may change it here."""
    row = get_object_or_404(Setting, pack=own_pack(request), code=code)
    may_change = bool(request.user.scope.roles & BUREAU)
    shown = {True: "true", False: "false"}.get(row.value, row.value) if isinstance(row.value, bool) else row.value
    form = SettingForm(request.POST or None, setting=row, initial={"value": shown}) if may_change else None
    if request.method == "POST":
        if not may_change:
            raise Http404
        if form.is_valid():
            amend(row, {"value": form.json_value()}, key=row.code, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("已保存，相关指标正在重算。"))
            return redirect("setting", code=code)
    past = [
        (change, words(row, change.before["value"]), words(row, change.after["value"]))
        for change in history(row, row.code)
    ]
    context = {"row": row, "value": words(row, row.value), "form": form, "history": past}
    return render(request, "rules/setting.html", context)
