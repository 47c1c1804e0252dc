"""Who has a case: the steps behind it, who holds it until when, and who comes after."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import Matter, Organisation, Setting
from portal.offices import office_of_district
from portal.site import remembered
from portal.templatetags.words import brief
from portal.words import localised
from portal.workdays import Calendar
from stations.applications import lifecycle
from stations.models import (
    Application,
    ApplicationStatus,
    Route,
    Signing,
)

S = ApplicationStatus


def chain_of(application: Application, *, on: date) -> list[dict]:
    """Past steps, the present holder, and those who come after: what the `timeline` tag draws."""
    matter = application.matter
    items = [past_item(event) for event in matter.events.all()]
    stages = lifecycle.application.stages
    if not stages[application.status].closed:
        items.append(present_item(application, on=on))
        unit = [S.CERTIFYING] if application.signing == Signing.ACCOUNT else []
        order = [S.DRAFT, *unit, S.DISTRICT, S.BUREAU, S.PASSED]
        order += [S.SENT] if application.route == Route.UPWARD else []
        here = S.DRAFT if application.status == S.RETURNED else application.status
        later = order[order.index(here) + 1 :] if here in order else []
        if application.status == S.RETURNED and matter.return_to:
            later = [*unit, *order[order.index(matter.return_to) :]]
        items += [{"shape": "later", "title": title_of(application, status), "lines": []} for status in later]
    return items


def promise_of(application: Application, *, on: date) -> dict | None:
    """How much of the office's promise is used, derived from the spells: working days; while the enterprise mends
    what was returned the promise of whoever sent it back rests. None where nobody of the offices has promised."""
    matter = application.matter
    paused = application.status == S.RETURNED
    status = matter.return_to if paused else application.status
    code = lifecycle.application.stages[status].days if status else ""
    pack = application.type.pack_id
    days = remembered(f"days:{pack}", lambda: Setting.objects.values_of(pack)).get(code) if code else None
    if not days:
        return None
    calendar = Calendar.for_pages()
    used = sum(calendar.between(spell.since, spell.until or on) for spell in matter.spells.filter(status=status))
    said = _("承诺 %(n)s 日，已用 %(used)s 日") % {"n": days, "used": used}
    told = _("%(said)s，补正期间暂停") % {"said": said} if paused else said
    return {"days": days, "used": min(used, days), "paused": paused, "said": told}


def answered_by(application: Application, *, on: date) -> date | None:
    """By when the district has promised an answer to what is handed in today."""
    pack = application.type.pack_id
    days = remembered(f"days:{pack}", lambda: Setting.objects.values_of(pack)).get("days.district")
    return Calendar.for_pages().add(on, days) if days else None


def standing(chain: Sequence[dict]) -> dict:
    """Of the items of a chain the one who has it now, and the one who gets it next."""
    return {shape: next((i for i in chain if i["shape"] == shape), None) for shape in ("here", "later")}


def past_item(event) -> dict:
    label = lifecycle.application.said(event)
    who = event.actor or _("系统")
    day = date_format(event.on, "Y-m-d")
    lines = [f"{day} {who}"] + ([event.note] if event.note else [])
    if event.details.get("document"):
        paper = {"number": event.details["document"], "day": event.details.get("document_on", "")}
        lines.append(_("%(number)s（%(day)s）") % paper)
    if event.details.get("to"):
        lines.append(_("转给%(who)s") % {"who": event.details["to"]})
    if event.details.get("late"):
        lines.append(_("第一次退回没有提出的原因：%(why)s") % {"why": event.details["late"]})
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
        told = (
            ngettext("%(due)s 前，还剩 %(n)s 个工作日", "%(due)s 前，还剩 %(n)s 个工作日", left)
            if left >= 0
            else ngettext("应在 %(due)s 前，已超时 %(n)s 个工作日", "应在 %(due)s 前，已超时 %(n)s 个工作日", -left)
        )
        item["when"] = told % {"due": due, "n": abs(left)}
    return item


def title_of(application: Application, status: str) -> str:
    """Who acts in a status, in words that name the office."""
    matter = application.matter
    if status == application.status == S.SENT:
        levels = localised(application.type, "levels")
        return _("%(level)s审批") % {"level": levels[min(application.reached, len(levels) - 1)]}
    names = {
        S.DRAFT: _("单位经办人填写"),
        S.CERTIFYING: _("单位审核人确认"),
        S.RETURNED: _("单位补正"),
        S.DISTRICT: _("%(district)s审核推荐") % {"district": brief(matter.district)},
        S.BUREAU: _("市局审核"),
        S.PASSED: _("市局审批上报") if application.route == Route.UPWARD else _("市局认定"),
        S.SENT: _("上级审批，以批复文件为准"),
    }
    return names[status]


def office_for(matter: Matter) -> Organisation | None:
    """Whom an enterprise may call about a case: the office of its district."""
    return office_of_district(matter.district_id)
