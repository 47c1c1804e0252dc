"""Workbooks of demands, of universities and of their flow stations."""

from typing import Any

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal import workdays
from portal.bulk import overwrite, pour
from portal.forms import PhoneField, WanField, WholeField
from portal.imports import Column, DayCell, ImportKind, LabelField, LabelsField, Place, Row, import_kind
from portal.lifecycle import Birth, Refused, open_matters
from portal.models import Event, Matter, Role, Spell
from portal.models.people import BUREAU
from stations import disciplines
from stations.demands import cooperation, lifecycle
from stations.demands.forms import DISCIPLINES
from stations.import_columns import (
    OFFICERS,
    YES_NO,
    CodeNumber,
    CreditCode,
    chain_column,
    enterprises_of,
    text,
)
from stations.models import Demand, DemandStatus, Enterprise, FlowStation, Station, University

D = DemandStatus
CLOSED = (D.ENTERED, D.DOWN, D.EXPIRED)
YEARLY = 10_000_000  # yuan: nobody promises a person more; it was typed in yuan
RESEARCH = 10_000_000_000  # yuan


def discipline_choices() -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The catalogue for a list to choose from, and the bare names as people write them."""
    codes = disciplines.catalogue()
    return [(code, f"{code} {disciplines.name_of(code)}") for code in codes], {
        name: code for code, row in codes.items() for name in (row["name"], row["name_en"])
    }


@import_kind
class Demands(ImportKind):
    """A row is one demand of one enterprise, known by its title among those that go on.

    What an enterprise hands in becomes its drafts; what an office collected waits for the district, as if it had been
    handed in: nothing is published by a workbook.
    """

    code = "demands"
    order = 5
    label = gettext_lazy("需求清单")
    note = gettext_lazy(
        "一行一条需求，按单位和题目认。单位导入的先存为草稿；区镇和市局导入的直接等区镇审核，单位可以看到、也可以撤下。"
    )
    roles = OFFICERS | {Role.HANDLER}
    result = "stations:demands"
    PLAIN = (
        *("kind", "description", "goals", "disciplines", "people", "salary", "funding", "deadline"),
        *("bottleneck", "scope", "contact", "contact_phone"),
    )

    def columns(self, place):
        choices, also = discipline_choices()
        scopes = {"公开发布": "public", "仅流动站可见": "flow"}
        title, description = pgettext_lazy("需求", "题目"), pgettext_lazy("需求", "说明")
        return [
            Column("code", CreditCode(label=gettext_lazy("统一社会信用代码")), "91320583MA1ABCDE2P", ("信用代码", "代码")),
            Column("unit", text(gettext_lazy("单位全称"), 100), "昆山某某科技有限公司", ("单位", "单位名称", "设站单位")),
            Column("kind", LabelField(Demand.Kind.choices, label=gettext_lazy("需求类型")),
                   str(Demand.Kind.POSTDOC.label), ("类型",)),
            Column("title", text(title, 100, needed=True), "机器视觉方向博士后 2 名", ("需求题目", "需求名称")),
            Column("description", text(description, 2000, needed=True), "", ("需求说明", "需求内容")),
            Column("goals", text(gettext_lazy("关键技术指标"), 1000)),
            Column("disciplines", LabelsField(choices, also, label=gettext_lazy("一级学科")), "0811 控制科学与工程",
                   ("学科",), gettext_lazy("代码或名称，最多 3 个，之间用顿号")),
            chain_column(place),
            Column("people", WholeField(label=pgettext_lazy("需求", "人数"), required=False, min_value=1, max_value=200),
                   "2", ("需求人数", "招收人数")),
            Column("salary", WanField(label=gettext_lazy("年薪（万元）"), required=False), "40"),
            Column("funding", WanField(label=gettext_lazy("科研经费（万元）"), required=False), "100"),
            Column("deadline", DayCell(label=gettext_lazy("截止日期")), "2027-06-30", ("截止时间",)),
            Column("bottleneck", LabelField(YES_NO, label=gettext_lazy("“卡脖子”项目"), required=False), "否"),
            Column("scope", LabelField(Demand.Scope.choices, scopes, label=gettext_lazy("发布范围"), required=False),
                   str(Demand.Scope.PUBLIC.label)),
            Column("station", CodeNumber(label=gettext_lazy("工作站编号"), required=False), "KS-WS-2023-0001", (),
                   gettext_lazy("由哪个站招收；没有站的不填")),
            Column("contact", text(gettext_lazy("联系人"), 40, needed=True), "李工"),
            Column("contact_phone", PhoneField(label=gettext_lazy("联系电话"), max_length=20), "13800000000", ("电话",)),
        ]  # fmt: skip

    def key(self, values):
        return values["code"], values["title"]

    def find(self, place, rows):
        codes = {row.values["code"] for row in rows if row.values.get("code")}
        owners = place.memory["owners"] = enterprises_of(place, codes)
        by_pk = {e.pk: e for e in owners.values()}
        numbers = {row.values["station"] for row in rows if row.values.get("station")}
        stations = Station.objects.valid(place.on).filter(matter__number__in=numbers, enterprise__in=by_pk)
        place.memory["stations"] = dict(stations.values_list("matter__number", "pk"))
        place.memory["homes"] = dict(stations.values_list("matter__number", "enterprise"))
        known = Demand.objects.visible_to(place.user).filter(enterprise__in=by_pk).exclude(status__in=CLOSED)
        found = {}
        for demand in place.held(known).select_related("matter", "station__matter").order_by("pk"):
            demand.enterprise = by_pk[demand.enterprise_id]
            found[demand.enterprise.organisation.code, demand.title] = demand
        return found

    def said(self, found):
        told = {name: getattr(found, name) for name in self.PLAIN}
        return told | {"chain": found.chain_id, "station": found.station.matter.number if found.station else ""}

    def check(self, place, row):
        values = row.values
        self.check_owner(place, row, place.memory["owners"].get(values.get("code")))
        if (deadline := values.get("deadline")) and deadline < place.on:
            row.wrong("deadline", _("截止日期 %(day)s 已经过了，请填今天或以后。") % {"day": deadline})
        if values.get("kind") in Demand.PERSONS and "people" not in row.problems and not values.get("people"):
            row.wrong("people", _("招人的需求请填人数，至少 1 人。"))
        if chosen := values.get("disciplines"):
            chosen = values["disciplines"] = list(dict.fromkeys(chosen))
            if len(chosen) > DISCIPLINES:
                row.wrong("disciplines", _("最多填 %(n)s 个一级学科。") % {"n": DISCIPLINES})
        for name, limit in (("salary", YEARLY), ("funding", RESEARCH)):
            if (amount := values.get(name)) and amount > limit:
                text = _("%(n)s 万元太多，是不是按元填的？请换算成万元。")
                row.wrong(name, text % {"n": f"{(amount / 10_000).normalize():f}"})
        if number := values.get("station"):
            owner = place.memory["owners"].get(values.get("code"))
            if owner and place.memory["homes"].get(number) != owner.pk:
                row.wrong("station", _("这家单位没有编号 %(number)s 的有效工作站。") % {"number": number})
        if row.found and row.found.status != D.DRAFT and not row.problems:
            said = self.said(row.found)
            if any(values.get(n) not in (None, "", []) and values[n] != v for n, v in said.items()):
                row.wrong(
                    "", _("这条需求现在是“%(stage)s”，不能用表格改。") % {"stage": row.found.get_status_display()}
                )

    def check_owner(self, place, row: Row, owner: Enterprise | None) -> None:
        values, scope = row.values, place.user.scope
        if not values.get("code"):
            return
        if owner is None:
            row.wrong("code", _("没有登记这家单位。请先导入单位，或请它自己注册。"))
        elif owner.pk not in scope.organisations and owner.organisation.district_id not in scope.districts:
            row.wrong("code", _("这家单位不归您填报。"))
        elif values.get("unit") and values["unit"] != owner.organisation.name:
            row.wrong("unit", _("这个代码登记的单位是“%(name)s”。") % {"name": owner.organisation.name})

    def create(self, place, rows):
        owners = [place.memory["owners"][values["code"]] for values in rows]
        own = [owner.pk in place.user.scope.organisations for owner in owners]
        matters: list[Any] = [None] * len(rows)
        for mine, status in ((True, D.DRAFT), (False, D.REVIEW)):
            which = [n for n, is_own in enumerate(own) if is_own == mine]
            births = [self.birth(place, status, owners[n], rows[n]["title"]) for n in which]
            made = open_matters(lifecycle.demand, status, births, series="XQ", by=place.user, filed=status == D.REVIEW)
            for n, matter in zip(which, made, strict=True):
                matters[n] = matter
        return pour(
            [
                Demand(
                    matter=matter,
                    enterprise=owner,
                    title=values["title"],
                    status=matter.status,
                    **self.told(place, values, {"chain": owner.chain_id}),
                )
                for matter, owner, values in zip(matters, owners, rows, strict=True)
            ]
        )

    def birth(self, place: Place, status: str, owner: Enterprise, title: str) -> Birth:
        organisation, due = owner.organisation, None
        if status == D.REVIEW:
            promises = place.memory.setdefault("promises", {})
            if organisation.district_id not in promises:
                days = lifecycle.demand.promised(organisation.district_id, status)
                promises[organisation.district_id] = workdays.add(place.on, days) if days else None
            due = promises[organisation.district_id]
        return Birth(title, organisation, organisation.district, place.on, due_on=due)

    EMPTY = {"goals": "", "bottleneck": False, "scope": Demand.Scope.PUBLIC}

    def told(self, place: Place, values: dict, given: dict) -> dict[str, Any]:
        """Columns of the row by the cells; empty ones are what the form would begin with, or `given`."""
        found = {n: self.EMPTY.get(n) if values[n] is None else values[n] for n in self.PLAIN if n in values}
        if "chain" in values or "chain" in given:
            found["chain_id"] = values.get("chain") or given.get("chain")
        if "station" in values:
            found["station_id"] = place.memory["stations"].get(values["station"])
        return found

    def change(self, place, rows):
        for found, values in rows:
            for name, value in self.told(place, values, {}).items():
                setattr(found, name, value)
        overwrite([found for found, _values in rows], (*self.PLAIN, "chain", "station"))
        held = Matter.objects.filter(pk__in=[found.matter_id for found, _values in rows])
        held.update(version=F("version") + 1, changed_at=now())

    def get(self, place, targets):
        rows = place.held(Demand.objects.filter(pk__in=targets)).select_related("matter", "station__matter")
        found = {str(row.pk): row for row in rows}
        enterprises = [row.enterprise_id for row in found.values()]
        stations = Station.objects.filter(enterprise__in=enterprises)
        place.memory.setdefault("stations", {}).update(stations.values_list("matter__number", "pk"))
        return found

    def take_away(self, place, found):
        """What came in goes again, as long as nobody took a step with it."""
        matters = [row.matter_id for row in found]
        moved = set(Event.objects.filter(matter__in=matters).values_list("matter", flat=True))
        for row in found:
            if row.matter_id in moved:
                raise Refused(_("%(name)s 已经有了后来的办理，不能撤回。") % {"name": row})
        Demand.objects.filter(pk__in=[row.pk for row in found]).delete()
        Spell.objects.filter(matter__in=matters).delete()
        Matter.objects.filter(pk__in=matters).delete()


# --- universities ------------------------------------------------------------------------------


@import_kind
class Universities(ImportKind):
    """A row is one university of the city's register, known by its name."""

    code = "universities"
    order = 6
    label = pgettext_lazy("导入", "高校院所")
    note = gettext_lazy("一行一所，按名称认。流动站另有一张表，请在高校院所之后导入。")
    roles = BUREAU
    result = "stations:universities"
    FACTS = ("name_en", "province", "double_first", "key", "office", "phone")

    def columns(self, place):
        return [
            Column("name", text(gettext_lazy("高校院所"), 80, needed=True), "某某大学", ("高校", "学校", "名称")),
            Column("name_en", text(gettext_lazy("英文名称"), 120)),
            Column("province", text(gettext_lazy("所在省市"), 20, needed=True), "江苏", ("省市", "省份")),
            Column("double_first", LabelField(YES_NO, label=gettext_lazy("“双一流”"), required=False), "是", ("双一流",)),
            Column("key", LabelField(YES_NO, label=gettext_lazy("重点高校"), required=False), "否"),
            Column("office", text(gettext_lazy("博管办"), 80), "人事处博士后管理办公室"),
            Column("phone", PhoneField(label=gettext_lazy("博管办电话"), required=False, max_length=30), "025-83000000",
                   (), gettext_lazy("办公电话，不要填个人手机")),
        ]  # fmt: skip

    def key(self, values):
        return values["name"]

    def find(self, place, rows):
        names = {row.values["name"] for row in rows if row.values.get("name")}
        return {u.name: u for u in place.held(University.objects.filter(pack=place.pack, name__in=names))}

    def said(self, found):
        return {name: getattr(found, name) for name in self.FACTS}

    def check(self, place, row):
        phone = row.values.get("phone")
        if phone and phone.startswith("1"):
            row.wrong("phone", _("请填办公电话，不要填个人手机。"))

    def create(self, place, rows):
        made = pour([University(pack=place.pack, name=values["name"], **self.told(values)) for values in rows])
        cooperation.link_names(place.pack, [row.name for row in made])
        return made

    def told(self, values: dict) -> dict[str, Any]:
        empty = {"double_first": False, "key": False}
        return {n: empty.get(n, "") if values[n] is None else values[n] for n in self.FACTS if n in values}

    def change(self, place, rows):
        for found, values in rows:
            for name, value in self.told(values).items():
                setattr(found, name, value)
        overwrite([found for found, _values in rows], self.FACTS)

    def get(self, place, targets):
        return {str(u.pk): u for u in place.held(University.objects.filter(pk__in=targets))}

    def take_away(self, place, found):
        """A university that has flow stations stays: they were entered after it."""
        lived_in = set(FlowStation.objects.filter(university__in=found).values_list("university", flat=True))
        for row in found:
            if row.pk in lived_in:
                raise Refused(_("%(name)s 已登记了流动站，请先撤回流动站。") % {"name": row.name})
        University.objects.filter(pk__in=[row.pk for row in found]).delete()


@import_kind
class Flows(ImportKind):
    """A row is one flow station, known by its university and its first-level discipline."""

    code = "flows"
    order = 7
    label = pgettext_lazy("导入", "流动站")
    note = gettext_lazy("一行一个流动站，按高校院所和一级学科认。“高校院所”页导出的表改好后可以直接传回来。")
    roles = BUREAU
    result = "stations:universities"
    FACTS = ("approved_year", "head", "strengths")

    def columns(self, place):
        choices, also = discipline_choices()
        chains = chain_column(place).field
        many = LabelsField(chains.choices, chains.known, label=gettext_lazy("服务的产业链"), required=False)
        year = WholeField(label=gettext_lazy("批准年份"), required=False, min_value=1985, max_value=place.on.year)
        return [
            Column("university", text(gettext_lazy("高校院所"), 80, needed=True), "某某大学", ("高校", "学校")),
            Column("discipline", LabelField(choices, also, label=gettext_lazy("一级学科")), choices[0][1],
                   ("学科", "流动站", "流动站名称")),
            Column("approved_year", year, "2007", ("设站年份",)),
            Column("head", text(gettext_lazy("负责人"), 40)),
            Column("strengths", text(gettext_lazy("研究方向和人才"), 1000), "", ("研究方向", "专业和人才")),
            Column("chains", many, "", ("产业链",), gettext_lazy("几项之间用顿号")),
        ]  # fmt: skip

    def key(self, values):
        return values["university"], values["discipline"]

    def find(self, place, rows):
        names = {row.values["university"] for row in rows if row.values.get("university")}
        schools = {u.name: u for u in University.objects.filter(pack=place.pack, name__in=names)}
        place.memory["schools"] = schools
        by_pk = {u.pk: u for u in schools.values()}
        found = {}
        flows = place.held(FlowStation.objects.filter(university__in=by_pk))
        for flow in with_chains(flows):
            found[by_pk[flow.university_id].name, flow.discipline] = flow
        return found

    def said(self, found):
        return {name: getattr(found, name) for name in self.FACTS} | {"chains": found.chain_keys}

    def check(self, place, row):
        name = row.values.get("university")
        if name and name not in place.memory["schools"]:
            row.wrong("university", _("名单里没有“%(name)s”。请先加入或导入高校院所。") % {"name": name})
        if chains := row.values.get("chains"):
            row.values["chains"] = sorted(set(chains))

    def create(self, place, rows):
        made = [
            FlowStation(
                university=place.memory["schools"][values["university"]],
                discipline=values["discipline"],
                **self.told(values),
            )
            for values in rows
        ]
        pour(made)
        self.serve((flow, values["chains"]) for flow, values in zip(made, rows, strict=True) if values.get("chains"))
        return made

    def told(self, values: dict) -> dict[str, Any]:
        empty = {"head": "", "strengths": ""}
        return {n: empty.get(n) if values[n] is None else values[n] for n in self.FACTS if n in values}

    @staticmethod
    def serve(chosen) -> None:
        link = FlowStation.chains.through
        pour([link(flowstation_id=flow.pk, industrychain_id=chain) for flow, keys in chosen for chain in keys])

    def change(self, place, rows):
        for found, values in rows:
            for name, value in self.told(values).items():
                setattr(found, name, value)
        overwrite([found for found, _values in rows], self.FACTS)
        chosen = [(found, values["chains"] or []) for found, values in rows if "chains" in values]
        link = FlowStation.chains.through
        link.objects.filter(flowstation__in=[found.pk for found, _keys in chosen]).delete()
        self.serve(chosen)

    def get(self, place, targets):
        return {str(f.pk): f for f in with_chains(place.held(FlowStation.objects.filter(pk__in=targets)))}

    def take_away(self, place, found):
        FlowStation.objects.filter(pk__in=[flow.pk for flow in found]).delete()


def with_chains(flows) -> list[FlowStation]:
    """Flow stations with the keys of the chains that they serve."""
    found = list(flows.order_by("pk"))
    served: dict[int, list[int]] = {}
    links = FlowStation.chains.through.objects.filter(flowstation__in=[flow.pk for flow in found])
    for flow, chain in links.order_by("industrychain").values_list("flowstation", "industrychain"):
        served.setdefault(flow, []).append(chain)
    for flow in found:
        flow.chain_keys = served.get(flow.pk, [])  # type: ignore[attr-defined]
    return found
