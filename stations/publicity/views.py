"""The public page of what is being decided, the form to object, and the bureau's answers."""

from axes.helpers import get_client_ip_address
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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
from portal.views.files import sent
from portal.workdays import Calendar
from stations.models import Objection
from stations.publicity import actions
from stations.publicity.matters import PUBLICATIONS, publication_of


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
    today = localdate()
    parts = [(p.list_template, p.entries(pack, today)) for p in PUBLICATIONS.values()]
    return render(request, "stations/publicities.html", {"parts": [part for part in parts if part[1]]})


def public(pack, number):
    """What anybody may read under this number; none is 404."""
    rows = (p.shown(pack).filter(matter__number=number).first() for p in PUBLICATIONS.values())
    found = next(filter(None, rows), None)
    if found is None:
        raise Http404
    return found


@login_not_required
def public_matter(request, number):
    """One result as it is proposed, or was decided; and the form to object while it is public."""
    pack, today = pack_of(request.user), localdate()
    subject = public(pack, number)
    publication = publication_of(subject)
    form = ObjectionForm(request.POST or None) if publication.takes(subject, today) else None
    if request.method == "POST" and form is None:
        messages.error(request, _("公示已经结束，不能再提出异议。请向主管部门反映。"))
        return redirect("stations:publicity_round", number)
    if form is not None and form.is_bound and form.is_valid() and objected(request, subject, form, today):
        return redirect("stations:publicity_round", number)
    context = {
        **publication.page(subject),
        "subject": subject,
        "form": form,
        "office": bureau_of(pack),
        "left": Calendar.for_pages().between(today, subject.publicity_until),
    }
    return render(request, publication.template, context, status=422 if form and form.errors else 200)


def bureau_of(pack) -> Organisation | None:
    return Organisation.objects.filter(kind=Organisation.Kind.BUREAU, district=pack.root_id).first()


def objected(request, subject, form, today) -> bool:
    address = get_client_ip_address(request) or ""
    try:
        actions.record(subject, form.save(commit=False), on=today, address=address)
    except Refused as reason:
        form.add_error(None, str(reason))
        return False
    messages.success(request, _("已收到您的异议，主管部门会核查并与您联系。答复之前不会作出决定。"))
    return True


# --- the bureau --------------------------------------------------------------------------------


def whole(request, number, kind):
    """What is public, of one's own city; districts see the matter, but not who objected."""
    rows = PUBLICATIONS[kind].model._default_manager.filter(matter__district__in=request.user.scope.districts)
    return get_object_or_404(rows.select_related("matter"), matter__number=number)


def objections(request, number, kind="evaluation"):
    """What was received with its answers; the bureau writes down what came by other ways."""
    subject, today, publication = whole(request, number, kind), localdate(), PUBLICATIONS[kind]
    officer = bool(request.user.scope.roles & BUREAU)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    may_write = officer and subject.status in publication.taking
    form = ReceivedForm(data, files, initial={"received_on": today}) if may_write else None
    if form is not None and form.is_bound and form.is_valid() and received(request, subject, form, today):
        return redirect(publication.back, number)
    rows = subject.matter.objections.select_related("recorded_by", "answered_by", "file")
    label, room = publication.room
    context = {
        "subject": subject,
        "rows": rows.order_by("-received_on", "-pk"),
        "form": form,
        "may_answer": officer and subject.status not in publication.final,
        "room": (label, reverse(room)),
        "answer_url": f"{publication.back}_answer",
        "file_url": f"{publication.back}_file",
    }
    return render(request, "stations/objections.html", context, status=422 if form and form.errors else 200)


def received(request, subject, form, today) -> bool:
    try:
        with transaction.atomic():
            paper = form.cleaned_data["paper"]
            owner = bureau_of(pack_of(request.user))  # never the unit's, which the objection may be about
            file = uploads.store(paper, organisation=owner, by=request.user) if paper else None
            actions.record(subject, form.save(commit=False), on=today, by=request.user, file=file)
    except uploads.BadFile as reason:
        form.add_error("paper", str(reason))
    except Refused as reason:
        form.add_error(None, str(reason))
    else:
        messages.success(request, _("已登记。"))
        return True
    return False


@require_POST
def answer(request, number, pk, kind="evaluation"):
    row = get_object_or_404(Objection, matter=whole(request, number, kind).matter_id, pk=pk)
    try:
        actions.answer(row, text=request.POST.get("answer", "")[:2000], by=request.user, on=localdate())
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("已记下答复。"))
    return redirect(PUBLICATIONS[kind].back, number)


def paper(request, number, pk, kind="evaluation"):
    """What came with an objection: for the bureau's eyes, whosever matter it is about."""
    rows = Objection.objects.filter(matter=whole(request, number, kind).matter_id, file__isnull=False)
    return sent(get_object_or_404(rows.select_related("file"), pk=pk).file)
