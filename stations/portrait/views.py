"""The portrait of a station: its figures beside others', what keeps it from the first grade, what is due next."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.models.people import UNIT
from portal.workbooks import workbook
from stations.consultations.views import RAISERS
from stations.models import ENDED, Station
from stations.portrait.comparison import FEW, compared
from stations.portrait.diagnosis import diagnosed, points_of
from stations.portrait.upcoming import upcoming


def found(request, number) -> Station:
    rows = Station.objects.visible_to(request.user).select_related("matter__district", "enterprise__organisation")
    return get_object_or_404(rows, matter__number=number)


def portrait(request, number):
    """One station of today; one that has ended is compared with nobody."""
    row, today, user = found(request, number), localdate(), request.user
    if row.status in ENDED:
        messages.error(request, _("已终止的站没有画像。"))
        return redirect(row)
    exports = {part: reverse("stations:portrait_export", args=[number, part]) for part in EXPORTS}
    context = {
        "station": row,
        "today": today,
        "strips": compared(row, user, today),
        "found": diagnosed(row, today),
        "due": [(due, due.left(today), -due.left(today)) for due in upcoming(row, user, today)],
        "exports": exports,
        "few": FEW,
        "raise_url": f"{reverse('stations:talk_new')}?about={row.pk}" if user.scope.roles & RAISERS else "",
        "dots": not (user.scope.roles <= UNIT),
    }
    return render(request, "stations/portrait.html", context)


def export(request, number, part):
    """One part of the page as a workbook."""
    row = found(request, number)
    if part not in EXPORTS or row.status in ENDED:
        raise Http404
    return EXPORTS[part](request, row, localdate())


def figures(request, row, today):
    headings = [_("数据"), _("本站"), _("单位")]
    for name in (_("同类"), _("全市")):
        headings += [f"{name} {word}" for word in (_("四分之一位"), _("中位数"), _("四分之三位"), _("已知"), _("共"))]
        headings += [f"{name} {_('本站位置')}"]
    lines = (
        [str(s.title), s.value, s.unit]
        + [cell for g in s.groups for cell in (g.low, g.middle, g.high, g.known, g.of, g.place(s.value))]
        for s in compared(row, request.user, today)
    )
    return workbook(_("画像 %(station)s") % {"station": row}, headings, lines, user=request.user, on=today)


def lines(request, row, today):
    headings = [_("评估办法"), _("评估维度"), _("指标"), _("现在的数"), _("来源"), _("现在得分"), _("满分")]
    headings += [_("下一档"), _("下一档得分"), _("怎样得更多")]
    rows = (
        [str(d.title), p.dimension, str(p.item), p.now.figure, p.source, p.now.points, p.item.points]
        + [p.next and p.next.at_least, p.next and p.next.points, p.advice]
        for d, p in points_of(diagnosed(row, today))
    )
    return workbook(_("诊断 %(station)s") % {"station": row}, headings, rows, user=request.user, on=today)


def dates(request, row, today):
    headings = [_("日期"), _("事情"), _("类别"), _("还剩（天）"), _("预计")]
    rows = ([d.on, d.what, d.kind, d.left(today), d.expected] for d in upcoming(row, request.user, today))
    return workbook(_("近期要办 %(station)s") % {"station": row}, headings, rows, user=request.user, on=today)


EXPORTS = {"figures": figures, "lines": lines, "dates": dates}
