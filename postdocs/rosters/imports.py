"""Workbooks of research talents: a station's roster."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import bulk, sealed
from portal.imports import Column, DayCell, ImportKind, LabelField, import_kind
from postdocs import told
from postdocs.numbers import PaperNumber
from postdocs.rosters.forms import stations
from postdocs.rosters.models import Degree, Post, Rank, Relation, Talent
from stations.import_columns import CodeNumber, text

FACTS = ("name", "degree", "rank", "title", "post", "relation", "contract_since", "contract_until", "until")


@import_kind
class Talents(ImportKind):
    """A row is one person on one station's roster, known by the station's number, the identity number and the first day."""

    code, order, keeps_secrets = "talents", 8, True
    label = gettext_lazy("研究人才花名册")
    note = gettext_lazy("一行一位研究人才，按工作站编号、证件号码和入职日期认。证件号码只用来认人，不会显示。")
    roles = frozenset(told.WRITERS)
    result = "postdocs:talents"

    def columns(self, place):
        def day(label, example="", *, needed=False, also=()):
            return DayCell(label=label, required=needed), example, also

        return [
            Column("station", CodeNumber(label=gettext_lazy("工作站编号")), "KS-WS-2023-0001", ("编号",)),
            Column("name", text(gettext_lazy("姓名"), 60, needed=True), "张三"),
            Column(
                "number", PaperNumber(), "", ("身份证号", "身份证号码"), gettext_lazy("请设成文本格式"), secret=True
            ),
            Column("degree", LabelField(Degree.choices, label=gettext_lazy("学位")), "硕士", ("最高学位",)),
            Column("rank", LabelField(Rank.choices, label=gettext_lazy("职称等级"), required=False), "中级"),
            Column("title", text(gettext_lazy("职称"), 40), "工程师"),
            Column("post", LabelField(Post.choices, label=gettext_lazy("岗位")), "研发"),
            Column("relation", LabelField(Relation.choices, label=gettext_lazy("与工作站的关系")), "博士后团队成员"),
            Column("contract_since", *day(gettext_lazy("合同起"), "2025-03-01")),
            Column("contract_until", *day(gettext_lazy("合同止"), "2028-02-29")),
            Column("since", *day(gettext_lazy("入职日期"), "2025-03-01", needed=True)),
            Column("until", *day(gettext_lazy("离职日期"))),
        ]

    def key(self, values):
        return values["station"], sealed.index_of(values["number"]), values["since"]

    def find(self, place, rows):
        numbers = {row.values["station"] for row in rows if row.values.get("station")}
        seen = stations().filter(matter__number__in=numbers)
        seen = {s.matter.number: s for s in seen}
        place.memory["stations"] = {
            n: s for n, s in seen.items() if told.roles_of(unsaved(s), place.user) & told.WRITERS
        }
        indexes = {sealed.index_of(row.values["number"]) for row in rows if row.values.get("number")}
        found = Talent.objects.visible_to(place.user).filter(number_index__in=indexes, station__in=seen.values())
        codes = {s.pk: n for n, s in seen.items()}
        return {(codes[one.station_id], one.number_index, one.since): one for one in place.held(found)}

    def said(self, found):
        return {name: getattr(found, name) for name in FACTS}

    def check(self, place, row):
        values = row.values
        number = values.get("station")
        if number and number not in place.memory["stations"]:
            row.wrong("station", _("没有编号 %(number)s 的有效工作站，或它不在您的范围内。") % {"number": number})
        since, until = values.get("since"), values.get("until")
        begins, ends = values.get("contract_since"), values.get("contract_until")
        if since and since > place.on:
            row.wrong("since", _("%(day)s 还没有到。") % {"day": since})
        if since and until and until <= since:
            row.wrong("until", _("离职日期须晚于入职日期。"))
        if ends and (begins is None or ends <= begins):
            row.wrong("contract_until", _("合同止须晚于合同起。"))
        if row.found and told.open_fields(row.found, place.user) not in (None, {"until"}):
            row.wrong("", _("这一行不由您修改。"))
        elif row.found and told.open_fields(row.found, place.user) == {"until"}:
            changed = [n for n in FACTS if n != "until" and values.get(n) not in (None, "", getattr(row.found, n))]
            if changed:
                row.wrong(changed[0], _("这一行已核对，单位只能补写离职日期。有错请告诉区镇。"))

    def create(self, place, rows):
        made = []
        for values in rows:
            given = {name: value for name, value in values.items() if value not in (None, "")}
            station = place.memory["stations"][given.pop("station")]
            index = sealed.index_of(given.pop("number"))
            row = unsaved(station, number_index=index, **given)
            row.by = place.user
            vouch(row, place)
            row.clean_fields(exclude=["organisation", "district", "station", "by", "confirmed_by"])
            made.append(row)
        return bulk.pour(made)

    def change(self, place, rows):
        for found, values in rows:
            for name, value in values.items():
                setattr(found, name, value)
            found.by = place.user
            vouch(found, place)
        bulk.overwrite([found for found, _values in rows], [*FACTS, "by", "confirmed_by", "confirmed_on"])

    def get(self, place, targets):
        rows = place.held(Talent.objects.visible_to(place.user).filter(pk__in=targets))
        return {str(row.pk): row for row in rows}

    def take_away(self, place, found):
        Talent.objects.filter(pk__in=[row.pk for row in found]).delete()


def unsaved(station, **values) -> Talent:
    matter = station.matter
    return Talent(
        station=station, organisation_id=matter.organisation_id, district_id=matter.district_id, **values
    )  # fmt: skip


def vouch(row: Talent, place) -> None:
    """What an official hands in is confirmed by that."""
    if told.may_confirm(row, place.user):
        row.confirmed_by, row.confirmed_on = place.user, place.on
