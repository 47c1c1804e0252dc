"""Workbooks of selections: the lists of plans, funds, roadshows and competitions."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import bulk
from portal.forms import WanField
from portal.imports import Column, DayCell, ImportKind, LabelField, Place, Row, import_kind
from portal.returning import ROW
from postdocs import told
from postdocs.rosters.forms import stations
from postdocs.rosters.imports import check_back, vouch, writable
from postdocs.selections import rules
from postdocs.selections.forms import SelectionFilter, programmes
from postdocs.selections.models import Selection
from postdocs.stays.columns import NameField
from postdocs.stays.models import Stay
from stations.import_columns import CodeNumber, text

FACTS = ("listed_on", "document", "number", "rank", "amount", "revoked_on")  # what a sheet may correct
KEPT = ("programme", "year", "project")  # with whom it is about: what a line is known by
TEXTS = ("project", "number", "rank")


@import_kind
class Selections(ImportKind):
    """A row is one line of a list, known by programme, year, and the postdoc or the station with its project.

    A postdoc is named by the number of the entry; or by name and station, where one of that name was there on the day.
    """

    code, order, goes_out = "selections", 8, True
    label = gettext_lazy("入选名单")
    note = gettext_lazy("一行一位入选的博士后或一个项目，按遴选项目、年度和人（或工作站和项目名称）认。")
    roles = frozenset(told.WRITERS)
    result = "postdocs:selections"

    def columns(self, place):
        rows = place.memory.setdefault("programmes", {p.pk: p for p in programmes(place.user)})
        also = {word: p.pk for p in rows.values() for word in (p.code, p.name_en) if word}
        known = LabelField([(pk, p.name) for pk, p in rows.items()], also, label=gettext_lazy("遴选项目"))
        return [
            Column("programme", known, next((p.name for p in rows.values()), ""), ("计划", "人才计划", "基金", "项目类别", "荣誉名称")),
            Column("stay", CodeNumber(label=gettext_lazy("进站编号"), required=False), "KS-BH-2025-0001", ("博士后编号",),
                   gettext_lazy("写了就按它认人；没有就写姓名和工作站编号")),
            Column("name", NameField(label=gettext_lazy("博士后"), max_length=60, required=False), "周博文", ("姓名", "博士后姓名", "入选人")),
            Column("station", CodeNumber(label=gettext_lazy("工作站编号"), required=False), "KS-WS-2023-0001", ("编号",)),
            Column("project", text(gettext_lazy("项目名称"), 120), "", ("参赛项目", "路演项目"), gettext_lazy("路演和大赛必填")),
            Column("year", forms.IntegerField(label=gettext_lazy("年度"), min_value=1985, max_value=2100), "2026", ("年份", "入选年度")),
            Column("listed_on", DayCell(label=gettext_lazy("名单日期")), "2026-06-30", ("公布日期", "发文日期", "入选日期")),
            Column("document", text(gettext_lazy("文号或名单"), 80, needed=True), "苏博〔2026〕3号", ("文号", "文件")),
            Column("number", text(gettext_lazy("资助或获奖编号"), 40), "", ("资助编号", "证书编号", "获奖编号")),
            Column("rank", text(gettext_lazy("等次"), 20), "", ("等级", "奖项", "资助等次")),
            Column("amount", WanField(label=gettext_lazy("资助金额（万元）"), required=False), "8", ("资助经费", "金额"), gettext_lazy("万元")),
            Column("revoked_on", DayCell(label=gettext_lazy("取消日期"), required=False), "", (), gettext_lazy("没有取消不填")),
        ]  # fmt: skip

    def key(self, values):
        whose = ("stay", values["stay"]) if values.get("stay") else ("station", values.get("station"))
        return (values["programme"], values["year"], *whose, values.get("project") or "") if whose[1] else None

    # --- what is there ---------------------------------------------------------------------------

    def find(self, place, rows):
        place.memory["stays"] = self.named(place, rows)
        numbers = {row.values["station"] for row in rows if row.values.get("station")}
        seen = stations().filter(matter__number__in=numbers)
        place.memory["stations"] = {s.matter.number: s for s in seen if writes(line(None, s), place.user)}
        mine = Selection.objects.visible_to(place.user).filter(
            year__in={r.values["year"] for r in rows if r.values.get("year")}
        )
        mine = mine.select_related("stay__matter", "stay__person", "station__matter")
        found = {}
        for one in place.held(mine):
            whose = ("stay", one.stay.matter.number) if one.stay else ("station", one.station.matter.number)
            found[(one.programme_id, one.year, *whose, one.project)] = one
        return found

    def named(self, place: Place, rows: list[Row]) -> dict[str, Stay]:
        """The stays that the rows speak of, by number. Who is named by name and station gets the number of the entry."""
        entered = Stay.objects.visible_to(place.user).filter(entered_on__isnull=False)
        entered = entered.select_related("matter", "person", "station__matter")
        numbers = {row.values["stay"] for row in rows if row.values.get("stay")}
        open_ = [r for r in rows if r.values.get("name") and r.values.get("station") and not r.values.get("stay")]
        at = {r.values["station"] for r in open_}
        there: dict[tuple, list[Stay]] = {}
        for stay in entered.filter(station__matter__number__in=at, person__name__in={r.values["name"] for r in open_}):
            there.setdefault((stay.person.name, stay.station.matter.number), []).append(stay)
        found = {stay.matter.number: stay for stay in entered.filter(matter__number__in=numbers)}
        for row in open_:
            on = row.values.get("listed_on")
            those = there.get((row.values["name"], row.values["station"]), [])
            those = [s for s in those if on is None or (s.entered_on <= on and (s.ended_on is None or on < s.ended_on))]
            if len(those) == 1:
                row.values["stay"] = those[0].matter.number
                found[those[0].matter.number] = those[0]
        return {number: stay for number, stay in found.items() if writes(line(stay, stay.station), place.user)}

    def said(self, found):
        return {name: getattr(found, name) for name in FACTS}

    def shown(self, found):
        whose = {"name": found.stay.person.name, "stay": found.stay.matter.number} if found.stay else {}
        about = {"programme": found.programme_id, "year": found.year, "project": found.project}
        return self.said(found) | about | whose | {"station": found.station.matter.number}

    def rows(self, place, chosen, most):
        mine = Selection.objects.visible_to(place.user).select_related(
            "stay__matter", "stay__person", "station__matter"
        )
        return SelectionFilter(chosen, mine.order_by("-listed_on", "-pk"), request=SimpleNamespace(user=place.user)).qs[
            :most
        ]

    def returned(self, place, targets):
        mine = Selection.objects.visible_to(place.user).filter(pk__in=targets)
        return writable(place, mine.select_related("programme", "stay__matter", "stay__person", "station__matter"))

    # --- judging ---------------------------------------------------------------------------------

    def check(self, place, row):
        values, found = row.values, row.found
        programme = place.memory["programmes"].get(values.get("programme"))
        if values.get(ROW) and found:
            known = {name: value for name, value in self.shown(found).items() if name not in (*FACTS, "programme")}
            check_back(row, known)
            if values.get("programme") not in (None, found.programme_id):
                row.wrong("programme", _("登记的是“%(was)s”，不能用表格改。") % {"was": str(found.programme)})
            programme, stay = found.programme, found.stay
        else:
            stay = self.whose(place, row, needed=bool(programme) and programme.kind in programme.PERSONAL)
        if not row.problems:
            about = {name: values.get(name) for name in ("listed_on", "rank")}
            project = values.get("project") or (found.project if found else "")
            for name, sentence in rules.problems(programme, stay, project=project, **about):
                row.wrong(name, sentence)
        listed, until = values.get("listed_on"), values.get("revoked_on")
        if listed and listed > place.on:
            row.wrong("listed_on", _("%(day)s 还没有到。") % {"day": listed})
        if listed and until and until <= listed:
            row.wrong("revoked_on", _("取消日期须晚于名单日期。"))
        if values.get("amount") is not None and values["amount"] <= 0:
            row.wrong("amount", _("资助金额应大于 0；没有就空着。"))
        changed = [n for n in FACTS if found and values.get(n) not in (None, "", getattr(found, n))]
        if changed and told.open_fields(found, place.user) is not None:
            row.wrong("", _("这一行已核对，不由您修改。有错请告诉区镇。"))

    def whose(self, place: Place, row: Row, *, needed: bool) -> Stay | None:
        """The postdoc of a row that is ours to write; what is wrong with how they are named is said."""
        values = row.values
        stay = place.memory["stays"].get(values.get("stay"))
        if values.get("stay") and stay is None:
            row.wrong("stay", _("没有编号 %(number)s 的已进站博士后，或不在您的范围内。") % {"number": values["stay"]})
        elif stay and values.get("name") not in (None, "", stay.person.name):
            row.wrong("name", _("编号 %(number)s 登记的博士后不是这个姓名，请核对。") % {"number": values["stay"]})
        elif stay and values.get("station") not in (None, "", stay.station.matter.number):
            row.wrong("station", _("这位博士后不在这个工作站，请核对。"))
        elif stay is None and values.get("station") and values["station"] not in place.memory["stations"]:
            row.wrong(
                "station", _("没有编号 %(number)s 的有效工作站，或它不在您的范围内。") % {"number": values["station"]}
            )
        elif stay is None and values.get("name"):
            row.wrong("name", _("按姓名和工作站认不出是哪一段在站经历。请写进站编号，或核对姓名、工作站和名单日期。"))
        elif stay is None and (needed or not values.get("station")):
            row.wrong("stay", _("请写明入选的博士后；项目入选的至少写明工作站。"))
        return stay

    # --- writing ---------------------------------------------------------------------------------

    def create(self, place, rows):
        made = []
        for values in rows:
            stay = place.memory["stays"].get(values.get("stay"))
            station = stay.station if stay else place.memory["stations"][values["station"]]
            given = {name: values[name] for name in (*KEPT, *FACTS) if values.get(name) not in (None, "")}
            given["programme"] = place.memory["programmes"][given["programme"]]
            row = line(stay, station, **given)
            row.by = place.user
            vouch(row, place)
            row.clean_fields(exclude=["organisation", "district", "station", "stay", "programme", "by", "confirmed_by"])
            made.append(row)
        return bulk.pour(made)

    def change(self, place, rows):
        for found, values in rows:
            for name, value in values.items():
                setattr(found, name, "" if value is None and name in TEXTS else value)
            found.by = place.user
            vouch(found, place)
        bulk.overwrite([found for found, _values in rows], [*FACTS, "by", "confirmed_by", "confirmed_on"])

    def get(self, place, targets):
        rows = place.held(Selection.objects.visible_to(place.user).filter(pk__in=targets))
        return {str(row.pk): row for row in rows}

    def take_away(self, place, found):
        for row in found:
            told.take_back(row, place.user)
        Selection.objects.filter(pk__in=[row.pk for row in found]).delete()


def line(stay: Stay | None, station, **values) -> Selection:
    """One that isn't saved, of the unit and place of the stay or of the station."""
    matter: Any = stay.matter if stay else station.matter
    return Selection(
        stay=stay, station=station, organisation_id=matter.organisation_id, district_id=matter.district_id, **values
    )  # fmt: skip


def writes(row: Selection, user) -> bool:
    return bool(told.roles_of(row, user) & told.WRITERS)
