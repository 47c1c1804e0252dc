"""What can be said of an application on a given day: what is still open before it may go on."""

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
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

from portal.facts import Vocabulary
from portal.models import Confirmation, Evidence
from stations.applications.models import STAMP
from stations.enterprises.facts import enterprise
from stations.models import Answer, Application, Enterprise, Route, SiteVisit
from stations.roles import count_unanswered

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


count_unanswered(application)

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
