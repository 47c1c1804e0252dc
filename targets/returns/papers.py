"""The return on paper: an A4 page across, with room for the seal of whoever hands it in."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.papers import Paper, Rows, Stamp, Table
from portal.templatetags.numbers import num
from portal.words import localised
from targets.models import QuarterlyReturn, ReturnStatus
from targets.plans.indicators import state_words


def sheet(row: QuarterlyReturn, lines, *, on: date, by) -> Paper:
    """`lines` are the rows of the page. What isn't confirmed says so at its head."""
    quarter, frozen = row.quarter, row.versions.order_by("-version").first()
    confirmed = frozen if row.status == ReturnStatus.CONFIRMED else None
    head = [
        (_("计划"), localised(quarter.plan, "name")),
        (_("截至"), date_format(quarter.until, "Y-m-d")),
        (_("区镇"), localised(row.district, "name")),
        (_("数据提取日"), date_format(confirmed.known_on if confirmed else on, "Y-m-d")),
    ]
    if confirmed:
        head += [(_("版次"), str(confirmed.version)), (_("校验码"), confirmed.digest[:24])]
    widths = (7, 20, 8, 9, 9, 9, 9, 10, 19)
    heads = (
        *(
            _("代码"),
            _("指标"),
            pgettext("计量", "单位"),
            _("任务"),
            _("序时进度"),
            _("系统值"),
            _("区镇填报"),
            _("状态"),
        ),
        _("说明"),
    )
    cells = [
        [
            x.line.indicator.code,
            localised(x.line.indicator, "name"),
            localised(x.line.indicator, "unit"),
            *(num(value) for value in (x.target, x.pace, x.system)),
            _("同系统值") if x.line.stated is None else num(x.line.stated),
            state_words(x.state),
            _("；").join(filter(None, (x.line.comment, x.line.why, x.line.measures))),
        ]
        for x in lines
    ]
    return Paper(
        title=str(row),
        number=_("编号 %(number)s") % {"number": row.matter.number},
        mark="" if confirmed else _("未定稿"),
        foot=_("%(who)s 于 %(day)s 打印") % {"who": by, "day": date_format(on, "Y-m-d")},
        blocks=[
            Rows(head, pairs=True),
            Table(heads, cells, widths, title=_("指标进度")),
            Stamp(_("区镇主管部门意见"), room=20),
        ],
        across=True,
    )
