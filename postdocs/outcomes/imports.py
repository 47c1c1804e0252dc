"""What a workbook of outcomes says: of all kinds in one ledger, each row one outcome with its owners."""

import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import WanField
from portal.imports import Column, DayCell, ImportKind, LabelField, Place, Row, import_kind
from portal.lifecycle import Past, Refused
from portal.models import Event, Matter, Role, Spell
from portal.returning import ROW
from postdocs.outcomes import actions
from postdocs.outcomes.filters import OutcomeFilter
from postdocs.outcomes.kinds import KINDS, Detail, OutcomeKind, bare, columns_of
from postdocs.outcomes.models import Outcome, OutcomeStatus
from postdocs.stays.models import Stay
from stations.import_columns import OFFICERS, CodeNumber, text
from stations.models import Station

S = OutcomeStatus
TOLD = ("sort", "level", "venue", "number", "contract", "amount", "summary")  # columns that details stand in


@import_kind
class Outcomes(ImportKind):
    """A row is one outcome of one enterprise, known by what tells duplicates, else by kind, title and day.

    What a unit imports waits for its own confirmation with evidence; what an official imports is their word that it was
    verified, on the day of the import.
    """

    code, order, goes_out = "outcomes", 6, True
    label = gettext_lazy("科研成果")
    note = gettext_lazy(
        "一行一项成果，按编号认（没有编号的按类型、名称和日期）。单位导入的待确认，区镇和市局导入的视为已核验。"
    )
    roles = OFFICERS | {Role.HANDLER}
    result = "postdocs:outcomes"

    def columns(self, place):
        kinds = {"基金": "grant", "资助": "grant", "奖励": "award", "荣誉": "award", "软著": "software"}
        kinds |= {"新产品": "product", "新工艺": "product", "技术合同": "transfer", "标准": "standard"}
        return [
            Column("kind", LabelField(OutcomeKind.choices, kinds, label=gettext_lazy("成果类型")),
                   str(OutcomeKind.PATENT.label), ("类型",)),
            Column("title", text(gettext_lazy("成果名称"), 200, needed=True), "一种晶圆边缘缺陷检测方法", ("名称", "题目")),
            Column("done_on", DayCell(label=gettext_lazy("成果日期")), "2026-03-18", ("日期", "发表日期", "申请日期"),
                   gettext_lazy("论文填发表、专利填申请、其余填批准或登记的日期")),
            Column("station", CodeNumber(label=gettext_lazy("工作站编号")), "KS-WS-2023-0001"),
            Column("owners", text(gettext_lazy("完成人"), 200, needed=True), "林知远", ("博士后", "姓名", "完成人姓名"),
                   gettext_lazy("几人之间用顿号，按排名先后")),
            Column("sort", text(gettext_lazy("类别"), 40), "发明", ("收录情况", "专利类型", "等次"),
                   gettext_lazy("论文填收录，专利填发明等，基金填资助项目，标准和项目填主导、主持或参与")),
            Column("level", text(gettext_lazy("级别"), 20), "", (), gettext_lazy("项目、奖励、标准要填")),
            Column("venue", text(gettext_lazy("刊物、出版社或买方"), 160), "", ("刊物", "期刊", "出版社", "买方")),
            Column("number", text(gettext_lazy("成果编号"), 80), "202610123456.7",
                   ("DOI", "申请号", "标准号", "登记号", "证书编号", "成果号")),
            Column("contract", text(gettext_lazy("合同编号"), 80), "", (), gettext_lazy("成果转化要填")),
            Column("amount", WanField(label=gettext_lazy("金额（万元）"), required=False)),
            Column("summary", text(gettext_lazy("简介"), 500), "用小样本学习识别晶圆边缘缺陷", (), gettext_lazy("专利要填")),
        ]  # fmt: skip

    # --- what a row is ---------------------------------------------------------------------------

    def key(self, values):
        kind = KINDS[values["kind"]]
        key = kind.key(title=values["title"], on=values["done_on"], details=self.details(values))
        return values["station"], key or f"{kind.code}:{bare(values['title'])}:{values['done_on']}"

    def details(self, values: dict) -> dict[str, Any]:
        """What the columns of the ledger are for this kind; a label is its code where it is one of its list."""
        return {
            detail.name: self.coded(detail, values.get(column))
            for column, detail in columns_of(KINDS[values["kind"]].details).items()
        }

    @staticmethod
    def coded(detail: Detail, value: Any) -> Any:
        if detail.sort != "choice" or not value:
            return value
        codes = {bare(label): code for code, label in detail.choices} | {
            bare(code): code for code, _l in detail.choices
        }
        return codes.get(bare(value), value)

    def find(self, place, rows):
        numbers = {row.values["station"] for row in rows if row.values.get("station")}
        stations = Station.objects.visible_to(place.user).filter(matter__number__in=numbers)
        place.memory["stations"] = {s.matter.number: s for s in stations.select_related("matter", "enterprise")}
        self.find_people(place)
        owners = {s.enterprise_id for s in place.memory["stations"].values()}
        held = place.held(Outcome.objects.filter(enterprise__in=owners, voided_on=None)).select_related("matter")
        by_unit: dict[int, dict[str, Outcome]] = {}
        for one in held:
            known = by_unit.setdefault(one.enterprise_id, {})
            known[one.key or f"{one.kind}:{one.alike}:{one.done_on}"] = one
        return {
            (number, key): one
            for number, station in place.memory["stations"].items()
            for key, one in by_unit.get(station.enterprise_id, {}).items()
        }

    @staticmethod
    def find_people(place: Place) -> None:
        """Whoever entered one of these stations' enterprises, by enterprise and name."""
        units = {s.enterprise_id for s in place.memory["stations"].values()}
        rows = Stay.objects.filter(station__enterprise__in=units, entered_on__isnull=False)
        rows = rows.select_related("person", "matter", "station__matter__district", "station__enterprise__organisation")
        people: dict[tuple[int, str], list[Stay]] = {}
        for stay in rows.order_by("entered_on"):
            people.setdefault((stay.station.enterprise_id, bare(stay.person.name)), []).append(stay)
        place.memory["people"] = people

    def said(self, found):
        columns = columns_of(KINDS[found.kind].details)
        told = {c: found.details.get(d.name) for c, d in columns.items()}
        words = {c: d.said(told[c]) if d.sort == "choice" else told[c] for c, d in columns.items()}
        if words.get("amount"):
            words["amount"] = WanField().to_python(f"{int(float(words['amount'])) / 10000:f}")
        return {"title": found.title, "done_on": found.done_on} | words

    def shown(self, found):
        return self.said(found) | self.whose(found)

    @staticmethod
    def whose(found: Outcome) -> dict[str, Any]:
        """What a workbook doesn't change of an outcome that is on record."""
        names = _("、").join(owner.stay.person.name for owner in found.owners.all())
        return {"kind": found.kind, "station": found.station.matter.number, "owners": names}

    def rows(self, place, chosen, most):
        mine = Outcome.objects.visible_to(place.user).filter(voided_on=None).for_list().order_by("-done_on", "-pk")
        return OutcomeFilter(chosen, mine, request=SimpleNamespace(user=place.user)).qs[:most]

    def returned(self, place, targets):
        mine = Outcome.objects.visible_to(place.user).filter(pk__in=targets, voided_on=None).for_list()
        return {str(row.pk): row for row in place.held(mine) if self.may(place, row.station)}

    # --- what is wrong with it -------------------------------------------------------------------

    def check(self, place, row):
        values = row.values
        station = place.memory["stations"].get(values.get("station"))
        if values.get("station") and (station is None or not self.may(place, station)):
            row.wrong("station", _("没有编号 %(number)s 的工作站，或不在您的范围内。") % {"number": values["station"]})
            return
        if row.found and values.get(ROW):
            known = self.whose(row.found)
            given = values | {"owners": _("、").join(self.names(values))} if values.get("owners") else values
            for name in (n for n, was in known.items() if given.get(n) != was and n not in row.problems):
                row.wrong(name, _("登记的成果不能用表格改这一格，请在成果页办理。"))
        if values.get("done_on") and values["done_on"] > place.on:
            row.wrong("done_on", _("%(day)s 还没有到。") % {"day": values["done_on"]})
        if row.problems:
            return
        self.check_details(row)
        stays = self.owners(place, row, station)
        if row.problems:
            return
        try:
            told = {"title": values["title"], "done_on": values["done_on"]}
            actions.check_owners(Outcome(enterprise_id=station.enterprise_id, **told), [(s, 1) for s in stays])
        except Refused as reason:
            row.wrong("done_on", str(reason))
        if row.found and row.found.status != S.UNIT and self.differs(row):
            row.wrong("", _("已登记为 %(number)s 并已提交，不能覆盖。") % {"number": row.found.matter.number})

    @staticmethod
    def may(place: Place, station: Station) -> bool:
        """An official of its district; or who handles its enterprise."""
        scope, matter = place.user.scope, station.matter
        mine = scope.by_role.get(Role.HANDLER, (frozenset(), frozenset()))[0]
        return matter.district_id in scope.districts or matter.organisation_id in mine

    def check_details(self, row: Row) -> None:
        kind, values = KINDS[row.values["kind"]], row.values
        details, columns = self.details(values), columns_of(KINDS[row.values["kind"]].details)
        for column, detail in columns.items():
            value = details[detail.name]
            if detail.required and value in (None, ""):
                what = {"kind": kind.label, "what": detail.label}
                row.wrong(column, _("%(kind)s要填%(what)s。") % what)
            elif detail.sort == "choice" and value and value not in dict(detail.choices):
                known = _("、").join(str(label) for _code, label in detail.choices)
                row.wrong(column, _("%(what)s只能是：%(known)s。") % {"what": detail.label, "known": known})

    @staticmethod
    def names(values: dict) -> list[str]:
        return [name for name in re.split(r"[、,，;；/\s]+", values["owners"]) if name]

    def owners(self, place: Place, row: Row, station: Station) -> list[Stay]:
        """The stays that the names mean: of two of one name the one that had begun by the day."""
        stays = []
        for name in self.names(row.values):
            known = place.memory["people"].get((station.enterprise_id, bare(name)), [])
            begun = [stay for stay in known if stay.entered_on <= row.values["done_on"]] or known
            if not begun:
                row.wrong("owners", _("这家单位没有叫“%(name)s”的博士后。") % {"name": name})
            elif len({stay.person_id for stay in begun}) > 1:
                row.wrong("owners", _("有两位博士后叫“%(name)s”，请在页面上登记这一项。") % {"name": name})
            else:
                stays.append(begun[-1])
        return stays

    def differs(self, row: Row) -> bool:
        said = self.said(row.found)
        return any(row.values.get(n) not in (None, "") and row.values[n] != v for n, v in said.items())

    # --- how it comes in -------------------------------------------------------------------------

    def create(self, place, rows):
        made = []
        for values in rows:
            station = place.memory["stations"][values["station"]]
            line = Row(0, [], {}, values)
            owners = [(stay, n) for n, stay in enumerate(self.owners(place, line, station), 1)]
            told = {"title": values["title"], "done_on": values["done_on"]}
            outcome = actions.made(values["kind"], owners, values=told, details=self.details(values), on=place.on)
            if not self.own(place, station):
                outcome.status, outcome.verified_on, outcome.verified_by = S.VERIFIED, place.on, place.user
            made.append((outcome, owners))
        mine = [pair for pair in made if pair[0].status == S.UNIT]
        checked = [pair for pair in made if pair[0].status == S.VERIFIED]
        actions.keep(mine, by=place.user)
        actions.keep(checked, by=place.user, past=lambda o: (Past("verify", S.VERIFIED, place.on, {}),), filed=True)
        return [outcome for outcome, _owners in made]

    @staticmethod
    def own(place: Place, station: Station) -> bool:
        mine = place.user.scope.by_role.get(Role.HANDLER, (frozenset(), frozenset()))[0]
        return station.matter.organisation_id in mine

    def change(self, place, rows):
        for found, values in rows:
            told = {n: values[n] for n in ("title", "done_on") if n in values}
            columns = columns_of(KINDS[found.kind].details)
            details = {d.name: self.coded(d, values[c]) for c, d in columns.items() if c in values}
            actions.mend(found, values=told, details=found.details | details, by=place.user)

    def get(self, place, targets):
        return {str(row.pk): row for row in place.held(Outcome.objects.filter(pk__in=targets)).select_related("matter")}

    def take_away(self, place, found: Iterable[Outcome]):
        """Outcomes that came in with a batch go as they came; nothing may have happened since."""
        matters = [row.matter_id for row in found]
        later = Event.objects.filter(matter__in=matters).exclude(details__has_key="entered")
        moved = set(later.values_list("matter", flat=True))
        for row in found:
            if row.matter_id in moved or row.matter.evidence.exists():
                raise Refused(_("%(name)s 已经有了后来的办理，不能撤回。") % {"name": row})
        Outcome.objects.filter(pk__in=[row.pk for row in found]).delete()
        Event.objects.filter(matter__in=matters).delete()
        Spell.objects.filter(matter__in=matters).delete()
        Matter.objects.filter(pk__in=matters).delete()
