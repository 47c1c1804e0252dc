"""Lifecycles: a table of transitions, and the one function that moves a subject along it.

A subject has `status` and a one-to-one `matter`. `move()` is the only writer of a status: it locks, reads again,
checks who asks and what the rules say, writes, runs the transition's effect, records an Event and a dated Spell,
tells whoever is concerned and asks for the figures to be computed again: all of it, or nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, Subquery
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import jobs, notices, workdays
from portal.bulk import attach, maker, pour
from portal.facts import Finding, Question, Vocabulary
from portal.models import (
    District,
    Event,
    Guard,
    Matter,
    Organisation,
    Pack,
    ReturnItem,
    Revision,
    Role,
    Serial,
    Setting,
    Spell,
)
from portal.models.people import STANDS_IN, UNIT

# what may happen to any matter without moving it: see portal/claims.py
HANDINGS = {"claim": gettext_lazy("接手"), "pass_on": gettext_lazy("转交"), "release": gettext_lazy("放回")}
HAPPENINGS: dict[str, Any] = {}  # what else may happen to a matter in its place: each app adds its own, with labels


class Refused(Exception):
    """The move is not allowed; the message is fit for the person who asked, `findings` says which rules failed."""

    def __init__(self, message: str, findings: Iterable[Finding] = ()):
        super().__init__(message)
        self.findings = list(findings)


SYSTEM = frozenset({"system"})  # the roles of a step that no person takes: what the day itself brings


class NotYours(Refused):
    """This person's roles don't carry this action here."""


def nothing_more(subject: Any, *, by: Any, on: date, details: dict) -> None:
    """The effect of most transitions. An effect may set columns of the subject, which are saved with its status, and add
    to `details`, which the event keeps."""


@dataclass(frozen=True)
class Fork:
    """A target that depends on history: `first` as a rule; once sent back `again`, or whoever sent it back."""

    first: str
    again: str = ""

    def of(self, matter: Matter) -> str:
        return (self.again or matter.return_to) if matter.return_to else self.first


@dataclass(frozen=True)
class Stage:
    """Who holds a matter in one status, and the setting that says how many working days they promise.

    No holder: nobody of the portal has it. `outside` marks a wait for others, otherwise an unheld stage is closed.
    """

    label: Any
    holder: Role | None = None
    days: str = ""
    outside: bool = False

    @property
    def closed(self) -> bool:
        return self.holder is None and not self.outside


@dataclass(frozen=True)
class Transition:
    """One way from one status to another.

    `where`: only for subjects whose columns say this; for others there is no such step. `duty`: the actions of one duty
    are taken by different people within a round (经办/审核/审批); the database refuses it too. `returns`: the move
    carries return items. `files`: the move hands the matter in, keeps a revision of it and begins a new round. `needs`:
    details that must be given, by name and label. `guarded_as`: other actions whose guards of the pack hold for this
    one too.
    """

    action: str
    source: str
    target: str | Fork
    roles: frozenset[Role]
    label: Any
    criteria: tuple[Question, ...] = ()
    effect: Callable[..., None] = nothing_more
    duty: str = ""
    where: tuple[tuple[str, str], ...] = ()
    returns: bool = False
    files: bool = False
    needs: tuple[tuple[str, Any], ...] = ()
    note_needed: bool = False
    guarded_as: tuple[str, ...] = ()

    def fits(self, subject: Any) -> bool:
        return all(getattr(subject, column) == value for column, value in self.where)


def absent_for(matter: Matter, user: Any, needed: Iterable[Role]) -> int | None:
    """In whose name this person would do what one of these roles may: of whom they stand in for and who has the case in
    hand, or of whom alone they have the role; None in their own."""
    wanted = frozenset(needed)

    def carries(roles: Mapping[Role, frozenset[int]]) -> bool:
        return any(
            role in wanted and (matter.organisation_id if role in UNIT else matter.district_id) in places
            for role, places in roles.items()
        )

    lenders = [person for person, roles in user.scope.lent.items() if carries(roles)]
    if matter.claimed_by_id in lenders:
        return matter.claimed_by_id
    return None if carries(user.scope.own) else min(lenders, default=None)


class Lifecycle:
    """All the ways a status may change. `kind` names the matters, `url` the page that shows one by its number."""

    def __init__(
        self,
        kind: str,
        label: Any,
        *,
        url: str,
        vocabulary: Vocabulary,
        shared: bool = False,
        stages: Mapping[str, Stage],
        transitions: Iterable[Transition],
        snapshot: Callable[[Any], dict] | None = None,
    ):
        if kind in LIFECYCLES:
            raise ValueError(f"lifecycle {kind!r} is already defined")
        self.kind, self.label, self.url = kind, label, url
        self.shared = shared  # colleagues may claim its matters: its pages say who has one in hand
        self.vocabulary, self.stages, self.snapshot = vocabulary, dict(stages), snapshot
        steps = list(transitions)
        self.transitions = {(step.source, step.action): step for step in steps}
        if len(self.transitions) < len(steps):
            raise ValueError(f"{kind}: two transitions share a source and an action")
        for step in steps:
            ends = {step.target.first, step.target.again} if isinstance(step.target, Fork) else {step.target}
            if {step.source, *ends} - {""} - set(self.stages):
                raise ValueError(f"{kind}.{step.action}: a status without a stage")
        LIFECYCLES[kind] = self

    @property
    def actions(self) -> dict[str, Any]:
        """The steps of the table with their labels."""
        return {step.action: step.label for step in self.transitions.values()}

    def said(self, event: Event) -> Any:
        """What an event is called: a step of the table, or one of those that every matter knows."""
        return self.actions.get(event.action) or HANDINGS.get(event.action) or HAPPENINGS[event.action]

    # --- who may -----------------------------------------------------------------------------

    def possible(self, subject: Any, user: Any) -> list[Transition]:
        """What this user's roles and earlier steps allow from the present status: the page's buttons."""
        matter = subject.matter
        roles = SYSTEM
        if user is not None:
            roles = user.roles_for(organisation_id=matter.organisation_id, district_id=matter.district_id)
        steps = [
            step
            for (source, _action), step in self.transitions.items()
            if source == subject.status and step.fits(subject) and roles & step.roles
        ]
        events = list(matter.events.all()) if user and any(step.duty for step in steps) else []
        return [step for step in steps if not self.done_by_the_same(step, self.duties_of(matter, user, step, events))]

    @staticmethod
    def duties_of(matter: Matter, user: Any, step: Transition, events: Iterable[Event]) -> set[tuple[str, str]]:
        """The duties this user, or in whose name they would take the step, has already had a part in this round, with
        the action taken: by themselves or through a deputy."""
        if not (events and step.duty):
            return set()
        people = {user.pk, absent_for(matter, user, step.roles)} - {None}
        mine = [e for e in events if people & {e.by_id, e.on_behalf_id} and e.round == matter.round]
        return {(event.duty, event.action) for event in mine if event.duty}

    @staticmethod
    def done_by_the_same(step: Transition, taken: set[tuple[str, str]]) -> bool:
        return any(duty == step.duty and action != step.action for duty, action in taken)

    # --- what the rules say ------------------------------------------------------------------

    def questions(self, subject: Any, action: str, *, on: date) -> list[Question]:
        """The criteria of one action: those of the table, then those the subject's pack lays on it."""
        return self.questions_of(subject, [action], on=on)[action]

    def questions_of(self, subject: Any, actions: Iterable[str], *, on: date) -> dict[str, list[Question]]:
        """The same for several actions, read at once."""
        actions = list(actions)
        steps = {action: self.transitions.get((subject.status, action)) for action in actions}
        laid = {action: {action, *(step.guarded_as if step else ())} for action, step in steps.items()}
        guards = (
            Guard.objects.filter(
                Q(since=None) | Q(since__lte=on),
                Q(until=None) | Q(until__gt=on),
                pack=Subquery(Pack.objects.above(subject.matter.district_id).values("pk")[:1]),
                lifecycle=self.kind,
                action__in=set().union(*laid.values()),
            )
            .select_related("clause__document")
            .order_by("order", "pk")
        )
        questions: dict[str, list[Question]] = {a: list(step.criteria) if step else [] for a, step in steps.items()}
        for g in guards:
            asked = self.vocabulary.criterion(g.fact, g.lookup, g.value, str(g.clause))
            asked = replace(asked, justifiable=g.justifiable)
            for action in actions:
                if g.action in laid[action] and asked not in questions[action]:
                    questions[action].append(asked)
        return questions

    def findings(self, subject: Any, action: str, *, on: date) -> list[Finding]:
        return self.findings_of(subject, [action], on=on)[action]

    def findings_of(self, subject: Any, actions: Iterable[str], *, on: date) -> dict[str, list[Finding]]:
        """What the rules say to each of these actions; one statement for all of them."""
        questions = self.questions_of(subject, actions, on=on)
        found = iter(self.vocabulary.findings(subject, [q for asked in questions.values() for q in asked], on=on))
        return {action: [next(found) for _question in asked] for action, asked in questions.items()}

    # --- the move ----------------------------------------------------------------------------

    @transaction.atomic
    def move(
        self,
        subject: Any,
        action: str,
        *,
        by: Any,
        on: date,
        note: str = "",
        details: Mapping[str, Any] | None = None,
        items: Iterable[ReturnItem] = (),
    ) -> Any:
        """Take `subject` through `action` on the day `on` and return the fresh row.

        `details` are JSON values that the step records and its effect may use; `items` are the (unsaved) things to
        mend when the step returns the matter. Two people who press at once make one event and one refusal.
        `by` None: the day itself takes a step of SYSTEM. Raises NotYours or Refused.
        """
        subject = type(subject).objects.select_for_update(of=("self",)).get(pk=subject.pk)
        matter = Matter.objects.select_for_update().get(pk=subject.matter_id)
        subject.matter = matter
        step = self._step(subject, action, by)
        details, items = dict(details or {}), list(items)
        if missing := [str(label) for name, label in step.needs if not details.get(name)]:
            raise Refused(_("请填写：%(names)s。") % {"names": _("、").join(missing)})
        if step.note_needed and not note.strip():
            raise Refused(_("请写明理由。"))
        if step.returns and not items:
            raise Refused(_("请至少列出一处要改的内容，一次列全。"))
        details |= self._justified([f for f in self.findings(subject, action, on=on) if f.met is not True], details)
        target = step.target.of(matter) if isinstance(step.target, Fork) else step.target
        absent = absent_for(matter, by, step.roles) if by is not None else None
        if absent:
            details["for"] = type(by).objects.values_list("name", flat=True).get(pk=absent)
        event = Event.objects.create(
            matter=matter,
            round=matter.round,
            action=action,
            duty=step.duty,
            source=step.source,
            target=target,
            on=on,
            by=by,
            on_behalf_id=absent,
            note=note,
            details=details,
        )
        if step.files and self.snapshot:
            Revision.objects.create(matter=matter, event=event, data=self.snapshot(subject))
            ReturnItem.objects.filter(event__matter=matter, resolved_at=None).update(resolved_at=now())
        for item in items:
            item.event = event
            item.full_clean(exclude=["event"])
        ReturnItem.objects.bulk_create(items)
        self._hand_over(matter, step, target, by=by, on=on)
        subject.status = target
        given = dict(details)
        step.effect(subject, by=by, on=on, details=details)
        if details != given:  # what the effect found out is part of what happened
            Event.objects.filter(pk=event.pk).update(details=details)
        subject.save()
        notices.tell(matter, event, self)
        jobs.ask("recompute", about=[["matter", matter.pk]])
        return subject

    @staticmethod
    def _justified(failed: list[Finding], details: Mapping[str, Any]) -> dict[str, Any]:
        """What the event keeps of rules that were not met but could be justified. Raises Refused for every other, and
        where no justification is given."""
        if walls := [f for f in failed if not f.justifiable]:
            raise Refused(_("；").join(f.text for f in walls), walls)
        if failed and not str(details.get("justification", "")).strip():
            said = _("；").join(f.text for f in failed)
            raise Refused(_("请说明为什么仍要办理：%(rules)s") % {"rules": said}, failed)
        return {"justified": [f.text for f in failed]} if failed else {}

    def _step(self, subject: Any, action: str, by: Any) -> Transition:
        """The transition this person may take now, or a refusal that says why not."""
        step = self.transitions.get((subject.status, action))
        stage = self.stages[subject.status].label
        if step is None or not step.fits(subject):
            if action not in self.actions:
                raise NotYours(_("没有“%(action)s”这个动作。") % {"action": action})
            raise Refused(
                _("%(number)s 现在是“%(stage)s”，不能再“%(action)s”。可能已由他人办理，请刷新页面查看。")
                % {"number": subject.matter.number, "stage": stage, "action": self.actions[action]}
            )
        if step not in self.possible(subject, by):
            if by is not None and self.done_by_the_same(
                step, self.duties_of(subject.matter, by, step, list(subject.matter.events.all()))
            ):
                raise NotYours(_("这件事的前一步由您办理，“%(action)s”须由另一人办理。") % {"action": step.label})
            raise NotYours(_("您的角色不能办理“%(action)s”。") % {"action": step.label})
        return step

    def _hand_over(self, matter: Matter, step: Transition, target: str, *, by: Any, on: date) -> None:
        """Close the spell, open the next, and write down whose turn it is and until when."""
        stage = self.stages[target]
        if target != step.source:
            held = matter.claimed_by_id or (by.pk if by is not None and step.returns else None)
            Spell.objects.filter(matter=matter, until=None).update(until=on, held_by=held if self.shared else None)
            Spell.objects.create(matter=matter, status=target, since=on)
            matter.held_since, matter.claimed_by = on, self.last_holder(matter, target)
        if step.returns:
            matter.return_to = step.source
        if step.files:
            matter.return_to = ""
            matter.round += 1
            matter.filed_on = matter.filed_on or on
        matter.status, matter.holder = target, stage.holder or ""
        matter.closed_on = on if stage.closed else None
        matter.due_on = self.due_on(matter, target, on=on)
        matter.version += 1
        matter.save()

    def last_holder(self, matter: Matter, status: str) -> Any:
        """Who of several had the matter in hand when it last left this status, if it may still be theirs."""
        holder = self.stages[status].holder
        if not (self.shared and holder):
            return None
        last = matter.spells.filter(status=status, until__isnull=False).order_by("-pk").first()
        if last is None or last.held_by_id is None:
            return None
        people = list(notices.reaching(matter, {holder, *(r for r, others in STANDS_IN.items() if holder in others)}))
        return next((p for p in people if p.pk == last.held_by_id), None) if len(people) > 1 else None

    def due_on(self, matter: Matter, status: str, *, on: date) -> date | None:
        """The last promised day of a stage: what its earlier spells used up is taken off; other stages don't count."""
        stage = self.stages[status]
        if not stage.days:
            return None
        promised = self.promised(matter.district_id, status)
        if promised is None:
            return None
        spells = matter.spells.filter(status=status)
        spent = sum(workdays.between(s.since, s.until) for s in spells if s.until)
        return workdays.add(on, max(promised - spent, 1))

    def promised(self, district_id: int, status: str) -> int | None:
        """The working days that a stage is promised to take in that place."""
        pack = Pack.objects.get_for(district_id)
        return Setting.objects.filter(pack=pack, code=self.stages[status].days).values_list("value", flat=True).first()


LIFECYCLES: dict[str, Lifecycle] = {}


@dataclass(frozen=True)
class Past:
    """A step that was taken long before it is entered: a paper decided it, the portal only writes it down."""

    action: str
    status: str
    on: date
    details: dict


@dataclass(frozen=True)
class Birth:
    """A matter to be. `past`: what had become of it when it was entered, the oldest step first. `due_on`: until when
    its first holder promises an answer."""

    title: str
    organisation: Organisation | None
    district: District
    on: date
    title_en: str = ""
    past: tuple[Past, ...] = ()
    due_on: date | None = None


@transaction.atomic
def open_matters(
    lifecycle: Lifecycle, status: str, births: Iterable[Birth], *, series: str, by: Any, filed: bool = False
) -> list[Matter]:
    """New matters in their first status, numbered KS-SZ-2026-0001; their subjects are created by the caller.

    This and `move()` are all that writes a status. `filed`: officials see them at once, because they did not begin as
    somebody's draft.
    """
    births = list(births)
    prefixes = Pack.objects.prefixes({b.district.pk for b in births})
    wanted = Counter((f"{prefixes[b.district.pk]}-{series}", b.on.year) for b in births)
    numbers = {key: iter(Serial.take_many(*key, count)) for key, count in sorted(wanted.items())}
    matters, new_matter, new_spell, new_event = [], maker(Matter), maker(Spell), maker(Event)
    opener = by.pk if by else None
    for birth in births:
        last = birth.past[-1] if birth.past else Past("", status, birth.on, {})
        stage = lifecycle.stages[last.status]
        matter = new_matter(
            number=next(numbers[f"{prefixes[birth.district.pk]}-{series}", birth.on.year]),
            kind=lifecycle.kind,
            title=birth.title,
            title_en=birth.title_en,
            opener_id=opener,
            opened_on=birth.on,
            filed_on=birth.on if filed else None,
            closed_on=last.on if birth.past and stage.closed else None,
            status=last.status,
            holder=stage.holder or "",
            held_since=last.on,
            due_on=birth.due_on,
        )
        attach(matter, organisation=birth.organisation, district=birth.district)
        matters.append(matter)
    pour(matters)
    spells, events = [], []
    for matter, birth in zip(matters, births, strict=True):
        was, since = status, birth.on
        for step in birth.past:
            spells.append(new_spell(matter_id=matter.pk, status=was, since=since, until=step.on))
            details = {**step.details, "entered": True}
            events.append(
                new_event(
                    matter_id=matter.pk, round=1, action=step.action, source=was, target=step.status, on=step.on,
                    by_id=opener, details=details,
                )
            )  # fmt: skip
            was, since = step.status, step.on
        spells.append(new_spell(matter_id=matter.pk, status=was, since=since))
    pour(spells)
    pour(events)
    return matters


def open_matter(
    lifecycle: Lifecycle,
    status: str,
    *,
    series: str,
    title: str,
    title_en: str = "",
    organisation: Organisation | None,
    district: District,
    by: Any,
    on: date,
    filed: bool = False,
) -> Matter:
    """One of them."""
    birth = Birth(title, organisation, district, on, title_en)
    return open_matters(lifecycle, status, [birth], series=series, by=by, filed=filed)[0]
