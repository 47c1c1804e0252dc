"""What standing brings in a pack: clocks with the stations they run for and the steps that follow."""

from django.db.models import DateField

from portal.facts import WrongCriterion
from portal.models import Setting
from portal.packs import Section, section
from stations.models import Clock, ClockCriterion, ClockStep
from stations.register.facts import station
from stations.standing.clocks import RANK, months_of


def clock_of(row) -> Clock:
    return getattr(row, "clock", row)


def check_unused(row):
    """A version that a case rests on is kept as it was."""
    kept = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    fields = [
        c.attname for c in row._meta.concrete_fields if c.attname not in ("order", "until", "loaded", "edited_at")
    ]
    if kept is not None and all(getattr(kept, name) == getattr(row, name) for name in fields):
        return
    clock = clock_of(row)
    if clock.pk and clock.cases.exists():
        yield f"这一版规则（since: {clock.since}）已有办理中的事项依据它，不能改；请写明 until，另立新的一版"


def setting_of(row, code: str):
    return Setting.objects.filter(pack=clock_of(row).pack, code=code).first()


def check_clock(row):
    yield from check_unused(row)
    starts = row.starts if isinstance(row.starts, dict) else {"": row.starts}
    for name in starts.values():
        fact = station.facts.get(name) if isinstance(name, str) else None
        if fact is None:
            known = "、".join(sorted(n for n, f in station.facts.items() if isinstance(f.field, DateField)))
            yield f"starts：没有名为 {name} 的日期事实；可用：{known}"
        elif not isinstance(fact.field, DateField):
            yield f"starts：事实 {name} 不是日期，不能起算"
    if isinstance(row.starts, dict) != bool(row.setting):
        yield "starts 按选项写时要写 setting，只写一个事实时不写"
    elif row.setting:
        found = setting_of(row, row.setting)
        if found is None or found.kind != Setting.Kind.CHOICE:
            yield f"setting：没有名为 {row.setting} 的单选参数"
        elif set(found.options) != set(starts):
            yield f"starts 的选项应与 {row.setting} 的一样：{'、'.join(sorted(found.options))}"


def check_criterion(row):
    yield from check_unused(row)
    try:
        station.criterion(row.fact, row.lookup, row.value, "")
    except WrongCriterion as error:
        yield str(error)


def check_step(row):
    yield from check_unused(row)
    if row.setting:
        found = setting_of(row, row.setting)
        if found is None or found.kind != Setting.Kind.INTEGER or found.value is None:
            yield f"setting：没有名为 {row.setting} 的整数参数"


def check_steps(row):
    """A clock does something, and its steps come one after the other."""
    steps = sorted(row.steps.all(), key=lambda s: RANK[ClockStep.Kind(s.kind)])
    if not row.criteria.exists():
        yield "缺少 criteria：对哪些站起算"
    if not steps:
        yield "缺少 steps：到期做什么"
    settings = Setting.objects.values_of(row.pack)
    months = [months_of(step, settings) for step in steps]
    if months != sorted(months) or (months and months[0] < 0):
        yield "steps 应按提示、整改、摘牌的先后到期，且不早于起算日"


def check_overlap(pack):
    """On no day are two versions of a clock in force."""
    rows = list(Clock.objects.filter(pack=pack).order_by("code", "since"))
    for earlier, later in zip(rows, rows[1:], strict=False):
        if earlier.code == later.code and (earlier.until is None or earlier.until > later.since):
            yield f"{earlier.code}：{earlier.since} 起的一版还没有止于 {later.since}，两版不能同时执行"


CRITERIA = Section(
    "criteria",
    ClockCriterion,
    ("fact", "lookup"),
    ("fact", "lookup", "value"),
    owner="clock",
    ordered=True,
    check=check_criterion,
)
STEPS = Section(
    "steps",
    ClockStep,
    ("kind",),
    ("kind", "months", "setting", "rectify_months"),
    owner="clock",
    ordered=True,
    check=check_step,
)
section(
    Section(
        "standing",
        Clock,
        ("code", "since"),
        (
            *("code", "title", "title_en", "clause", "note", "note_en", "assumed", "starts", "setting"),
            *("remedy", "remedy_en", "ground", "barred_years", "since", "until"),
        ),
        ordered=True,
        check=check_clock,
        whole=check_steps,
        together=check_overlap,
        children=(CRITERIA, STEPS),
    )
)
