"""What stands around every page: whose portal this is, who is signed in, where one can go."""

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.models import Matter, Notice, Organisation, Pack, Role, User
from portal.models.people import CASEWORK, EVERYBODY, FIGURES, OFFICIALS, UNIT

REMEMBERED = 60  # seconds that what hardly ever changes is kept by a process

# label, address, what the names of the pages below it begin with, roles
NAVIGATION = (
    (
        lambda: _("首页"),
        "home",
        ("targets:dashboard", "stations:workbench", "stations:coverage", "postdocs:me"),
        EVERYBODY,
    ),
    (lambda: _("待办"), "work", ("work",), CASEWORK),
    (
        lambda: _("设站申报"),
        "stations:applications",
        ("stations:application", "stations:batch", "stations:window", "stations:behalf"),
        CASEWORK,
    ),
    (lambda: _("储备库"), "stations:pool", ("stations:pool",), CASEWORK - UNIT),
    (
        lambda: _("工作站"),
        "stations:stations",
        (
            *("stations:station", "stations:standing", "stations:portrait"),
            *("stations:branches", "stations:studio", "stations:certificates", "stations:talk"),
        ),
        CASEWORK - UNIT,
    ),
    (lambda: _("储备库"), "stations:own_pool", ("stations:own_pool", "stations:pool"), UNIT),
    (lambda: _("博士后"), "postdocs:stays", ("postdocs:",), CASEWORK),
    (lambda: _("在站经历"), "postdocs:stays", ("postdocs:stay", "postdocs:person", "postdocs:career"), {Role.POSTDOC}),
    (lambda: _("号码查看记录"), "postdocs:disclosures", ("postdocs:disclosure",), {Role.AUDIT_ADMIN}),
    (
        lambda: _("需求对接"),
        "stations:demands",
        ("stations:demand", "stations:match", "stations:universit", "stations:pairing"),
        CASEWORK,
    ),
    (lambda: _("会商"), "stations:talks", ("stations:talk",), UNIT),
    (
        lambda: _("评估"),
        "stations:evaluations",
        ("stations:evaluation", "stations:assessment", "stations:objection"),
        CASEWORK - UNIT,
    ),
    (
        lambda: pgettext("导航", "单位情况"),
        "stations:own_enterprise",
        ("stations:own_enterprise", "stations:people", "stations:certificates", "stations:enterprise_row"),
        UNIT,
    ),
    (lambda: pgettext("导航", "序时进度"), "targets:plans", ("targets:plan", "targets:indicator"), FIGURES),
    (lambda: _("人员与任职"), "officials", ("official",), frozenset({Role.SYSTEM_ADMIN})),
    (lambda: _("口径与参数"), "settings", ("setting", "stations:chain"), OFFICIALS),
    (lambda: _("办事指南"), "stations:guide", ("stations:guide",), EVERYBODY - OFFICIALS),
)
PUBLIC = (
    (lambda: _("首页"), "home"),
    (lambda: _("办事指南"), "stations:guide"),
    (lambda: _("需求榜单"), "stations:board"),
    (lambda: _("公示"), "stations:publicity"),
    (lambda: _("政策依据"), "documents"),
)

HOME = (  # where each role begins its day; the first that fits
    (FIGURES, "targets:dashboard"),
    (UNIT, "stations:workbench"),
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
            "footer": [
                {"label": _("办事指南"), "url": reverse("stations:guide")},
                {"label": _("政策依据"), "url": reverse("documents")},
                {"label": _("联系电话"), "url": reverse("stations:contacts")},
            ],
        },
        "demo": holds_demo(),
        "request_id": getattr(request, "request_id", ""),
        "me": None,
        "search": reverse("search") if signed_in and user.scope.roles & CASEWORK else "",
        "body_class": "desk" if signed_in and user.scope.roles & OFFICIALS else "",
        "pack": pack,
        "frame": "base.html" if signed_in else "public_base.html",  # of pages that anybody may read
    }
    if not signed_in:
        frame["nav"] = [
            {"label": label(), "url": reverse(name), "current": here.startswith(name)} for label, name in PUBLIC
        ]
        return frame
    number = counts(user)
    frame["me"] = {"id": user.pk, "name": user.name, "role_label": role_label(user), "notices": number["unread"]}
    frame["nav"] = [
        {
            "label": label(),
            "url": reverse(name),
            "current": here.startswith(below),
            "count": number["waiting"] if name == "work" else None,
        }
        for label, name, below, roles in NAVIGATION
        if user.scope.roles & roles
    ]
    return frame


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
    return next((name for roles, name in HOME if user.scope.roles & roles), "account")
