"""What is done about returns beside the steps: opening a quarter, filling in, asking the records."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from portal import notices, uploads
from portal.lifecycle import Birth, Refused, open_matters
from portal.models import District, Evidence, Matter, Notice, Organisation, ReturnItem, Role, Setting, User
from portal.words import localised
from stations.roles import DISTRICT
from targets.models import Indicator, Plan, Quarter, QuarterlyReturn, ReturnLine, ReturnStatus
from targets.plans import indicators
from targets.plans.indicators import REPORTED, Figure, quarter_ends
from targets.returns.entries import definition_of, measured, taken
from targets.returns.lifecycle import quarterly

S = ReturnStatus
DAYS = 10  # after a quarter's end, where a city says nothing else
STATED = ("stated", "comment", "why", "measures")
TAKEN = ("system", "target", "pace", "state")
SLOT = "return"


# --- a quarter is opened -----------------------------------------------------------------------


def counted(plan: Plan) -> list[Indicator]:
    """The indicators of which the portal has the records: these are what districts report."""
    rows = plan.indicators.exclude(source__in=["", REPORTED]).select_related("clause__document")
    return list(rows.order_by("order", "pk"))


@transaction.atomic
def open_quarter(*, plan: Plan, until: date, by: User, on: date) -> Quarter:
    """A return for every district of the city, to be handed in within the setting's days after the quarter's end; those
    who are to fill it in are told. Raises Refused."""
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    chosen = counted(plan)
    if until not in quarter_ends(plan, on):
        raise Refused(_("%(day)s 不是这个计划里已经结束的季度末。") % {"day": until})
    if not chosen:
        raise Refused(_("这个计划没有由平台记录计数的指标，不用区镇报；部门上报的指标在“部门指标”里填。"))
    if plan.quarters.filter(until=until).exists():
        raise Refused(_("这个季度已经开过。"))
    days = Setting.objects.values_of(plan.pack).get("returns.days", DAYS)
    due = until + timedelta(days)
    due = due if on <= due else on + timedelta(days)  # opened late: everybody still has the days
    quarter = Quarter.objects.create(plan=plan, until=until, due_on=due, by=by, opened_on=on)
    places = list(District.objects.filter(parent=plan.pack.root).order_by("path_order"))
    matters = open_matters(quarterly, S.FILLING, births(quarter, places, on), series="JB", by=by, filed=True)
    rows = QuarterlyReturn.objects.bulk_create(
        QuarterlyReturn(matter=matter, quarter=quarter, district=place)
        for matter, place in zip(matters, places, strict=True)
    )
    ReturnLine.objects.bulk_create(ReturnLine(quarterly=row, indicator=i) for row in rows for i in chosen)
    tell(quarter, matters)
    return quarter


def births(quarter: Quarter, places: Iterable[District], on: date) -> list[Birth]:
    offices = {o.district_id: o for o in Organisation.objects.filter(
        kind=Organisation.Kind.DISTRICT_OFFICE, district__in=places).order_by("-pk")}  # fmt: skip
    found = []
    for place in places:
        titles = {}
        for language in ("zh-hans", "en"):
            with override(language):
                told = {"quarter": str(quarter), "place": localised(place, "name")}
                titles[language] = gettext("%(place)s：%(quarter)s季报") % told
        office = offices.get(place.pk)
        found.append(Birth(titles["zh-hans"], office, place, on, titles["en"], due_on=quarter.due_on))
    return found


def tell(quarter: Quarter, matters: Iterable[Matter]) -> None:
    """Ring at those whose turn it is."""
    told = []
    for matter in matters:
        for user in notices.reaching(matter, {Role.DISTRICT}):
            with override(user.language):
                text = gettext("%(title)s，请在 %(due)s 前提交") % {
                    "title": localised(matter, "title"),
                    "due": quarter.due_on.isoformat(),
                }
            told.append(Notice(user=user, matter=matter, text=text[:300]))
    notices.deliver(told, urgent=False)


# --- the figures -------------------------------------------------------------------------------


def figures_of(row: QuarterlyReturn, *, count: bool = True) -> dict[int, Figure]:
    """What the portal has for the district at the quarter's end, by indicator, as dashboards show it."""
    chosen = [line.indicator for line in row.lines.select_related("indicator__clause__document", "indicator__plan")]
    found = indicators.figures(row.quarter.plan, [row.district], row.quarter.until, chosen, count=count)
    return {indicator: figure for (indicator, _district), figure in found.items()}


def counted_now(row: QuarterlyReturn) -> dict[int, Figure]:
    """The same, counted at this moment entry by entry."""
    quarter = row.quarter
    chosen = [line.indicator for line in row.lines.select_related("indicator__clause__document")]
    values = Setting.objects.values_of(quarter.plan.pack)
    found = figures_of(row, count=False)
    for indicator in chosen:
        definition = definition_of(indicator, values)
        found[indicator.pk].value = measured(definition, taken(definition, row.district, quarter.until))
    return found


@transaction.atomic
def take(row: QuarterlyReturn) -> None:
    """Write down what the records say now: what is handed in next."""
    row = lock(row)
    figures = counted_now(row)
    lines = list(row.lines.all())
    for line in lines:
        write_down(line, figures[line.indicator_id])
    ReturnLine.objects.bulk_update(lines, TAKEN)


def write_down(line: ReturnLine, figure: Figure) -> None:
    line.system, line.target, line.pace, line.state = figure.value, figure.target, figure.rounded_pace, figure.state


@transaction.atomic
def submit(row: QuarterlyReturn, *, by: User, on: date, note: str = "") -> QuarterlyReturn:
    """Hand it in with what the records say at this moment."""
    take(row)
    return quarterly.move(row, "submit", by=by, on=on, note=note)


# --- filling in --------------------------------------------------------------------------------


def lock(row: QuarterlyReturn) -> QuarterlyReturn:
    rows = QuarterlyReturn.objects.select_for_update(of=("self",))
    return rows.select_related("matter", "quarter__plan__pack__root", "district").get(pk=row.pk)


def may_fill(row: QuarterlyReturn, user: User) -> bool:
    roles = user.roles_for(organisation_id=None, district_id=row.matter.district_id)
    return row.status in (S.FILLING, S.RETURNED) and bool(roles & DISTRICT)


def open_items(row: QuarterlyReturn) -> dict[str, ReturnItem]:
    """What was sent back and not handed in again, by target."""
    items = ReturnItem.objects.filter(event__matter=row.matter_id, resolved_at=None).select_related("event__by")
    return {item.target: item for item in items.order_by("pk")}


def editable(row: QuarterlyReturn, items: Mapping[str, ReturnItem], code: str) -> bool:
    """After a return only what was named may be changed."""
    return row.status == S.FILLING or (row.status == S.RETURNED and f"field:{code}" in items)


@transaction.atomic
def fill(row: QuarterlyReturn, typed: Mapping[str, Mapping], *, by: User) -> int:
    """Keep what was typed, by indicator code; `answer` says why a thing that was sent back stays as it is. Returns how
    many lines changed. Raises Refused when it isn't one's turn."""
    row = lock(row)
    if not may_fill(row, by):
        raise Refused(_("这份季报现在不在您手里，没有保存。可能已由他人办理，请刷新查看。"))
    items, changed = open_items(row), 0
    for line in row.lines.select_related("indicator"):
        code = line.indicator.code
        if code not in typed or not editable(row, items, code):
            continue
        given, item = typed[code], items.get(f"field:{code}")
        moved = any(getattr(line, name) != given[name] for name in STATED)
        if moved:
            for name in STATED:
                setattr(line, name, given[name])
            line.full_clean(exclude=["quarterly", "indicator", *TAKEN])
            line.save(update_fields=STATED)
            changed += 1
        if item:
            changed += answered(item, given.get("answer", ""), moved)
    if changed:
        touch(row)
    return changed


def answered(item: ReturnItem, answer: str, moved: bool) -> bool:
    """Note that a thing was mended, or why it stays as it is."""
    if item.answer == answer and not (moved and item.answered_at is None):
        return False
    item.answer = answer
    item.answered_at = item.answered_at or now() if answer or moved else None
    item.save(update_fields=["answer", "answered_at"])
    return True


def touch(row: QuarterlyReturn) -> None:
    matter = Matter.objects.select_for_update().get(pk=row.matter_id)
    matter.version += 1
    matter.save(update_fields=["version", "changed_at"])


@transaction.atomic
def cite(row: QuarterlyReturn, upload, *, by: User) -> Evidence:
    """Put a paper to the return. Raises BadFile or Refused."""
    row = lock(row)
    if not may_fill(row, by) or row.matter.organisation is None:
        raise Refused(_("季报已提交，现在不能改材料。"))
    file = uploads.store(upload, organisation=row.matter.organisation, by=by)
    found, _new = Evidence.objects.get_or_create(
        matter=row.matter, slot=SLOT, file=file, removed_at=None, defaults={"added_by": by}
    )
    touch(row)
    return found


@transaction.atomic
def uncite(row: QuarterlyReturn, piece: Evidence, *, by: User) -> None:
    """Take a paper out again; it stays in the history."""
    row = lock(row)
    if not may_fill(row, by):
        raise Refused(_("季报已提交，现在不能改材料。"))
    Evidence.objects.filter(pk=piece.pk, removed_at=None).update(removed_at=now())
    touch(row)
