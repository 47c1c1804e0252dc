"""The pairing of key enterprises and key universities: proposed here, decided by the bureau line by line."""

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.models import Pack, Setting
from portal.views.rules import own_pack
from portal.words import localised
from portal.workbooks import workbook
from stations.demands import actions, matching
from stations.models import Match, Pairing, University


class LineForm(forms.Form):
    university = forms.ModelChoiceField(label=gettext_lazy("高校院所"), queryset=University.objects.none())
    kept = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes")

    def __init__(self, *args, universities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = universities


def wanted(pack: Pack) -> tuple[int, int]:
    """How many enterprises and universities the city's plan asks for; 0 where no paper says a number."""
    values = Setting.objects.values_of(pack)
    return values.get("pairing.enterprises") or 0, values.get("pairing.universities") or 0


def lines(request, pack):
    met = Match.objects.filter(
        demand__enterprise=OuterRef("enterprise"), flow__university=OuterRef("university"), matched_on__isnull=False
    )
    rows = Pairing.objects.visible_to(request.user).filter(pack=pack).annotate(met=Exists(met))
    return rows.select_related("enterprise__organisation__district", "university").order_by("university__name", "pk")


def choices(pack: Pack):
    """Key universities and those already in the pairing."""
    paired = Pairing.objects.filter(pack=pack).values("university")
    return University.objects.filter(Q(key=True) | Q(pk__in=paired), pack=pack).order_by("name")


def pairing(request):
    """The proposal with its reasons; each line is kept, or given another university."""
    pack = own_pack(request)
    enterprises, universities = wanted(pack)
    rows = list(lines(request, pack))
    context = {
        "rows": [(row, matching.told(row.reasons)) for row in rows],
        "choices": list(choices(pack)),
        "enterprises": enterprises,
        "universities": universities,
        "n_universities": len({row.university_id for row in rows}),
        "n_kept": sum(row.kept for row in rows),
        "n_met": sum(row.met for row in rows),
    }
    return render(request, "stations/pairing.html", context)


def export(request):
    """The same list as a workbook."""
    pack = own_pack(request)
    headings = [_("设站企业"), _("区镇"), _("高校院所"), _("理由"), _("状态"), _("已精准对接")]
    cells = (
        [str(row.enterprise), localised(row.enterprise.organisation.district, "name"), str(row.university)]
        + [_("；").join(matching.told(row.reasons)), _("已保留") if row.kept else _("推荐"), row.met]
        for row in lines(request, pack)
    )
    return workbook(_("精准对接配对"), headings, cells, user=request.user, on=localdate())


@require_POST
def propose(request):
    """Propose all lines anew that nobody kept."""
    pack = own_pack(request)
    enterprises, universities = wanted(pack)
    if not enterprises:
        messages.error(request, _("本市没有定配对的家数，请先在“口径与参数”里填写。"))
        return redirect("stations:pairing")
    count = actions.pair(pack, enterprises=enterprises, universities=universities, by=request.user, on=localdate())
    messages.success(request, _("已推荐，共 %(n)s 对；保留的没有动。") % {"n": count})
    return redirect("stations:pairing")


@require_POST
def line(request, pk):
    """Keep a line or leave it open, with the university that was chosen."""
    row = get_object_or_404(Pairing.objects.visible_to(request.user), pk=pk)
    form = LineForm(request.POST, universities=choices(row.pack))
    if not form.is_valid():
        messages.error(request, _("没有改：请从名单里选一所高校院所，再按“保留”。"))
        return redirect("stations:pairing")
    actions.settle_pair(row, **form.cleaned_data, by=request.user)
    messages.success(request, _("已保存：%(who)s。") % {"who": row.enterprise})
    return redirect("stations:pairing")
