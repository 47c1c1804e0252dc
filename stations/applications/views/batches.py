"""Several cases at once: pick them in the list, give one document number and date, see what became of each; and the
summary of a batch, as a sheet with its covering letter and as a workbook."""

from copy import copy

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.models import Matter
from portal.papers import pdf_response
from portal.site import pack_of
from portal.views.work import as_rows, listed
from portal.workbooks import workbook
from stations.applications import batches, papers
from stations.forms import MoveForm
from stations.models import Application

MOST = 200  # cases in one batch


def batch(request):
    """The cases that wait for a step of this person, to be picked; the answer says of each whether it was done."""
    steps = batches.steps_for(request.user, pack_of(request.user))
    if not steps:
        return render(request, "stations/batch.html", {"steps": []})
    step = next((s for s in steps if s.action == request.GET.get("step")), steps[0])
    form = BatchForm(request.POST if request.method == "POST" else None, step=step)
    if form.is_bound:
        picked = chosen(request, request.POST, batches.waiting(step, request.user))
        if request.POST.get("do") == "summary" and picked:
            numbers = "&".join(f"n={a.matter.number}" for a in picked)
            return redirect(f"{reverse('stations:batch_summary')}?{numbers}")
        if not picked:
            form.add_error(None, _("请至少勾选一件。"))
        elif form.is_valid():
            given = {"details": form.details(), "note": form.cleaned_data["note"]}
            results = batches.take(picked, step, by=request.user, on=localdate(), **given)
            return render(request, "stations/batch_done.html", done(step, results))
    return render(request, "stations/batch.html", page(request, steps, step, form), status=422 if form.errors else 200)


class BatchForm(MoveForm):
    """What one paper says of all the cases picked; where the step doesn't need a paper, one may be named."""

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, step=step, **kwargs)
        self.prefix = None
        for name in ("document_on", "document"):
            if name not in self.fields:
                self.fields = {name: copy(self.base_fields[name]), **self.fields}
                self.fields[name].required = False

    def details(self) -> dict:
        return {name: value for name, value in super().details().items() if value not in ("", "None")}


def page(request, steps, step, form) -> dict:
    found = batches.waiting(step, request.user)
    rows = as_rows(listed(Matter.objects.filter(pk__in=found.values("matter")))[:MOST], localdate())
    tabs = [
        {"label": s.label, "url": f"{reverse('stations:batch')}?step={s.action}", "current": s is step} for s in steps
    ]
    picked = request.POST.getlist("n")
    return {"steps": steps, "step": step, "form": form, "rows": rows, "tabs": tabs, "picked": picked, "most": MOST}


def done(step, results) -> dict:
    n = sum(result.done for result in results)
    return {"step": step, "results": results, "done": n, "failed": len(results) - n}


def chosen(request, data, rows) -> list[Application]:
    """The cases whose numbers were picked, among those one may see; in the order of their numbers."""
    numbers = data.getlist("n")[:MOST]
    return list(rows.filter(matter__number__in=numbers).with_case().order_by("matter__number"))


# --- the summary -------------------------------------------------------------------------------


def batch_of(request) -> list[Application]:
    picked = chosen(request, request.GET, Application.objects.visible_to(request.user))
    if not picked:
        raise Http404
    return picked


def summary(request):
    picked = batch_of(request)
    paper = papers.summary(pack_of(request.user), picked, on=localdate(), by=request.user)
    query = request.GET.urlencode()
    context = {"paper": paper, "query": query}
    return render(request, "stations/summary.html", context)


def summary_file(request):
    paper = papers.summary(pack_of(request.user), batch_of(request), on=localdate(), by=request.user)
    return pdf_response(paper, paper.title)


def summary_export(request):
    rows = papers.summary_rows(batch_of(request))
    return workbook(_("申报推荐汇总表"), papers.summary_heads(), rows, user=request.user, on=localdate())
