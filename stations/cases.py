"""What the pages of one application show: its conditions with evidence and verdicts, what is left to do, who has it.

Everything is read in a fixed number of queries, whatever the number of conditions and files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.facts import Finding, yuan
from portal.models import Confirmation, Evidence, Matter, Organisation, ReturnItem, Setting
from portal.site import remembered
from portal.words import localised
from portal.workdays import Calendar
from stations import facts, lifecycle
from stations.actions import is_open, open_targets
from stations.models import (
    Answer,
    Application,
    ApplicationStatus,
    ApplicationType,
    Condition,
    ConditionCriterion,
    Enterprise,
    Route,
    Slot,
    Station,
)

S = ApplicationStatus


@dataclass
class SlotCard:
    """One document slot with the files in it; `open`: the enterprise may change it now."""

    slot: Slot
    evidence: list[Evidence]
    open: bool
    item: ReturnItem | None = None
    error: str = ""  # why the file just sent was not taken

    @property
    def missing(self) -> bool:
        return self.slot.required and not self.evidence


@dataclass
class ConditionCard:
    """One condition: what the enterprise says, the papers, what our data say of it, what the officials found."""

    number: str
    condition: Condition
    answer: Answer
    slots: list[SlotCard]
    hints: list[Finding]
    verdicts: dict[str, Confirmation]
    open: bool
    item: ReturnItem | None = None
    changed: bool = False
    shape: str = ""  # of the finding, for who reviews

    def waits_for(self, level: str | None) -> bool:
        """Somebody at this level has to look: nobody did, or it was mended since it was found wanting."""
        found = self.verdicts.get(level or "")
        return bool(level) and (found is None or (self.changed and found.verdict is not True))

    @property
    def missing(self) -> int:
        return sum(slot.missing for slot in self.slots)

    @property
    def ready(self) -> bool:
        return bool(self.answer.claimed) and not self.missing

    @property
    def concerns(self) -> bool:
        """Officials judge every basic condition and those recommended ones that are claimed."""
        return self.condition.group == Condition.Group.BASIC or bool(self.answer.claimed)

    @property
    def files(self) -> list[Evidence]:
        return [evidence for slot in self.slots for evidence in slot.evidence]

    @property
    def state(self) -> tuple[str, str]:
        """Kind and words of the status the applicant sees."""
        if self.item and not self.item.answered_at:
            return "fix", _("要改")
        if self.answer.claimed is None:
            return "todo", _("未填写")
        if not self.answer.claimed:
            return "unmet" if self.condition.group == Condition.Group.BASIC else "todo", _("自述不符合")
        if self.missing:
            return "doing", ngettext("差 %(n)s 份证明", "差 %(n)s 份证明", self.missing) % {"n": self.missing}
        return "done", _("证明已齐")

    def verdict_state(self, level: str) -> tuple[str, str]:
        """Kind and words of the finding at one level."""
        found = self.verdicts.get(level)
        if found is None:
            return "todo", _("未核")
        return {True: ("met", _("符合")), False: ("unmet", _("不符合")), None: ("unknown", _("待核实"))}[found.verdict]


NUMERALS = "一二三四五六七八九十"


def conditions_of(
    application: Application,
    *,
    on: date,
    hints: bool = False,
    verdicts: bool = False,
    items: Sequence[ReturnItem] | None = None,
) -> list[ConditionCard]:
    """The cards of an application's conditions, in the order of its type. Hints and verdicts are read where a page
    shows them; `items` are the open ones of the last return, where a page has read them."""
    answers = list(
        Answer.objects.filter(application=application)
        .select_related("condition__clause__document")
        .order_by("condition__order")
    )
    ids = [answer.condition_id for answer in answers]
    slots: dict[int, list[Slot]] = {}
    for slot in Slot.objects.filter(condition__in=ids).select_related("condition").order_by("order"):
        slots.setdefault(slot.condition_id, []).append(slot)
    files: dict[str, list[Evidence]] = {}
    evidence = Evidence.objects.filter(matter=application.matter_id, removed_at=None)
    for piece in evidence.select_related("file", "added_by").order_by("pk"):
        files.setdefault(piece.slot, []).append(piece)
    judged: dict[str, dict[str, Confirmation]] = {}
    if verdicts:
        for found in Confirmation.objects.filter(matter=application.matter_id, until=None).select_related("by"):
            judged.setdefault(found.topic, {})[found.level] = found
    told = hints_of(application.enterprise, ids, on=on) if hints else {}
    named = {item.target: item for item in (open_items(application) if items is None else items)}
    targets = set(named) if application.status == S.RETURNED else open_targets(application)
    cards, place = [], {Condition.Group.BASIC: 0, Condition.Group.RECOMMENDED: 0}
    for answer in answers:
        condition = answer.condition
        place[condition.group] += 1
        target = f"condition:{condition.code}"
        own = [
            SlotCard(
                slot,
                files.get(slot.name, []),
                is_open(targets, f"slot:{slot.name}"),
                named.get(f"slot:{slot.name}"),
            )
            for slot in slots.get(condition.pk, [])
        ]
        cards.append(
            ConditionCard(
                number=NUMERALS[place[condition.group] - 1],
                condition=condition,
                answer=answer,
                slots=own,
                hints=told.get(condition.pk, []),
                verdicts=judged.get(condition.code, {}),
                open=is_open(targets, target),
                item=named.get(target) or next((s.item for s in own if s.item), None),
            )
        )
    return cards


def hints_of(enterprise: Enterprise, conditions: Sequence[int], *, on: date) -> dict[int, list[Finding]]:
    """What the enterprise's own figures say of each condition beforehand; one statement for all of them."""
    rows = list(
        ConditionCriterion.objects.filter(condition__in=conditions)
        .select_related("condition__clause__document")
        .order_by("condition", "order")
    )
    questions = [facts.enterprise.criterion(row.fact, row.lookup, row.value, str(row.condition.clause)) for row in rows]
    found: dict[int, list[Finding]] = {}
    for row, finding in zip(rows, facts.enterprise.findings(enterprise, questions, on=on), strict=True):
        found.setdefault(row.condition_id, []).append(finding)
    return found


def open_items(application: Application) -> Sequence[ReturnItem]:
    """The things of the last return that the enterprise has not handed in again."""
    if not application.matter.return_to:
        return []
    items = ReturnItem.objects.filter(event__matter=application.matter_id, resolved_at=None)
    return list(items.select_related("event__by").order_by("pk"))


def revisions_of(application: Application) -> list[dict]:
    """What the submissions said, the latest first."""
    revisions = [getattr(event, "revision", None) for event in application.matter.events.all()]
    return [revision.data for revision in reversed(revisions) if revision]


# --- the applicant's task list -----------------------------------------------------------------


@dataclass
class Section:
    """One row of the task list."""

    key: str
    title: str
    note: str
    status: str
    text: str
    href: str = ""
    locked: str = ""
    missing: list[str] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return self.status == "done"


def sections_of(application: Application, cards: Sequence[ConditionCard]) -> list[Section]:
    """The parts of the application with how far each is; the last opens when the others are done."""
    number = application.matter.number

    def link(key):
        return reverse("stations:application_section", args=[number, key])

    profile = missing_fields(application.enterprise, Enterprise.NEEDED)
    plan = missing_fields(application, Application.NEEDED)
    basic = [c for c in cards if c.condition.group == Condition.Group.BASIC]
    recommended = [c for c in cards if c.condition.group == Condition.Group.RECOMMENDED]
    ready = sum(c.ready for c in basic)
    open_basic = [localised(c.condition, "title") for c in basic if not c.ready]
    parts = [
        filled("profile", _("单位情况"), _("从单位档案带入，请核对"), profile, len(Enterprise.NEEDED), link("profile")),
        Section(
            "basic",
            _("基本条件"),
            _("%(n)s 项都要符合，每项附证明") % {"n": len(basic)},
            "done" if ready == len(basic) else "doing" if any(c.answer.claimed is not None for c in basic) else "todo",
            _("已完成")
            if ready == len(basic)
            else _("填写中 %(done)s/%(all)s") % {"done": ready, "all": len(basic)}
            if any(c.answer.claimed is not None for c in basic)
            else _("未开始"),
            link("basic"),
            missing=open_basic,
        ),
        *([choice(recommended, application.type.recommended_needed, link("recommended"))] if recommended else []),
        filled(
            "plan",
            _("导师、招收计划和科研项目"),
            _("导师、项目、合作流动站、薪酬"),
            plan,
            len(Application.NEEDED),
            link("plan"),
        ),
    ]
    left = [part.title for part in parts if not part.done]
    parts.append(
        Section(
            "check",
            _("核对并送审"),
            _("核对全部内容，送单位审核人确认提交"),
            "locked" if left else "todo",
            _("还不能开始") if left else _("可以开始"),
            "" if left else link("check"),
            locked=_("%(parts)s完成后打开") % {"parts": _("、").join(left)} if left else "",
        )
    )
    return parts


def choice(cards: Sequence[ConditionCard], needed: int, href: str) -> Section:
    """The recommended conditions: `needed` of them must be claimed, and each that is claimed has its papers."""
    claimed = [c for c in cards if c.answer.claimed]
    unproved = [localised(c.condition, "title") for c in claimed if not c.ready]
    short = max(needed - len(claimed), 0)
    done = not unproved and not short
    if done:
        text = _("已完成，选了 %(n)s 项") % {"n": len(claimed)}
    elif unproved:
        text = _("还差证明")
    else:
        text = _("填写中 %(done)s/%(all)s") % {"done": len(claimed), "all": needed} if claimed else _("未开始")
    more = ngettext("至少选 %(n)s 项推荐条件", "至少选 %(n)s 项推荐条件", needed) % {"n": needed}
    return Section(
        "recommended",
        _("推荐条件"),
        ngettext("至少 %(n)s 项，选了就要附证明", "至少 %(n)s 项，选了就要附证明", needed) % {"n": needed},
        "done" if done else "doing" if claimed else "todo",
        text,
        href,
        missing=unproved or ([more] if short else []),
    )


def filled(key: str, title: str, note: str, missing: list[str], total: int, href: str) -> Section:
    done = total - len(missing)
    status = "done" if not missing else "doing" if done > 1 else "todo"
    text = {
        "done": _("已完成"),
        "doing": _("填写中 %(done)s/%(all)s") % {"done": done, "all": total},
        "todo": _("未开始"),
    }
    return Section(key, title, note, status, text[status], href, missing=missing)


def missing_fields(row, names: Sequence[str]) -> list[str]:
    """The labels of the columns that say nothing yet."""
    return [label_of(type(row), name) for name in names if getattr(row, name) in (None, "")]


# --- who has it --------------------------------------------------------------------------------


def chain_of(application: Application, *, on: date) -> list[dict]:
    """Past steps, the present holder, and those who come after: what the `timeline` tag draws."""
    matter = application.matter
    items = [past_item(event) for event in matter.events.all()]
    stages = lifecycle.application.stages
    if not stages[application.status].closed:
        items.append(present_item(application, on=on))
        order = [S.DRAFT, S.CERTIFYING, S.DISTRICT, S.BUREAU, S.PASSED]
        order += [S.SENT] if application.route == Route.UPWARD else []
        here = S.DRAFT if application.status == S.RETURNED else application.status
        later = order[order.index(here) + 1 :] if here in order else []
        if application.status == S.RETURNED and matter.return_to:
            later = [S.CERTIFYING, *order[order.index(matter.return_to) :]]
        items += [{"shape": "later", "title": title_of(application, status), "lines": []} for status in later]
    return items


def answered_by(application: Application, *, on: date) -> date | None:
    """By when the district has promised an answer to what is handed in today."""
    pack = application.type.pack_id
    days = remembered(f"days:{pack}", lambda: Setting.objects.values_of(pack)).get("days.district")
    return Calendar.for_pages().add(on, days) if days else None


def standing(chain: Sequence[dict]) -> dict:
    """Of the items of a chain the one who has it now, and the one who gets it next."""
    return {shape: next((i for i in chain if i["shape"] == shape), None) for shape in ("here", "later")}


def past_item(event) -> dict:
    label = lifecycle.application.actions[event.action]
    who = str(event.by) if event.by else _("系统")
    day = date_format(event.on, "Y-m-d")
    lines = [f"{day} {who}"] + ([event.note] if event.note else [])
    if event.details.get("document"):
        lines.append(f"{event.details['document']}（{event.details.get('document_on', '')}）")
    return {
        "shape": "back" if event.action in ("return", "decline", "to_district", "reconsider") else "past",
        "title": label,
        "lines": lines,
    }


def present_item(application: Application, *, on: date) -> dict:
    matter = application.matter
    lines = [_("%(day)s 起") % {"day": date_format(matter.held_since, "Y-m-d")}]
    item = {"shape": "here", "title": title_of(application, application.status), "lines": lines}
    if matter.due_on:
        left = Calendar.for_pages().between(on, matter.due_on)
        due = date_format(matter.due_on, "Y-m-d")
        item["when"] = (
            _("%(due)s 前，还剩 %(left)s 个工作日") % {"due": due, "left": left}
            if left >= 0
            else _("应在 %(due)s 前，已超时 %(late)s 个工作日") % {"due": due, "late": -left}
        )
    return item


def title_of(application: Application, status: str) -> str:
    """Who acts in a status, in words that name the office."""
    matter = application.matter
    if status == S.SENT:
        levels = (localised(application.type, "levels") or application.type.levels) or []
        level = levels[min(application.reached, len(levels) - 1)] if levels else ""
        return _("%(level)s审批") % {"level": level} if application.status == S.SENT else _("上级审批，以批复文件为准")
    names = {
        S.DRAFT: _("单位经办人填写"),
        S.CERTIFYING: _("单位审核人确认"),
        S.RETURNED: _("单位补正"),
        S.DISTRICT: _("%(district)s审核推荐") % {"district": matter.district.short},
        S.BUREAU: _("市局审核"),
        S.PASSED: _("市局审批上报") if application.route == Route.UPWARD else _("市局认定"),
    }
    return names[status]


def office_for(matter: Matter) -> Organisation | None:
    """Whom an enterprise may call about a case: the office of its district."""
    return office_for_district(matter.district_id)


def office_for_district(district: int) -> Organisation | None:
    offices = Organisation.objects.filter(kind=Organisation.Kind.DISTRICT_OFFICE, district=district)
    return remembered(f"office:{district}", offices.first)


# --- what was said, as rows --------------------------------------------------------------------


def profile_rows(enterprise: Enterprise) -> list[tuple[str, str]]:
    """The profile as (label, value), in the form's order."""
    names = (*Enterprise.NEEDED[:4], "chain", "tags", *Enterprise.NEEDED[4:])
    return [(label_of(Enterprise, name), shown(enterprise, name)) for name in names]


def plan_rows(application: Application) -> list[tuple[str, str]]:
    return [(label_of(Application, name), shown(application, name)) for name in Application.NEEDED]


def label_of(model, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def shown(row, name: str) -> str:
    """A column's value as a person reads it; unknown is a dash."""
    value = getattr(row, name)
    if name == "tags":
        return _("、").join(str(dict(Enterprise.Tag.choices).get(tag, tag)) for tag in value) or "—"
    if name == "chain":
        return localised(value, "name") if value else "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Decimal):
        return yuan(value)
    display = getattr(row, f"get_{name}_display", None)
    return "—" if value in (None, "") else str(display() if display else value)


def handed_in(application: Application, cards: Sequence[ConditionCard]) -> dict:
    """What a page shows of a case that was handed in: profile and plan as submitted, the stations that came of it."""
    approved = application.status == S.APPROVED
    stations = Station.objects.filter(application=application).select_related("matter")
    return {
        "profile": submitted_profile(application),
        "plan": plan_rows(application),
        "changes": changes_of(application, cards),
        "station": stations.first() if approved else None,
        "basic": [c for c in cards if c.condition.group == Condition.Group.BASIC],
        "recommended": [c for c in cards if c.condition.group == Condition.Group.RECOMMENDED and c.answer.claimed],
    }


def submitted_profile(application: Application) -> list[tuple[str, str]]:
    """The profile as it was handed in; before that, as it is now."""
    revisions = revisions_of(application)
    if not revisions:
        return profile_rows(application.enterprise)
    told = revisions[0]["enterprise"]
    then = Enterprise(organisation=application.enterprise.organisation)
    for name in (*Enterprise.NEEDED, "tags"):
        setattr(then, name, Enterprise._meta.get_field(name).to_python(told.get(name)))
    rows = [(label_of(Enterprise, name), shown(then, name)) for name in (*Enterprise.NEEDED, "tags")]
    return [*rows, (label_of(Enterprise, "chain"), told.get("chain") or "—")]


# --- the last return ---------------------------------------------------------------------------


@dataclass
class ReturnRow:
    """One thing to mend: what it is, why, where to edit it, what it was and is now."""

    item: ReturnItem
    part: str
    url: str
    before: str
    now: str
    slot: SlotCard | None = None
    card: ConditionCard | None = None


def return_rows(
    application: Application, cards: Sequence[ConditionCard], items: Sequence[ReturnItem]
) -> list[ReturnRow]:
    """The items of the last return with a way to each; before and now of plain fields side by side."""
    last = next(iter(revisions_of(application)), {})
    by_code = {card.condition.code: card for card in cards}
    parts = {"profile": _("单位情况"), "field": _("招收计划和项目")}
    rows = []
    for item in items:
        kind, _colon, name = item.target.partition(":")
        if kind in parts:
            row, key = (application.enterprise, "enterprise") if kind == "profile" else (application, "field")
            before = told_in_words(key, name, last.get(key, {}).get(name), {})
            rows.append(
                ReturnRow(
                    item,
                    parts[kind],
                    part_url(application, "profile" if kind == "profile" else "plan", f"id_{name}"),
                    before,
                    shown(row, name),
                )
            )
        else:
            code = name.split(".")[0]
            card = by_code[code]
            slot = next((s for s in card.slots if s.slot.name == name), None)
            title = f"{card.condition.get_group_display()}{card.number}"
            rows.append(ReturnRow(item, title, part_url(application, card.condition.group, code), "", "", slot, card))
    return rows


def part_url(application: Application, key: str, anchor: str) -> str:
    return f"{reverse('stations:application_section', args=[application.matter.number, key])}#{anchor}"


# --- the guide ---------------------------------------------------------------------------------


def conditions_for_guide(kind: ApplicationType) -> list[tuple[str, list[Condition]]]:
    """The conditions by group, with the papers each needs."""
    rows = list(kind.conditions.select_related("clause__document").prefetch_related("slots").order_by("order"))
    some = ngettext("至少符合 %(n)s 项", "至少符合 %(n)s 项", kind.recommended_needed) % {"n": kind.recommended_needed}
    rules = {Condition.Group.BASIC: _("全部都要符合"), Condition.Group.RECOMMENDED: some}
    groups = [(f"{group.label}：{rule}", [c for c in rows if c.group == group]) for group, rule in rules.items()]
    return [(rule, conditions) for rule, conditions in groups if conditions]


def steps_for_guide(kind: ApplicationType) -> list[dict]:
    """Who does what, and how long each has promised."""
    days = Setting.objects.values_of(kind.pack)

    def promised(code):
        return [_("承诺 %(n)s 个工作日") % {"n": days[code]}] if days.get(code) else []

    steps = [
        {"title": _("单位经办人填报"), "lines": [_("约需 %(n)s 分钟，可随时中断，自动保存") % {"n": kind.minutes}]},
        {"title": _("单位审核人确认提交"), "lines": [_("用另一个账号，代表单位承诺真实")]},
        {"title": _("区镇审核推荐"), "lines": promised("days.district")},
        {"title": _("市局审核"), "lines": promised("days.bureau")},
    ]
    if kind.route == Route.UPWARD:
        steps.append({"title": _("市局审批后上报"), "lines": promised("days.approval")})
        levels = localised(kind, "levels") or kind.levels
        steps.append({"title": _("上级审批"), "lines": [" → ".join(levels), _("以批复文件为准")]})
    else:
        steps.append({"title": _("市局认定备案"), "lines": promised("days.approval")})
    return [{"shape": "later", **step} for step in steps]


# --- what changed ------------------------------------------------------------------------------


@dataclass
class Change:
    """One difference between the last two submissions; files are shown by their names."""

    target: str
    label: str
    before: str
    after: str


def changes_of(application: Application, cards: Sequence[ConditionCard]) -> list[Change]:
    """What the last submission says otherwise than the one before; marks the cards it concerns."""
    revisions = revisions_of(application)[:2]
    if len(revisions) < 2:
        return []
    new, old = revisions
    labels = labels_of(application, cards)
    changes = []
    for part, prefix in (("enterprise", "profile"), ("field", "field"), ("condition", "condition"), ("slot", "slot")):
        for key in sorted(set(old[part]) | set(new[part])):
            before, after = old[part].get(key), new[part].get(key)
            if before != after:
                target = f"{prefix}:{key}"
                words = (
                    told_in_words(part, key, v, files) for v, files in ((before, old["file"]), (after, new["file"]))
                )
                changes.append(Change(target, labels.get(target, key), *words))
    for card in cards:
        code = card.condition.code
        card.changed = any(c.target == f"condition:{code}" or c.target.startswith(f"slot:{code}.") for c in changes)
    return changes


def told_in_words(part: str, name: str, value, files: dict[str, str]) -> str:
    """What a submission said, as the same column is shown elsewhere."""
    model = {"enterprise": Enterprise, "field": Application}.get(part)
    if model is None or name in ("name", "chain"):
        return in_words(value, files)
    row = model()
    setattr(row, name, model._meta.get_field(name).to_python(value))
    return shown(row, name)


def in_words(value, files: dict[str, str]) -> str:
    if isinstance(value, list):
        return _("、").join(files.get(str(v), str(v)) for v in value) or "—"
    if isinstance(value, dict):
        claimed = {True: _("符合"), False: _("不符合"), None: "—"}[value.get("claimed")]
        return f"{claimed} {value.get('statement', '')}".strip()
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "—" if value in (None, "") else str(value)


def labels_of(application: Application, cards: Sequence[ConditionCard] = ()) -> dict[str, str]:
    """What each part that may be returned is called, by its target. The cards, where a page has them already, spare
    reading the conditions."""
    parts = [(c.condition, [s.slot for s in c.slots]) for c in cards]
    if not parts:
        rows = application.type.conditions.prefetch_related("slots").order_by("order")
        parts = [(condition, list(condition.slots.all())) for condition in rows]
    labels = {f"profile:{n}": label_of(Enterprise, n) for n in (*Enterprise.NEEDED, "chain", "tags")}
    labels |= {f"field:{n}": label_of(Application, n) for n in Application.NEEDED}
    for condition, slots in parts:
        labels[f"condition:{condition.code}"] = localised(condition, "title")
        for slot in slots:
            labels[f"slot:{condition.code}.{slot.code}"] = localised(slot, "title")
    return labels
