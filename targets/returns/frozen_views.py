"""A frozen return for who checks it: as sealed, on paper, as a workbook; and what is different today, with causes."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.models import District
from portal.papers import pdf_response
from portal.words import localised
from portal.workbooks import workbook
from targets.models import Frozen, QuarterlyReturn
from targets.returns import differences, papers
from targets.returns.views import found_return, rows_of


def found_version(request, number) -> tuple[QuarterlyReturn, Frozen]:
    """The return and the version asked for by `v`, else its newest. 404 where there is none."""
    row = found_return(request, number)
    versions = row.versions.select_related("by").order_by("-version")
    asked = request.GET.get("v", "")
    frozen = (
        versions.filter(version=asked).first()
        if asked.isdecimal() and len(asked) < 5
        else None
        if asked
        else versions.first()
    )
    if frozen is None:
        raise Http404
    frozen.quarterly = row
    return row, frozen


def changes(request, number):
    """Then and today: each figure, and every row that makes the difference with its cause."""
    row, frozen = found_version(request, number)
    figures, places = differences.compared(frozen), places_of(row)
    for figure in figures:
        figure.lines = [(d, places.get(d.shown["district"], d.shown["district"])) for d in figure.rows]
        figure.then = named(figure)
    context = {
        "row": row,
        "matter": row.matter,
        "quarter": row.quarter,
        "frozen": frozen,
        "figures": figures,
        "moved": [f for f in figures if f.moved],
        "sums": differences.summed(row for figure in figures for row in figure.rows),
        "book_url": f"{reverse('targets:return_changes_export', args=[number])}?v={frozen.version}",
        "today": localdate(),
    }
    return render(request, "targets/return_changes.html", context)


def named(figure: differences.Compared) -> dict:
    """What was frozen, with the name of then; only Chinese ones are, so another language has today's."""
    if figure.indicator is None or get_language() == "zh-hans":
        return figure.then
    return {**figure.then, "name": localised(figure.indicator, "name")}


def places_of(row: QuarterlyReturn) -> dict[str, str]:
    return {d.code: localised(d, "name") for d in District.objects.below(row.quarter.plan.pack.root)}


def changes_export(request, number):
    """The same as a workbook, a line for each difference."""
    row, frozen = found_version(request, number)
    places = places_of(row)
    heads = [
        _("代码"),
        _("指标"),
        _("定稿值"),
        _("今天"),
        _("原因"),
        _("计数"),
        _("名称"),
        _("设站单位"),
        _("区镇"),
        _("日期"),
        _("说明"),
    ]
    cells = []
    for figure in differences.compared(frozen):
        for line in figure.rows:
            e = line.shown
            cells.append(
                [figure.then["code"], named(figure)["name"], figure.was, figure.value, line.label, line.effect]
                + [e["title"], e["owner"], places.get(e["district"], e["district"]), e["on"], line.words]
            )
    title = _("%(number)s 第 %(version)s 版与今天的差异") % {"number": row.matter.number, "version": frozen.version}
    return workbook(title, heads, cells, user=request.user, on=localdate(), note=str(row))


def sealed(request, number):
    """The record byte for byte as it was sealed; its SHA-256 stands in the name of the file."""
    row, frozen = found_version(request, number)
    response = HttpResponse(frozen.text, content_type="application/json; charset=utf-8")
    name = f"{row.matter.number}-v{frozen.version}-{frozen.digest[:12]}.json"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response


def export(request, number):
    """The return as a workbook."""
    row = found_return(request, number)
    heads = [
        _("代码"),
        _("指标"),
        pgettext("计量", "单位"),
        _("任务"),
        _("序时进度"),
        _("系统值"),
        _("区镇填报"),
        _("差异说明"),
        _("滞后原因"),
        _("措施"),
    ]
    cells = (
        [x.line.indicator.code, *(localised(x.line.indicator, n) for n in ("name", "unit"))]
        + [x.target, x.pace, x.system, x.line.stated, x.line.comment, x.line.why, x.line.measures]
        for x in rows_of(row, pen=False)
    )
    return workbook(str(row), heads, cells, user=request.user, on=row.quarter.until, note=row.matter.number)


def paper(request, number):
    """The return to print, with room for the seal."""
    row = found_return(request, number)
    sheet = papers.sheet(row, rows_of(row, pen=False), on=localdate(), by=request.user)
    return render(request, "targets/return_paper.html", {"row": row, "matter": row.matter, "paper": sheet})


def paper_file(request, number):
    row = found_return(request, number)
    sheet = papers.sheet(row, rows_of(row, pen=False), on=localdate(), by=request.user)
    return pdf_response(sheet, f"{row.matter.number} {sheet.title}")
