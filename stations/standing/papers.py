"""The letters of a case of standing: the reminder, the order to rectify, the removal."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.models import Pack
from portal.papers import Paper, Signed, Text
from portal.words import localised
from stations.applications.papers import contact
from stations.applications.progress import office_for
from stations.models import StandingCase, StandingStatus

S = StandingStatus
STEPS = {S.WARNED: ("warn",), S.RECTIFYING: ("rectify", "rectify_by_paper", "go_on"), S.REMOVED: ("remove",)}
STEPS |= {S.AGAIN: STEPS[S.RECTIFYING], S.HANDED: STEPS[S.REMOVED]}


def title_of(case: StandingCase) -> str:
    """What the letter of the case is called now; empty where there is none."""
    return {
        S.WARNED: _("动态管理提示函"),
        S.RECTIFYING: _("限期整改通知"),
        S.AGAIN: _("限期整改通知"),
        S.REMOVED: _("摘牌通知"),
        S.HANDED: _("摘牌通知"),
    }.get(S(case.status), "")


def letter(case: StandingCase, *, on: date, by) -> Paper:
    """What the city says to the enterprise, with the clause, what was seen and whom to ask."""
    event = [e for e in case.matter.events.all() if e.action in STEPS[S(case.status)]][-1]
    about = {
        "station": case.station,
        "rule": case.rule,
        "clause": case.clock.clause if case.clock else "—",
        "since": case.started_on or "—",
        "why": event.note,
        "until": case.rectify_by or "—",
        "remedy": localised(case.clock, "remedy") if case.clock else "",
        "document": event.details.get("document", "—"),
        "document_on": event.details.get("document_on", "—"),
        "who": contact(office_for(case.matter)),
    }
    said = {
        "warn": [
            _("贵单位的%(station)s，按“%(rule)s”（%(clause)s）自 %(since)s 起算，现予提示。"),
            _("说明：%(why)s"),
            _("怎样重新起算：%(remedy)s。"),
        ],
        "rectify": [
            _("贵单位的%(station)s，按“%(rule)s”（%(clause)s）须限期整改，截止 %(until)s。"),
            _("说明：%(why)s"),
            _("请在平台登记整改措施、结果和证明，完成后报告，由我局复评。"),
        ],
        "remove": [
            _("贵单位的%(station)s，按“%(rule)s”（%(clause)s）予以摘牌。文件：%(document)s（%(document_on)s）。"),
            _("理由：%(why)s"),
            _("请将铭牌和证书交回区镇主管部门。在站博士后的转站和出站请先与我局联系。"),
        ],
    }[STEPS[S(case.status)][0]]
    lines = [str(text) % about for text in (*said, _("如有疑问，请联系：%(who)s"))]
    pack = Pack.objects.get_for(case.matter.district_id)
    return Paper(
        title=title_of(case),
        number=_("编号 %(number)s") % {"number": case.matter.number},
        foot=_("%(who)s 于 %(day)s 打印") % {"who": by, "day": date_format(on, "Y-m-d")},
        blocks=[
            Text(lines, to=f"{case.station.enterprise}{_('：')}"),
            Signed([localised(pack, "bureau"), date_format(event.on, "Y-m-d")]),
        ],
    )
