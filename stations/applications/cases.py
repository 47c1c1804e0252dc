"""What the pages of one application show: its conditions with evidence and verdicts, what is left to do, who has it.

Everything is read in a fixed number of queries, whatever the number of conditions and files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.facts import Finding
from portal.models import Confirmation, Evidence, ReturnItem, Setting
from portal.words import localised
from stations.applications.actions import is_open, open_targets
from stations.applications.models import SIGNING, STAMP
from stations.enterprises import facts
from stations.models import (
    Answer,
    Application,
    ApplicationStatus,
    ApplicationType,
    Condition,
    ConditionCriterion,
    Enterprise,
    Route,
    Signing,
    Slot,
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

    @property
    def hint(self) -> str:
        """What the document must be like, and whether it may be left out."""
        optional = "" if self.slot.required else _("有则上传")
        return "　".join(filter(None, [optional, localised(self.slot, "hint")]))


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
    def name(self) -> str:
        """How a list names it that has conditions of both groups: 基本条件三."""
        basic = self.condition.group == Condition.Group.BASIC
        return (_("基本条件%(number)s") if basic else _("推荐条件%(number)s")) % {"number": self.number}

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
        .order_by("condition__order", "pk")
    )
    ids = [answer.condition_id for answer in answers]
    slots: dict[int, list[Slot]] = {}
    for slot in Slot.objects.filter(condition__in=ids).select_related("condition").order_by("order", "pk"):
        slots.setdefault(slot.condition_id, []).append(slot)
    files: dict[str, list[Evidence]] = {}
    evidence = Evidence.objects.filter(matter=application.matter_id, removed_at=None)
    for piece in evidence.select_related("file", "added_by").order_by("pk"):
        files.setdefault(piece.slot, []).append(piece)
    judged: dict[str, dict[str, Confirmation]] = {}
    if verdicts:
        in_force = Confirmation.objects.filter(matter=application.matter_id, until=None)
        for found in in_force.select_related("by", "on_behalf"):
            judged.setdefault(found.topic, {})[found.level] = found
    told = hints_of(application.enterprise, ids, on=on) if hints else {}
    named = {item.target: item for item in (open_items(application) if items is None else items)}
    targets = set(named) if application.status == S.RETURNED else open_targets(application)
    numerals = _("一 二 三 四 五 六 七 八 九 十").split()
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
                number=numerals[place[condition.group] - 1],
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


def only_read(cards: list[ConditionCard]) -> list[ConditionCard]:
    """The same cards for somebody who reads them and doesn't fill them in, as the second account does."""
    for card in cards:
        card.open = False
        for slot in card.slots:
            slot.open = False
    return cards


def hints_of(enterprise: Enterprise, conditions: Sequence[int], *, on: date) -> dict[int, list[Finding]]:
    """What the enterprise's own figures say of each condition beforehand; one statement for all of them."""
    rows = list(
        ConditionCriterion.objects.filter(condition__in=conditions)
        .select_related("condition__clause__document")
        .order_by("condition", "order", "pk")
    )
    questions = [facts.enterprise.criterion(row.fact, row.lookup, row.value, str(row.condition.clause)) for row in rows]
    found: dict[int, list[Finding]] = {}
    for row, finding in zip(rows, facts.enterprise.findings(enterprise, questions, on=on), strict=True):
        found.setdefault(row.condition_id, []).append(finding)
    return found


def stamp_of(application: Application) -> Evidence | None:
    """The page with the seal that vouches for what is handed in next, where the city wants one."""
    if application.signing != Signing.PAGE:
        return None
    rows = Evidence.objects.filter(matter=application.matter_id, slot=STAMP, removed_at=None)
    return rows.select_related("file", "added_by").first()


def open_items(application: Application) -> Sequence[ReturnItem]:
    """The things of the last return that the enterprise has not handed in again."""
    if not application.matter.return_to:
        return []
    items = ReturnItem.objects.filter(event__matter=application.matter_id, resolved_at=None)
    return list(items.select_related("event__by").order_by("pk"))


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
    by_page = application.signing == Signing.PAGE
    parts.append(
        Section(
            "check",
            _("核对并提交") if by_page else _("核对并送审"),
            _("核对全部内容，上传盖章页后提交") if by_page else _("核对全部内容，送单位审核人确认提交"),
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
        text = ngettext("已完成，选了 %(n)s 项", "已完成，选了 %(n)s 项", len(claimed)) % {"n": len(claimed)}
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


# --- the guide ---------------------------------------------------------------------------------


def conditions_for_guide(kind: ApplicationType) -> list[tuple[str, list[Condition]]]:
    """The conditions by group, with the papers each needs."""
    rows = list(kind.conditions.select_related("clause__document").prefetch_related("slots").order_by("order", "pk"))
    some = ngettext("至少符合 %(n)s 项", "至少符合 %(n)s 项", kind.recommended_needed) % {"n": kind.recommended_needed}
    rules = {Condition.Group.BASIC: _("全部都要符合"), Condition.Group.RECOMMENDED: some}
    groups = [
        (_("%(group)s：%(rule)s") % {"group": group.label, "rule": rule}, [c for c in rows if c.group == group])
        for group, rule in rules.items()
    ]
    return [(rule, conditions) for rule, conditions in groups if conditions]


def steps_for_guide(kind: ApplicationType) -> list[dict]:
    """Who does what, and how long each has promised."""
    days = Setting.objects.values_of(kind.pack)

    def promised(code):
        n = days.get(code)
        return [ngettext("承诺 %(n)s 个工作日", "承诺 %(n)s 个工作日", n) % {"n": n}] if n else []

    steps = [
        {"title": _("单位经办人填报"), "lines": [_("约需 %(n)s 分钟，可随时中断，自动保存") % {"n": kind.minutes}]},
        {"title": _("单位盖章后提交"), "lines": [_("打印审批表，盖章后扫描上传")]}
        if days.get(SIGNING) == Signing.PAGE
        else {"title": _("单位审核人确认提交"), "lines": [_("用另一个账号，代表单位承诺真实")]},
        {"title": _("区镇审核推荐"), "lines": promised("days.district")},
        {"title": _("市局审核"), "lines": promised("days.bureau")},
    ]
    if kind.route == Route.UPWARD:
        steps.append({"title": _("市局审批后上报"), "lines": promised("days.approval")})
        steps.append({"title": _("上级审批"), "lines": [" → ".join(localised(kind, "levels")), _("以批复文件为准")]})
    else:
        steps.append({"title": _("市局认定备案"), "lines": promised("days.approval")})
    return [{"shape": "later", **step} for step in steps]


# --- what each part is called ------------------------------------------------------------------


def label_of(model, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def labels_of(application: Application, cards: Sequence[ConditionCard] = ()) -> dict[str, str]:
    """What each part that may be returned is called, by its target. The cards, where a page has them already, spare
    reading the conditions."""
    parts = [(c.condition, [s.slot for s in c.slots]) for c in cards]
    if not parts:
        rows = application.type.conditions.prefetch_related("slots").order_by("order", "pk")
        parts = [(condition, list(condition.slots.all())) for condition in rows]
    labels = {f"profile:{n}": label_of(Enterprise, n) for n in (*Enterprise.NEEDED, "chain", "tags")}
    labels |= {f"field:{n}": label_of(Application, n) for n in Application.NEEDED}
    if application.signing == Signing.PAGE:
        labels[f"slot:{STAMP}"] = _("盖章页")
    for condition, slots in parts:
        labels[f"condition:{condition.code}"] = localised(condition, "title")
        for slot in slots:
            labels[f"slot:{condition.code}.{slot.code}"] = localised(slot, "title")
    return labels
