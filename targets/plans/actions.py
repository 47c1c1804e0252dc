"""Changing what a plan asks for: a target revised, shared out among districts and departments, a new plan drafted from
an old one and published by a second person. What may be said is judged by the checks of a pack's file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal import jobs
from portal.lifecycle import Refused
from portal.models import Amendment, Clause, District, User
from portal.rules import amend, strike
from targets.models import DepartmentTarget, Indicator, Plan, Target
from targets.plans.pack import check_indicator, check_targets

Kind = Indicator.Kind
YEARLY = (Kind.FLOW, Kind.VALUE, Kind.RATE)
ALONE = (Kind.COVERAGE, Kind.RATE)  # their parts don't add up to the whole


# --- revising ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Basis:
    """What a change of a target rests on: a clause of the register, or a paper that isn't in it."""

    clause: Clause | None
    paper: str


@transaction.atomic
def revise(
    row: Indicator, values: Mapping[date, Decimal], *, total: Decimal | None, basis: Basis, by: User, reason: str
) -> int:
    """The city's own targets by their days; returns how many changed. Raises ValidationError as loading a pack would
    refuse it, for this indicator and for its parts."""
    root = row.pack.root
    known = {t.on: t for t in Target.objects.select_for_update().filter(indicator=row, district=root)}
    changed = {on: value for on, value in values.items() if known[on].value != value}
    if total != row.plan_total:
        amend(row, {"plan_total": total}, key=f"{row.code} {root.code}", by=by, reason=reason)
    for on, value in changed.items():
        said = {"value": value, "clause": basis.clause, "paper": basis.paper}
        amend(known[on], said, key=f"{row.code} {root.code} {on}", by=by, reason=reason)
    row = Indicator.objects.select_related("plan", "pack__root", "parent").get(pk=row.pk)
    problems = [*check_targets(row)]
    for part in row.parts.select_related("plan", "pack__root", "parent"):
        problems += (f"{part.name}：{text}" for text in check_targets(part))
    if problems:
        raise ValidationError(problems)
    return len(changed)


# --- sharing out -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """How the parts of one target stand to the whole."""

    whole: Decimal
    parts: Decimal
    number: int  # of parts that have a figure

    @property
    def more(self) -> Decimal:
        """What the parts have beyond the whole; below 0 what they lack."""
        return self.parts - self.whole

    @property
    def differs(self) -> bool:
        return bool(self.number and self.more)


def share_of(row: Indicator, whole: Decimal, values: Iterable[Decimal | None]) -> Share:
    """Where parts don't add up by their nature, as chains that several districts cover, nothing differs."""
    known = [value for value in values if value is not None]
    return Share(whole, whole if row.kind in ALONE else sum(known, Decimal(0)), len(known))


@transaction.atomic
def share_out(
    row: Indicator, on: date, values: Mapping[District | str, Decimal | None], *, by: User, reason: str
) -> None:
    """One figure per district, or per department by its name; an emptied one is no target, which is not 0."""
    for place, value in values.items():
        key = f"{row.code} {place if isinstance(place, str) else place.code} {on}"
        why = {"by": by, "reason": reason, "key": key}
        part = part_of(row, on, place)
        if value is None and part.pk:
            strike(part, ["value"], **why)
        elif value is not None and part.value != value:
            amend(part, {"value": value}, **why)


def part_of(row: Indicator, on: date, place: District | str) -> Target | DepartmentTarget:
    """The part as it is kept, or a new one."""
    if isinstance(place, str):
        found = DepartmentTarget.objects.filter(indicator=row, on=on, department=place).first()
        return found or DepartmentTarget(pack=row.pack, indicator=row, on=on, department=place)
    found_target = Target.objects.filter(indicator=row, on=on, district=place).first()
    return found_target or Target(pack=row.pack, indicator=row, on=on, district=place)


# --- a new plan --------------------------------------------------------------------------------


@transaction.atomic
def draft(former: Plan, plan: Plan, *, by: User) -> Plan:
    """A copy of a plan with its definitions, nothing of its figures: targets are typed. `plan` says the rest."""
    plan.pack, plan.former, plan.drafted_by = former.pack, former, by
    plan.state, plan.edited_at = Plan.State.DRAFT, now()
    plan.full_clean()
    plan.save()
    taken = set(Indicator.objects.filter(pack=plan.pack).values_list("code", flat=True))
    copies: dict[int, Indicator] = {}
    rows = former.indicators.select_related("parent").order_by("order", "pk")
    for row in sorted(rows, key=lambda r: r.parent_id is not None):  # a whole before its parts
        copies[row.pk] = copied(row, plan, copies.get(row.parent_id or 0), taken)
    told(plan, {}, {"name": plan.name, "since": str(plan.since), "until": str(plan.until)}, by, _("起草新计划"))
    return plan


def copied(row: Indicator, plan: Plan, parent: Indicator | None, taken: set[str]) -> Indicator:
    """The same definition, counted from the new plan's first day; what rested on the old one's beginning is gone."""
    new = Indicator.objects.get(pk=row.pk)
    new.pk, new._state.adding = None, True
    new.plan, new.parent, new.former, new.loaded, new.edited_at = plan, parent, row, None, now()
    new.code = new_code(row.code, plan.until, taken)
    new.baseline = new.opening = ""
    new.plan_total = None
    new.where = [begun(c, row, plan) for c in row.where]
    dropped = {c["setting"] for c in row.where if begins(c, row) and "setting" in c}
    kept = {c["setting"] for c in new.where if "setting" in c}
    new.settings = [code for code in row.settings if code not in dropped - kept]
    new.save()
    taken.add(new.code)
    return new


def begins(criterion: Mapping[str, Any], row: Indicator) -> bool:
    """Whether a criterion says from which day on something counts."""
    return criterion.get("fact") == row.starts and criterion.get("lookup") == "gte"


def begun(criterion: dict, row: Indicator, plan: Plan) -> dict:
    if not begins(criterion, row):
        return criterion
    return {"fact": row.starts, "lookup": "gte", "value": plan.since.isoformat()}


def new_code(code: str, until: date, taken: set[str]) -> str:
    """KS-PD of a plan that ends in 2027 is KS-PD-27; a letter more where that is taken. Raises Refused."""
    stem = f"{re.sub(r'-[0-9]{2}[a-z]?$', '', code)}-{until:%y}"
    fits = (c for c in [stem, *(f"{stem}{letter}" for letter in "bcdefghijk")] if c not in taken and len(c) <= 20)
    if found := next(fits, None):
        return found
    raise Refused(_("指标 %(code)s 起不出新的代码，请换一个计划止期。") % {"code": code})


def days_of_targets(row: Indicator) -> list[date]:
    """The days for which targets are wanted: those of the former plan moved by whole years, its end to the end; of what
    is counted by years every year's end; and what is set already."""
    plan = row.plan
    days = set(Target.objects.filter(indicator=row, district=plan.pack.root_id).values_list("on", flat=True))
    if row.former and plan.former:
        nodes = Target.objects.filter(indicator=row.former, district=plan.pack.root_id).values_list("on", flat=True)
        days |= {moved(on, plan.former, plan) for on in nodes}
    if row.kind in YEARLY:
        days |= {min(date(year, 12, 31), plan.until) for year in range(plan.since.year, plan.until.year + 1)}
    return sorted(day for day in days or {plan.until} if plan.since <= day <= plan.until) or [plan.until]


def moved(on: date, former: Plan, plan: Plan) -> date:
    if on == former.until:
        return plan.until
    after = on + timedelta(1)  # by the day after, so that a month's end stays one
    year = after.year + plan.since.year - former.since.year
    day = min(after.day, 28) if after.month == 2 else after.day
    return date(year, after.month, day) - timedelta(1)


@transaction.atomic
def edit(plan: Plan, rows: Iterable[tuple[Indicator, Mapping[str, Any], Mapping[date, Decimal | None]]], gone) -> None:
    """Write what was typed for each indicator of a draft: its own values, its targets; those in `gone` are left out.
    Raises Refused, and ValidationError as the models do."""
    plan = locked(plan)
    for row, values, targets in rows:
        for name, value in values.items():
            setattr(row, name, value)
        row.edited_at = now()
        row.full_clean()
        row.save()
        for on, value in targets.items():
            known = Target.objects.filter(indicator=row, district=plan.pack.root_id, on=on)
            if value is None:
                known.delete()
                continue
            target = known.first() or Target(pack=plan.pack, indicator=row, district=plan.pack.root, on=on)
            target.value, target.edited_at = value, now()
            target.full_clean()
            target.save()
    for row in gone:
        row.parts.update(parent=None)
        row.targets.all().delete()
        row.delete()


def problems(plan: Plan) -> list[str]:
    """What a pack's file would be refused for, were it to say this."""
    rows = list(plan.indicators.select_related("plan", "pack__root", "parent", "clause__document").order_by("order"))
    if not rows:
        return [_("还没有指标。")]
    found = []
    for row in rows:
        try:
            row.full_clean()
        except ValidationError as error:
            found += [f"{row.name}：{text}" for text in error.messages]
        found += (f"{row.name}：{text}" for text in (*check_indicator(row), *check_targets(row)))
    return found


@transaction.atomic
def publish(plan: Plan, *, by: User, on: date) -> Plan:
    """From now on everybody sees it and it is counted. Raises Refused where a check fails, or by whoever drafted it."""
    plan = locked(plan)
    if plan.drafted_by_id == by.pk:
        raise Refused(_("这个计划是您起草的，须由另一人发布。"))
    if wrong := problems(plan):
        raise Refused(_("；").join(wrong))
    plan.state, plan.published_by, plan.published_on, plan.edited_at = Plan.State.PUBLISHED, by, on, now()
    plan.save()
    told(plan, {"state": "draft"}, {"state": "published"}, by, _("核对无误，发布"))
    jobs.ask("recompute")
    return plan


@transaction.atomic
def drop(plan: Plan, *, by: User) -> None:
    """Throw a draft away. Raises Refused."""
    plan = locked(plan)
    told(plan, {"name": plan.name}, {}, by, _("放弃草稿"))
    Target.objects.filter(indicator__plan=plan).delete()
    plan.indicators.update(parent=None)
    plan.indicators.all().delete()
    plan.delete()


def locked(plan: Plan) -> Plan:
    row = Plan.every.select_for_update(of=("self",)).select_related("pack__root", "former").filter(pk=plan.pk).first()
    if row is None or row.state != Plan.State.DRAFT:
        raise Refused(_("这个计划已经发布或放弃，请刷新页面。"))
    return row


def told(plan: Plan, before: dict, after: dict, by: User, reason: str) -> None:
    Amendment.objects.create(
        pack=plan.pack,
        table=plan._meta.label_lower,
        key=plan.code,
        label=plan.name,
        before=before,
        after=after,
        reason=reason,
        by=by,
    )
