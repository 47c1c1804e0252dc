"""Away for some days: who stands in, and whom one stands in for oneself."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal import absences
from portal.forms import DayField, TidyField
from portal.lifecycle import Refused
from portal.models import Absence, User


class AbsenceForm(forms.Form):
    deputy = forms.ModelChoiceField(
        label=gettext_lazy("代办人"), queryset=User.objects.none(), empty_label=gettext_lazy("请选择")
    )
    since = DayField(label=gettext_lazy("从哪天起"))
    last = DayField(label=gettext_lazy("到哪天"), help_text=gettext_lazy("包括这一天"))
    note = TidyField(label=gettext_lazy("说明"), max_length=200, required=False, help_text=gettext_lazy("哪些事要留意"))

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = colleagues


def away(request):
    """One's own absences and those in which one stands in; a form for the next where there are colleagues."""
    today = localdate()
    others = absences.colleagues(request.user, today)
    form = AbsenceForm(request.POST if request.method == "POST" else None, colleagues=others)
    if form.is_bound and form.is_valid() and agreed(request, form, today):
        return redirect("absences")
    rows = [(row, row.until - timedelta(1), row.user_id == request.user.pk) for row in absences.of(request.user, today)]
    context = {"form": form, "rows": rows, "today": today, "alone": not others.exists()}
    return render(request, "work/absences.html", context, status=422 if form.errors else 200)


def agreed(request, form, today) -> bool:
    try:
        absences.away(user=request.user, on=today, **form.cleaned_data)
    except Refused as reason:
        form.add_error(None, str(reason))
        return False
    messages.success(request, _("已委托，代办人会收到通知。期间办的事会记作代您办理。"))
    return True


@require_POST
def back(request, pk):
    row = get_object_or_404(Absence, pk=pk, user=request.user)
    try:
        absences.back(row, on=localdate())
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("已收回委托。"))
    return redirect("absences")
