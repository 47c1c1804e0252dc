"""What the city gives: the list, one scheme with its versions, and a new version from the draft to its publication."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.exports import Book, exported
from portal.facts import VOCABULARIES
from portal.lifecycle import Refused
from portal.models import Amendment, District, Pack, Role
from portal.models.people import BUREAU, CASEWORK, OFFICIALS
from portal.site import pack_of
from portal.words import localised
from portal.workbooks import workbook
from subsidies.entitlements.models import Entitlement
from subsidies.schemes import actions, boundaries, words
from subsidies.schemes import impact as impacts
from subsidies.schemes.engine import vocabulary_of
from subsidies.schemes.forms import DraftForm, FirstForm, OneCaseForm, SchemeForm, Sheets
from subsidies.schemes.models import SchemeVersion, SubsidyScheme, VersionState
from subsidies.schemes.values import Choices
from subsidies.subjects import SELECT, SUBJECT_WORDS, SUBJECTS

PAGE = 50
V = VersionState
RULES = BUREAU | {Role.AUDITOR}  # who sees what is only drafted


def own_pack(request) -> Pack:
    pack = pack_of(request.user)
    if pack is None:
        raise Http404
    return pack


def roles_of(request) -> frozenset:
    return frozenset(request.user.scope.roles) if request.user.is_authenticated else frozenset()


# --- what the city gives -----------------------------------------------------------------------


def given(pack: Pack, on) -> list[tuple[SubsidyScheme, SchemeVersion | None]]:
    """Every scheme with the version in force, else the one that begins next, else the last that was."""
    versions: dict[int, list[SchemeVersion]] = {}
    rows = SchemeVersion.objects.published().filter(pack=pack)
    rows = rows.select_related("scheme__line", "clause__document").prefetch_related("steps", "instalments")
    for version in rows.order_by("since"):
        versions.setdefault(version.scheme_id, []).append(version)
    schemes = SubsidyScheme.objects.published().filter(pack=pack).select_related("line").order_by("order", "pk")  # type: ignore[attr-defined]
    return [(scheme, current(versions.get(scheme.pk, []), on)) for scheme in schemes]


def current(versions: list[SchemeVersion], on) -> SchemeVersion | None:
    """Of a scheme's published versions, in their order, the one that a reader looks for on a day."""
    fits = [v for v in versions if v.since <= on and (v.until is None or on < v.until)]
    later = [v for v in versions if v.since > on]
    return next(iter(fits or later or versions[-1:]), None)


def amount_of(version: SchemeVersion | None) -> str:
    return words.amount_said(version) if version else ""


@login_not_required
@require_safe
def schemes(request):
    """All schemes of one's city; signed in with how many drafts there are, for the bureau."""
    pack, today = own_pack(request), localdate()
    rows = [
        {"scheme": s, "version": v, "amount": amount_of(v), "standing": v and words.standing(v, today), "period": v and words.period(v),
         "paid_by": words.paid_by(s)}
        for s, v in given(pack, today)
    ]  # fmt: skip
    drafts = SchemeVersion.objects.filter(pack=pack, state__in=actions.OPEN).select_related("scheme")
    context = {
        "ours": [r for r in rows if r["scheme"].line_id],
        "others": [r for r in rows if not r["scheme"].line_id],
        "drafts": list(drafts.order_by("since")) if roles_of(request) & RULES else [],
        "inside": bool(roles_of(request)),
        "may_draft": Role.BUREAU_HANDLER in roles_of(request),
    }
    return render(request, "subsidies/scheme_list.html", context)


@exported("subsidies:schemes_export")
def export(request) -> Book:
    """The same list as a workbook."""
    today = localdate()
    headings = [
        *(_("代码"), _("资助项目"), _("资金给谁"), _("金额"), _("执行起"), _("执行止"), _("状态"), _("依据")),
        *(_("资金科目或由谁兑现"), _("申领期限"), _("征求意见"), _("说明"), _("新旧衔接")),
    ]
    lines = []
    for s, v in given(own_pack(request), today):
        line: list = [s.code, str(s), s.get_payee_display()]
        if v:
            line += [amount_of(v), v.since, words.last_day(v), words.standing(v, today)[1], str(v.clause)]
            line += [words.paid_by(s), words.window_said(v), v.assumed, localised(v, "note")]
            line += [localised(v, "transition")]
        lines.append(line)
    return Book(_("资助项目"), headings, lines, today, len(lines))


# --- one scheme --------------------------------------------------------------------------------


def scheme_of(request, code) -> SubsidyScheme:
    """One that was published; 404 of what is only drafted, but for the office."""
    rows = SubsidyScheme.objects.select_related("line__clause__document", "pack__root")
    if not roles_of(request) & RULES:
        rows = rows.published()  # type: ignore[attr-defined]
    return get_object_or_404(rows, pack=own_pack(request), code=code)


@login_not_required
@require_safe
def scheme(request, code):
    """The version in force, or the one asked for by `?version=`; for who is signed in with its cases and figures."""
    row, today, roles = scheme_of(request, code), localdate(), roles_of(request)
    versions = list(SchemeVersion.objects.published().filter(scheme=row).order_by("since"))
    asked = request.GET.get("version", "")
    chosen = next((v for v in versions if str(v.since) == asked), None) or current(versions, today)
    drafts = SchemeVersion.objects.filter(scheme=row, state__in=actions.OPEN)
    context = {
        "scheme": row,
        "facts": [_("给%(payee)s") % {"payee": row.get_payee_display()}, words.paid_by(row)],
        "event": vocabulary_of(row).facts[row.event].label,
        "ruler": words.ruler(versions, today),
        "versions": [(v, words.standing(v, today), v == chosen) for v in versions],
        "figures": figures(row, request.user) if roles & CASEWORK else None,
        "draft": drafts.first() if roles & RULES else None,
        "draft_form": DraftForm() if Role.BUREAU_HANDLER in roles else None,
        "inside": bool(roles),
        "official": bool(roles & OFFICIALS),
        **(shown(chosen, today, cases=bool(roles)) if chosen else {"version": None}),
    }
    return render(request, "subsidies/scheme.html", context)


def shown(version: SchemeVersion, on, *, cases: bool) -> dict:
    """What a page says of one version."""
    whole = SchemeVersion.objects.for_engine().get(pk=version.pk)  # type: ignore[attr-defined]
    vocabulary = vocabulary_of(whole.scheme)
    return {
        "version": whole,
        "amount": words.amount_said(whole),
        "standing": words.standing(whole, on),
        "window": words.window_said(whole),
        "period": words.period(whole),
        "conditions": [(c, words.condition_said(c, vocabulary)) for c in whole.conditions.all()],
        "needed": sum(whole.needed.values()) if whole.needed else 0,
        "steps": [
            (s, words.criterion_said(vocabulary, s.fact, s.lookup, s.value)) for s in whole.steps.all()
        ],
        "instalments": [(i, words.instalment_said(i, vocabulary)) for i in whole.instalments.all()],
        "papers": whole.papers.all(),
        "exclusions": exclusions(whole.scheme),
        "cases": [(v, words.given_said(vocabulary, v.case.given)) for v in boundaries.judged(whole)] if cases else [],
    }  # fmt: skip


def exclusions(row: SubsidyScheme) -> list[SubsidyScheme]:
    """The schemes that share one right with it."""
    if not row.group:
        return []
    return list(
        SubsidyScheme.objects.published().filter(pack=row.pack_id, group=row.group).exclude(pk=row.pk).order_by("order")  # type: ignore[attr-defined]
    )


def figures(row: SubsidyScheme, user) -> dict | None:
    """How many of those one may see are entitled, or may be, by the last sweep; None where it never ran."""
    found = Entitlement.objects.visible_to(user).filter(version__scheme=row)
    subject = row.vocabulary
    sums = found.order_by().aggregate(
        checked_on=Max("checked_on"),
        sure=Count(subject, filter=Q(met=True), distinct=True),
        unsure=Count(subject, filter=Q(met=None), distinct=True),
        certain=Sum("amount", filter=Q(met=True)),
        possible=Sum("amount", filter=Q(met=None)),
    )  # fmt: skip
    return sums if sums["checked_on"] else None


# --- a draft -----------------------------------------------------------------------------------


@require_POST
def draft(request, code):
    """A copy of the version in force, to be changed."""
    row, form = scheme_of(request, code), DraftForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["since"]))
        return redirect(row)
    try:
        made = actions.draft(row, since=form.cleaned_data["since"], by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
        return redirect(row)
    messages.success(request, _("已照现行版起草，请修改。"))
    return redirect("subsidies:version_edit", code=code, pk=made.pk)


def version_of(request, code, pk) -> SchemeVersion:
    rows = SchemeVersion.objects.for_engine().select_related("proposed_by", "published_by")  # type: ignore[attr-defined]
    return get_object_or_404(rows, pack=own_pack(request), scheme__code=code, pk=pk)


@require_safe
def version(request, code, pk):
    return page_of(request, version_of(request, code, pk))


def page_of(request, row: SchemeVersion, *, problem: str = "", status: int = 200):
    """A version on its way: what it changes, whether its cases come out, what may be done, what was done. All checks are
    made with the proposal; they ask the database about every row."""
    user, today, former = request.user, localdate(), impacts.former_of(row)
    history = Amendment.objects.filter(pack=row.pack_id, table=row._meta.label_lower, key=actions.key_of(row.scheme))
    context = {
        "row": row,
        "former": former,
        "changes": list(words.changes(former, row)),
        "problem": problem,
        "may_edit": row.state == V.DRAFT and Role.BUREAU_HANDLER in user.scope.roles,
        "may_return": row.state == V.PROPOSED and bool(user.scope.roles & BUREAU),
        "history": history.select_related("by").order_by("-pk")[:30],
        "seen": row.seen,
        **shown(row, today, cases=True),
    }
    return render(request, "subsidies/version.html", context, status=status)


def editable(request, code, pk) -> SchemeVersion:
    """A draft; 404 where it is none."""
    row = version_of(request, code, pk)
    if row.state != V.DRAFT:
        raise Http404
    return row


def edit(request, code, pk):
    """The draft as forms; all of it is written, or nothing. A button that asks for one more row, or for the fields that
    belong to another fact, shows the page again with all that was typed."""
    row, more = editable(request, code, pk), request.POST.get("more", "")
    sheets = Sheets(row, request.POST if request.method == "POST" else None, more=more)
    if more:
        sheets.calm()
        return form_page(request, version_of(request, code, pk), sheets)
    if request.method == "POST" and sheets.is_valid():
        try:
            actions.edit(row, *sheets.written(), by=request.user)
        except ValidationError as error:
            for text in error.messages:
                sheets.version.add_error(None, text)
        except Refused as reason:
            sheets.version.add_error(None, str(reason))
        else:
            messages.success(request, _("草稿已保存。"))
            return redirect(row)
    return form_page(request, version_of(request, code, pk), sheets)


def form_page(request, row: SchemeVersion, sheets: Sheets):
    wrong = any(form.errors for form in sheets.all())
    published = row.scheme.versions.published().exists()  # type: ignore[attr-defined]
    context = {"row": row, "sheets": sheets, "forms": sheets.all(), "wrong": wrong, "founding": not published}
    return render(request, "subsidies/version_edit.html", context, status=422 if wrong else 200)


def case(request, code, pk, number=None):
    """A boundary case: one more, or one that is there with its facts."""
    row = editable(request, code, pk)
    kept = get_object_or_404(row.boundaries, pk=number) if number else None
    form = OneCaseForm(request.POST or None, version=row, case=kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(row, {}, [form.row], [], by=request.user)
        except Refused as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("已存用例。"))
        return redirect(row)
    context = {"row": row, "form": form, "case": kept}
    return render(request, "subsidies/version_case.html", context, status=422 if form.errors else 200)


# --- a new scheme ------------------------------------------------------------------------------


def begin(request):
    """For whom a new scheme shall be: that decides what can be asked."""
    own_pack(request)
    return render(request, "subsidies/scheme_new.html", {"kinds": SUBJECT_WORDS.items()})


def found(request, vocabulary):
    """A new scheme and its first draft."""
    pack = own_pack(request)
    if vocabulary not in SUBJECTS:
        raise Http404
    form = SchemeForm(request.POST or None, pack=pack, vocabulary=vocabulary)
    first = FirstForm(request.POST or None, choices=Choices(pack, VOCABULARIES[vocabulary]))
    if request.method == "POST" and all([form.is_valid(), first.is_valid()]):
        try:
            row = actions.found(form.instance, **first.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已建立草稿。接着写金额、条件、分期、材料和用例。"))
            return redirect("subsidies:version_edit", code=row.scheme.code, pk=row.pk)
    context = {"form": form, "first": first, "kind": SUBJECT_WORDS[vocabulary]}
    return render(request, "subsidies/scheme_form.html", context, status=422 if form.errors or first.errors else 200)


def retell(request, code):
    """Change what a scheme gives to whom, as long as it is only drafted."""
    row = scheme_of(request, code)
    draft_ = SchemeVersion.objects.filter(scheme=row, state=V.DRAFT).first()
    if draft_ is None or row.versions.published().exists():  # type: ignore[attr-defined]
        raise Http404
    form = SchemeForm(request.POST or None, instance=row, pack=row.pack, vocabulary=row.vocabulary)
    if request.method == "POST" and form.is_valid():
        try:
            actions.retell(form.instance, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已保存。"))
            return redirect(draft_)
    context = {"form": form, "kind": SUBJECT_WORDS[row.vocabulary], "draft": draft_, "scheme": row}
    return render(request, "subsidies/scheme_form.html", context, status=422 if form.errors else 200)


# --- what it changes for people ----------------------------------------------------------------

BASES = ("concerned", "all")


def looked_at(request, row: SchemeVersion) -> dict:
    """The difference and what of it is asked for: `basis`, `kind`."""
    today, former = localdate(), impacts.former_of(row)
    lines = impacts.difference(row, former, on=today)
    concerned = [x for x in lines if x.concerned]
    asked = request.GET.get("basis", "")
    basis = asked if asked in BASES else "concerned" if concerned else "all"
    chosen = concerned if basis == "concerned" else lines
    kind = request.GET.get("kind", "")
    kept = [x for x in chosen if x.kind == kind] if kind in impacts.Kind.values else None
    return {
        "row": row,
        "former": former,
        "today": today,
        "basis": basis,
        "kind": kind if kept is not None else "",
        "numbers": {"concerned": len(concerned), "all": len(lines)},
        "lines": kept if kept is not None else [x for x in chosen if x.kind != impacts.Kind.SAME],
        "tally": impacts.tally(chosen),
        "chosen": chosen,
        "seen": impacts.seen_of(row, former, lines, on=today)["digest"],
    }


@require_safe
def impact(request, code, pk):
    """Who gains, loses, becomes unknown; the sums by year and district; everybody, and what to do with it."""
    return impact_page(request, version_of(request, code, pk))


def impact_page(request, row: SchemeVersion, *, problem: str = "", status: int = 200):
    found = looked_at(request, row)
    page = Paginator(found["lines"], PAGE).get_page(request.GET.get("page"))
    places = names_of(found["chosen"])
    user, former = request.user, found["former"]
    context = found | {
        "page": page,
        "people": people(row, page.object_list, places, user),
        "kinds": [(k, found["tally"][k]) for k in impacts.Kind if k != impacts.Kind.SAME],
        "years": impacts.grouped(found["chosen"], lambda x: x.event_on.year).items(),
        "districts": [(places[k], v) for k, v in impacts.grouped(found["chosen"], lambda x: x.district).items()],
        "bases": bases(request, found),
        "under_way": actions.under_way(former, row) if former and row.state in actions.OPEN else 0,
        "may_publish": row.state == V.PROPOSED and bool(user.scope.roles & BUREAU) and row.proposed_by != user,
        "own": row.state == V.PROPOSED and row.proposed_by == user,
        "problem": problem,
    }
    return render(request, "subsidies/version_impact.html", context, status=status)


def bases(request, found: dict) -> list[dict]:
    """The switch between those it will be so for and everybody of the present version's time."""
    labels = {"concerned": _("适用新版的"), "all": _("假如早已执行")}
    return [
        {"label": labels[b], "url": f"?basis={b}", "current": b == found["basis"], "count": found["numbers"][b]}
        for b in BASES
    ]


def names_of(lines) -> dict:
    return {d.pk: d for d in District.objects.filter(pk__in={x.district for x in lines})}


def people(row: SchemeVersion, lines, places, user) -> list[tuple]:
    """The lines of a page with whom they are about, as far as one may see them."""
    model = vocabulary_of(row.scheme).model
    paths = [path.partition("__")[2] for path in SELECT[row.scheme.vocabulary]]
    rows = model._default_manager.visible_to(user).select_related(*paths)  # type: ignore[attr-defined]
    subjects = {found.pk: found for found in rows.filter(pk__in=[x.pk for x in lines])}
    return [(subjects[x.pk], x, places[x.district]) for x in lines if x.pk in subjects]


@require_safe
def impact_export(request, code, pk):
    """The people of the difference as a workbook."""
    row = version_of(request, code, pk)
    found = looked_at(request, row)
    places = names_of(found["chosen"])
    state = {True: _("符合"), False: _("不符合"), None: _("待认定")}
    headings = [_("谁"), _("区镇"), _("资格产生"), _("影响"), _("现行版"), _("现行版金额（元）"), _("新版")]
    headings += [_("新版金额（元）"), _("适用新版"), _("新版未满足的条件")]
    lines = (
        [str(who), localised(place, "name"), x.event_on, str(x.kind.label), state[x.was], x.before, state[x.now]]
        + [x.after, x.concerned, _("、").join(map(str, x.because))]
        for who, x, place in people(row, found["lines"], places, request.user)
    )
    title = _("规则变动影响")
    return workbook(title, headings, lines, user=request.user, on=found["today"], note=str(row))


# --- steps -------------------------------------------------------------------------------------

MAKE = frozenset({Role.BUREAU_HANDLER})
STEPS = {"propose": MAKE, "drop": MAKE, "return": BUREAU, "publish": BUREAU}


@require_POST
def move(request, code, pk, action):
    """Hand a draft over, send it back, publish it, throw it away."""
    row, user = version_of(request, code, pk), request.user
    if action not in STEPS:
        raise Http404
    if not user.scope.roles & STEPS[action]:
        raise PermissionDenied(STEPS[action])
    said = {
        "propose": (partial(actions.propose, row, by=user), _("已送复核发布。")),
        "drop": (partial(actions.drop, row, by=user), _("草稿已放弃，内容留在变更记录里。")),
        "return": (partial(actions.send_back, row, by=user, note=request.POST.get("note", "")), _("已退回修改。")),
        "publish": (
            partial(actions.publish, row, seen=request.POST.get("seen", ""), by=user, on=localdate()), _("已发布。")
        ),
    }  # fmt: skip
    step, done = said[action]
    try:
        step()
    except Refused as reason:
        again = impact_page if action == "publish" else page_of
        return again(request, version_of(request, code, pk), problem=str(reason), status=422)
    messages.success(request, done)
    return redirect(reverse("subsidies:scheme", args=[code]) if action == "drop" else row)
