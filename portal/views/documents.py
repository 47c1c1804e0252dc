"""The papers of the city: what they say in our words, what implements each clause, where the gaps are."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal import documents as register
from portal import uploads
from portal.exports import Book, exported
from portal.forms import TidyField
from portal.models import Document
from portal.models.people import BUREAU, OFFICIALS
from portal.templatetags.marks import percent
from portal.views.files import sent
from portal.views.rules import own_pack
from portal.words import localised
from portal.workbooks import workbook

STATES = {
    register.DONE: gettext_lazy("已有落实"),
    register.TOLD: gettext_lazy("只作说明"),
    register.OPEN: gettext_lazy("尚未落实"),
}
MARKS = {register.DONE: "met", register.TOLD: "locked", register.OPEN: "unmet"}


def sees_rules(user) -> bool:
    """Whether somebody sees what implements a clause; everybody else reads the papers and our summaries."""
    return user.is_authenticated and bool(user.scope.roles & OFFICIALS)


def own(request, pk) -> Document:
    return get_object_or_404(register.documents_of(own_pack(request), "relations", "told_of"), pk=pk)


def bar(paper: register.Paper) -> list[dict]:
    """The clauses of a paper as one bar: a piece for each state that has any."""
    whole, at, pieces = len(paper.lines) or 1, 0.0, []
    for state, n in paper.shares:
        share = n / whole * 100
        pieces.append({"state": state, "label": STATES[state], "n": n, "x": percent(at), "width": percent(share)})
        at += share
    return pieces


@login_not_required
def documents(request):
    """All papers; for officials with how much of each is implemented."""
    papers = register.papers(own_pack(request), localdate())
    inside = sees_rules(request.user)
    context = {
        "papers": [(paper, bar(paper) if inside else []) for paper in papers],
        "inside": inside,
        "signed_in": request.user.is_authenticated and bool(request.user.scope.roles),
    }
    return render(request, "rules/documents.html", context)


@exported("documents")
def export(request) -> Book:
    """The list of papers."""
    papers = register.papers(own_pack(request), localdate())
    inside = sees_rules(request.user)
    heads = [_("标题"), _("文号"), _("发文机关"), _("成文日期"), _("执行起"), _("执行止"), _("状态"), _("条款数")]
    lines = [
        [
            *(localised(p.document, "title"), p.document.number, localised(p.document, "issuer")),
            *(p.document.issued_on, p.document.since, p.document.until, p.standing[1], len(p.lines)),
            *([n for _state, n in p.shares] if inside else []),
        ]
        for p in papers
    ]
    heads += [str(word) for word in STATES.values()] if inside else []
    return Book(_("政策文件"), heads, lines, localdate(), len(lines))


class CopyForm(forms.Form):
    """A copy of the paper, and where it is from."""

    file = forms.FileField(label=gettext_lazy("文件"))
    source = TidyField(
        label=gettext_lazy("文件来源"),
        max_length=120,
        help_text=gettext_lazy("例如：市政府网站公开、发文单位提供。"),
    )


@login_not_required
def document(request, pk, form=None):
    """One paper, clause by clause."""
    row, inside = own(request, pk), sees_rules(request.user)
    paper = register.paper(row, request.user, localdate(), with_rows=inside)
    roles = request.user.scope.roles if request.user.is_authenticated else frozenset()
    context = {
        "document": row,
        "paper": paper,
        "bar": bar(paper) if inside else [],
        "lines": [(line, MARKS[line.state], STATES[line.state]) for line in paper.lines],
        "inside": inside,
        "signed_in": bool(roles),
        "form": (form or CopyForm()) if roles & BUREAU else None,
        "touched": register.touched(row.relations.all(), request.user, localdate()) if inside else [],
    }
    return render(request, "rules/document.html", context, status=422 if form and form.errors else 200)


def document_export(request, pk):
    """One paper as a workbook; for officials with what implements each clause."""
    row, inside = own(request, pk), sees_rules(request.user)
    paper = register.paper(row, request.user, localdate(), with_rows=inside)
    heads = [_("条款"), _("要点")] + ([_("状态"), _("由什么落实"), _("规则编号")] if inside else [])
    lines = []
    for line in paper.lines:
        clause = line.clause
        named = _("；").join(f"{r.kind} {r.name}" for r in line.rows)
        more = [str(STATES[line.state]), named, clause.rules] if inside else []
        lines.append([clause.number, localised(clause, "summary"), *more])
    title = f"{row.number or localised(row, 'title')} {_('条款')}"
    return workbook(title, heads, lines, user=request.user, on=localdate())


@require_safe
def file(request, pk):
    """The copy of a paper, for everybody of the city."""
    row = own(request, pk)
    if row.file is None:
        raise Http404
    return sent(row.file)


@require_POST
def attach(request, pk):
    """Attach a copy, or a better one; the one before stays on record."""
    row = own(request, pk)
    problem = uploads.too_big(request)
    form = CopyForm(request.POST, request.FILES)
    if problem:
        form.errors.pop("file", None)
        form.add_error("file", problem)
    if form.is_valid():
        try:
            register.attach(row, form.cleaned_data["file"], source=form.cleaned_data["source"], by=request.user)
        except (uploads.BadFile, register.NoBureau) as reason:
            form.add_error("file", str(reason))
        else:
            messages.success(request, _("已附上文件。"))
            return redirect(row)
    return document(request, pk, form=form)


# --- gaps --------------------------------------------------------------------------------------


def found_gaps(request) -> dict:
    pack, today = own_pack(request), localdate()
    papers = register.papers(pack, today)
    return {
        "open": [(p.document, [li.clause for li in p.lines if li.state == register.OPEN]) for p in papers],
        "loose": register.without_clause(pack, request.user, today),
        "touched": register.touched(register.replacements(pack), request.user, today),
        "unread": [p.document for p in papers if not p.lines],
    }


def gaps(request):
    """Clauses that nothing implements, rules without a clause, papers we have no clauses of, what a newer one touches."""
    found = found_gaps(request)
    found["open"] = [(document, clauses) for document, clauses in found["open"] if clauses]
    found["open_count"] = sum(len(clauses) for _document, clauses in found["open"])
    found["loose_count"] = sum(map(len, found["loose"].values()))
    found["touched_count"] = sum(t.count for t in found["touched"])
    return render(request, "rules/gaps.html", found)


@exported("documents_gaps")
def gaps_export(request) -> Book:
    """The gaps as one list."""
    found = found_gaps(request)
    lines = [
        [_("尚未落实的条款"), str(c), localised(c, "summary")] for _document, clauses in found["open"] for c in clauses
    ]
    lines += [[_("没有依据的规则"), kind, row.name] for kind, rows in found["loose"].items() for row in rows]
    lines += [
        [_("取代涉及的规则"), str(clause or t.relation.other), f"{row.kind} {row.name}"]
        for t in found["touched"]
        for clause, rows in t.lines
        for row in rows
    ]
    lines += [[_("还没有条款的文件"), str(d), localised(d, "title")] for d in found["unread"]]
    return Book(_("政策依据缺口"), [_("缺口"), _("在哪里"), _("内容")], lines, localdate(), len(lines))
