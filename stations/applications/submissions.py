"""What an enterprise handed in, in words: as rows of a page, and what the last submission says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.facts import yuan
from portal.models import ReturnItem
from portal.words import localised, with_unit
from stations.applications.cases import ConditionCard, SlotCard, label_of, labels_of
from stations.applications.models import STAMP
from stations.models import (
    Application,
    ApplicationStatus,
    Condition,
    Enterprise,
    Station,
)

S = ApplicationStatus


def profile_rows(enterprise: Enterprise) -> list[tuple[str, str]]:
    """The profile as (label, value), in the form's order."""
    names = (*Enterprise.NEEDED[:4], "chain", "tags", *Enterprise.NEEDED[4:])
    return [(label_of(Enterprise, name), shown(enterprise, name)) for name in names]


def plan_rows(application: Application) -> list[tuple[str, str]]:
    return [(label_of(Application, name), shown(application, name)) for name in Application.NEEDED]


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
    if isinstance(value, int):  # all whole numbers of both are of people
        return with_unit(value, _("人"))
    display = getattr(row, f"get_{name}_display", None)
    return "—" if value in (None, "") else str(display() if display else value)


def revisions_of(application: Application) -> list[dict]:
    """What the submissions said, the latest first."""
    revisions = [getattr(event, "revision", None) for event in application.matter.events.all()]
    return [revision.data for revision in reversed(revisions) if revision]


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
    name, chain = told.get("chain"), application.enterprise.chain
    words = localised(chain, "name") if chain and chain.name == name else name or "—"
    return [*rows, (label_of(Enterprise, "chain"), words)]


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


# --- the last return ---------------------------------------------------------------------------


@dataclass
class ReturnRow:
    """One thing to mend: what it is, why, where to edit it, what it was and is now. `label` is in the reader's
    language, the item keeps the words of whoever sent it back."""

    item: ReturnItem
    label: str
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
    labels = labels_of(application, cards)
    parts = {"profile": _("单位情况"), "field": _("招收计划和项目")}
    rows = []
    for item in items:
        label = labels.get(item.target, item.label)
        kind, _colon, name = item.target.partition(":")
        if kind in parts:
            row, key = (application.enterprise, "enterprise") if kind == "profile" else (application, "field")
            before = told_in_words(key, name, last.get(key, {}).get(name), {})
            rows.append(
                ReturnRow(
                    item,
                    label,
                    parts[kind],
                    part_url(application, "profile" if kind == "profile" else "plan", f"id_{name}"),
                    before,
                    shown(row, name),
                )
            )
        elif name == STAMP:
            rows.append(ReturnRow(item, label, _("单位确认"), f"{application.get_absolute_url()}#stamp", "", ""))
        else:
            code = name.split(".")[0]
            card = by_code[code]
            slot = next((s for s in card.slots if s.slot.name == name), None)
            url = part_url(application, card.condition.group, code)
            rows.append(ReturnRow(item, label, card.name, url, "", "", slot, card))
    return rows


def part_url(application: Application, key: str, anchor: str) -> str:
    return f"{reverse('stations:application_section', args=[application.matter.number, key])}#{anchor}"
