"""What portal itself brings in a pack: organisations, documents with what they say of each other, settings and guards."""

from portal.facts import WrongCriterion
from portal.lifecycle import LIFECYCLES
from portal.models import Clause, Document, Guard, Organisation, Relation, Setting
from portal.packs import Section, section
from portal.site import places


def check_bureau(pack):
    """Cases are recognised, and enterprises helped, by somebody: there is one bureau."""
    if Organisation.objects.filter(pack=pack, kind=Organisation.Kind.BUREAU).count() != 1:
        yield "应恰好有一个 kind: bureau 的主管部门"
    for row in Organisation.objects.filter(pack=pack, kind=Organisation.Kind.ENTERPRISE):
        yield f"{row.code}：企业自己注册，不写在规则包里"


def check_days(pack):
    """Every promise that a lifecycle speaks of must have its number of days."""
    values = Setting.objects.values_of(pack)
    for lifecycle in LIFECYCLES.values():
        for stage in lifecycle.stages.values():
            if stage.days and stage.days not in values:
                yield f"缺少承诺时限 {stage.days}（{stage.label}）"


def check_clause(clause):
    """The pages of a clause must be places of the navigation."""
    known = places()
    for name in clause.pages:
        if name not in known:
            yield f"没有名为 {name} 的页面；可用：{'、'.join(sorted(known))}"


def check_guard(guard):
    """A guard must name a lifecycle, one of its actions, and a fact of its vocabulary that can be so compared."""
    lifecycle = LIFECYCLES.get(guard.lifecycle)
    if lifecycle is None:
        yield f"没有名为 {guard.lifecycle} 的流程；可用：{'、'.join(sorted(LIFECYCLES))}"
        return
    if guard.action not in lifecycle.actions:
        yield f"流程 {guard.lifecycle} 没有动作 {guard.action}；可用：{'、'.join(sorted(lifecycle.actions))}"
    try:
        lifecycle.vocabulary.criterion(guard.fact, guard.lookup, guard.value, "")
    except WrongCriterion as error:
        yield str(error)


section(
    Section(
        "organisations",
        Organisation,
        ("code",),
        ("code", "name", "name_en", "kind", "district", "phone"),
        together=check_bureau,
    )
)
section(
    Section(
        "documents",
        Document,
        ("code",),
        ("code", "title", "title_en", "number", "issuer", "issuer_en", "issued_on", "since", "until"),
        children=(
            Section(
                "clauses",
                Clause,
                ("number",),
                ("number", "summary", "summary_en", "rules", "described", "pages"),
                owner="document",
                ordered=True,
                check=check_clause,
            ),
        ),
    )
)
section(
    Section(
        "relations",
        Relation,
        ("document", "kind", "other", "other_clause"),
        ("document", "kind", "other", "other_clause", "clause", "since"),
        ordered=True,
    )
)
section(
    Section(
        "settings",
        Setting,
        ("code",),
        (
            *("code", "title", "title_en", "kind", "value", "unit", "unit_en", "options", "options_en"),
            *("why", "why_en", "ask", "clause"),
        ),
        ordered=True,
        together=check_days,
    )
)
section(
    Section(
        "guards",
        Guard,
        ("lifecycle", "action", "fact", "lookup", "since"),
        ("lifecycle", "action", "fact", "lookup", "value", "justifiable", "clause", "since", "until"),
        ordered=True,
        check=check_guard,
    )
)
