"""What is printed of an application: the official form for the seals, the receipt, the letter with the decision, and
for sending upward the summary of a batch with its covering letter."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import Organisation, Pack
from portal.papers import Paper, Rows, Signed, Stamp, Table, Text
from portal.words import localised
from stations.applications import submissions
from stations.applications.cases import ConditionCard
from stations.applications.progress import office_for
from stations.models import Application, ApplicationStatus, Route

S = ApplicationStatus
LETTERS = (S.SENT, S.APPROVED, S.REFUSED, S.REJECTED)


def names_of(application: Application) -> dict[str, str]:
    """The papers there are of this case now, by the name in their address."""
    found = {"form": _("审批表")}
    if application.matter.filed_on:
        found["receipt"] = _("回执")
    if application.status in LETTERS:
        found["letter"] = letter_title(application)
    return found


def paper_of(name: str, application: Application, cards: Sequence[ConditionCard], *, on: date, by) -> Paper:
    """The paper of that name; the caller has asked `names_of` whether there is one."""
    make = {"form": form, "receipt": receipt, "letter": letter}[name]
    paper = make(application, cards)
    paper.number = _("编号 %(number)s") % {"number": application.matter.number}
    paper.foot = _("%(who)s 于 %(day)s 打印") % {"who": by, "day": day_of(on)}
    return paper


def day_of(day: date) -> str:
    return date_format(day, "Y-m-d")


def last(application: Application, *actions: str):
    """The latest event of one of these kinds."""
    events = [event for event in application.matter.events.all() if event.action in actions]
    return events[-1] if events else None


# --- the official form -------------------------------------------------------------------------


def form(application: Application, cards: Sequence[ConditionCard]) -> Paper:
    """Every entry, every condition with its papers and findings, and a place for each seal."""
    unit = application.enterprise.organisation
    concerned = [card for card in cards if card.concerns]
    head = [
        (_("申报单位"), str(unit)),
        (_("统一社会信用代码"), unit.code),
        (_("申报事项"), localised(application.type, "title")),
        (_("所属区镇"), localised(application.matter.district, "name")),
    ]
    return Paper(
        title=_("%(kind)s审批表") % {"kind": application.type.get_kind_display()},
        mark="" if application.matter.filed_on else _("草稿，尚未提交"),
        blocks=[
            Rows(head),
            Rows(submissions.submitted_profile(application), _("一、单位情况"), pairs=True),
            Rows(submissions.plan_rows(application), _("二、导师、招收计划和科研项目")),
            Table(
                [_("序号"), _("条件"), _("单位自述"), _("证明材料"), _("区镇"), _("市局")],
                [condition_line(card) for card in concerned],
                [26, 42, 34, 50, 16, 16],
                _("三、设站条件"),
            ),
            *opinions(application),
        ],
    )


def condition_line(card: ConditionCard) -> list[str]:
    claimed = {True: _("符合"), False: _("不符合"), None: _("未填写")}[card.answer.claimed]
    files = _("；").join(evidence.file.name for evidence in card.files) or "—"
    findings = [card.verdict_state(level)[1] if level in card.verdicts else "—" for level in ("district", "bureau")]
    said = f"{claimed} {card.answer.statement}".strip()
    return [card.name, localised(card.condition, "title"), said, files, *findings]


def opinions(application: Application) -> list[Stamp]:
    """The unit's promise, then each office in the order it sees the case."""
    promise = [_("以上内容和所附材料真实、准确，不涉密。"), *signed_by(last(application, "submit"))]
    found = [
        Stamp(_("四、申报单位承诺"), promise),
        Stamp(_("五、区镇推荐意见"), opinion(last(application, "recommend"), _("经核实，符合申报条件，同意推荐。"))),
        Stamp(
            _("六、市局意见"),
            opinion(last(application, "pass"), _("经审核，同意。"))
            + opinion(last(application, "send_up"), _("同意上报。"))
            + opinion(last(application, "recognise"), _("同意认定。")),
        ),
    ]
    levels = localised(application.type, "levels") if application.route == Route.UPWARD else []
    return found + [Stamp(_("%(level)s意见") % {"level": level}, room=30) for level in levels]


def opinion(event, usual: str) -> list[str]:
    """What an office said: its own words, or the usual ones; nothing before it has acted."""
    return [event.note or usual, *signed_by(event)] if event else []


def signed_by(event) -> list[str]:
    if event is None or event.by is None:
        return []
    return [_("办理人：%(who)s　%(day)s") % {"who": event.actor, "day": day_of(event.on)}]


# --- the receipt -------------------------------------------------------------------------------


def receipt(application: Application, cards: Sequence[ConditionCard]) -> Paper:
    """What was handed in, when, by whom; who answers until when."""
    matter, filed = application.matter, last(application, "submit")
    office = office_for(matter)
    rows = [
        (_("申报单位"), str(application.enterprise)),
        (_("申报事项"), localised(application.type, "title")),
        (_("首次提交"), day_of(matter.filed_on)),
        (_("最近提交"), day_of(filed.on) if filed else "—"),
        (_("提交人"), str(filed.by) if filed and filed.by else "—"),
        (_("受理单位"), localised(office, "name") if office else localised(matter.district, "name")),
        (_("联系电话"), office.phone if office and office.phone else "—"),
        (_("现在环节"), application.get_status_display()),
        (_("承诺办结"), day_of(matter.due_on) if matter.due_on else _("以批复文件为准")),
    ]
    papers = [
        [n, localised(slot.slot, "title"), evidence.file.name, evidence.file.pages]
        for n, (slot, evidence) in enumerate(
            ((slot, evidence) for card in cards for slot in card.slots for evidence in slot.evidence), 1
        )
    ]
    heads = [_("序号"), _("材料"), _("文件名"), _("页数")]
    return Paper(title=_("设站申报回执"), blocks=[Rows(rows), Table(heads, papers, [14, 60, 90, 16], _("收到的材料"))])


# --- the letter --------------------------------------------------------------------------------


def letter_title(application: Application) -> str:
    return {
        S.SENT: _("推荐上报通知"),
        S.APPROVED: _("设站批准通知") if application.route == Route.UPWARD else _("认定备案通知"),
        S.REFUSED: _("不予推荐通知"),
        S.REJECTED: _("上级未批准通知"),
    }[application.status]


def letter(application: Application, cards: Sequence[ConditionCard]) -> Paper:
    """What was decided, on what paper or for what reason, and whom to ask."""
    event = list(application.matter.events.all())[-1]
    about = {
        "what": localised(application.type, "title"),
        "filed": day_of(application.matter.filed_on),
        "kind": application.type.get_kind_display(),
        "day": day_of(event.on),
        "why": event.note,
        "document": event.details.get("document", ""),
        "document_on": event.details.get("document_on", ""),
        "level": _("、").join(localised(application.type, "levels")[:1]),
    }
    after = _("请按规定开展博士后招收、培养和管理工作，站点信息已列入工作站名录。")
    again = _("条件具备后可以重新申报；已上传的材料仍保存在单位档案里。")
    first = _("贵单位 %(filed)s 提交的“%(what)s”申报已收悉。") % about
    said = {
        S.SENT: [_("经区镇推荐、本局审核，符合申报条件，已于 %(day)s 上报%(level)s。结果以上级批复文件为准。")],
        S.APPROVED: [_("经审核，准予设立%(kind)s。批准文件：%(document)s（%(document_on)s）。"), after],
        S.REFUSED: [_("经审核，不予推荐。理由：%(why)s"), again],
        S.REJECTED: [_("经上级审核，未予批准。说明：%(why)s"), again],
    }[application.status]
    unmet = [card.name + _("：") + localised(card.condition, "title") for card in cards if unmet_finding(card)]
    if application.status == S.REFUSED and unmet:
        said.insert(1, _("认为不符合的条件：%(conditions)s。"))
        about["conditions"] = _("；").join(unmet)
    said.append(_("如有疑问，请联系：%(who)s"))
    about["who"] = contact(office_for(application.matter))
    pack = Pack.objects.get_for(application.matter.district_id)
    return Paper(
        title=letter_title(application),
        blocks=[
            Text([first, *(str(text) % about for text in said)], to=f"{application.enterprise}{_('：')}"),
            Signed([localised(pack, "bureau"), day_of(event.on)]),
        ],
    )


def unmet_finding(card: ConditionCard) -> bool:
    found = card.verdicts.get("bureau") or card.verdicts.get("district")
    return found is not None and found.verdict is False and card.concerns


def contact(office: Organisation | None) -> str:
    return _("　").join(filter(None, [localised(office, "name"), office.phone])) if office else "—"


# --- a batch for the level above ---------------------------------------------------------------


def summary_heads() -> list[str]:
    return [
        *(_("序号"), _("编号"), _("单位"), _("统一社会信用代码"), _("区镇"), _("申报事项")),
        *(_("拟任合作导师"), _("拟招收人数"), _("科研项目"), _("拟合作流动站"), _("首次提交")),
    ]


def summary_rows(applications: Sequence[Application]) -> list[list]:
    """One line per case; figures as they were handed in."""
    return [
        [
            *(n, a.matter.number, str(a.enterprise), a.enterprise.organisation.code),
            *(localised(a.matter.district, "name"), localised(a.type, "title")),
            *(a.supervisor, a.recruits, a.project, a.partner, a.matter.filed_on),
        ]
        for n, a in enumerate(applications, 1)
    ]


def summary(pack: Pack, applications: Sequence[Application], *, on: date, by) -> Paper:
    """The covering letter and the table of a batch."""
    n, kinds = len(applications), {localised(a.type, "title"): a.type for a in applications}
    levels = [localised(kind, "levels")[0] for kind in kinds.values() if kind.levels]
    said = ngettext(
        "现将 %(n)s 家单位的“%(what)s”申报材料报送贵单位，请审核。名单附后。",
        "现将 %(n)s 家单位的“%(what)s”申报材料报送贵单位，请审核。名单附后。",
        n,
    ) % {"n": n, "what": _("、").join(kinds)}
    checked = _("以上单位均经区镇核实推荐、本局审核，符合申报条件，材料真实准确的责任由申报单位和推荐单位承担。")
    rows = [["—" if cell in (None, "") else text_of(cell) for cell in row] for row in summary_rows(applications)]
    return Paper(
        title=_("%(city)s博士后科研工作站申报推荐汇总表") % {"city": localised(pack, "name")},
        across=True,
        foot=_("%(who)s 于 %(day)s 打印") % {"who": by, "day": day_of(on)},
        blocks=[
            Text([said, checked], to=f"{levels[0] if levels else localised(pack, 'bureau')}{_('：')}"),
            Table(summary_heads(), rows, [10, 26, 36, 36, 20, 32, 18, 14, 36, 28, 20], _("推荐汇总表")),
            Signed([localised(pack, "bureau"), day_of(on)]),
        ],
    )


def text_of(cell) -> str:
    return day_of(cell) if isinstance(cell, date) else str(cell)
