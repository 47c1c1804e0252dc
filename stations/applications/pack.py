"""What may be applied for under which conditions, and the phrases of opinions."""

from portal.facts import WrongCriterion
from portal.models import Guard
from portal.packs import Section, section
from stations.enterprises.facts import enterprise
from stations.models import ApplicationType, Condition, ConditionCriterion, Phrase, Slot


def check_type(row):
    """The upper levels are names; their English, where given, matches them one by one."""
    if not all(isinstance(level, str) for level in row.levels):
        yield "levels 应为单位名称的列表"
    if row.levels_en and len(row.levels_en) != len(row.levels):
        yield "levels_en 的个数应与 levels 相同"
    if row.minutes < 1:
        yield "minutes 应为正整数"


def check_conditions(row):
    basic, recommended = (row.conditions.filter(group=group).count() for group in ("basic", "recommended"))
    if not basic:
        yield "至少要有一项基本条件"
    if row.recommended_needed > recommended:
        yield f"recommended_needed 为 {row.recommended_needed}，推荐条件只有 {recommended} 项"


def check_guards(pack):
    """A city where one may apply says what must be ready: no rules at all is never meant."""
    if not ApplicationType.objects.filter(pack=pack).exists():
        return
    guarded = set(Guard.objects.filter(pack=pack, lifecycle="application").values_list("action", flat=True))
    for action in ("to_certify", "submit", "recommend"):
        if action not in guarded:
            yield f"guards.yaml 里没有 application 的 {action} 的办理条件"


def check_criterion(row):
    try:
        enterprise.criterion(row.fact, row.lookup, row.value, "")
    except WrongCriterion as error:
        yield str(error)


SLOTS = Section(
    "slots",
    Slot,
    ("code",),
    ("code", "title", "title_en", "hint", "hint_en", "required"),
    owner="condition",
    ordered=True,
)
CRITERIA = Section(
    "criteria",
    ConditionCriterion,
    ("fact", "lookup"),
    ("fact", "lookup", "value"),
    owner="condition",
    ordered=True,
    check=check_criterion,
)
CONDITIONS = Section(
    "conditions",
    Condition,
    ("code",),
    ("code", "group", "title", "title_en", "summary", "summary_en", "clause", "assumed"),
    owner="type",
    ordered=True,
    children=(SLOTS, CRITERIA),
)
section(
    Section(
        "applications",
        ApplicationType,
        ("code",),
        (
            *("code", "title", "title_en", "kind", "route", "levels", "levels_en", "clause", "recommended_needed"),
            *("note", "note_en", "minutes", "since", "until"),
        ),
        ordered=True,
        check=check_type,
        whole=check_conditions,
        together=check_guards,
        children=(CONDITIONS,),
    )
)
section(Section("phrases", Phrase, ("code",), ("code", "verdict", "text", "text_en"), ordered=True))
