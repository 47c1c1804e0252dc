"""The page on which a career is written, row by row."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.lifecycle import Refused
from postdocs.careers import actions
from postdocs.careers.forms import CareerForm
from postdocs.careers.models import CareerRow
from postdocs.people.models import Person
from postdocs.stays.models import Stay


def found(request, pk) -> Person:
    """A person one may see whose career one may write."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if not actions.may_write(person, request.user):
        raise PermissionDenied(_("这份经历现在不由您填写：提交以后由本人维护，退回时列出的可以改。"))
    return person


def part(person: Person, user, *, on) -> dict:
    """What the pages of a person and of their stay show of a career."""
    stays = list(Stay.objects.filter(person=person).select_related("matter").order_by("-pk"))
    return {
        "career": actions.career_of(person, known=stays, on=on),
        "writes_career": person.user_id == user.pk or actions.written_by(user, stays) is not None,
    }


def career(request, pk, row=None):
    """All rows with what is missing between them, and the form of one: a new one, or the one that is changed."""
    person, today = found(request, pk), localdate()
    instance = get_object_or_404(CareerRow, person=person, pk=row) if row else CareerRow(person=person)
    form = CareerForm(request.POST or None, instance=instance, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep(instance, by=request.user)
        except Refused as reason:
            form.add_error(None, str(reason))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, _("已保存。"))
            return redirect("postdocs:career", pk)
    own = Stay.objects.visible_to(request.user).filter(person=person).select_related("matter").order_by("-pk").first()
    context = {"person": person, "form": form, "row": row, "own": own, **part(person, request.user, on=today)}
    return render(request, "postdocs/career.html", context, status=422 if form.errors else 200)


@require_POST
def strike(request, pk, row):
    """Take a row away."""
    person = found(request, pk)
    instance = get_object_or_404(CareerRow.objects.select_related("person"), person=person, pk=row)
    try:
        actions.strike(instance, by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("已删除“%(row)s”。") % {"row": instance})
    return redirect("postdocs:career", pk)
