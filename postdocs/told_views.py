"""The pages of told rows, the same for every sort: the list with its Excel, a new row, one row, confirming, removing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from portal.exports import Book, exported
from portal.forms import limited
from portal.lifecycle import Refused
from portal.models.people import CASEWORK
from portal.paging import Paginator
from portal.routes import page
from portal.templatetags.words import brief
from portal.words import localised
from postdocs import told

PAGE = 50


@dataclass(frozen=True)
class Column:
    """One column of a list and of its workbook; `css` where the list shows it, None where only the workbook does.
    `short`: what the list shows instead, where the value is long."""

    label: Any
    value: Callable[[Any], Any]
    css: str | None = ""
    short: Callable[[Any], Any] | None = None

    def listed(self, row) -> Any:
        return (self.short or self.value)(row)


@dataclass(frozen=True)
class Words:
    """What the pages of one sort are called."""

    title: Any
    meta: Any
    add: Any
    new_meta: Any
    unit: Any
    empty: Any


@dataclass(frozen=True)
class Sort:
    """`name` makes the names of the addresses: doctor, doctors, doctors_export, doctor_new, doctors_confirm, doctor_remove.
    `join` is what a row's columns need."""

    name: str
    model: Any
    form: Any
    filter: Any
    words: Words
    columns: tuple[Column, ...]
    join: tuple[str, ...]
    latest: str = "-since"  # the order of the list
    kind: str = ""  # of the workbook that may be imported

    @property
    def list_name(self) -> str:
        return f"postdocs:{self.name}s"

    def rows(self, user):
        return self.model.objects.visible_to(user).select_related("organisation", "district", *self.join)

    # --- the list --------------------------------------------------------------------------------

    def filtered(self, request):
        return self.filter(request.GET, self.rows(request.user).order_by(self.latest, "-pk"), request=request)

    def listed(self, request):
        chosen = self.filtered(request)
        found = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
        heads = [column for column in self.columns if column.css is not None]
        lines = [
            (row, told.may_confirm(row, request.user), [(shown(c.listed(row)), c.css) for c in heads]) for row in found
        ]
        context = {
            "page": found,
            "lines": lines,
            "heads": heads,
            "confirms": any(may for _row, may, _cells in lines),
            "confirm_url": reverse(f"{self.list_name}_confirm"),
            "filter": chosen,
            "writes": bool(request.user.scope.roles & told.WRITERS),
            "new_url": reverse(f"postdocs:{self.name}_new"),
            "import_url": reverse("import_new", args=[self.kind]) if self.kind else "",
            "export_url": f"{reverse(f'{self.list_name}_export')}?{request.GET.urlencode()}",
            "words": self.words,
        }
        return render(request, "postdocs/told_list.html", context)

    def book(self, request) -> Book:
        """The same list as a workbook; numbers of identity papers are never in it."""
        rows = self.filtered(request).qs
        lines = ([c.value(row) for c in self.columns] for row in rows.iterator(2000))
        return Book(str(self.words.title), [c.label for c in self.columns], lines, localdate(), rows.count())

    # --- one row ---------------------------------------------------------------------------------

    def new(self, request):
        return self.typed(request, self.form(request.POST or None, user=request.user), None)

    def one(self, request, pk):
        row = get_object_or_404(self.rows(request.user), pk=pk)
        only = told.open_fields(row, request.user)
        if request.method == "POST" and only == set():
            raise PermissionDenied(_("这一行不由您修改。"))
        form = self.form(request.POST or None, instance=row, user=request.user)
        return self.typed(request, limited(form, only), row)

    def typed(self, request, form, row):
        """The form of a new or an old row, and what is written with it."""
        if request.method == "POST" and form.is_valid():
            try:
                written = form.build()
                told.keep(written, by=request.user, on=localdate())
            except Refused as reason:
                form.add_error(None, str(reason))
            else:
                messages.success(request, _("已保存。"))
                return redirect(written)
        old = get_object_or_404(self.rows(request.user), pk=row.pk) if row else None
        context = {
            "form": form,
            "row": old,
            "words": self.words,
            "list_url": reverse(self.list_name),
            "facts": told_of(old, self.columns) if old else [],
            "writes": any(not field.disabled for field in form.fields.values()),
            "confirms": bool(old and told.may_confirm(old, request.user)),
            "confirm_url": reverse(f"{self.list_name}_confirm"),
            "remove_url": reverse(f"postdocs:{self.name}_remove", args=[old.pk])
            if old and told.may_remove(old, request.user)
            else "",
        }
        return render(request, "postdocs/told.html", context, status=422 if form.errors else 200)

    # --- buttons ---------------------------------------------------------------------------------

    def confirm(self, request):
        """Those that were ticked; where one can't be confirmed, its sentence says why and the others are."""
        picked = [int(n) for n in request.POST.getlist("n") if n.isascii() and n.isdigit()][:PAGE]
        rows = list(self.rows(request.user).filter(pk__in=picked).order_by("pk"))
        if len(rows) != len(set(picked)):
            raise Http404
        done = 0
        for row in rows:
            try:
                told.confirm(row, by=request.user, on=localdate())
                done += 1
            except Refused as reason:
                messages.error(request, f"{row}{_('：')}{reason}")
        if done:
            text = ngettext("已核对 %(n)s 行。", "已核对 %(n)s 行。", done)
            messages.success(request, text % {"n": done})
        elif not rows:
            messages.error(request, _("没有选中任何一行。请先勾选，再核对。"))
        return redirect(self.list_name)

    def remove(self, request, pk):
        row = get_object_or_404(self.rows(request.user), pk=pk)
        try:
            told.remove(row, by=request.user)
        except Refused as reason:
            messages.error(request, str(reason))
            return redirect(row)
        messages.success(request, _("已删除这一行。"))
        return redirect(self.list_name)

    def pages(self) -> list:
        name, at = self.name, f"{self.name}s"
        return [
            page(f"{at}/", self.listed, name=at, roles=CASEWORK),
            page(f"{at}/export/", exported(f"postdocs:{at}_export")(self.book), name=f"{at}_export", roles=CASEWORK),
            page(f"{at}/new/", self.new, name=f"{name}_new", roles=told.WRITERS),
            page(f"{at}/confirm/", require_POST(self.confirm), name=f"{at}_confirm", roles=told.OFFICERS),
            page(f"{at}/<int:pk>/", self.one, name=name, roles=CASEWORK),
            page(f"{at}/<int:pk>/remove/", require_POST(self.remove), name=f"{name}_remove", roles=told.WRITERS),
        ]


def shown(value) -> str:
    """A value as a cell of a list shows it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value.isoformat() if isinstance(value, date) else str(value)


def told_of(row, columns) -> list[tuple]:
    """What was told of a row, without what stands above it already: who it is and at which unit."""
    facts = [(column.label, shown(column.value(row))) for column in columns]
    return [(label, text) for label, text in facts if text not in (str(row), row.organisation.name)]


UNIT = Column(gettext_lazy("单位"), lambda row: row.organisation.name)
DISTRICT = Column(
    gettext_lazy("区镇"),
    lambda row: localised(row.district, "name"),
    "not-on-phone",
    lambda row: brief(row.district),
)
CONFIRMED = Column(gettext_lazy("核对日期"), lambda row: row.confirmed_on, None)
