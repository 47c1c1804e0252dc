"""Matches: the list, one with its contacts, its steps."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.exports import Book, exported, labels, names
from portal.lifecycle import Refused
from portal.models import District
from portal.paging import Paginator
from portal.uploads import BadFile, too_big
from stations import disciplines, steps
from stations.demands import actions, agreements, lifecycle, matching
from stations.demands.filters import MatchFilter
from stations.demands.forms import AgreementForm, ContactForm, MatchMoveForm
from stations.demands.views.demands import may_broker
from stations.models import Match, MatchStatus, University

PAGE = 50
M = MatchStatus


def filtered(request):
    rows = Match.objects.visible_to(request.user).select_related(
        "matter__district", "demand__enterprise__organisation", "flow__university"
    )
    chosen = MatchFilter(request.GET, rows.order_by("-pk"), request=request)
    return chosen, chosen.qs


def matches(request):
    """Matches one may see, the newest first."""
    chosen, rows = filtered(request)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "filter": chosen,
        "export_url": f"{reverse('stations:matches_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/match_list.html", context)


@exported("matches")
def export(request):
    """The same list as a workbook."""
    _chosen, rows = filtered(request)
    headings = [_("编号"), _("单位"), _("区镇"), _("需求"), _("高校院所"), _("流动站"), _("渠道"), _("阶段")]
    headings += [_("双方见面次数"), _("精准对接日期"), _("签约日期"), _("进站日期"), _("引进人数")]
    schools, places = names(University.objects.visible_to(request.user)), names(District.objects.all())
    channels, stages = labels(Match.Channel), labels(M)
    known = {code: disciplines.name_of(code) for code in disciplines.catalogue()}
    values = rows.values_list(
        *("matter__number", "demand__enterprise__organisation__name", "matter__district", "demand__title"),
        *("flow__university", "flow__discipline", "channel", "status", "meetings", "matched_on", "signed_on"),
        *("entered_on", "people"),
    )
    lines = (
        [number, owner, places[place], title, schools[school], known.get(code, code), channels[channel], stages[status]]
        + rest
        for number, owner, place, title, school, code, channel, status, *rest in values.iterator(2000)
    )
    return Book(_("对接清单"), headings, lines, localdate(), rows.count())


def found(request, number) -> Match:
    rows = Match.objects.visible_to(request.user).select_related("matter__district", "matter__organisation")
    rows = rows.select_related("demand__matter", "demand__enterprise__organisation", "flow__university")
    return get_object_or_404(rows, matter__number=number)


def match(request, number, form=None, paper=None):
    """One match: why it was proposed, every contact, how far it has come."""
    row, cycle = found(request, number), lifecycle.match
    going_on = row.status not in (M.ENTERED, M.ENDED)
    if form is None and going_on and may_broker(request.user, row):
        form = ContactForm(initial={"on": localdate()})
    if paper is None and (wanting := agreements.wanting(row)) and may_broker(request.user, row):
        paper = AgreementForm(wanting=wanting)
    context = {
        "match": row,
        "paper": paper,
        "reasons": matching.told(row.reasons),
        "contacts": row.contacts.select_related("by").order_by("-on", "-pk"),
        "form": form,
        "moves": [
            (step, MatchMoveForm(step=step)) for step in cycle.possible(row, request.user) if step.action != "talk"
        ],
        "agreement": agreements.told(row, request.user) if row.signed_on else None,
        "events": [(cycle.said(e), e) for e in row.matter.events.select_related("by").order_by("pk")],
    }
    wrong = (form and form.errors) or (paper and paper.errors)
    return render(request, "stations/match.html", context, status=422 if wrong else 200)


@require_POST
def contact(request, number):
    """Put a contact on record; the first begins the talks."""
    row = found(request, number)
    if not may_broker(request.user, row):
        raise PermissionDenied(lifecycle.BROKERS)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            actions.note_contact(row, form.save(commit=False), by=request.user, on=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已记下。"))
            return redirect(row)
    return match(request, number, form=form)


@require_POST
def agreement(request, number):
    """The paper of the agreement, or its last day, where signing went without."""
    row = found(request, number)
    if not may_broker(request.user, row):
        raise PermissionDenied(lifecycle.BROKERS)
    wanting = agreements.wanting(row)
    if not wanting:
        messages.error(request, _("没有要补充的协议：还没签约，或已经登记。"))
        return redirect(row)
    form = AgreementForm(request.POST, request.FILES, wanting=wanting)
    if "upload" in form.fields and (cut := too_big(request)):
        form.add_error("upload", cut)
    if form.is_valid():
        try:
            agreements.add(
                row,
                upload=form.cleaned_data.get("upload"),
                until=form.cleaned_data.get("until"),
                by=request.user,
                on=localdate(),
            )
        except Refused as reason:
            form.add_error(None, str(reason))
        except BadFile as bad:
            form.add_error("upload", str(bad))
        else:
            messages.success(request, _("已补充协议。"))
            return redirect(row)
    return match(request, number, paper=form)


def move(request, number, action):
    """A step of a match; talks begin with the first contact, and a proposal lapses with its demand."""
    if action in ("talk", "lapse"):
        raise Http404
    return steps.take(
        request, lifecycle.match, found(request, number), action, MatchMoveForm, partial(agreed, by=request.user)
    )


def agreed(row: Match, form, *, by) -> None:
    """The agreement that was sent with the signing."""
    upload, until = form.cleaned_data.get("upload"), form.cleaned_data.get("until")
    if upload or until:
        agreements.keep(row, upload=upload, until=until, by=by, on=localdate())
