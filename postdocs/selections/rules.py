"""What one line of a list must say, on a page and in a workbook."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from postdocs.selections.models import Programme
from postdocs.stays.models import Stay


def problems(
    programme: Programme | None, stay: Stay | None, *, project: str | None, listed_on: date | None, rank: str | None
) -> Iterator[tuple[str, str]]:
    """Each with the name of its field."""
    if programme and programme.kind in Programme.PERSONAL and not stay:
        yield "stay", _("人才计划和基金按人登记，请写明博士后。")
    if programme and programme.kind not in Programme.PERSONAL and not project:
        yield "project", _("路演和大赛按项目登记，请写项目名称。")
    if (
        stay
        and listed_on
        and stay.entered_on
        and (listed_on < stay.entered_on or (stay.ended_on and listed_on >= stay.ended_on))
    ):
        text = _("名单日期 %(day)s 时这位博士后不在站（%(since)s 进站%(until)s），不能算在本站入选。")
        until = _("，%(day)s 出站") % {"day": stay.ended_on} if stay.ended_on else ""
        yield "listed_on", text % {"day": listed_on, "since": stay.entered_on, "until": until}
    if programme and programme.ranks and rank and rank not in programme.ranks:
        yield "rank", _("等次应为：%(ranks)s。") % {"ranks": _("、").join(programme.ranks)}
