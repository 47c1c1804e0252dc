"""A case as officials see it: conditions beside their papers, findings, and sending back what must be mended."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import claims, notices, presence
from portal.facts import Finding
from portal.lifecycle import Refused
from portal.models import Matter
from portal.models.people import UNIT
from portal.site import remembered
from portal.views.work import as_rows, listed
from portal.words import localised
from stations import steps
from stations.applications import actions, cases, lifecycle, papers, progress, returns, submissions
from stations.behalf import actions as behalf
from stations.forms import MoveForm, ReturnForm, VerdictForm
from stations.models import Application, ApplicationStatus, Phrase

S = ApplicationStatus


def case(request, application: Application, *, code: str = "", form: VerdictForm | None = None):
    """Left the conditions, in the middle the papers of one of them, right the findings and the next step.

    `code` names the condition to show; `form` is a finding on it that could not be kept, shown as it was typed.
    """
    today, user = localdate(), request.user
    cards = cases.conditions_of(application, on=today, hints=True, verdicts=True)
    said = submissions.handed_in(application, cards)
    concerned = [c for c in cards if c.concerns]
    level = actions.level_for(application, user)
    for card in concerned:
        card.shape = f"st-{card.verdict_state(level or last_level(card))[0]}"
    chosen = chosen_card(code or request.GET.get("c", ""), concerned, level)
    steps = sorted(lifecycle.application.possible(application, user), key=lambda s: s.note_needed)  # onward first
    steps = [s for s in steps if s.action != "enter"]  # stands where the case is filled in
    why = refusals(application, [s.action for s in steps], today)
    chain = progress.chain_of(application, on=today)
    context = {
        "application": application,
        "matter": application.matter,
        "row": as_rows([application.matter], today)[0],
        "groups": [
            (label, [c for c in concerned if c.condition.group == group])
            for group, label in (("basic", _("基本条件，项项都要符合")), ("recommended", _("推荐条件，至少一项")))
        ],
        "card": chosen,
        "files": viewer(request, chosen),
        "level": level,
        "form": form or VerdictForm(),
        "phrases": phrases_for(application) if level else [],
        "judged": sum(1 for c in concerned if level and level in c.verdicts),
        "total": len(concerned),
        "next_open": next((c for c in concerned if c.waits_for(level) and c is not chosen), None),
        "steps": [(s, MoveForm(step=s), why[s.action]) for s in steps if not s.returns],
        "may_return": any(s.returns for s in steps),
        "chain": chain,
        "stand": progress.standing(chain),
        "watched": application.watched,
        "papers": papers.names_of(application).items(),
        "reminder": reminder(request, application.matter),
        "promise": progress.promise_of(application, on=today),
        "holding": claims.holding(application.matter, user),
        "help": behalf.of(application),
        "may_fill": behalf.may_fill(application, user),
        "present": presence.looking(application.matter, user),
        "visits": application.visits.select_related("file").order_by("visited_on", "pk"),
        "may_visit": level == "district",
        **said,
        **neighbours(request, application),
    }
    return render(request, "stations/review.html", context, status=422 if form else 200)


def phrases_for(application) -> list[str]:
    """The sentences that officers of the city often need."""
    pack = application.type.pack_id
    rows = Phrase.objects.filter(pack=pack).order_by("order", "pk")
    return [localised(row, "text") for row in remembered(f"phrases:{pack}", lambda: list(rows))]


def reminder(request, matter) -> str:
    """What an official may send by hand while the enterprise has the case."""
    if matter.holder not in UNIT:
        return ""
    return notices.reminder(matter, lifecycle.application, request.build_absolute_uri(matter.get_absolute_url()))


def last_level(card) -> str:
    """Whose finding a reader sees who doesn't judge: the bureau's, or else the district's."""
    return "bureau" if "bureau" in card.verdicts else "district"


def chosen_card(code, cards, level):
    """The condition to show: the one that is named, else the first that waits for a finding."""
    named = next((c for c in cards if c.condition.code == code), None)
    return named or next((c for c in cards if c.waits_for(level)), None) or (cards[0] if cards else None)


def viewer(request, card) -> dict:
    """The papers of a condition as tabs, and the page of the one that is open."""
    files = card.files if card else []
    if not files:
        return {"files": [], "file": None}
    chosen = next((e for e in files if str(e.file_id) == request.GET.get("f")), files[0])
    wanted = request.GET.get("p", "1")
    page = min(max(int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 1, 1), chosen.file.pages)
    return {
        "files": files,
        "file": chosen.file,
        "evidence": chosen,
        "page": page,
        "pages": range(1, chosen.file.pages + 1),
    }


def refusals(application, actions, today) -> dict[str, list[Finding]]:
    """Why each step can't be taken yet, as its rules found; an empty list when it can."""
    found = lifecycle.application.findings_of(application, actions, on=today) if actions else {}
    return {action: [f for f in findings if f.met is not True] for action, findings in found.items()}


def neighbours(request, application) -> dict:
    """The cases before and after this one in the reader's own to-do list."""
    mine = Matter.objects.to_do(request.user) & Matter.objects.visible_to(request.user)
    numbers = list(listed(mine.filter(kind="application")).values_list("number", flat=True)[:200])
    if application.matter.number not in numbers:
        return {"place": 0, "of": len(numbers)}
    at = numbers.index(application.matter.number)
    return {
        "place": at + 1,
        "of": len(numbers),
        "previous": numbers[at - 1] if at else "",
        "next": numbers[at + 1] if at + 1 < len(numbers) else "",
    }


def found(request, number) -> Application:
    rows = Application.objects.visible_to(request.user).for_page(request.user)
    application = get_object_or_404(rows, matter__number=number)
    if application.matter.organisation_id in request.user.scope.organisations:
        raise Http404
    return application


@require_POST
def verdict(request, number, code):
    """Met, not met, or can't tell, on one condition; then on to the next without a finding."""
    application = found(request, number)
    condition = get_object_or_404(application.type.conditions, code=code)
    form = VerdictForm(request.POST)
    if form.is_valid():
        given = {"verdict": form.value, "note": form.cleaned_data["note"]}
        try:
            actions.judge(application, condition, **given, by=request.user, on=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            then = request.POST.get("then", "")
            return redirect(f"{application.get_absolute_url()}?c={then or code}")
    return case(request, application, code=code, form=form)


def send_back(request, number):
    """Choose what must be mended, each with its reason; the enterprise sees exactly this list."""
    application = found(request, number)
    level = actions.level_for(application, request.user)
    if level is None:
        raise PermissionDenied(_("这件申报现在不在您手里，不能退回。"))
    cards = cases.conditions_of(application, on=localdate(), verdicts=True)
    suggested = {
        f"condition:{c.condition.code}": c.verdicts[level].note
        for c in cards
        if level in c.verdicts and c.verdicts[level].verdict is not True
    }
    labels = cases.labels_of(application, cards)
    seen = returns.seen_before(application, labels)
    form = ReturnForm(request.POST or None, labels=labels, suggested=suggested, seen=seen)

    def send(items):
        given = {"note": form.cleaned_data["note"], "late": form.cleaned_data.get("late", "")}
        returns.send_back(application, items, by=request.user, on=localdate(), **given)

    if request.method == "POST" and form.is_valid() and steps.returned(request, form, send):
        return redirect(application)
    context = {"application": application, "matter": application.matter, "form": form, "groups": grouped(form, cards)}
    context["chosen"] = [tick for _target, tick, _code, _note in form.rows() if tick.value()]
    return render(request, "stations/return.html", context, status=422 if form.errors else 200)


def grouped(form: ReturnForm, cards) -> list[tuple[str, list, bool]]:
    """The rows of the return form under headings: each condition with its papers, then the other parts; and whether
    one of them is ticked or wrong, so that the group stands open. Recommended conditions that the enterprise didn't
    claim stand together: naming one lets it claim that one instead."""
    rows = {row[0]: row for row in form.rows()}
    groups, unclaimed = [], []
    for card in cards:
        targets = [f"condition:{card.condition.code}", *(f"slot:{slot.slot.name}" for slot in card.slots)]
        heading = f"{card.name}　{form.labels[targets[0]]}"
        if card.concerns:
            groups.append((heading, [rows.pop(t) for t in targets]))
        else:
            unclaimed += [rows.pop(t) for t in targets]
    groups.append((_("没有选的推荐条件"), unclaimed))
    groups.append((_("单位确认"), [row for t, row in rows.items() if t.startswith("slot:")]))
    groups.append((_("单位情况"), [row for t, row in rows.items() if t.startswith("profile:")]))
    groups.append((_("招收计划和项目"), [row for t, row in rows.items() if t.startswith("field:")]))
    return [
        (heading, rows, any(tick.value() or code.errors or note.errors for _target, tick, code, note in rows))
        for heading, rows in groups
    ]
