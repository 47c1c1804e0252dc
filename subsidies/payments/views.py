"""Batches of payment: what waits for one, one batch on its way, its papers, what came back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.docx import docx_response
from portal.lifecycle import NotYours, Refused
from portal.models import Job
from portal.models.people import CASEWORK
from portal.paging import Paginator
from portal.papers import pdf_response
from portal.workbooks import SHEET
from stations import steps
from stations.forms import MoveForm
from subsidies.ledger.book import lines_of
from subsidies.payments import actions, lifecycle, papers, results
from subsidies.payments.forms import ReleaseForm, ResultForm
from subsidies.payments.models import LineState, PaymentBatch, PaymentStatus

PAGE = 50
P, L = PaymentStatus, LineState
OWN_PAGES = ("release", "dissolve")  # steps that ask for more, or do more, than the row of their batch


def found(request, number) -> PaymentBatch:
    return get_object_or_404(PaymentBatch.objects.visible_to(request.user).for_page(), matter__number=number)


# --- the list, a new one -----------------------------------------------------------------------


def payments(request):
    """What waits for a batch, line by line, and the batches, the newest first."""
    user = request.user
    rows = PaymentBatch.objects.visible_to(user).for_page().order_by("-pk")
    count = {s: Count("lines", filter=Q(lines__state=s)) for s in (L.PAID, L.BOUNCED)}
    alive = ~Q(lines__state=L.REMOVED)
    rows = rows.annotate(n=Count("lines", filter=alive), sum=Sum("lines__amount", filter=alive), **count)
    waiting = [(line, actions.compiles(user, line)) for line in actions.waiting_for(user)]
    context = {"page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "waiting": waiting}
    return render(request, "subsidies/payment_list.html", context)


def begin(request, line):
    """Choose which payable claims of a line are paid together."""
    row = get_object_or_404(lines_of(request.user), pk=line)
    if not actions.compiles(request.user, row):
        raise PermissionDenied(_("拨付批次由市局经办或财务经办编制。"))
    problem = ""
    if request.method == "POST":
        try:
            batch = actions.begin(row, chosen(request), by=request.user, on=localdate())
        except Refused as reason:
            problem = str(reason)
        else:
            messages.success(request, _("已建立批次。核对金额和账户，再移交复核。"))
            return redirect(batch)
    context = {"line": row, "claims": list(actions.payable(row)), "problem": problem, "picked": chosen(request)}
    return render(request, "subsidies/payment_new.html", context, status=422 if problem else 200)


def chosen(request) -> list[int]:
    """The claims that were ticked; what isn't a number of ours was not."""
    return [int(n) for n in request.POST.getlist("claim") if n.isascii() and n.isdecimal() and len(n) < 10]


# --- one batch ---------------------------------------------------------------------------------


def payment(request, number):
    return shown(request, found(request, number))


def shown(request, row: PaymentBatch, *, problems=()):
    """The page: lines with where each is, what may be done, the papers, the results, what happened."""
    user = request.user
    drafts = row.status == P.DRAFT and actions.compiles(user, row.line)
    lines = list(papers.lines_of(row))
    possible = lifecycle.payment.possible(row, user)
    job = Job.objects.filter(kind="book_results", payload__batch=row.pk).order_by("-pk").first()
    context = {
        "batch": row,
        "matter": row.matter,
        "stage": lifecycle.payment.stages[row.status],
        "lines": lines,
        "total": sum(line.amount for line in lines),
        "counts": [(state.label, sum(line.state == state for line in lines)) for state in L if state != L.REMOVED],
        "moves": [(s, MoveForm(step=s)) for s in possible if s.action not in OWN_PAGES],
        "releases": any(s.action == "release" for s in possible),
        "drafts": drafts,
        "more": list(actions.payable(row.line)) if drafts else [],
        "changes": lifecycle.changes(row) if row.status == P.CHECKING else [],
        "has_papers": papers.has_papers(row),
        "may_take": papers.may_take(row, user),
        "books": actions.books(row, user),
        "problems": problems,
        "job": as_job(job) if job else None,
        "events": [(lifecycle.payment.said(e), e) for e in row.matter.events.select_related("by").order_by("pk")],
        "reads_cases": bool(user.scope.roles & CASEWORK),
    }
    return render(request, "subsidies/payment.html", context, status=422 if problems else 200)


def as_job(job: Job) -> dict:
    """What the bar of long work shows of the booking of a list."""
    ended = job.state in (Job.State.DONE, Job.State.FAILED)
    booked = job.result.get("booked", 0)
    done = ngettext("清单已登记 %(n)s 件", "清单已登记 %(n)s 件", booked) % {"n": booked}
    steps_ = [("fix", text) for text in job.result.get("problems", [])]
    return {
        "title": done if ended else _("正在登记清单"), "done": job.done, "total": job.total or len(job.payload["rows"]),
        "finished": ended, "failed": job.state == Job.State.FAILED, "steps": steps_,
        "meta": [job.asked_at.date().isoformat()],
    }  # fmt: skip


@require_POST
def add(request, number):
    """More claims into a batch that is being put together."""
    row = found(request, number)
    try:
        n = actions.add(row, chosen(request), by=request.user, on=localdate())
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, ngettext("已列入 %(n)s 件。", "已列入 %(n)s 件。", n) % {"n": n})
    return redirect(row)


@require_POST
def remove(request, number, pk):
    """Take one claim out; it waits for the next batch."""
    row = found(request, number)
    line = get_object_or_404(row.lines.select_related("claim"), pk=pk)
    try:
        actions.remove(row, line, by=request.user, on=localdate())
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(row)


@require_POST
def dissolve(request, number):
    """Give the batch up; its claims wait for another."""
    row = found(request, number)
    try:
        actions.dissolve(row, by=request.user, on=localdate())
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("批次已撤销，其中的申领回到“待拨付”。"))
    return redirect(row)


def move(request, number, action):
    """A step of the batch that asks for a note at most."""
    if action in OWN_PAGES:
        raise Http404
    return steps.take(request, lifecycle.payment, found(request, number), action)


def release(request, number):
    """What is released, once more, and the code of whoever releases it."""
    row, user = found(request, number), request.user
    if not any(s.action == "release" for s in lifecycle.payment.possible(row, user)):
        raise PermissionDenied(_("发出须由没有参与编制的复核人办理，且批次已移交。"))
    has_device = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.release(row, by=user, on=localdate(), token=form.cleaned_data["token"])
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已发出。系统正在逐笔处理，这一页会显示进展。"))
            return redirect(row)
    lines = list(papers.lines_of(row))
    context = {
        "batch": row, "form": form, "lines": lines, "total": sum(line.amount for line in lines),
        "changes": lifecycle.changes(row), "has_device": has_device,
    }  # fmt: skip
    return render(request, "subsidies/payment_release.html", context, status=422 if form.errors else 200)


# --- papers ------------------------------------------------------------------------------------


@require_POST
def take_list(request, number):
    """The list with the whole account numbers; that it was taken is written down."""
    row = found(request, number)
    if not papers.may_take(row, request.user):
        raise PermissionDenied(_("拨付明细表有完整账号，只有移交人和发出人可以取。"))
    content, name = papers.take_list(row, by=request.user, on=localdate())
    response = HttpResponse(content, content_type=SHEET)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def letter(request, number, form):
    """The letter that asks the finance office for the money, as Word or PDF."""
    row = found(request, number)
    if form not in ("docx", "pdf") or not papers.has_papers(row):
        raise Http404
    make = docx_response if form == "docx" else pdf_response
    return make(papers.letter(row), f"请款函_{number}")


# --- results -----------------------------------------------------------------------------------


@require_POST
def list_of_results(request, number):
    """The list that came back: taken whole, or not at all with every row that is wrong."""
    row = found(request, number)
    if not actions.compiles(request.user, row.line):
        raise PermissionDenied(_("拨付结果由市局经办或财务经办登记。"))
    if not actions.books(row, request.user):
        messages.error(request, _("这个批次现在没有要登记的结果。"))
        return redirect(row)
    if "list" not in request.FILES:
        return shown(request, row, problems=[_("没有选文件。请选填好结果的拨付明细表，或银行的回单清单。")])
    try:
        told = results.read(request.FILES["list"], row, today=localdate())
    except results.BadList as bad:
        return shown(request, row, problems=bad.problems)
    actions.book_list(row, ((t.line.pk, t.paid, t.day, t.reason) for t in told), by=request.user)
    messages.success(request, _("清单已收下，正在逐笔登记。"))
    return redirect(row)


def result(request, number, pk):
    """What the bank did with one payment, typed."""
    row = found(request, number)
    line = get_object_or_404(papers.lines_of(row), pk=pk)
    if not actions.compiles(request.user, row.line):
        raise PermissionDenied(_("拨付结果由市局经办或财务经办登记。"))
    form = ResultForm(request.POST or None, initial={"day": localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.book(line.pk, **form.told, by=request.user, today=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已登记。"))
            return redirect(row)
    context = {"batch": row, "line": line, "form": form}
    return render(request, "subsidies/payment_result.html", context, status=422 if form.errors else 200)
