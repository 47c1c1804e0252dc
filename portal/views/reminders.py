"""Which reminders a person wants to hear."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Mute
from portal.reminders import KINDS


class SwitchesForm(forms.Form):
    kind = forms.MultipleChoiceField(
        label=gettext_lazy("要提醒我的"), required=False, widget=forms.CheckboxSelectMultiple, choices=KINDS.items
    )


def switches(request):
    """A box for each kind of reminder. What waits for somebody is told in any case, and lists show everything."""
    muted = set(request.user.mutes.values_list("kind", flat=True))
    data = request.POST if request.method == "POST" else None
    form = SwitchesForm(data, initial={"kind": [kind for kind in KINDS if kind not in muted]})
    if form.is_bound and form.is_valid():
        keep(request.user, form.cleaned_data["kind"])
        messages.success(request, _("已保存。"))
        return redirect("reminders")
    return render(request, "work/reminders.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def keep(user, wanted) -> None:
    Mute.objects.filter(user=user).delete()
    Mute.objects.bulk_create(Mute(user=user, kind=kind) for kind in KINDS if kind not in wanted)
