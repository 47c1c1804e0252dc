"""Why, and how much: what the versions in force say of one subject, in words and numbers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Model, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.facts import Criterion, yuan
from portal.models import Pack
from portal.words import localised
from subsidies.schemes import engine
from subsidies.schemes.compiled import statement
from subsidies.schemes.engine import Asked, Ruling
from subsidies.schemes.models import Condition, Instalment, SchemeVersion, Shape
from subsidies.subjects import district_of, person_of

P = Condition.Purpose


class State(TextChoices):
    """How a condition, or an instalment, stands."""

    MET = "met", gettext_lazy("符合")
    UNMET = "unmet", gettext_lazy("不符合")
    UNKNOWN = "unknown", gettext_lazy("待补数据")
    OFFICER = "officer", gettext_lazy("待经办认定")
    LATER = "later", gettext_lazy("未到时间")
    LAPSED = "lapsed", gettext_lazy("已过申领期")


@dataclass(frozen=True)
class Reason:
    """One condition, or a group of them, with its answer. `text` is for a clerk; `next` says what to do about it."""

    asked: Asked
    state: State
    text: str
    next: str = ""

    @property
    def condition(self) -> Condition:
        return self.asked.conditions[0]

    @property
    def purpose(self) -> str:
        return self.asked.purpose


@dataclass(frozen=True)
class Part:
    """One instalment: when it opens and lapses, how much, and how it stands on the day."""

    instalment: Instalment
    state: State
    opens_on: date | None
    lapses_on: date | None
    amount: Decimal | None
    right: str


@dataclass(frozen=True)
class Explanation:
    """What one version says of one subject on a day. `state` is that of the conditions alone; `lines` the arithmetic.
    `event_on` None: what would create the right has not happened; then the version of the day is shown."""

    version: SchemeVersion
    on: date
    event_on: date | None
    state: State
    reasons: list[Reason]
    parts: list[Part]
    units: int
    whole: Decimal | None
    lines: list[str]
    facts: dict[str, Any] = field(repr=False)

    @property
    def missing(self) -> list[Reason]:
        return [r for r in self.reasons if r.state == State.UNKNOWN]

    @property
    def total(self) -> Decimal | None:
        known = [p.amount for p in self.parts if p.amount is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.parts) else None


def explain(
    subject: Model, *, on: date, scheme: str = "", verdicts: Mapping[str, bool | None] | None = None
) -> list[Explanation]:
    """What every scheme of the subject's vocabulary (or one, by its code) says of it on a day.

    `verdicts` are what officers found of conditions, by code: they settle what is judged or borrowed.
    """
    schemes = frozenset([scheme] if scheme else [])
    return explain_all([subject], on=on, schemes=schemes, verdicts=verdicts)[subject]


def explain_all(
    subjects: Iterable[Model],
    *,
    on: date,
    schemes: frozenset[str] = frozenset(),
    verdicts: Mapping[str, bool | None] | None = None,
) -> dict[Model, list[Explanation]]:
    """The same of several, with one statement for each vocabulary and city. Raises Pack.DoesNotExist."""
    found: dict[Model, list[Explanation]] = {subject: [] for subject in subjects}
    packs = packs_of(found)
    groups: dict[tuple[str, Pack], dict[int, Model]] = {}
    for subject in found:
        key = vocabulary_name(subject), packs[district_of(subject).pk]
        groups.setdefault(key, {})[subject.pk] = subject
    for (name, pack), members in groups.items():
        asked = statement(pack, name, on, schemes)
        for row in asked.rows(members) if asked else ():
            subject = members[row["pk"]]
            right = right_for(subject)
            found[subject] = [told(r, row, right, on, verdicts or {}) for r in in_force(asked.rulings, row, on)]
    return found


def packs_of(subjects: Iterable[Model]) -> dict[int, Pack]:
    """Whose rules each subject follows, by its district."""
    districts = {district_of(subject).pk for subject in subjects}
    rows = Pack.objects.filter(root__down__node__in=districts).select_related("root").order_by("root__depth")
    found = {district: pack for pack, district in with_districts(rows)}
    if missing := districts - set(found):
        raise Pack.DoesNotExist(f"no pack covers {sorted(missing)}")
    return found


def with_districts(rows):
    return [(pack, pack.district) for pack in rows.annotate(district=F("root__down__node"))]


def right_for(subject: Model) -> Callable[[SchemeVersion, int], str]:
    """Names what can be had but once by this subject, of a version and the number of an instalment."""
    person = person_of(subject)
    return lambda version, number: engine.right_of(version.scheme, number, subject.pk, person and person.pk)


def vocabulary_name(subject: Model) -> str:
    return subject._meta.model_name or ""


def in_force(asked: Iterable[Ruling], row: Mapping, on: date) -> list[Ruling]:
    """Of each scheme the version of the day of its event; where nothing has happened yet, that of the day itself."""
    chosen = []
    for ruling in asked:
        day = row[f"fact_{ruling.version.scheme.event}"] or on
        if ruling.version.since <= day and (ruling.version.until is None or day < ruling.version.until):
            chosen.append(ruling)
    return chosen


def told(
    ruling: Ruling,
    row: Mapping,
    right: Callable[[SchemeVersion, int], str],
    on: date,
    verdicts: Mapping[str, bool | None],
) -> Explanation:
    """One version's words to a row with its columns."""
    version, event = ruling.version, row[f"fact_{ruling.version.scheme.event}"]
    reasons = [reason(ruling, a, row, verdicts) for a in ruling.asked]
    state = whole_state(reasons) if verdicts else plain_state(row[ruling.name("met")], reasons)
    parts = [part(ruling, i, row, state, event, on, right(version, i.number)) for i in version.instalments.all()]
    facts = {name: row[f"fact_{name}"] for name in sorted(ruling.facts())}
    units, whole = row[ruling.name("units")], row[ruling.name("whole")]
    return Explanation(
        version, on, event, state, reasons, parts, units, whole, arithmetic(ruling, row, whole, parts), facts
    )


def plain_state(met: bool | None, reasons: list[Reason]) -> State:
    """The database's verdict; where it leaves it open, whether data are missing or an officer has to decide."""
    if met is not None:
        return State.MET if met else State.UNMET
    return State.UNKNOWN if any(r.state == State.UNKNOWN for r in reasons) else State.OFFICER


def whole_state(reasons: list[Reason]) -> State:
    """The same with what officers found."""
    needs = [r.state for r in reasons if r.purpose == P.NEED]
    if State.UNMET in needs or any(r.state == State.MET for r in reasons if r.purpose == P.STOP):
        return State.UNMET
    return next((s for s in (State.UNKNOWN, State.OFFICER) if s in needs), State.MET)


def sentence(ruling: Ruling, asked: Asked, row: Mapping) -> str:
    """What a person reads. Of what stops the money or asks it back nothing is wanted: it says what follows if it comes."""
    question = asked.question
    if asked.purpose == P.NEED or not isinstance(question, Criterion):
        return ruling.vocabulary.sentence(question, row)
    fact, value = ruling.vocabulary.facts[question.fact], row[f"fact_{question.fact}"]
    return _("%(fact)s：%(found)s，发生即%(follows)s（%(clause)s）") % {
        "fact": fact.label, "found": _("尚不知道") if value is None else ruling.vocabulary.words(fact, value),
        "follows": P(asked.purpose).label, "clause": question.clause,
    }  # fmt: skip


def reason(ruling: Ruling, asked: Asked, row: Mapping, verdicts: Mapping[str, bool | None]) -> Reason:
    first = asked.conditions[0]
    if asked.question is None:
        text, met = localised(first, "title"), None
    else:
        text, met = sentence(ruling, asked, row), row[asked.key]
    judged = next((verdicts[c.code] for c in asked.conditions if c.code in verdicts), None)
    if judged is not None and asked.soft:
        return Reason(asked, State.MET if judged else State.UNMET, text)
    if met:
        return Reason(asked, State.MET, text)
    if asked.soft:
        return Reason(asked, State.OFFICER, text, localised(first, "missing") or _("由经办人员认定"))
    if met is None:
        whom = first.get_ask_display()
        missing = localised(first, "missing") or _("请补充这项数据")
        return Reason(asked, State.UNKNOWN, text, _("向%(whom)s：%(missing)s") % {"whom": whom, "missing": missing})
    return Reason(asked, State.UNMET, text)


def part(ruling: Ruling, instalment, row: Mapping, state: State, event, on: date, right: str) -> Part:
    opens, lapses = row[f"i{instalment.pk}_opens"], row[f"i{instalment.pk}_lapses"]
    if state in (State.MET, State.UNKNOWN, State.OFFICER) and (event is None or opens is None or opens > on):
        state = State.LATER
    elif state != State.UNMET and lapses is not None and lapses <= on:
        state = State.LAPSED
    return Part(instalment, state, opens, lapses, row[f"i{instalment.pk}_amount"], right)


def arithmetic(ruling: Ruling, row: Mapping, whole: Decimal | None, parts: list[Part]) -> list[str]:
    """How the amount comes about, line by line."""
    version, lines = ruling.version, []
    if version.shape == Shape.FIXED:
        lines.append(_("定额 %(amount)s") % {"amount": yuan(version.amount)})
    elif version.shape == Shape.STEPS:
        lines += steps_said(ruling, row)
    elif version.shape == Shape.PER:
        unit, n = localised(version, "quantity_unit"), row[ruling.name("units")]
        words = _("%(rate)s × %(n)s %(unit)s") if n else _("每%(unit)s %(rate)s")
        lines.append(words % {"rate": yuan(version.amount), "n": n, "unit": unit})
        if version.limit is not None:
            lines.append(_("最多 %(limit)s %(unit)s") % {"limit": version.limit, "unit": unit})
    elif version.shape == Shape.MATCHING:
        base = row[f"fact_{version.quantity}"]
        said = yuan(base) if base is not None else _("上级金额尚不知道")
        lines.append(_("%(base)s × %(share)s%%") % {"base": said, "share": f"{version.amount.normalize():f}"})
    else:
        lines.append(_("文件没有写金额，由市局另定"))
    if version.ceiling is not None:
        lines.append(_("最高 %(ceiling)s") % {"ceiling": yuan(version.ceiling)})
    lines += upper_said(ruling, row)
    if len(parts) > 1:
        shares = _(" + ").join(yuan(p.amount) if p.amount is not None else "?" for p in parts)
        lines.append(_("分 %(n)s 期：%(shares)s") % {"n": len(parts), "shares": shares})
    if whole:
        lines.append(_("合计 %(whole)s") % {"whole": yuan(whole)})
    return lines


def steps_said(ruling: Ruling, row: Mapping) -> list[str]:
    """The step that fits, or that none does."""
    for step in ruling.version.steps.all():
        if row[ruling.name("whole")] is not None and holds(ruling, step, row):
            return [_("分档：%(step)s %(amount)s") % {"step": step, "amount": yuan(step.amount)}]
    return [_("没有对应的档次，金额由经办核定")]


def holds(ruling: Ruling, step, row: Mapping) -> bool:
    """Whether a step fits a value that is known: what the CASE of the statement did, said once more for the reader."""
    value = row[f"fact_{step.fact}"]
    criterion = ruling.vocabulary.criterion(step.fact, step.lookup, step.value, "")
    if value is None:
        return False
    compare = {
        "exact": lambda a, b: a == b, "in": lambda a, b: a in b, "lt": lambda a, b: a < b, "lte": lambda a, b: a <= b,
        "gt": lambda a, b: a > b, "gte": lambda a, b: a >= b,
    }  # fmt: skip
    return compare[step.lookup](value, criterion.value)


def upper_said(ruling: Ruling, row: Mapping) -> list[str]:
    """What upper levels give, and both results as long as nobody decided whether the ceiling includes it (A16)."""
    version = ruling.version
    if not version.upper:
        return []
    given = row[f"fact_{version.upper}"]
    if given is None:
        return [_("上级资金：尚不知道")]
    lines = [_("上级资金 %(given)s") % {"given": yuan(given)}]
    most = version.ceiling or version.amount
    if ruling.includes_upper is None and most is not None:
        left = max(most - given, Decimal(0))
        lines.append(
            _("“最高”是否含上级资金待市局明确：不含则本级最高 %(most)s，含则 %(left)s")
            % {"most": yuan(most), "left": yuan(left)}
        )
    return lines
