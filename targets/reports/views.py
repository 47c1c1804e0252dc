"""The pages of reports: the list, a new one, one with its chapters, its figures then and now, who gets what."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator as Pages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from portal import pictures
from portal.lifecycle import NotYours, Refused
from portal.models import Job
from portal.models.people import BUREAU
from portal.official import WIDE, Picture
from portal.paging import Paginator
from portal.site import pack_of
from portal.views.jobs import described
from portal.views.rules import own_pack
from stations import steps
from stations.forms import MoveForm
from targets.asof import AsOf
from targets.models import Plan
from targets.reports import actions, differences, lifecycle, papers
from targets.reports.due import duties_due
from targets.reports.forms import ChapterForm, NewForm, SubscriptionForm
from targets.reports.freezing import freeze, month_end_before, read
from targets.reports.models import Report, ReportStatus, Subscription

PAGE, ROWS = 50, 100
Kind = Report.Kind
SHOWN = {
    Kind.BRIEF: (Kind.BRIEF,),
    Kind.BULLETIN: (Kind.BULLETIN,),
    Kind.REPORT: (Kind.REPORT, Kind.QUARTER, Kind.YEAR),
}
S = ReportStatus
STEPS = ("refresh", "check", "send_back", "issue", "drop")  # what a person does


def found(request, number) -> Report:
    return get_object_or_404(Report.objects.visible_to(request.user).for_page(), matter__number=number)


# --- the list, a new one -----------------------------------------------------------------------


def reports(request):
    """Briefs, bulletins and reports, the newest first."""
    rows = Report.objects.visible_to(request.user).for_page().exclude(status=S.DROPPED).order_by("-on", "-pk")
    kinds = [("", _("全部")), *((kind, str(Report.Kind(kind).label)) for kind in SHOWN)]
    office = bool(request.user.scope.roles & actions.OFFICE)
    if not office:
        kinds = [pair for pair in kinds if pair[0] != Report.Kind.BRIEF]
    kind = request.GET.get("kind", "")
    rows = rows.filter(kind__in=SHOWN[kind]) if kind in SHOWN else rows
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "tabs": [{"label": label, "url": f"?kind={name}", "current": name == kind} for name, label in kinds],
        "office": office,
        "may_make": bool(request.user.scope.roles & BUREAU),
    }
    return render(request, "targets/report_list.html", context)


def new(request):
    """Which report, of which day; a worker makes it."""
    pack, today = own_pack(request), localdate()
    form = NewForm(request.POST or None, pack=pack, today=today, initial={"on": month_end_before(today)})
    if request.method == "POST" and form.is_valid():
        report = actions.begin(**form.told(), by=request.user, today=today)
        messages.success(request, _("正在取数，稍后就能看到。"))
        return redirect(report)
    return render(request, "targets/report_new.html", {"form": form}, status=422 if form.errors else 200)


# --- one report --------------------------------------------------------------------------------


def report(request, number):
    """What it says, chapter by chapter, its files, its steps."""
    row = found(request, number)
    moves = [s for s in lifecycle.report.possible(row, request.user) if s.action in STEPS]
    context = {
        "report": row,
        "matter": row.matter,
        "stage": lifecycle.report.stages[row.status],
        "moves": [(step, MoveForm(step=step)) for step in moves],
        "writes": actions.writes(row, request.user),
        "events": [(lifecycle.report.said(e), e) for e in row.matter.events.select_related("by").order_by("pk")],
        "office": bool(request.user.scope.roles & actions.OFFICE),
        **(shown(request, row) if row.made_at else {"job": waiting(row)}),
    }
    return render(request, "targets/report.html", context)


def shown(request, row: Report) -> dict:
    """The chapters as the paper has them: pictures are named by their number."""
    told, office = read(row), bool(request.user.scope.roles & actions.OFFICE)
    if row.kind == Report.Kind.BRIEF:
        found = [papers.Part("", "", papers.brief(told).blocks)]
    else:
        with override(papers.CHINESE):
            found = papers.parts(told, row.chapters.order_by("order"))
    numbers = iter(range(1, 1000))
    parts = [
        (part, papers.paragraphs(part.text), [(b, next(numbers) if isinstance(b, Picture) else 0) for b in part.shown])
        for part in found
    ]
    intact = papers.seal_of(row) == row.digest if row.digest and office else None
    return {
        "parts": parts,
        "empty": [c for c in row.chapters.order_by("order") if not c.blocks and not c.text.strip()],
        "known": localtime(row.made_at),
        "files": [(f.form.upper(), f.sha256) for f in row.files.order_by("form")],
        "intact": intact,
        "chinese": row.kind != Report.Kind.BRIEF,
        "count": len(told.figures),
    }


def waiting(row: Report) -> dict | None:
    job = Job.objects.filter(kind="make_report", payload__report=row.pk).order_by("-pk").first()
    return described(job) if job else None


def figures(request, number):
    """Every figure then and now, and why they differ."""
    row = found(request, number)
    if not row.made_at:
        raise Http404
    rows = differences.compare(row, read(row), request.user)
    changed = sum(not one.same for one in rows)
    context = {
        "report": row,
        "page": Pages(rows, ROWS).get_page(request.GET.get("page")),
        "n": len(rows),
        "changed": changed,
        "same": len(rows) - changed,
        "known": localtime(row.made_at),
        "now": localtime(now()),
    }
    return render(request, "targets/report_figures.html", context)


@require_safe
def picture(request, number, picture):
    """A figure of the report, as its Word file has it."""
    row = found(request, number)
    if not row.made_at:
        raise Http404
    drawn = [block.chart for block in papers.paper(row).blocks if isinstance(block, Picture)]
    if not 1 <= picture <= len(drawn):
        raise Http404
    response = HttpResponse(pictures.png([drawn[picture - 1]], WIDE)[0], content_type="image/png")
    response["Cache-Control"] = "private, max-age=600" if row.digest else "no-store"
    return response


@require_safe
def file(request, number, form):
    """The report as a file: sealed as it was kept, before that as it stands now."""
    row = found(request, number)
    if form not in papers.TYPES or not row.made_at or (row.kind == Report.Kind.BRIEF and form == "xlsx"):
        raise Http404
    kept = row.files.filter(form=form).first()
    return sent(kept.read() if kept else papers.made(row, form), form, papers.file_name(row, form))


def sent(content: bytes, form: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=papers.TYPES[form])
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


def move(request, number, action):
    """A step of the report."""
    if action not in STEPS:
        raise Http404
    return steps.take(request, lifecycle.report, found(request, number), action)


def chapter(request, number, code):
    """Change the words of a chapter of a draft."""
    row = found(request, number)
    one = get_object_or_404(row.chapters, code=code)
    if not actions.writes(row, request.user):
        raise PermissionDenied(_("只有草稿能改，由市局经办或审核修改。"))
    form = ChapterForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write(one, form.cleaned_data, by=request.user)
        except NotYours as reason:
            raise PermissionDenied(str(reason)) from reason
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已保存。"))
            return redirect(row)
    context = {"report": row, "chapter": one, "form": form, "labels": actions.block_labels(one.blocks)}
    return render(request, "targets/report_chapter.html", context, status=422 if form.errors else 200)


# --- the brief of the moment -------------------------------------------------------------------


@require_safe
def brief(request):
    """One page in Word for the head, of the plan in force on the day; nothing of it is kept."""
    asked = AsOf(request)
    if asked.district.pk != asked.pack.root_id:
        raise Http404
    plans = Plan.objects.filter(pack=asked.pack, since__lte=asked.on).order_by("-until", "order", "pk")
    plan = plans.select_related("pack__root").first()
    if plan is None or not plan.indicators.exists():
        raise Http404
    told = freeze(plan, on=asked.on, before=None, made_on=asked.today, made_at=now(), entries=False)
    told.words["duties"] = duties_due(asked.pack, asked.today)
    name = papers.titles(Report.Kind.BRIEF, asked.pack, asked.on, None)[0]
    return sent(papers.as_file(papers.brief(told), "docx"), "docx", f"{name}.docx")


# --- who gets what -----------------------------------------------------------------------------


def subscriptions(request):
    """What is sent regularly: one's own, and for the bureau everybody's."""
    pack, today, user = own_pack(request), localdate(), request.user
    form = SubscriptionForm(request.POST or None, pack=pack, by=user, today=today)
    if request.method == "POST" and form.is_valid():
        Subscription.objects.create(pack=pack, since=today, set_by=user, **form.cleaned_data)
        messages.success(request, _("已订阅。到时生成，发站内通知和邮件。"))
        return redirect("targets:report_subscriptions")
    rows = mine(request).select_related("user", "set_by").order_by("user__name", "kind", "pk")
    context = {"form": form, "rows": rows, "may_set": bool(user.scope.roles & BUREAU)}
    return render(request, "targets/report_subscriptions.html", context, status=422 if form.errors else 200)


def mine(request):
    rows = Subscription.objects.filter(pack=pack_of(request.user), until=None)
    return rows if request.user.scope.roles & BUREAU else rows.filter(user=request.user)


@require_POST
def end(request, pk):
    """Nothing is sent any more."""
    get_object_or_404(mine(request), pk=pk)
    Subscription.objects.filter(pk=pk).update(until=localdate())
    messages.success(request, _("已取消订阅。"))
    return redirect("targets:report_subscriptions")
