"""Workbooks of doctors, and of research talents: a station's roster."""

from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import bulk, sealed
from portal.imports import Column, DayCell, ImportKind, LabelField, Place, Row, import_kind
from portal.models import Organisation
from portal.returning import ROW
from postdocs import told
from postdocs.numbers import PaperNumber, kind_of
from postdocs.people import actions as people
from postdocs.people import papers
from postdocs.people.models import IdentityPaper, Person
from postdocs.rosters.filters import DoctorFilter, TalentFilter
from postdocs.rosters.forms import stations
from postdocs.rosters.models import Degree, Doctor, Engagement, Post, Rank, Relation, Talent
from postdocs.stays.columns import FOUND, DisciplineField, NameField
from postdocs.stays.models import Channel
from stations.import_columns import CodeNumber, CreditCode, text

NUMBER_HINT = gettext_lazy("新增的行必填，请设成文本格式；加密保存，导入后文件不保留")
FACTS = ("name", "degree", "rank", "title", "post", "relation", "contract_since", "contract_until", "until")


@import_kind
class Talents(ImportKind):
    """A row is one person on one station's roster, known by the station's number, the identity number and the first day."""

    code, order, keeps_secrets, goes_out = "talents", 8, True, True
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
            Column("number", PaperNumber(required=False), "", ("身份证号", "身份证号码"), NUMBER_HINT, secret=True),
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
        number = values.get("number")
        return (values["station"], sealed.index_of(number), values["since"]) if number else None

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

    def shown(self, found):
        return self.said(found) | {"station": found.station.matter.number, "since": found.since}

    def rows(self, place, chosen, most):
        mine = Talent.objects.visible_to(place.user).select_related("station__matter").order_by("-since", "-pk")
        return TalentFilter(chosen, mine, request=SimpleNamespace(user=place.user)).qs[:most]

    def returned(self, place, targets):
        return writable(
            place, Talent.objects.visible_to(place.user).filter(pk__in=targets).select_related("station__matter")
        )

    def check(self, place, row):
        values = row.values
        number = values.get("station")
        back = values.get(ROW)
        if back and row.found:
            check_back(row, {"station": row.found.station.matter.number, "since": row.found.since})
        elif not back:
            need_number(row)
        if number and not back and number not in place.memory["stations"]:
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
        for row in found:
            told.take_back(row, place.user)
        Talent.objects.filter(pk__in=[row.pk for row in found]).delete()


def writable(place: Place, rows) -> dict[str, Any]:
    """Those of these rows that this person may write, by their keys as texts."""
    return {str(row.pk): row for row in place.held(rows) if told.roles_of(row, place.user) & told.WRITERS}


def need_number(row: Row) -> None:
    """A row that isn't ours yet says whom it speaks of."""
    if not row.values.get("number") and "number" not in row.problems:
        row.wrong("number", _("必填，不能空着。"))


def check_back(row: Row, known: dict[str, Any]) -> None:
    """What makes a row that came back the one it is, isn't changed by it."""
    for name, was in known.items():
        if row.values.get(name) not in (None, "", was):
            row.wrong(name, _("登记的是“%(was)s”，不能用表格改。") % {"was": was})


def unsaved(station, **values) -> Talent:
    matter = station.matter
    return Talent(
        station=station, organisation_id=matter.organisation_id, district_id=matter.district_id, **values
    )  # fmt: skip


def vouch(row: told.Told, place) -> None:
    """What an official hands in is confirmed by that."""
    if told.may_confirm(row, place.user):
        row.confirmed_by, row.confirmed_on = place.user, place.on


# --- doctors -----------------------------------------------------------------------------------

MINE = ("engagement", "channel", "first_insured_on", "until")  # what a sheet may correct
PERSON = ("name", "degree_school", "discipline", "degree_on")  # who it is, told once
DAYS = ("degree_on", "first_insured_on", "since", "until")


@import_kind
class Doctors(ImportKind):
    """A row is one doctor at one unit, known by the unit's code, the identity number and the first day.

    What a unit hands in waits for the district, each row with a candidate of the unit's own; what an official hands in
    is confirmed by that, and joins the one record of whoever holds the paper.
    """

    code, order, keeps_secrets, goes_out = "doctors", 8, True, True
    label = gettext_lazy("博士名册")
    note = gettext_lazy("一行一位在单位工作的博士，按单位代码、证件号码和到岗日期认。在站博士后不用登记。")
    roles = frozenset(told.WRITERS)
    result = "postdocs:doctors"

    def columns(self, place):
        def day(label, *, needed=False):
            return DayCell(label=label, required=needed)

        kinds = {"全职": "full", "全职在岗": "full", "兼职": "dual", "双聘制": "dual"}
        return [
            Column("code", CreditCode(label=gettext_lazy("统一社会信用代码")), "91320583MA1ABCDE2P", ("单位代码", "信用代码")),
            Column("unit", text(gettext_lazy("单位"), 100), "昆山某某科技有限公司", ("单位名称", "单位全称", "企业名称", "工作单位")),
            Column("name", NameField(label=gettext_lazy("姓名"), max_length=60), "周博文", ("博士姓名", "人员姓名")),
            Column("number", PaperNumber(required=False), "", ("身份证号", "身份证号码", "护照号"), NUMBER_HINT, secret=True),
            Column("degree_school", text(gettext_lazy("博士毕业单位"), 80), "某某大学", ("博士毕业院校", "毕业院校", "学位授予单位")),
            Column("discipline", DisciplineField(label=gettext_lazy("博士一级学科"), required=False), "0812", ("博士专业", "一级学科", "专业")),
            Column("degree_on", day(gettext_lazy("博士学位证书日期"), needed=True), "2025-06-30", ("学位日期", "证书签发日期", "毕业时间")),
            Column("engagement", LabelField(Engagement.choices[:2], kinds, label=gettext_lazy("全职或双聘"), required=False),
                   str(Engagement.FULL.label), ("用工形式", "全职/双聘"), gettext_lazy("不填算全职")),
            Column("channel", LabelField(Channel.choices, FOUND, label=gettext_lazy("引才渠道"), required=False), "", ("引进渠道", "渠道")),
            Column("first_insured_on", day(gettext_lazy("本市首次参保")), "2025-08-01", ("首次参保", "首次参保日期", "参保时间")),
            Column("since", day(gettext_lazy("到岗日期"), needed=True), "2025-08-01", ("入职日期", "到岗时间", "入职时间")),
            Column("until", day(gettext_lazy("离岗日期")), "", ("离职日期", "离岗时间"), gettext_lazy("仍在岗不填")),
        ]  # fmt: skip

    def key(self, values):
        number = values.get("number")
        return (values["code"], sealed.index_of(number), values["since"]) if number else None

    def find(self, place, rows):
        units = Organisation.objects.filter(
            code__in={row.values["code"] for row in rows if row.values.get("code")},
            kind=Organisation.Kind.ENTERPRISE,
        )
        seen = {unit.code: unit for unit in units if told.roles_of(doctor(unit), place.user) & told.WRITERS}
        codes = {unit.pk: code for code, unit in seen.items()}
        indexes = {sealed.index_of(row.values["number"]) for row in rows if row.values.get("number")}
        known = IdentityPaper.objects.filter(number_index__in=indexes, person__doctor_rows__organisation__in=codes)
        index_of = dict(known.values_list("person", "number_index"))
        mine = Doctor.objects.visible_to(place.user).filter(organisation__in=codes, person__in=list(index_of))
        found = {
            (codes[one.organisation_id], index_of[one.person_id], one.since): one
            for one in place.held(mine.select_related("person"))
        }
        periods: dict[tuple, list[tuple]] = {}
        for (code, index, since), one in found.items():
            periods.setdefault((code, index), []).append((since, one.until, 0))
        place.memory |= {"units": seen, "periods": periods, "names": {}}
        return found

    def said(self, found):
        return {name: getattr(found, name) for name in MINE}

    def shown(self, found):
        unit = {"code": found.organisation.code, "unit": found.organisation.name, "since": found.since}
        return self.said(found) | {name: getattr(found.person, name) for name in PERSON} | unit

    def rows(self, place, chosen, most):
        mine = Doctor.objects.visible_to(place.user).select_related("person", "organisation")
        return DoctorFilter(chosen, mine.order_by("-since", "-pk"), request=SimpleNamespace(user=place.user)).qs[:most]

    def returned(self, place, targets):
        found = writable(
            place,
            Doctor.objects.visible_to(place.user).filter(pk__in=targets).select_related("person", "organisation"),
        )
        rows = Doctor.objects.filter(
            person__in={one.person_id for one in found.values()},
            organisation__in={one.organisation_id for one in found.values()},
        )
        spans: dict[tuple, list[tuple]] = {}
        for person, unit, begun, ended in rows.values_list("person", "organisation", "since", "until"):
            spans.setdefault((person, unit), []).append((begun, ended, 0))
        place.memory["spans"] = spans
        return found

    def check(self, place, row):
        values = row.values
        if values.get(ROW) and row.found:
            check_back(row, {"code": row.found.organisation.code, "since": row.found.since})
        elif not values.get(ROW):
            need_number(row)
        unit = place.memory["units"].get(values.get("code"))
        if values.get("code") and unit is None:
            row.wrong("code", _("没有登记这家单位，或它不在您的范围内。"))
        elif unit and values.get("unit") and values["unit"] != unit.name:
            row.wrong("unit", _("这个代码登记的单位是“%(name)s”。") % {"name": unit.name})
        for name in DAYS:
            if values.get(name) and values[name] > place.on:
                row.wrong(name, _("%(day)s 还没有到。") % {"day": values[name]})
        since, until = values.get("since"), values.get("until")
        if since and until and until <= since:
            row.wrong("until", _("离岗日期须晚于到岗日期。"))
        if row.problems:
            return
        if row.found:
            self.check_known(place, row)
        else:
            self.check_new(place, row)

    def check_known(self, place: Place, row: Row) -> None:
        """Who it is isn't changed by a sheet; of a confirmed row the unit may still tell the end."""
        values, found = row.values, row.found
        labels = {column.name: column.label for column in place.memory.setdefault("columns", self.columns(place))}
        for name in PERSON:
            was = getattr(found.person, name)
            if values.get(name) and was and values[name] != was:
                what = {"what": labels[name], "was": was}
                row.wrong(name, _("登记的%(what)s是“%(was)s”，不能用表格改，请核对。") % what)
        may = told.open_fields(found, place.user)
        changed = [n for n in MINE if values.get(n) not in (None, "", getattr(found, n))]
        if other := [n for n in changed if may is not None and n not in may]:
            row.wrong(other[0], _("这一行已核对，单位只能补写离岗日期。有错请告诉区镇。"))
        if "until" in changed and (told_of := self.overlap(place, row, besides=found.since)):
            row.wrong("until", told_of)

    def check_new(self, place: Place, row: Row) -> None:
        """Of one number two rows must name one person, and not speak of the same days at one unit."""
        values = row.values
        code, index, since = self.key(values)
        name, where = place.memory["names"].setdefault(index, (values["name"], row.number))
        if name != values["name"]:
            told_of = _("第 %(row)s 行同一个证件号码的姓名是“%(name)s”。") % {"row": where, "name": name}
            row.wrong("name", told_of)
        elif overlap := self.overlap(place, row):
            row.wrong("since", overlap)
        else:
            place.memory["periods"].setdefault((code, index), []).append((since, values.get("until"), row.number))

    def overlap(self, place: Place, row: Row, *, besides: date | None = None) -> str:
        since, until = row.values["since"], row.values.get("until")
        if row.found and row.values.get(ROW):
            known = place.memory["spans"][row.found.person_id, row.found.organisation_id]
        else:
            known = place.memory["periods"].get(self.key(row.values)[:2], ())
        for begun, ended, number in known:
            if begun != besides and (until is None or begun < until) and (ended is None or since < ended):
                if number:
                    return _("与第 %(row)s 行同一个人在本单位的时间重叠。") % {"row": number}
                return _("这个证件号码在这段时间已登记在本单位。请改原来那一行，或核对起止日期。")
        return ""

    # --- writing -----------------------------------------------------------------------------

    def create(self, place, rows):
        indexes = [sealed.index_of(values["number"]) for values in rows]
        made = []
        for values in rows:
            facts = {n: values[n] for n in (*MINE, "since") if values.get(n) not in (None, "")}
            row = doctor(place.memory["units"][values["code"]], **facts)
            row.by = place.user
            vouch(row, place)
            made.append(row)
        holders = people_of(zip(rows, indexes, made, strict=True), on=place.on)
        for row, person in zip(made, holders, strict=True):
            row.person = person
        return bulk.pour(made)

    def change(self, place, rows):
        for found, values in rows:
            for name, value in values.items():
                setattr(found, name, "" if value is None and name == "channel" else value)
            found.by = place.user
        bulk.overwrite([found for found, _values in rows], [*MINE, "by"])
        for found, _values in rows:
            if told.may_confirm(found, place.user):
                told.confirm(found, by=place.user, on=place.on)

    def get(self, place, targets):
        rows = place.held(Doctor.objects.visible_to(place.user).filter(pk__in=targets))
        return {str(row.pk): row for row in rows.select_related("person")}

    def take_away(self, place, found):
        """Rows go with the candidates, or the records, that came with them."""
        for row in found:
            told.take_back(row, place.user)
        Doctor.objects.filter(pk__in=[row.pk for row in found]).delete()
        whose = [row.person_id for row in found]
        gone = Person.objects.filter(pk__in=whose, user=None, stays=None, doctor_rows=None)
        IdentityPaper.objects.filter(person__in=list(gone.values_list("pk", flat=True))).delete()
        gone.delete()


def doctor(unit: Organisation, **values) -> Doctor:
    return Doctor(organisation=unit, district_id=unit.district_id, **values)


def people_of(rows: Iterable[tuple[dict, str, Doctor]], *, on: date) -> list[Person]:
    """Whose rows these are: of a confirmed one the only record of the paper, made where there is none; of another a
    candidate of the unit's own. Raises Refused where the degree contradicts what is known."""
    rows = list(rows)
    wanted = [index for _values, index, row in rows if row.confirmed_on]
    held = IdentityPaper.objects.filter(settled=True, number_index__in=wanted).values_list("number_index", flat=True)
    known, fresh, found = set(held), {}, []
    for values, index, row in rows:
        if row.confirmed_on and index in known:  # what was told is laid beside what is known
            row.person = people.candidate(kind=kind_of(values["number"]), number=values["number"], **about(values))
            row.settle(by=row.by, on=on)
            found.append(row.person)
        elif row.confirmed_on and index in fresh:
            found.append(fresh[index][0])
        else:
            settled = on if row.confirmed_on else None
            number, kind = values["number"], kind_of(values["number"])
            person = Person(settled_on=settled, initials=people.initials_of(values["name"]),
                            **papers.told(kind, number) | about(values))  # fmt: skip
            paper = IdentityPaper(person=person, kind=kind, settled=row.confirmed_on is not None)
            paper.keep(number, index)
            fresh[index if settled else f"{index} {len(found)}"] = person, paper
            found.append(person)
    bulk.pour([person for person, _paper in fresh.values()])
    bulk.pour([paper for _person, paper in fresh.values()])
    return found


def about(values: dict) -> dict[str, Any]:
    return {n: values[n] for n in PERSON if values.get(n) not in (None, "")} | {"has_certificate": True}
