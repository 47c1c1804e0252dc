"""The policy card (明白卡): what somebody has, what is under way, what opens and lapses when, and what to do now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.facts import yuan
from portal.models import Role, User
from portal.words import localised
from postdocs.models import Person, Service, ServiceRequest, Stay
from postdocs.services.views import askers_of
from postdocs.stays import timeline
from postdocs.stays.models import INSIDE
from stations.models import Station
from subsidies.cards import items as standing
from subsidies.cards.items import FOLLOWED, HAD, LATER, OPEN, Item, Sums
from subsidies.cards.why import Why, event_of, whys_of
from subsidies.claims.actions import gives_account, may_begin, writes
from subsidies.claims.models import WITH_UNIT, Claim, ClaimStatus
from subsidies.claims.road import ROAD
from subsidies.schemes.engine import vocabulary_of
from subsidies.schemes.explain import Explanation, State, explain_all, vocabulary_name
from subsidies.schemes.models import SchemeVersion, SubsidyScheme
from subsidies.subjects import district_of, organisation_of

C = ClaimStatus
SHOWN_DAYS = 5
SOON = 30  # days before a day from which it is spoken of in warm


@dataclass(frozen=True)
class Day:
    """A day on the line: something opens, or it is the last day for something."""

    on: date
    title: str
    note: str
    lapses: bool
    soon: bool


@dataclass(frozen=True)
class Todo:
    """Something to do now. `apply`: the arguments of a claim that can be begun."""

    title: str
    text: str
    url: str = ""
    apply: tuple | None = None


@dataclass(frozen=True)
class Line:
    """One line of the card. `apply` as of a Todo; `note` says how it comes about."""

    title: str
    shape: str
    amount: Decimal | None
    when: str
    clause: Any
    note: str = ""
    url: str = ""
    apply: tuple | None = None
    steps: tuple[tuple[str, str], ...] = ()

    @property
    def mark(self) -> str:
        """The name of its shape in the sprite."""
        return f"st-{self.shape}"


@dataclass
class Card:
    """All of it, for the page and the file. Claims on these rights that this reader may not see are counted as claimed
    and not shown. `others`: schemes of which no version applies, and why."""

    title: str
    about: list[tuple[str, str]]
    on: date
    sums: Sums
    days: list[Day]
    todos: list[Todo]
    had: list[Line]
    under_way: list[Line]
    due: list[Line]
    later: list[Line]
    followed: list[Line]
    whys: list[Why]
    others: list[tuple[SubsidyScheme, str]]
    district: int | None
    papers: list[str] = field(default_factory=list)

    @property
    def totals(self):
        return self.sums.totals

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        named = (
            (_("已经有"), self.had), (_("正在办"), self.under_way), (_("现在可以申领"), self.due),
            (_("以后打开"), self.later), (_("由别的部门兑现，这里只跟踪"), self.followed),
        )  # fmt: skip
        return [(title, lines) for title, lines in named if lines]

    @property
    def told(self) -> list[Why]:
        return [w for w in self.whys if w.happened]

    @property
    def brief(self) -> list[Why]:
        return [w for w in self.whys if not w.happened]

    @property
    def reckoning(self) -> list[tuple[str, str]]:
        """How each sum comes about."""
        had, under_way, possible = self.totals
        rows = (
            (_("已到账"), self.sums.had, had),
            (_("正在办"), self.sums.under_way, under_way),
            (_("以后最高"), self.sums.possible, possible),
        )
        return [(label, " + ".join(map(plain, parts)) + f" = {plain(whole)}") for label, parts, whole in rows if parts]


def plain(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


# --- whose card --------------------------------------------------------------------------------


def of_person(person: Person, subjects: Sequence[Model], user: User, on: date, *, own: bool) -> Card:
    """A person's card over these stays, doctor rows and selections; `own`: it is the reader's own."""
    stays = [s for s in subjects if isinstance(s, Stay)]
    current = next((s for s in stays if s.status in INSIDE), None)
    unit = organisation_of(current or subjects[0]).name if subjects else "—"
    about = [(_("姓名"), str(person)), (_("单位"), unit)]
    if current and current.entered_on:
        about.append((_("进站"), f"{current.entered_on:%Y-%m-%d}"))
    whose = Q(person=person) if own else Q(pk__in=[])
    days, todos = milestones(current, on) if current else ([], [])
    return made(_("博士后政策明白卡"), about, subjects, user, on, whose=whose, days=days, todos=todos, stays=stays)


def of_station(station: Station, user: User, on: date) -> Card:
    about = [(pgettext("一个", "工作站"), station.name), (_("编号"), station.matter.number)]
    about.append((_("批准"), f"{station.approved_on:%Y-%m-%d}"))
    return made(_("工作站政策明白卡"), about, [station], user, on, whose=Q(pk__in=[]), stays=[])


def made(title, about, subjects: Sequence[Model], user: User, on: date, *, whose: Q, stays, days=(), todos=()) -> Card:
    found = explain_all(subjects, on=on)
    claims = standing.claims_on(standing.rights_of(found), whose)
    seen = set(Claim.objects.visible_to(user).filter(pk__in=[c.pk for c in claims]).values_list("pk", flat=True))
    shown = [c for c in claims if c.pk in seen]
    drafts = [c for c in claims if c.pk not in seen and c.status in WITH_UNIT]
    items = standing.items_of(found, [c for c in claims if c not in drafts], drafts, on)
    if user.scope.roles == {Role.POSTDOC}:  # what others get for them is not their business
        items = [i for i in items if not i.foreign]
    place: dict[str, list[Item]] = {name: [i for i in items if i.place == name] for name in standing.ORDER}
    due = [due_line(i, user) for i in place[OPEN]]
    return Card(
        title=title,
        about=about,
        on=on,
        sums=standing.sums_of(items, shown),
        days=sorted([*days, *dated(items, on)], key=lambda d: (d.on, not d.lapses))[:SHOWN_DAYS],
        todos=[*unfinished(shown, user), *todos, *claimable(due), *missing(place[OPEN])],
        had=[had_line(c) for c in shown if c.status in HAD],
        under_way=[way_line(c) for c in shown if c.status not in HAD],
        due=due,
        later=[later_line(i) for i in place[LATER]],
        followed=followed_lines(place[FOLLOWED], stays, user),
        whys=whys_of(items, on),
        others=not_in_force(found),
        district=district_of(subjects[0]).pk if subjects else None,
        papers=sorted({e.version.clause.document.number or str(e.version.clause.document) for x in found.values() for e in x}),
    )  # fmt: skip


def not_in_force(found: dict[Model, list[Explanation]]) -> list[tuple[SubsidyScheme, str]]:
    """Schemes that are only for what happened later than here, or is over."""
    explained = {e.version.scheme_id for each in found.values() for e in each}
    names, places = {vocabulary_name(s) for s in found}, {district_of(s).pk for s in found}
    rows = SchemeVersion.objects.published().filter(scheme__vocabulary__in=names, pack__root__down__node__in=places)
    rows = rows.exclude(scheme__in=explained).select_related("scheme").order_by("scheme__order", "scheme", "since")
    first: dict[SubsidyScheme, SchemeVersion] = {}
    for row in rows:
        first.setdefault(row.scheme, row)
    text = _("只适用于 %(day)s 起发生的：%(event)s")
    return [(s, text % {"day": f"{v.since:%Y-%m-%d}", "event": event_of(v)}) for s, v in first.items()]


# --- the lines ---------------------------------------------------------------------------------


def named(scheme: SubsidyScheme, instalment) -> str:
    """A scheme with its part, and whose money it is where it isn't that of the card."""
    name = f"{scheme} {instalment}" if instalment.share != 100 else str(scheme)
    if not standing.is_foreign(scheme):
        return name
    return _("%(name)s（给%(payee)s）") % {"name": name, "payee": scheme.get_payee_display()}


def had_line(claim: Claim) -> Line:
    when = _("%(day)s 到账") % {"day": f"{claim.paid_on:%Y-%m-%d}"} if claim.paid_on else ""
    return Line(
        named(claim.scheme, claim.instalment), "done", claim.amount, when, claim.version.clause,
        note=units_said(claim), url=claim.get_absolute_url(),
    )  # fmt: skip


def way_line(claim: Claim) -> Line:
    due = claim.matter.due_on
    when = claim.get_status_display()
    if due:
        when = _("%(stage)s，%(day)s 前") % {"stage": when, "day": f"{due:%m-%d}"}
    return Line(
        named(claim.scheme, claim.instalment), "doing", claim.amount, when, claim.version.clause,
        note=units_said(claim), url=claim.get_absolute_url(), steps=road_said(claim),
    )  # fmt: skip


def road_said(claim: Claim) -> tuple[tuple[str, str], ...]:
    """The stations of its way, each past, here or later."""
    at = next((n for n, (statuses, _t) in enumerate(ROAD) if claim.status in statuses), len(ROAD))
    return tuple(
        ("past" if n < at else "here" if n == at else "later", str(title)) for n, (_s, title) in enumerate(ROAD)
    )


def units_said(claim: Claim) -> str:
    if claim.version.shape != "per":
        return ""
    unit = localised(claim.version, "quantity_unit")
    return _("%(unit)s：第 %(first)s 至 %(last)s") % {
        "first": claim.first_unit + 1,
        "last": claim.last_unit,
        "unit": unit,
    }


def due_line(item: Item, user: User) -> Line:
    """What can be claimed now: by this reader, or whose turn it is."""
    until = item.part.lapses_on
    when = _("%(day)s 前申领") % {"day": f"{until - timedelta(1):%Y-%m-%d}"} if until else str(item.part.state.label)
    may = item.claimable and may_begin(item.subject, item.scheme.payee, user)
    if item.drafted:
        when = _("已备好，由单位或本人确认")
    return Line(
        named(item.scheme, item.part.instalment), "met" if item.part.state == State.MET else "unknown", item.now, when,
        item.e.version.clause, note=arithmetic(item), apply=begin_args(item) if may else None,
    )  # fmt: skip


def begin_args(item: Item) -> tuple:
    return item.scheme.vocabulary, item.subject.pk, item.scheme.code, item.part.instalment.number


def later_line(item: Item) -> Line:
    opens = item.part.opens_on
    when = _("%(day)s 起") % {"day": f"{opens:%Y-%m-%d}"} if opens and opens > item.e.on else waits_for(item)
    return Line(
        named(item.scheme, item.part.instalment),
        "todo",
        item.possible,
        when,
        item.e.version.clause,
        note=arithmetic(item),
    )


def waits_for(item: Item) -> str:
    """What has to happen before it opens."""
    if item.by_quantity and item.part.opens_on:
        unit = localised(item.e.version, "quantity_unit")
        return _("每满 %(n)s %(unit)s") % {"n": item.part.instalment.every, "unit": unit}
    label = vocabulary_of(item.scheme).facts[item.part.instalment.opens].label
    return _("%(what)s以后") % {"what": label}


def arithmetic(item: Item) -> str:
    return _("，").join(item.e.lines[:2])


def followed_lines(items: Iterable[Item], stays: Sequence[Stay], user: User) -> list[Line]:
    """What others give: who, and the request for it, or the way to ask."""
    items = list(items)
    if not items:
        return []
    pack = items[0].scheme.pack_id
    services = {s.code: s for s in Service.objects.filter(pack=pack, code__in={i.scheme.code for i in items})}
    asked = ServiceRequest.objects.visible_to(user).filter(stay__in=stays, service__in=services.values())
    last = {r.service_id: r for r in asked.select_related("matter").order_by("pk")}
    return [followed_line(i, services.get(i.scheme.code), last, user) for i in items]


def followed_line(item: Item, service: Service | None, last: dict, user: User) -> Line:
    request = last.get(service.pk) if service else None
    url = request.get_absolute_url() if request else ""
    if not url and service and askers_of(user) & set(service.askers):
        url = reverse("postdocs:request_new", args=[service.code])
    payer = localised(item.scheme, "payer")
    when = request.get_status_display() if request else _("由%(payer)s兑现") % {"payer": payer}
    return Line(
        named(item.scheme, item.part.instalment), "locked", item.part.amount, when, item.e.version.clause,
        note=_("不计入合计"), url=url,
    )  # fmt: skip


# --- what to do now ----------------------------------------------------------------------------


def unfinished(claims: Iterable[Claim], user: User) -> list[Todo]:
    """Claims that wait for this reader; for an official those that lie with the unit or the person."""
    found = []
    for c in claims:
        mine = writes(c, user) or (c.status == C.BOUNCED and gives_account(c, user))
        if not mine and not (c.status in WITH_UNIT and user.scope.districts):
            continue
        amount = yuan(c.amount) if c.amount is not None else _("金额待核定")
        text = _("%(stage)s，%(amount)s") % {"stage": c.get_status_display(), "amount": amount}
        found.append(
            Todo(_("提交申领：%(what)s") % {"what": named(c.scheme, c.instalment)}, text, url=c.get_absolute_url())
        )
    return found


def claimable(due: Iterable[Line]) -> list[Todo]:
    return [
        Todo(
            _("申领%(what)s") % {"what": line.title}, yuan(line.amount) if line.amount else line.when, apply=line.apply
        )
        for line in due
        if line.apply
    ]


def missing(items: Iterable[Item]) -> list[Todo]:
    """What isn't known, whom to ask for it, and which schemes wait for it; each thing once."""
    waiting: dict[str, list[str]] = {}
    for item in items:
        for r in item.missing:
            names = waiting.setdefault(r.next, [])
            if str(item.scheme) not in names:
                names.append(str(item.scheme))
    return [Todo(text, _("关系到：%(schemes)s") % {"schemes": _("、").join(names)}) for text, names in waiting.items()]


# --- days --------------------------------------------------------------------------------------


def dated(items: Iterable[Item], on: date) -> list[Day]:
    """Days of the rules: what opens, and the last day of what lapses."""
    found = []
    for i in items:
        if i.place not in (OPEN, LATER):
            continue
        opens, lapses = i.part.opens_on, i.part.lapses_on
        title = named(i.scheme, i.part.instalment)
        if opens and opens > on:
            found.append(Day(opens, title, yuan(i.part.amount) if i.part.amount else _("可以申领"), False, False))
        if lapses and lapses > on:
            last = lapses - timedelta(1)
            found.append(Day(last, _("%(what)s申领截止") % {"what": title}, left(last, on), True, is_soon(last, on)))
    return found


def milestones(stay: Stay, on: date) -> tuple[list[Day], list[Todo]]:
    """Days of the stay: its next milestones and its planned end; what is open or late is to be done."""
    steps = timeline.steps_of(stay, on)
    days = [
        Day(s.due, _("%(what)s截止") % {"what": s.label}, left(s.due, on), True, is_soon(s.due, on))
        for s in steps
        if s.due and s.due >= on and s.state in ("open", "later", "failed")
    ]
    if stay.planned_until and stay.planned_until >= on:
        days.append(Day(stay.planned_until, _("预计出站"), left(stay.planned_until, on), False, False))
    step = timeline.next_of(steps)
    if step is None or (step.state == "open" and step.due and not is_soon(step.due, on)):
        return days, []
    by = f"{step.due:%Y-%m-%d}" if step.due else ""
    text = _("已过期限 %(day)s，还没有登记") if step.state == "late" else _("%(day)s 前，由单位登记")
    return days, [Todo(step.label, text % {"day": by})]


def is_soon(day: date, on: date) -> bool:
    return (day - on).days <= SOON


def left(day: date, on: date) -> str:
    n = (day - on).days
    return ngettext("还有 %(n)s 天", "还有 %(n)s 天", n) % {"n": n}
