"""What the national system exports, row by row."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import CodeField
from portal.imports import Column, DayCell, ImportKind, LabelField, import_kind
from portal.lifecycle import Refused
from portal.models import Event, Matter, Spell
from postdocs.filing import actions, matching
from postdocs.filing.matching import Held
from postdocs.filing.models import Difference
from postdocs.people import papers
from postdocs.people.models import IdentityPaper, PaperKind, Person
from postdocs.stays.models import OUT, Stay, StayStatus
from stations.import_columns import BEGINNING, text
from stations.roles import DISTRICT, MAKERS

S = StayStatus
FOR_GOOD = gettext_lazy("按这一行登记的进站备案不能撤回，请在人员页办理。")  # said when it would become empty again


class IdentityNumber(CodeField):
    """The number of a paper, of whichever kind it looks like."""

    def to_python(self, value):
        value = super().to_python(value)
        if not value:
            return value
        like_a_card = re.fullmatch(r"\d{14,}X?", value)
        return papers.normal(PaperKind.ID_CARD if like_a_card else PaperKind.PASSPORT, value)


@import_kind
class NationalRecord(ImportKind):
    """A row is one filed entry, known by the committee's number, else by identity number and day of entry."""

    code, order, keeps_secrets = "filing", 7, True
    label = gettext_lazy("全国系统备案数据")
    note = gettext_lazy(
        "全国博士后系统导出的表，按博管会编号和证件号码与这里核对。日期和编号以全国系统为准；这里没有而又认不出站或人的，列入差异清单。"
    )
    roles = DISTRICT | MAKERS
    result = "postdocs:differences"

    def columns(self, place):
        return [
            Column("name", text(gettext_lazy("姓名"), 60, needed=True), "张三", ("博士后姓名", "人员姓名")),
            Column("committee", CodeField(label=gettext_lazy("博管会编号"), max_length=40, required=False), "318807",
                   ("全国博管会编号", "博士后编号", "编号", "备案编号"), gettext_lazy("编号和证件号码至少有一个")),
            Column("number", IdentityNumber(label=gettext_lazy("证件号码"), max_length=30, required=False), "",
                   ("身份证号", "身份证号码", "身份证件号码", "证件号"), gettext_lazy("加密保存，页面上只显示首尾"), secret=True),
            Column("paper", LabelField(PaperKind.choices, {"身份证": "id_card"}, label=gettext_lazy("证件类型"),
                                       required=False), "", ("证件名称", "证件种类")),
            Column("entered_on", DayCell(label=gettext_lazy("进站日期"), error_messages={"required": FOR_GOOD}), "2026-03-15",
                   ("进站时间", "备案日期", "进站备案日期")),
            Column("ended_on", DayCell(label=gettext_lazy("出站日期"), required=False), "", ("出站时间",)),
            Column("certificate", text(gettext_lazy("博士后证书编号"), 40), "", ("证书编号", "证书号")),
            Column("unit", text(gettext_lazy("设站单位"), 100), "", ("工作站单位", "工作站", "单位", "单位名称", "工作站名称")),
            Column("flow", text(gettext_lazy("流动站"), 100), "", ("流动站名称", "合作流动站", "流动站单位")),
            Column("state", text(gettext_lazy("状态"), 40), "在站", ("人员状态", "在站状态", "当前状态")),
        ]  # fmt: skip

    def key(self, values):
        return matching.key_of(values)

    def find(self, place, rows):
        return matching.find(place, rows)

    def said(self, found):
        if found.difference:
            row = found.difference
            return {name: getattr(row, actions.SAID.get(name, name))
                    for name in ("committee", "entered_on", "ended_on", "unit", "flow", "state")}  # fmt: skip
        stay = found.stay
        said = {"committee": stay.committee_number, "entered_on": stay.entered_on}
        if stay.status == S.WITHDRAWN:
            return said
        said |= {"ended_on": stay.ended_on or noted_exit(stay)}
        return said | ({"certificate": stay.certificate_number} if stay.status in (S.ISSUING, *OUT) else {})

    def check(self, place, row):
        values = row.values
        if not row.problems and not values.get("committee") and not values.get("number"):
            row.wrong("committee", _("博管会编号和证件号码至少要有一个。"))
        self.check_days(place, row)
        stay = row.found.stay if row.found else None
        if stay is None:
            return
        if stay.status in (S.DRAFT, S.DISTRICT):
            row.wrong("", _("这个人的进站还在“%(state)s”，请先办完再导入。") % {"state": stay.get_status_display()})
        if stay.status == S.FILING and not values.get("committee"):
            row.wrong("committee", _("这个人在等备案，要有博管会编号才能登记进站。"))
        index = matching.index_of(values)
        theirs = {person for person in place.memory["whose"].get(index, ())} if index else set()
        if stay.person_id not in theirs and values.get("name") and values["name"] != stay.person.name:
            told = {"number": values.get("committee"), "name": stay.person.name}
            row.wrong("name", _("编号 %(number)s 在这里登记的是“%(name)s”，请核对。") % told)

    def check_days(self, place, row):
        values = row.values
        for name in ("entered_on", "ended_on"):
            if values.get(name) and values[name] > place.on:
                row.wrong(name, _("%(day)s 还没有到。") % {"day": values[name]})
            elif values.get(name) and values[name] < BEGINNING:
                row.wrong(name, _("%(day)s 早于博士后制度建立，请核对年份。") % {"day": values[name]})
        entered, ended = values.get("entered_on"), values.get("ended_on")
        if entered and ended and ended <= entered:
            row.wrong("ended_on", _("出站日期不晚于进站日期 %(day)s。") % {"day": entered})

    def create(self, place, rows):
        return actions.take_in(place, rows)

    def change(self, place, rows):
        for held, values in rows:
            actions.apply(place, held, values)

    def get(self, place, targets):
        stays = Stay.objects.visible_to(place.user).filter(pk__in=[t for t in targets if t.isdigit()])
        stays = place.held(stays).select_related("person", "matter__organisation", "station")
        found = {str(stay.pk): Held(stay=stay) for stay in stays}
        listed = Difference.objects.visible_to(place.user).filter(pk__in=[t[1:] for t in targets if t.startswith("d")])
        return found | {f"d{row.pk}": Held(difference=row) for row in place.held(listed)}

    def take_away(self, place, found):
        """Stays that came in with a batch go again, with persons that came with them; nothing may have happened since."""
        stays = [held.stay for held in found if held.stay]
        matters = [stay.matter_id for stay in stays]
        later = Event.objects.filter(matter__in=matters).exclude(details__has_key="entered")
        moved = set(later.values_list("matter", flat=True))
        for stay in stays:
            if stay.matter_id in moved:
                raise Refused(_("%(name)s 已经有了后来的办理，不能撤回。") % {"name": stay})
        persons = [stay.person_id for stay in stays]
        Difference.objects.filter(pk__in=[held.difference.pk for held in found if held.difference]).delete()
        Stay.objects.filter(pk__in=[stay.pk for stay in stays]).delete()
        Event.objects.filter(matter__in=matters).delete()
        Spell.objects.filter(matter__in=matters).delete()
        Matter.objects.filter(pk__in=matters).delete()
        alone = list(Person.objects.filter(pk__in=persons, stays=None, user=None).values_list("pk", flat=True))
        IdentityPaper.objects.filter(person__in=alone).delete()
        Person.objects.filter(pk__in=alone).delete()


def noted_exit(stay: Stay):
    """The national day of exit that is on the list already."""
    row = Difference.objects.filter(stay=stay, kind=Difference.Kind.EXIT).order_by("-pk").first()
    return row.ended_on if row else None
