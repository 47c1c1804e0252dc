"""The guide that anybody may read, and a look before the form."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from portal.site import pack_of
from stations.applications import cases, suitability
from stations.enterprises.views import handles
from stations.models import ApplicationType, Enterprise
from stations.windows import openings as windows


@login_not_required
def guide(request):
    """What can be applied for in this city, with what it takes."""
    pack = pack_of(request.user)
    rows = ApplicationType.objects.in_force(localdate()).select_related("pack").order_by("order", "pk")
    types = list(rows.filter(pack=pack)) if pack else []
    openings = windows.of_types(types, localdate())
    return render(request, "stations/guide.html", {"types": [(kind, openings[kind.pk]) for kind in types]})


@login_not_required
def guide_type(request, pack, code):
    """One matter: who, on what basis, which conditions and papers, how long, who decides."""
    rows = ApplicationType.objects.select_related("pack", "clause__document")
    kind = get_object_or_404(rows, pack__code=pack, code=code)
    context = {"type": kind, "groups": cases.conditions_for_guide(kind), "steps": cases.steps_for_guide(kind)}
    context["opening"] = windows.of_type(kind, localdate())
    return render(request, "stations/guide_type.html", context)


@login_not_required
def check(request, pack, code):
    """The questions; once some are answered in the address, what the answers come to."""
    rows = ApplicationType.objects.in_force(localdate()).select_related("pack", "clause__document")
    kind = get_object_or_404(rows, pack__code=pack, code=code)
    enterprise = asking(request, kind)
    questions = suitability.questions_of(kind, enterprise, on=localdate())
    form, outcome = given(request, kind, questions)
    context = {
        "type": kind,
        "enterprise": enterprise,
        "form": form,
        "groups": suitability.grouped(questions, form, kind.recommended_needed),
        "outcome": outcome,
        "said": [q for q in questions if q.met is True],
        "claimed": [q.code for q in questions if q.met is True and q.condition],
        "may_start": enterprise is not None and handles(request.user, enterprise.pk),
    }
    return render(request, "stations/suitability.html", context, status=422 if form.errors else 200)


def asking(request, kind: ApplicationType) -> Enterprise | None:
    """The enterprise of that city that this person acts for; nobody's figures are filled in for others."""
    if not request.user.is_authenticated:
        return None
    mine = Enterprise.objects.filter(
        organisation__in=request.user.scope.organisations, organisation__district__up__ancestor=kind.pack.root_id
    )
    return mine.select_related("organisation").order_by("pk").first()


def given(request, kind: ApplicationType, questions):
    """The form as the address fills it in, and what that comes to; None before anything is answered."""
    titles = {q.code: q.title for q in questions}
    asked = any(name in request.GET for name in titles)
    form = suitability.CheckForm(request.GET if asked else None, titles=titles, initial=suitability.initial(questions))
    if not (asked and form.is_valid()):
        return form, None
    suitability.answered(questions, form)
    return form, suitability.outcome_of(questions, kind.recommended_needed)
