"""Naming the filters of a list, renaming and deleting such a view: one's own alone."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import saved
from portal.forms import TidyField
from portal.lifecycle import Refused
from portal.models import SavedView


class ViewForm(forms.ModelForm):
    name = TidyField(label=SavedView._meta.get_field("name").verbose_name, max_length=40)

    class Meta:
        model = SavedView
        fields = ("name", "is_default")


def view_new(request):
    """Give the filters of a list a name."""
    told = request.POST if request.method == "POST" else request.GET
    path, query = told.get("path", ""), saved.query_of(told.get("query", ""))
    if not saved.is_page(path) or len(path) > 200 or not query or len(query) > 2000:
        raise Http404
    row = SavedView(user=request.user, path=path, query=query, name=told.get("name", "")[:40])
    return typed(request, row)


def view(request, pk):
    """Rename one, make it the default of its list or no longer so."""
    return typed(request, get_object_or_404(SavedView, pk=pk, user=request.user))


def typed(request, row: SavedView):
    back = f"{row.path}?{row.query}"
    form = ViewForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_bound and form.is_valid():
        try:
            saved.keep(form.save(commit=False))
        except Refused as reason:
            form.add_error("name", str(reason))
        else:
            messages.success(request, _("已保存视图“%(name)s”。") % {"name": row.name})
            return redirect(back)
    context = {"form": form, "row": row, "back": back}
    return render(request, "work/view.html", context, status=422 if form.errors else 200)


@require_POST
def view_remove(request, pk):
    row = get_object_or_404(SavedView, pk=pk, user=request.user)
    row.delete()
    messages.success(request, _("已删除视图“%(name)s”。") % {"name": row.name})
    return redirect(row.path)
