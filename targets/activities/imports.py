"""Workbooks of activities, and of who signed in."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.forms import WholeField
from portal.imports import Column, DayCell, ImportKind, LabelField, Place, import_kind
from portal.lifecycle import Refused
from portal.models import District, Event, Matter, Spell
from stations.consultations.lifecycle import offices
from stations.import_columns import OFFICERS, CodeNumber, district_column, text
from targets.activities import actions
from targets.activities.lifecycle import EDITABLE
from targets.activities.models import Activity, ActivityKind, Participant

COUNTS = ("enterprises", "universities", "postdocs", "others", "intentions", "signed")
COUNT_LABELS = {
    "enterprises": (gettext_lazy("参加单位"), ("参加企业",)),
    "universities": (gettext_lazy("参加高校"), ()),
    "postdocs": (gettext_lazy("博士、博士后"), ("博士后人数",)),
    "others": (gettext_lazy("其他人员"), ()),
    "intentions": (gettext_lazy("意向数"), ("意向",)),
    "signed": (gettext_lazy("签约数"), ("签约",)),
}


@import_kind
class Activities(ImportKind):
    """A row is one activity, known by its name and first day. With a day on which it was held it comes in as held, else
    as planned; nothing is announced by a workbook."""

    code, order = "activities", 9
    label = gettext_lazy("活动台账")
    note = gettext_lazy("一行一场活动，按活动名称和开始日期认。填了举办日期的算已举办，没填的算计划；不会自动发布。")
    roles = frozenset(OFFICERS)
    result = "targets:activities"
    PLAIN = ("until", "venue", "partners", "about", *COUNTS, "result")

    def columns(self, place):
        kinds = place.memory.setdefault("kinds", kinds_of(place))
        homes = place.memory.setdefault("offices", list(offices(place.pack)) if place.pack else [])
        organisers = LabelField([(o.pk, o.name) for o in homes], {o.name_en: o.pk for o in homes if o.name_en},
                                label=gettext_lazy("主办单位"))  # fmt: skip
        choices = LabelField(
            [(k.pk, k.name) for k in kinds],
            {k.name_en: k.pk for k in kinds if k.name_en},
            label=gettext_lazy("活动类别"),
        )
        first = (str(kinds[0].name) if kinds else "", str(homes[0].name) if homes else "")
        return [
            Column("kind", choices, first[0], ("类别",)),
            Column("name", text(gettext_lazy("活动名称"), 80, needed=True), "第三季度博士后对接会", ("名称", "活动")),
            Column("since", DayCell(label=gettext_lazy("开始日期")), "2026-09-15", ("日期", "时间")),
            Column("until", DayCell(label=gettext_lazy("结束日期"), required=False), "", (), gettext_lazy("只办一天的不填")),
            Column("held_on", DayCell(label=gettext_lazy("举办日期"), required=False), "2026-09-15", (),
                   gettext_lazy("已经办了的填，计入指标")),
            Column("venue", text(gettext_lazy("地点"), 100, needed=True), "市民文化广场"),
            Column("organiser", organisers, first[1], ("主办",)),
            Column("partners", text(gettext_lazy("协办单位"), 200)),
            district_column(place, needed=False),
            Column("about", text(gettext_lazy("活动内容"), 1000)),
            *(Column(n, WholeField(label=COUNT_LABELS[n][0], required=False, max_value=100_000), "", COUNT_LABELS[n][1])
              for n in COUNTS),
            Column("result", text(gettext_lazy("活动成果"), 2000)),
        ]  # fmt: skip

    def key(self, values):
        return values["name"], values["since"]

    def find(self, place, rows):
        names = {row.values["name"] for row in rows if row.values.get("name")}
        known = Activity.objects.filter(kind__pack=place.pack, name__in=names).select_related("matter__district")
        place.memory["places"] = {d.pk: d for d in District.objects.below(place.pack.root)} if place.pack else {}
        return {(row.name, row.since): row for row in place.held(known.order_by("pk"))}

    def said(self, found):
        told = {name: getattr(found, name) for name in (*self.PLAIN, "held_on")}
        return told | {"kind": found.kind_id, "organiser": found.organiser_id, "district": found.matter.district_id}

    def check(self, place, row):
        values = row.values
        since, until, held = values.get("since"), values.get("until"), values.get("held_on")
        if since and until and until < since:
            row.wrong("until", _("结束日期不能早于开始日期。"))
        if held and held > place.on:
            row.wrong("held_on", _("%(day)s 还没有到。") % {"day": held})
        wanted, signed = values.get("intentions"), values.get("signed")
        if wanted is not None and signed is not None and signed > wanted:
            row.wrong("signed", _("签约数不能多于意向数。"))
        self.check_whose(place, row)

    def check_whose(self, place: Place, row) -> None:
        found = row.found
        if found is None:
            home = row.values.get("district") or district_of(place)
            if home is None or not actions.CLERKS & place.user.roles_for(organisation_id=None, district_id=home):
                row.wrong("district", _("这个区镇的活动不由您登记。"))
            return
        if not actions.may_write(found, place.user) or found.status not in EDITABLE:
            row.wrong("", _("这场活动不由您登记，或已归档。"))
        told = self.said(found)
        for name in ("district", "held_on"):
            if row.values.get(name) not in (None, "", told[name]):
                row.wrong(name, _("已登记的活动不能用表格改这一项，请到活动页办理。"))

    def create(self, place, rows):
        made, places = [], []
        for values in rows:
            given = {n: values[n] for n in (*self.PLAIN, "held_on") if values.get(n) not in (None, "")}
            row = Activity(
                name=values["name"], since=values["since"], kind_id=values["kind"], organiser_id=values["organiser"],
                **({"until": values["since"]} | given),
            )  # fmt: skip
            made.append(row)
            places.append(place.memory["places"][values.get("district") or district_of(place)])
        return actions.planned(made, places, by=place.user, on=place.on)

    def change(self, place, rows):
        for found, values in rows:
            given = {n: "" if v is None and n not in (*COUNTS, "until") else v for n, v in values.items()}
            given.pop("district", None)
            given.pop("held_on", None)
            for name, column in (("kind", "kind_id"), ("organiser", "organiser_id")):
                if name in given:
                    given[column] = given.pop(name)
            if "until" in given and given["until"] is None:
                given["until"] = found.since
            actions.change(found, given, by=place.user, on=place.on)

    def get(self, place, targets):
        rows = Activity.objects.filter(kind__pack=place.pack, pk__in=targets).select_related("matter__district")
        return {str(row.pk): row for row in place.held(rows)}

    def take_away(self, place, found):
        """They go as they came; nothing may have happened since."""
        matters = [row.matter_id for row in found]
        later = Event.objects.filter(matter__in=matters).exclude(details__has_key="entered")
        moved = set(later.values_list("matter", flat=True))
        for row in found:
            if row.matter_id in moved or row.participants.exists() or row.matter.evidence.exists():
                raise Refused(_("%(name)s 已经有了后来的办理，不能撤回。") % {"name": row})
        Activity.objects.filter(pk__in=[row.pk for row in found]).delete()
        Event.objects.filter(matter__in=matters).delete()
        Spell.objects.filter(matter__in=matters).delete()
        Matter.objects.filter(pk__in=matters).delete()


def kinds_of(place: Place) -> list[ActivityKind]:
    return list(ActivityKind.objects.filter(pack=place.pack).order_by("order", "pk"))


def district_of(place: Place) -> int | None:
    """Where an activity belongs that names no district: the city for the bureau, a district's own for its officer."""
    if "home" not in place.memory:
        mine = {d for r, (_o, ds) in place.user.scope.by_role.items() if r in OFFICERS for d in ds}
        root = place.pack.root_id if place.pack else None
        place.memory["home"] = root if root in mine else min(mine, default=None)
    return place.memory["home"]


@import_kind
class SignIns(ImportKind):
    """A row is one line of the sign-in list of an activity, known by the activity's number, the unit and the name."""

    code, order = "signins", 9
    label = pgettext_lazy("导入", "活动签到表")
    note = gettext_lazy("一行一位，按活动编号、单位和姓名认。单位和姓名与登记的一样时自动对上，不要填证件号码和电话。")
    roles = frozenset(OFFICERS)
    result = "targets:activities"

    def columns(self, place):
        kinds = LabelField(Participant.Kind.choices, label=gettext_lazy("参加者类别"), required=False)
        return [
            Column("number", CodeNumber(label=gettext_lazy("活动编号")), "KS-HD-2026-0001", ("编号",)),
            Column(
                "unit", text(gettext_lazy("单位"), 100, needed=True), "昆山某某科技有限公司", ("单位名称", "工作单位")
            ),
            Column("name", text(gettext_lazy("姓名"), 60), "周博文", ("参加人", "签到人")),
            Column("kind", kinds, "", ("类别",), gettext_lazy("不填按名称认")),
            Column("people", WholeField(label=gettext_lazy("人数"), required=False, min_value=1, max_value=5000), "1"),
        ]

    def key(self, values):
        return values["number"], values["unit"], values.get("name") or ""

    def find(self, place, rows):
        numbers = {row.values["number"] for row in rows if row.values.get("number")}
        seen = Activity.objects.visible_to(place.user).filter(matter__number__in=numbers)
        seen = place.held(seen.select_related("matter__district"))
        place.memory["activities"] = {a.matter.number: a for a in seen if actions.may_write(a, place.user)}
        mine = {a.pk: number for number, a in place.memory["activities"].items()}
        lines = Participant.objects.filter(activity__in=mine)
        return {(mine[x.activity_id], x.unit, x.name): x for x in place.held(lines)}

    def said(self, found):
        return {"kind": found.kind, "people": found.people}

    def check(self, place, row):
        activity = place.memory["activities"].get(row.values.get("number"))
        if row.values.get("number") and activity is None:
            row.wrong("number", _("没有编号 %(number)s 的活动，或不由您登记。") % {"number": row.values["number"]})
        elif activity is not None and activity.status not in EDITABLE:
            row.wrong("number", _("已归档或已取消的活动不能再改。要改请先取出归档。"))

    def create(self, place, rows):
        by_activity: dict[str, list[tuple[int, Participant]]] = {}
        for n, values in enumerate(rows):
            line = Participant(
                unit=values["unit"], name=values.get("name") or "", kind=values.get("kind") or "",
                people=values.get("people") or 1,
            )  # fmt: skip
            by_activity.setdefault(values["number"], []).append((n, line))
        made: dict[int, Participant] = {}
        for number, lines in by_activity.items():
            activity = place.memory["activities"][number]
            actions.sign_in(activity, [x for _n, x in lines], pack=place.pack, by=place.user, on=place.on)
            made |= dict(lines)
        return [made[n] for n in range(len(rows))]

    def change(self, place, rows: Iterable[tuple[Participant, dict]]):
        for found, values in rows:
            found.kind = values.get("kind") or found.kind
            found.people = values.get("people") or found.people
            found.save(update_fields=["kind", "people"])

    def get(self, place, targets) -> dict[str, Any]:
        return {str(x.pk): x for x in place.held(Participant.objects.filter(pk__in=targets))}

    def take_away(self, place, found):
        for line in found:
            actions.take_off(line.activity, line, by=place.user)
