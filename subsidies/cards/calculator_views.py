"""The calculator's page: the questions are a form that is sent as an address, so that it works for everybody."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.forms import DayField
from portal.site import pack_of
from postdocs.models import Programme
from stations.disciplines import catalogue, name_of
from stations.register.models import StationKind
from subsidies.cards import calculator as c

UNSAID = (("", _("不知道")),)


class WhoForm(forms.Form):
    who = forms.ChoiceField(label=_("您是"), choices=c.WHO, widget=forms.RadioSelect)


def field_of(question: c.Question, pack) -> forms.Field:
    """Nothing has to be answered: what isn't leaves the answer open."""
    about = {"label": question.label, "required": False}
    if question.kind == "day":
        return DayField(**about)
    choices = {
        "yes": ((c.YES, _("是")), (c.NO, _("否"))),
        "choice": question.choices,
        "discipline": [(code, name_of(code)) for code in catalogue()],
        "station": StationKind.choices,
    }.get(question.kind)
    if choices is None:
        rows = Programme.objects.filter(pack=pack).order_by("order", "pk")
        choices = tuple((row.code, str(row)) for row in rows)
    return forms.ChoiceField(choices=(*UNSAID, *choices), **about)


def form_of(questions, pack, data) -> forms.Form:
    fields = {question.code: field_of(question, pack) for question in questions}
    return type("Questions", (forms.Form,), fields)(data)


@login_not_required
def calculator(request):
    """At most eight questions, and what each scheme says to the answers so far."""
    pack, on = pack_of(request.user), localdate()
    who = WhoForm(request.GET or None)
    context = {"who": who, "pack": pack}
    if pack is None or not who.is_valid():
        status = 422 if who.is_bound and "who" in request.GET else 200
        return render(request, "subsidies/calculator.html", context, status=status)
    role = who.cleaned_data["who"]
    asked = c.rulings_for(pack, role)
    mine = [q for q in c.QUESTIONS if role in q.whom]
    every = form_of(mine, pack, request.GET)
    every.is_valid()
    given = every.cleaned_data
    found = c.answers(asked, pack, role, given, on)
    questions = c.questions_for(role, found, {name: request.GET.get(name) for name in every.fields})
    form = form_of(questions, pack, request.GET)
    answered = any(given.get(q.code) not in (None, "") for q in questions)
    context |= {
        "role": dict(c.WHO)[role],
        "role_code": role,
        "form": form,
        "answers": found,
        "answered": answered,
        "on": on,
    }
    return render(request, "subsidies/calculator.html", context, status=422 if form.errors else 200)
