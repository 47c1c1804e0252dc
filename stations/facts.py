"""What can be said of an enterprise, of an application and of a station on a given day."""

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Greatest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.facts import Entry, Vocabulary
from portal.models import Confirmation, Evidence, ReturnItem
from stations.models import (
    Answer,
    Application,
    Certificate,
    Enterprise,
    Route,
    SiteVisit,
    StandingCase,
    Station,
    StationKind,
    StationLevel,
)
from stations.models.applications import STAMP

# --- enterprise: what it says of itself now; nothing here is dated, so nothing claims to be as of a day ------------

enterprise = Vocabulary("enterprise", Enterprise, district="organisation__district")
enterprise.column("legal_person", _("独立法人"))
enterprise.column("revenue", _("上年度营业收入"), unit="yuan")
enterprise.column("rd_spend", _("上年度研发投入"), unit="yuan")
enterprise.column("staff", _("职工人数"), unit=_("人"))
enterprise.column("rd_staff", _("研发人员"), unit=_("人"))
enterprise.column("senior_staff", _("高级职称人员"), unit=_("人"))
enterprise.column("doctors", _("博士人数"), unit=_("人"))


@enterprise.fact(_("研发机构级别"), Enterprise._meta.get_field("rd_level"), choices=dict(Enterprise.Level.choices))
def rd_level(on):
    return Case(When(rd_level="", then=None), default=F("rd_level"))


def tag_fact(tag):
    """Whether the enterprise carries a tag. A certificate says so for its own time; once the last is over, it is
    unknown until there is the next, or the enterprise takes the tag away. Without one the enterprise's word counts, and
    is unknown as long as it has ticked none at all and not confirmed so."""

    def at(on):
        if on is None:  # what is asked without a day can't depend on one
            return Value(None, BooleanField(null=True))
        known = Certificate.objects.filter(enterprise=OuterRef("pk"), tag=tag.value, since__lte=on)
        return Case(
            When(Exists(known.filter(Q(until=None) | Q(until__gt=on))), then=True),
            When(Q(tags__contains=[tag.value]) & Exists(known), then=None),
            When(tags__contains=[tag.value], then=True),
            When(confirmed_on=None, then=None),
            default=False,
            output_field=BooleanField(null=True),
        )

    at.__name__ = f"is_{tag.value}"
    enterprise.fact(tag.label, BooleanField(null=True))(at)


for _tag in Enterprise.Tag:
    tag_fact(_tag)


@enterprise.fact(_("摘牌后尚不得再申报"), BooleanField(null=True))
def is_barred(on):
    """Known of everybody: who never lost a plate is not barred."""
    if on is None:
        return Value(None, BooleanField(null=True))
    return Exists(
        StandingCase.objects.filter(station__enterprise=OuterRef("pk"), station__ended_on__lte=on, barred_until__gt=on)
    )


# --- application: what is still open before it may go on -----------------------------------------------------------

application = Vocabulary("application", Application)
application.column("salary_promise", _("承诺年薪"), unit="yuan")
application.column("recruits", _("两年内拟招收人数"), unit=_("人"))
application.column("classified", _("材料涉密"))
application.column("truthful", _("承诺材料真实"))
application.column("route", _("办理方式"), choices=dict(Route.choices))
application.borrow("enterprise", enterprise, _("单位"))


def empty(names, prefix=""):
    """How many of these columns say nothing yet."""
    total = Value(0)
    for name in names:
        nothing = Q(**{f"{prefix}{name}": None})
        field = (Enterprise if prefix else Application)._meta.get_field(name)
        if field.empty_strings_allowed and field.get_internal_type() in ("CharField", "TextField"):
            nothing |= Q(**{f"{prefix}{name}": ""})
        total = total + Case(When(nothing, then=1), default=0)
    return ExpressionWrapper(total, output_field=IntegerField())


@application.fact(_("单位情况未填项"), IntegerField(), unit=_("项"))
def profile_missing(on):
    return empty(Enterprise.NEEDED, "enterprise__")


@application.fact(_("招收计划和项目未填项"), IntegerField(), unit=_("项"))
def plan_missing(on):
    return empty(Application.NEEDED)


@application.fact(_("盖章页已上传"), BooleanField())
def stamped(on):
    return Exists(Evidence.objects.filter(matter=OuterRef("matter"), slot=STAMP, removed_at=None))


application.total(
    "site_visits",
    _("实地考察"),
    unit=_("次"),
    source=SiteVisit,
    key="application_id",
    aggregate=lambda day: Count(Value(1), filter=day),
    when=lambda on: Q(visited_on__lte=on),
)


def answers():
    return Answer.objects.with_missing()


def counter(vocabulary: Vocabulary, source, key: str):
    """`count(name, label, when)` adds a count of such rows; they carry no date, they are what is said now."""

    def count(name, label, when):
        vocabulary.total(
            name,
            label,
            unit=_("项"),
            source=source,
            key=key,
            aggregate=lambda q: Count(Value(1), filter=q),
            when=when,
        )

    return count


answer_total = counter(application, answers, "application_id")
BASIC = Q(condition__group="basic")
RECOMMENDED = Q(condition__group="recommended")
CONCERNED = BASIC | (RECOMMENDED & Q(claimed=True))
answer_total("basic", _("基本条件"), lambda on: BASIC)
answer_total(
    "basic_open",
    _("还没备齐的基本条件"),
    lambda on: BASIC & (Q(claimed=None) | Q(claimed=False) | Q(missing__gt=0)),
)
answer_total("recommended_ready", _("已备齐的推荐条件"), lambda on: RECOMMENDED & Q(claimed=True, missing=0))
answer_total(
    "recommended_open", _("选了但没备齐证明的推荐条件"), lambda on: RECOMMENDED & Q(claimed=True, missing__gt=0)
)


def shortage(q):
    """How many recommended conditions of the type are still wanting."""
    return Greatest(Max("application__type__recommended_needed") - Count(Value(1), filter=q), 0)


def answer_shortage(name, label, when):
    application.total(
        name, label, unit=_("项"), source=answers, key="application_id", aggregate=shortage, when=when, shortfall=True
    )


answer_shortage("recommended_short", _("还差的推荐条件"), lambda on: RECOMMENDED & Q(claimed=True, missing=0))


def judged(level, on, *verdicts):
    """Whether an official of that level has given one of these verdicts on the answer's condition."""
    return Exists(
        Confirmation.objects.filter(
            Q(until=None) | Q(until__gt=on),
            matter=OuterRef("application__matter"),
            topic=OuterRef("condition__code"),
            level=level,
            verdict__in=verdicts,
            since__lte=on,
        )
    )


application.total(
    "returns_unanswered",
    _("退回后还没改的地方"),
    unit=_("处"),
    source=ReturnItem,
    key="event__matter_id",
    subject="matter_id",
    aggregate=lambda q: Count(Value(1), filter=q),
    when=lambda on: Q(event__on__lte=on, answered_at=None, resolved_at=None),
)

for _level, _who in Confirmation.Level.choices:
    answer_total(
        f"{_level}_unjudged",
        format_lazy("{}{}", _who, _("还没有结论的条件")),
        lambda on, level=_level: CONCERNED & ~judged(level, on, True, False),
    )
    answer_total(
        f"{_level}_unmet",
        format_lazy("{}{}", _who, _("认为不符合的基本条件")),
        lambda on, level=_level: BASIC & Q(judged(level, on, False)),
    )
    answer_total(
        f"{_level}_recommended_met",
        format_lazy("{}{}", _who, _("认为符合的推荐条件")),
        lambda on, level=_level: RECOMMENDED & Q(claimed=True) & Q(judged(level, on, True)),
    )
    answer_shortage(
        f"{_level}_recommended_short",
        format_lazy("{}{}", _who, _("还没认可的推荐条件，差")),
        lambda on, level=_level: RECOMMENDED & Q(claimed=True) & Q(judged(level, on, True)),
    )

# --- station: from the paper that approves it to the one that ends it ----------------------------------------------


def describe(row):
    return Entry(str(row), row.get_absolute_url(), str(row.enterprise), row.approval_document, row.end_document)


def in_review():
    return Application.objects.filter(status__in=["district", "bureau", "passed", "sent"])


station = Vocabulary(
    "station",
    Station,
    describe=describe,
    select=("enterprise__organisation", "matter__district"),
    pending=in_review,
)
station.column("kind", _("站点类型"), choices=dict(StationKind.choices))
station.column("level", _("级别"), choices=dict(StationLevel.choices))
station.column("approved_on", _("批准日期"))
station.column("ended_on", _("注销或升格日期"))
station.column("chain", _("重点产业链"))
station.column("enterprise", _("设站单位"))


@station.fact(_("由升格设立"), BooleanField())
def is_upgrade(on):
    return ExpressionWrapper(Q(upgraded_from__isnull=False), BooleanField())
