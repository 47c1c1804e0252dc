"""The public page of what is being decided, the form to object, and the bureau's answers."""

from itertools import groupby

from axes.helpers import get_client_ip_address
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal import uploads
from portal.forms import DayField, TidyField
from portal.lifecycle import Refused
from portal.models import Organisation
from portal.models.people import BUREAU
from portal.site import pack_of
from portal.workdays import Calendar
from stations.models import Evaluation, Objection, Sheet
from stations.publicity import actions

FEW = 12  # sheets of one grade that are shown without being asked for


class ObjectionForm(forms.ModelForm):
    name = TidyField(label=gettext_lazy("姓名或单位"), max_length=60)
    contact = TidyField(
        label=gettext_lazy("联系方式"), max_length=100, help_text=gettext_lazy("电话或邮箱，只有主管部门看得到")
    )
    reason = TidyField(label=gettext_lazy("异议内容和理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))

    class Meta:
        model = Objection
        fields = ("name", "contact", "reason")


class ReceivedForm(ObjectionForm):
    """The same written down by the bureau: what came by letter, telephone or in person."""

    received_on = DayField(label=gettext_lazy("收到日期"))
    paper = forms.FileField(label=gettext_lazy("附件"), required=False)

    class Meta:
        model = Objection
        fields = ("received_on", "name", "contact", "reason")


@login_not_required
def publicities(request):
    """What is public now and what was, with the days and whom to tell."""
    pack = pack_of(request.user)
    if pack is None:
        raise Http404
    today, calendar = localdate(), Calendar.for_pages()
    rows = actions.shown(pack).annotate(n=Count("sheets", filter=~Q(sheets__status="exempt")))
    found = [(row, actions.takes(row, today), calendar.between(today, row.publicity_until)) for row in rows]
    return render(request, "stations/publicities.html", {"rows": found})


@login_not_required
def public_round(request, number):
    """One result as it is proposed, or was decided; and the form to object while it is public."""
    pack, today = pack_of(request.user), localdate()
    round_ = get_object_or_404(actions.shown(pack), matter__number=number)
    form = ObjectionForm(request.POST or None) if actions.takes(round_, today) else None
    if request.method == "POST" and form is None:
        messages.error(request, _("公示已经结束，不能再提出异议。请向主管部门反映。"))
        return redirect("stations:publicity_round", number)
    if form is not None and form.is_bound and form.is_valid() and objected(request, round_, form, today):
        return redirect("stations:publicity_round", number)
    sheets = Sheet.objects.filter(evaluation=round_).exclude(status="exempt").select_related(
        "station__enterprise__organisation", "matter__district", "grade"
    )  # fmt: skip
    bureau = Organisation.objects.filter(kind=Organisation.Kind.BUREAU, district=pack.root_id).first()
    context = {
        "round": round_,
        "form": form,
        "groups": grouped(sheets.order_by("grade__order", "matter__district__path_order", "pk")),
        "office": bureau,
        "left": Calendar.for_pages().between(today, round_.publicity_until),
    }
    return render(request, "stations/publicity.html", context, status=422 if form and form.errors else 200)


def grouped(sheets) -> list[tuple]:
    """(grade, its sheets, whether they are shown at once): the best grade, and those with few sheets."""
    groups = [(grade, list(rows)) for grade, rows in groupby(sheets, key=lambda sheet: sheet.grade)]
    return [(grade, rows, n == 0 or len(rows) <= FEW) for n, (grade, rows) in enumerate(groups)]


def objected(request, round_, form, today) -> bool:
    try:
        actions.record(round_, form.save(commit=False), on=today, address=get_client_ip_address(request) or "")
    except Refused as reason:
        form.add_error(None, str(reason))
        return False
    messages.success(request, _("已收到您的异议，主管部门会核查并与您联系。结果公布前必须答复。"))
    return True


# --- the bureau --------------------------------------------------------------------------------


def whole(request, number) -> Evaluation:
    """A round of one's own city; districts see the round, but not who objected."""
    rows = Evaluation.objects.filter(matter__district__in=request.user.scope.districts).select_related(
        "matter", "scheme"
    )
    return get_object_or_404(rows, matter__number=number)


def objections(request, number):
    """What was received with its answers; the bureau writes down what came by other ways."""
    round_, today = whole(request, number), localdate()
    may_write = bool(request.user.scope.roles & BUREAU) and round_.status == "publicity"
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReceivedForm(data, files, initial={"received_on": today}) if may_write else None
    if form is not None and form.is_bound and form.is_valid() and received(request, round_, form, today):
        return redirect("stations:objections", number)
    rows = round_.objections.select_related("recorded_by", "answered_by", "file").order_by("-received_on", "-pk")
    context = {"round": round_, "rows": rows, "form": form}
    return render(request, "stations/objections.html", context, status=422 if form and form.errors else 200)


def received(request, round_, form, today) -> bool:
    try:
        with transaction.atomic():
            paper = form.cleaned_data["paper"]
            owner = round_.matter.organisation
            file = uploads.store(paper, organisation=owner, by=request.user) if paper else None
            actions.record(round_, form.save(commit=False), on=today, by=request.user, file=file)
    except uploads.BadFile as reason:
        form.add_error("paper", str(reason))
    except Refused as reason:
        form.add_error(None, str(reason))
    else:
        messages.success(request, _("已登记。"))
        return True
    return False


@require_POST
def answer(request, number, pk):
    row = get_object_or_404(Objection, evaluation=whole(request, number), pk=pk)
    try:
        actions.answer(row, text=request.POST.get("answer", "")[:2000], by=request.user, on=localdate())
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("已记下答复。"))
    return redirect("stations:objections", number)
