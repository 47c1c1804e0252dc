"""What a stay looks like from its entry to its end: the windows of a city, what was held, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.models import Evidence
from portal.words import localised
from postdocs.stays.actions import add_months
from postdocs.stays.facts import PAPER
from postdocs.stays.models import BEFORE, INSIDE, EntryPaper, Milestone, MilestoneKind, MilestoneRule, Stay, StayStatus

SOON = 60  # days before its end from which a window is spoken of


@dataclass
class Step:
    """One milestone of a stay: its window of the city's rules, what was held, how it stands.

    `opens` and `due` are both inclusive; None where no rule says so. `state`: done, failed, late, open, later.
    """

    kind: MilestoneKind
    opens: date | None
    due: date | None
    assumed: bool
    rows: list[Milestone] = field(default_factory=list)
    state: str = "later"

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def passed(self) -> Milestone | None:
        return next((row for row in self.rows if row.passed), None)


def rules_of(stay: Stay) -> dict[str, MilestoneRule]:
    """The windows of the stay's city, by kind."""
    rows = MilestoneRule.objects.filter(pack__root__down__node=stay.matter.district_id)
    return {rule.kind: rule for rule in rows.select_related("clause__document")}


def steps_of(stay: Stay, on: date) -> list[Step]:
    """Every milestone that a rule of the city names or that was held, in the order of a stay."""
    if stay.entered_on is None:
        return []
    rules, held = rules_of(stay), list(stay.milestones.select_related("file", "by", "checked_by").order_by("held_on"))
    found = []
    for kind in MilestoneKind:
        rule, rows = rules.get(kind), [row for row in held if row.kind == kind]
        if rule is None and not rows:
            continue
        opens = add_months(stay.entered_on, rule.opens) if rule and rule.opens is not None else None
        due = add_months(stay.entered_on, rule.due) if rule and rule.due is not None else None
        if rule and rule.again is not None and rows and not rows[-1].passed:
            due = add_months(rows[-1].held_on, rule.again)
        step = Step(kind, opens, due, bool(rule and rule.assumed), rows)
        step.state = state_of(step, stay, on)
        if rows or not too_late(step, stay):
            found.append(step)
    return found


def too_late(step: Step, stay: Stay) -> bool:
    """Whether the stay had ended before it was time: then nobody owed it."""
    begins = step.opens or step.due
    return bool(stay.ended_on and begins and begins > stay.ended_on)


def state_of(step: Step, stay: Stay, on: date) -> str:
    if step.passed and step.kind != MilestoneKind.ANNUAL:
        return "done"
    if stay.status not in INSIDE:
        return "missed"
    if step.rows and not step.rows[-1].passed and step.kind != MilestoneKind.ANNUAL:
        return "failed"
    if step.due and on > step.due:
        return "late"
    return "later" if step.opens and on < step.opens else "open"


def next_of(steps: Sequence[Step]) -> Step | None:
    """What wants doing first: what is late, then the open window that ends first."""
    urgent = [s for s in steps if s.state in ("late", "failed")] or [s for s in steps if s.state == "open" and s.due]
    return min(urgent, key=lambda s: s.due or date.max, default=None)


@dataclass
class Slot:
    """One document of a stay with its files; `due`: until when it may follow the entry."""

    code: str
    title: str
    hint: str
    required: bool
    due: date | None
    paper: EntryPaper
    files: list[Evidence] = field(default_factory=list)
    open: bool = False
    error: str = ""

    @property
    def name(self) -> str:
        return f"{PAPER}{self.code}"


Stage, S = EntryPaper.Stage, StayStatus
LEAVING = (S.EXITING, S.CHECKING, S.ISSUING, S.LEFT, S.SETTLED)
WHEN = {
    Stage.ENTRY: BEFORE,
    Stage.EXIT: LEAVING,
    Stage.WITHDRAWAL: (S.WITHDRAWING,),
}  # when what is missing is spoken of


def from_a_ledger(stay: Stay) -> bool:
    """Entered from a ledger or an export: its entry was filed elsewhere, with its papers."""
    return stay.entered_on is not None and not any(e.action == "file" for e in stay.matter.events.all())


def is_due(row: EntryPaper, stay: Stay) -> bool:
    """Whether a document that isn't there is spoken of: at its stage, or while it may follow the entry."""
    if not row.is_for(stay):
        return False
    follows = row.months is not None and stay.status in INSIDE and not from_a_ledger(stay)
    return stay.status in WHEN[Stage(row.stage)] or follows


def slots_of(stay: Stay) -> list[Slot]:
    """The documents that this stay has or still needs, in the pack's order, with the files in them."""
    cited = Evidence.objects.filter(matter=stay.matter_id, slot__startswith=PAPER, removed_at=None)
    files: dict[str, list[Evidence]] = {}
    for evidence in cited.select_related("file", "added_by").order_by("pk"):
        files.setdefault(evidence.slot, []).append(evidence)
    rows = EntryPaper.objects.filter(pack__root__down__node=stay.matter.district_id).order_by("order", "pk")
    slots = []
    for row in rows:
        mine = files.pop(f"{PAPER}{row.code}", [])
        if mine or is_due(row, stay):
            due = add_months(stay.entered_on, row.months) if row.months and stay.entered_on else None
            hint = localised(row, "hint") or (
                _("可在进站后 %(n)s 个月内补交") % {"n": row.months} if row.months else ""
            )
            slots.append(Slot(row.code, str(row), hint, row.required, due, row, mine))
    return slots


# --- drawn -------------------------------------------------------------------------------------


def lanes(stay: Stay, steps: Sequence[Step], slots: Sequence[Slot], on: date) -> dict | None:
    """The stay as lanes of a picture (see `portal.templatetags.marks.lanes`); None before the entry."""
    if stay.entered_on is None:
        return None
    end = stay.ended_on or stay.planned_until or add_months(stay.entered_on, 24)
    windows = [
        {"since": s.opens or stay.entered_on, "until": s.due, "kind": "open" if s.state == "open" else s.state}
        for s in steps
        if s.due
    ]
    stops = [{"on": stay.entered_on, "label": _("进站"), "note": stay.entered_on.isoformat(), "kind": "past"}]
    for step in steps:
        stops += [
            {
                "on": r.held_on,
                "label": step.label,
                "note": f"{r.held_on:%m-%d} {r.get_grade_display()}",
                "word": r.get_grade_display(),
                "kind": "past",
            }
            for r in step.rows
        ]
        if step.state in ("open", "late", "failed") and step.due:
            stops.append({"on": step.due, "label": step.label, "note": _("%(day)s 截止") % {"day": f"{step.due:%m-%d}"},
                          "word": pgettext("时间轴", "截止"),
                          "kind": "late" if step.state != "open" else "here"})  # fmt: skip
        elif step.state == "later" and step.due:
            stops.append({"on": step.due, "label": step.label, "note": f"{step.due:%Y-%m-%d}", "kind": "later"})
    if stay.ended_on:
        label = _("退站") if stay.withdrawn_on else _("出站")
        stops.append({"on": stay.ended_on, "label": label, "note": stay.ended_on.isoformat(), "kind": "past"})
    else:
        stops.append({"on": end, "label": _("预计出站"), "note": end.isoformat(),
                      "kind": "late" if end < on else "later"})  # fmt: skip
    papers = points_of(slots, on)
    rows = [{"label": _("进程"), "rail": (stay.entered_on, end), "windows": windows, "stops": stops}]
    if papers:
        rows.append({"label": _("材料"), "points": papers})
    return {"since": stay.entered_on, "until": max(end, on), "on": on, "rows": rows}


def points_of(slots: Sequence[Slot], on: date) -> list[dict]:
    """Documents as points of a lane: those of one day together, and those that are to follow on their last day."""
    days: dict[tuple[date, str], list[str]] = {}
    for slot in slots:
        if slot.files:
            day = localdate(min(e.added_at for e in slot.files))
            days.setdefault((day, "past"), []).append(slot.title)
        elif slot.required and slot.due:
            days.setdefault((slot.due, "late" if slot.due < on else "later"), []).append(slot.title)
    return [
        {"on": day, "kind": kind, "label": titles[0] if len(titles) == 1 else several(len(titles))}
        for (day, kind), titles in sorted(days.items())
    ]


def several(number: int) -> str:
    return ngettext("%(n)s 份材料", "%(n)s 份材料", number) % {"n": number}
