"""What stands around every page: whose portal this is, who is signed in, where one can go."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal import saved
from portal.models import Matter, Notice, Organisation, Pack, Role, User
from portal.models.people import BUREAU, CASEWORK, EVERYBODY, FIGURES, MONEY, OFFICIALS, UNIT

REMEMBERED = 60  # seconds that what hardly ever changes is kept by a process


@dataclass(frozen=True)
class Door:
    """A place of the navigation: `name` is its address, `below` what the names of the pages behind it begin with.
    Doors that name the same `room` stand behind one word of the bar, and beside each other once one is open."""

    label: Callable[[], str]
    name: str
    below: tuple[str, ...]
    roles: frozenset[Role]
    room: Callable[[], str] | None = None


def of_stations() -> str:
    return pgettext("导航", "设站")


def of_postdocs() -> str:
    return pgettext("导航", "博士后")


def of_subsidies() -> str:
    return pgettext("导航", "资助")


def of_targets() -> str:
    return pgettext("导航", "目标")


def of_duties() -> str:
    return pgettext("导航", "任务和活动")


def of_rules() -> str:
    return pgettext("导航", "规则")


NAVIGATION = (
    Door(
        lambda: _("首页"),
        "home",
        ("targets:dashboard", "stations:workbench", "stations:coverage", "postdocs:me"),
        EVERYBODY,
    ),
    Door(lambda: _("待办"), "work", ("work",), CASEWORK | {Role.REPORTER}),
    Door(
        lambda: _("设站申报"),
        "stations:applications",
        ("stations:application", "stations:batch", "stations:window", "stations:behalf"),
        CASEWORK,
        of_stations,
    ),
    Door(lambda: _("储备库"), "stations:pool", ("stations:pool",), CASEWORK - UNIT, of_stations),
    Door(lambda: _("储备库"), "stations:own_pool", ("stations:own_pool", "stations:pool"), UNIT, of_stations),
    Door(
        lambda: _("工作站"),
        "stations:stations",
        (
            *("stations:station", "stations:standing", "stations:portrait", "stations:supervisor", "stations:recruits"),
            *("stations:branches", "stations:studio", "stations:certificates", "stations:talk", "stations:enterprise"),
        ),
        CASEWORK - UNIT,
        of_stations,
    ),
    Door(
        lambda: _("需求对接"),
        "stations:demands",
        ("stations:demand", "stations:match", "stations:universit", "stations:pairing"),
        CASEWORK,
        of_stations,
    ),
    Door(lambda: _("会商"), "stations:talks", ("stations:talk",), UNIT, of_stations),
    Door(
        lambda: _("评估"),
        "stations:evaluations",
        ("stations:evaluation", "stations:assessment", "stations:objection"),
        CASEWORK - UNIT,
        of_stations,
    ),
    Door(
        lambda: pgettext("导航", "名册"),
        "postdocs:stays",
        (
            *("postdocs:stay", "postdocs:entry", "postdocs:milestone", "postdocs:person", "postdocs:career"),
            *("postdocs:inside", "postdocs:ask", "postdocs:paper", "postdocs:postdoc_invite", "postdocs:duplicate"),
            *("postdocs:told_twice", "postdocs:apart"),
        ),
        CASEWORK | {Role.POSTDOC},
        of_postdocs,
    ),
    Door(lambda: _("到期和逾期"), "postdocs:due", ("postdocs:due",), CASEWORK, of_postdocs),
    Door(lambda: _("成果"), "postdocs:outcomes", ("postdocs:outcome",), CASEWORK | {Role.POSTDOC}, of_postdocs),
    Door(
        lambda: pgettext("导航", "去向"),
        "postdocs:retention",
        ("postdocs:retention", "postdocs:follow", "postdocs:destination"),
        CASEWORK - UNIT,
        of_postdocs,
    ),
    Door(lambda: _("走访"), "postdocs:visits_due", ("postdocs:visit",), CASEWORK - UNIT, of_postdocs),
    Door(lambda: _("入选名单"), "postdocs:selections", ("postdocs:selection",), CASEWORK, of_postdocs),
    Door(lambda: _("博士"), "postdocs:doctors", ("postdocs:doctor",), CASEWORK, of_postdocs),
    Door(lambda: _("研究人才"), "postdocs:talents", ("postdocs:talent",), CASEWORK, of_postdocs),
    Door(lambda: _("参保清单"), "postdocs:insurance", ("postdocs:insur",), CASEWORK, of_postdocs),
    Door(
        lambda: _("服务诉求"),
        "postdocs:requests",
        ("postdocs:request",),
        CASEWORK | {Role.POSTDOC},
        of_postdocs,
    ),
    Door(
        lambda: _("备案差异"),
        "postdocs:differences",
        ("postdocs:difference", "postdocs:reconciled"),
        CASEWORK - UNIT,
        of_postdocs,
    ),
    Door(
        lambda: _("资助申领"),
        "subsidies:claims",
        ("subsidies:claim", "subsidies:recoveries"),
        CASEWORK | {Role.POSTDOC},
        of_subsidies,
    ),
    Door(
        lambda: pgettext("导航", "资金"),
        "subsidies:money",
        ("subsidies:money",),
        CASEWORK | {Role.FINANCE_MAKER, Role.FINANCE_CHECKER},
        of_subsidies,
    ),
    Door(
        lambda: _("未申领"),
        "subsidies:entitlements",
        (
            "subsidies:entitlement",
            "subsidies:calendar",
            "subsidies:prepare",
            "subsidies:person_card",
            "subsidies:station_card",
        ),
        CASEWORK,
        of_subsidies,
    ),
    Door(lambda: _("明白卡"), "subsidies:card", ("subsidies:card",), frozenset({Role.POSTDOC}), of_subsidies),
    Door(
        lambda: pgettext("导航", "资助项目"),
        "subsidies:schemes",
        ("subsidies:scheme", "subsidies:version", "subsidies:impact"),
        EVERYBODY,
        of_subsidies,
    ),
    Door(lambda: _("拨付批次"), "subsidies:payments", ("subsidies:payment",), MONEY, of_subsidies),
    Door(lambda: pgettext("导航", "预算"), "subsidies:budgets", ("subsidies:budget",), MONEY, of_subsidies),
    Door(lambda: _("用款预测"), "subsidies:forecast", ("subsidies:forecast",), MONEY, of_subsidies),
    Door(lambda: pgettext("导航", "资金账"), "subsidies:ledger", ("subsidies:ledger",), MONEY, of_subsidies),
    Door(lambda: _("号码查看记录"), "postdocs:disclosures", ("postdocs:disclosure",), frozenset({Role.AUDIT_ADMIN})),
    Door(
        lambda: pgettext("导航", "单位情况"),
        "stations:own_enterprise",
        (
            *("stations:own_enterprise", "stations:people", "stations:certificates", "stations:enterprise_row"),
            *("stations:station", "stations:portrait", "stations:recruits", "stations:standing", "stations:branches"),
        ),
        UNIT,
    ),
    Door(lambda: pgettext("导航", "目标贡献"), "targets:own_figures", ("targets:own_figures",), UNIT),
    Door(
        lambda: pgettext("导航", "序时进度"),
        "targets:plans",
        ("targets:plan", "targets:indicator", "targets:draft", "targets:split", "targets:revise"),
        FIGURES,
        of_targets,
    ),
    Door(lambda: pgettext("导航", "季报"), "targets:returns", ("targets:return",), CASEWORK - UNIT, of_targets),
    Door(
        lambda: _("部门指标"),
        "targets:departments",
        ("targets:department", "targets:reading"),
        BUREAU | {Role.REPORTER, Role.AUDITOR},
        of_targets,
    ),
    Door(lambda: pgettext("导航", "简报和报告"), "targets:reports", ("targets:report",), FIGURES, of_targets),
    Door(lambda: _("工作清单"), "targets:duties", ("targets:dut", "targets:occurrence"), FIGURES, of_duties),
    Door(
        lambda: pgettext("导航", "活动"),
        "targets:activities",
        ("targets:activit",),
        FIGURES | UNIT | {Role.POSTDOC},
        of_duties,
    ),
    Door(lambda: _("人员与任职"), "officials", ("official",), frozenset({Role.SYSTEM_ADMIN})),
    Door(lambda: _("口径与参数"), "settings", ("setting", "stations:chain"), OFFICIALS, of_rules),
    Door(lambda: _("政策依据"), "documents", ("document",), OFFICIALS, of_rules),
    Door(lambda: _("办事指南"), "stations:guide", ("stations:guide",), EVERYBODY - OFFICIALS),
)
PUBLIC = (
    (lambda: _("首页"), "home"),
    (lambda: _("办事指南"), "stations:guide"),
    (lambda: _("需求榜单"), "stations:board"),
    (lambda: _("博士后服务"), "postdocs:services"),
    (lambda: _("算一算"), "subsidies:calculator"),
    (lambda: _("公示"), "stations:publicity"),
    (lambda: pgettext("导航", "资助项目"), "subsidies:schemes"),
    (lambda: _("政策依据"), "documents"),
)
FOOTER = (
    (lambda: _("办事指南"), "stations:guide"),
    (lambda: _("政策依据"), "documents"),
    (lambda: _("联系电话"), "stations:contacts"),
)


def places() -> dict[str, Door]:
    """The places of the navigation by their names; what visitors find in the bar and the foot is open to everybody."""
    public = {name: Door(label, name, (name,), EVERYBODY) for label, name in (*PUBLIC, *FOOTER)}
    return public | {door.name: door for door in NAVIGATION if door.name not in public}


HOME = (  # where each role begins its day; the first that fits
    (FIGURES, "targets:dashboard"),
    (UNIT, "stations:workbench"),
    (frozenset({Role.FINANCE_MAKER, Role.FINANCE_CHECKER}), "subsidies:payments"),
    (frozenset({Role.SYSTEM_ADMIN}), "officials"),
    (frozenset({Role.POSTDOC}), "postdocs:me"),
    (EVERYBODY, "account"),
)


def pack_of(user) -> Pack | None:
    """The city a person works in; for anybody without a place the one this portal was set up for."""
    if user is not None and user.is_authenticated:
        places = [d for _o, districts in user.scope.by_role.values() for d in districts]
        if place := min(places, default=None) or organisation_district(user):
            return remembered(f"pack:{place}", Pack.objects.above(place).select_related("root").first)
    return remembered("pack:public", public_pack)


def organisation_district(user) -> int | None:
    ids = [o for organisations, _d in user.scope.by_role.values() for o in organisations]
    if not ids:
        return None
    rows = Organisation.objects.filter(pk=min(ids)).values_list("district", flat=True)
    return remembered(f"place:{min(ids)}", rows.first)


def public_pack() -> Pack | None:
    packs = Pack.objects.select_related("root")
    return packs.filter(code=settings.CITY).first() if settings.CITY else packs.order_by("pk").first()


def remembered(key: str, find):
    found = cache.get(key)
    if found is None:
        found = find()
        cache.set(key, found, REMEMBERED)
    return found


def counts(user) -> dict[str, int]:
    """Unread notices and matters to do, in one query."""

    def number(rows):
        return Coalesce(
            Subquery(rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")), 0
        )

    return dict(
        User.objects.filter(pk=user.pk)
        .values(
            unread=number(Notice.objects.filter(user=user, read_at=None)),
            waiting=number(Matter.objects.to_do(user)),
        )
        .get()
    )


def chrome(request) -> dict:
    """The frame of a page, for base.html."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    pack = pack_of(user)
    english = get_language() == "en"
    here = request.resolver_match.view_name if request.resolver_match else ""
    frame = {
        "site": {
            "name": _("博士后工作站管理平台"),
            "bureau": (pack.bureau_en or pack.bureau) if pack and english else pack.bureau if pack else "",
            "phone": bureau_phone(pack),
            "hours": _("工作日 9:00–17:30"),
            "footer": [{"label": label(), "url": reverse(name)} for label, name in FOOTER],
        },
        "demo": holds_demo(),
        "request_id": getattr(request, "request_id", ""),
        "me": None,
        "search": reverse("search") if signed_in and user.scope.roles & CASEWORK else "",
        "body_class": "desk" if signed_in and user.scope.roles & OFFICIALS else "",
        "pack": pack,
        "saved": saved.menu(request),
        "frame": "base.html" if signed_in else "public_base.html",  # of pages that anybody may read
    }
    if not signed_in:
        frame["nav"] = [
            {"label": label(), "url": reverse(name), "current": here.startswith(name)} for label, name in PUBLIC
        ]
        return frame
    number = counts(user)
    frame["me"] = {"id": user.pk, "name": user.name, "role_label": role_label(user), "notices": number["unread"]}
    frame["nav"] = bar(user, here, number["waiting"])
    frame["rooms"] = next((item["doors"] for item in frame["nav"] if item["current"] and item["doors"]), [])
    return frame


def bar(user, here: str, waiting: int) -> list[dict]:
    """The words of the bar for this person; `doors` are those of a room that has several."""
    items: list[dict] = []
    for door in NAVIGATION:
        if not user.scope.roles & door.roles:
            continue
        current = here.startswith(door.below)
        item = {
            "label": door.label(),
            "url": reverse(door.name),
            "current": current,
            "count": waiting if door.name == "work" else None,
            "doors": [],
            "room": door.room,
        }
        before = items[-1] if items and door.room and items[-1]["room"] is door.room else None
        if before is None:
            items.append(item | ({"label": door.room()} if door.room else {}) | {"first": item})
        else:
            before["doors"] = [*(before["doors"] or [before["first"]]), item]
            before["current"] = before["current"] or current
    return items


def by_room(rows: Iterable[Any], name_of: Callable[[Any], str]) -> list[tuple[str, list]]:
    """Rows under the rooms of the bar, in its order: each where the page of this name stands, or else its app."""
    doors = [door for door in NAVIGATION if door.room]
    found: dict[Callable[[], str], list] = {door.room: [] for door in doors if door.room}
    for row in rows:
        name = name_of(row)
        app = f"{name.split(':')[0]}:"
        door = next((d for d in doors if name.startswith(d.below)), None) or next(
            d for d in doors if d.name.startswith(app)
        )
        if door.room:
            found[door.room].append(row)
    return [(room(), rows) for room, rows in found.items() if rows]


def holds_demo() -> bool:
    """Whether any of the data here are invented; then every page says so."""
    return remembered("demo", lambda: "yes" if Organisation.objects.filter(demo=True).exists() else "no") == "yes"


def bureau_phone(pack: Pack | None) -> str:
    if pack is None:
        return ""
    rows = Organisation.objects.filter(kind=Organisation.Kind.BUREAU, district=pack.root_id)
    return remembered(f"phone:{pack.pk}", lambda: rows.values_list("phone", flat=True).first() or "")


def role_label(user) -> str:
    """The roles of today in words."""
    labels = [Role(role).label for role in Role if role in user.scope.roles]
    return pgettext("roles", "、").join(map(str, labels)) or _("没有任职")


def home_of(user) -> str:
    """Who has no role yet may wait for one: that page leads on to the account of anybody else."""
    return next((name for roles, name in HOME if user.scope.roles & roles), "stations:waiting")
