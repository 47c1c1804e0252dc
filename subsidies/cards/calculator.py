"""The public calculator: a few answers made into facts that nobody has, judged by the columns that judge people.

Nothing is stored, and nothing is reckoned here: the database makes the facts of the answers as it does of records.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, DateField, Expression, ExpressionWrapper, OuterRef, Value
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.laid_down import laid_down
from portal.models import Pack
from postdocs.stays.facts import whole
from subsidies.schemes import engine
from subsidies.schemes.boundaries import made_up
from subsidies.schemes.engine import Ruling
from subsidies.schemes.explain import Explanation, Part, State, in_force, told
from subsidies.schemes.facts import FRESH, fresh_within, scarce_on
from subsidies.schemes.models import ScarceMajor, SchemeVersion

MOST = 8  # questions, with the first
WHO = (
    ("postdoc", gettext_lazy("博士后，在站或准备进站")),
    ("left", gettext_lazy("博士后，已出站")),
    ("doctor", gettext_lazy("来企业工作的博士，不进站")),
    ("chosen", gettext_lazy("入选人才计划的博士后")),
    ("unit", gettext_lazy("设站单位")),
)
VOCABULARY = {"postdoc": "stay", "left": "stay", "doctor": "doctor", "chosen": "selection", "unit": "station"}
YES, NO = "yes", "no"
PROGRESS = (
    ("none", gettext_lazy("都还没有")),
    ("proposal", gettext_lazy("开题已通过")),
    ("midterm", gettext_lazy("中期考核已合格")),
)
AFTER = (
    ("full", gettext_lazy("留在本市，全职工作或创业")),
    ("part", gettext_lazy("留在本市，不是全职")),
    ("away", gettext_lazy("去了外地")),
)
Facts = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """One question for some readers. `facts` are those it settles; `make` makes them of the answers, the day and what was
    asked before. `kind`: day, yes, or the choices."""

    code: str
    label: Any
    whom: tuple[str, ...]
    facts: tuple[str, ...]
    make: Callable[[Mapping[str, Any], date], Facts]
    kind: str = "day"
    choices: tuple = ()


def day(value: date | None) -> Value:
    return Value(value, DateField(null=True))


def yes(value: bool) -> Value:
    return Value(value, BooleanField(null=True))


def months(since: date, until: date) -> Expression:
    return whole("months", day(since), day(until))


def entered(a: Mapping, on: date) -> Facts:
    until = min(a.get("exited") or on, on)
    return {"entered_on": day(a["entered"]), "months_in": months(a["entered"], until)}


def began(a: Mapping, on: date) -> Facts:
    return {"since": day(a["since"]), "months_here": months(a["since"], on)}


def progress(a: Mapping, on: date) -> Facts:
    """What was passed was passed by today; what was not has no date."""
    reached = [name for name, _label in PROGRESS].index(a["progress"])
    return {
        "proposal_on": day(on if reached > 0 else None),
        "midterm_on": day(on if reached > 1 else None),
    }


def after(a: Mapping, on: date) -> Facts:
    return {"stayed_at_exit": yes(a["after"] != "away"), "works_full_time": yes(a["after"] == "full")}


def fresh(a: Mapping, on: date) -> Facts:
    """Of the certificate and the contract; a doctor's contract is the day they began."""
    contract = a.get("signed") or a.get("since")
    return {"fresh": fresh_within(day(a["degree"]), day(contract), laid_down(FRESH, OuterRef("root")))}


def scarce(a: Mapping, on: date) -> Facts:
    began_on = a.get("entered") or a.get("since")
    lists = ScarceMajor.objects.filter(pack__root__down__node=OuterRef("root"), year=ExtractYear(day(began_on)))
    return {"scarce_major": scarce_on(lists, Value(a["discipline"]))}


STAYS = ("postdoc", "left")
WORKING = (*STAYS, "doctor")
QUESTIONS = (
    Question("entered", gettext_lazy("哪天进站（备案日期，没进站就填打算的日期）"), STAYS, ("entered_on", "months_in"), entered),
    Question("since", gettext_lazy("哪天到岗"), ("doctor",), ("since", "months_here"), began),
    Question(
        "exited", gettext_lazy("哪天出站"), ("left",), ("exited_on",), lambda a, on: {"exited_on": day(a["exited"])}
    ),
    Question(
        "after", gettext_lazy("出站以后"), ("left",), ("stayed_at_exit", "works_full_time"), after, "choice", AFTER
    ),
    Question(
        "mode", gettext_lazy("进站时是否在职（保留原单位的工作）"), STAYS, ("in_service",),
        lambda a, on: {"in_service": yes(a["mode"] == YES)}, "yes",
    ),
    Question(
        "progress", gettext_lazy("开题和中期考核"), ("postdoc",), ("proposal_on", "midterm_on"), progress, "choice",
        PROGRESS,
    ),
    Question(
        "full", gettext_lazy("是否全职在岗"), ("doctor",), ("full_time",),
        lambda a, on: {"full_time": yes(a["full"] == YES)}, "yes",
    ),
    Question("degree", gettext_lazy("博士学位证书哪天签发"), WORKING, ("fresh",), fresh),
    Question("signed", gettext_lazy("哪天签的合同"), STAYS, ("fresh",), lambda a, on: {}),
    Question("discipline", gettext_lazy("博士一级学科"), WORKING, ("scarce_major",), scarce, "discipline"),
    Question(
        "before", gettext_lazy("进站或到岗前 12 个月在本市参保过吗"), WORKING, ("newly",),
        lambda a, on: {"newly": yes(a["before"] == NO)}, "yes",
    ),
    Question(
        "insured", gettext_lazy("在同一单位连续参保满 12 个月了吗"), WORKING, ("insured_12",),
        lambda a, on: {"insured_12": yes(a["insured"] == YES)}, "yes",
    ),
    Question(
        "programme", gettext_lazy("入选了哪个计划"), ("chosen",), ("programme",),
        lambda a, on: {"programme": Value(a["programme"]), "confirmed": yes(True), "revoked": yes(False)}, "programme",
    ),
    Question(
        "listed", gettext_lazy("名单哪天公布"), ("chosen",), ("listed_on",), lambda a, on: {"listed_on": day(a["listed"])}
    ),
    Question(
        "station", gettext_lazy("获批的是"), ("unit",), ("kind",), lambda a, on: {"kind": Value(a["station"])}, "station"
    ),
    Question(
        "approved", gettext_lazy("哪天批准"), ("unit",), ("approved_on",), lambda a, on: {"approved_on": day(a["approved"])}
    ),
    Question(
        "upgrade", gettext_lazy("是否由基地升格"), ("unit",), ("is_upgrade",),
        lambda a, on: {"is_upgrade": yes(a["upgrade"] == YES)}, "yes",
    ),
    Question(
        "first", gettext_lazy("首名博士后哪天开题（还没有就不填）"), ("unit",), ("first_proposal_on",),
        lambda a, on: {"first_proposal_on": day(a["first"])},
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What one scheme says to the answers."""

    e: Explanation

    @property
    def shape(self) -> str:
        return {State.MET: "met", State.UNMET: "unmet"}.get(self.e.state, "unknown")

    @property
    def word(self) -> str:
        return {State.MET: _("符合"), State.UNMET: _("不符合")}.get(self.e.state, _("看情况"))

    @property
    def because(self) -> list[str]:
        """Why not, or what it depends on."""
        wanted = (State.UNMET,) if self.e.state == State.UNMET else (State.UNKNOWN, State.OFFICER)
        needs = [str(r.condition) for r in self.e.reasons if r.purpose == "need" and r.state in wanted]
        stops = [str(r.condition) for r in self.e.reasons if r.purpose == "stop" and r.state == State.MET]
        return needs + (stops if self.e.state == State.UNMET else [])

    @property
    def parts(self) -> list[tuple[Part, str]]:
        """The instalments, with when each can be claimed."""
        return [(part, self.when(part)) for part in self.e.parts] if self.e.state != State.UNMET else []

    def when(self, part: Part) -> str:
        if part.state == State.LAPSED:
            return str(part.state.label)
        if part.opens_on is not None and part.state != State.LATER:
            return _("现在就可以")
        if part.opens_on is not None:
            return _("%(day)s 起") % {"day": f"{part.opens_on:%Y-%m-%d}"}
        label = engine.vocabulary_of(self.e.version.scheme).facts[part.instalment.opens].label
        return _("%(what)s以后") % {"what": label}


def rulings_for(pack: Pack | None, who: str) -> list[Ruling]:
    versions = SchemeVersion.objects.published().filter(pack=pack, scheme__vocabulary=VOCABULARY[who])
    return engine.rulings(versions.for_engine().order_by("scheme__order", "scheme__pk", "since"))


def answers(asked: list[Ruling], pack: Pack, who: str, given: Mapping[str, Any], on: date) -> list[Answer]:
    """What each scheme says to what was answered so far."""
    if not asked:
        return []
    facts: Facts = {"withdrawn": yes(False)}
    for question in QUESTIONS:
        if who in question.whom and given.get(question.code) not in (None, ""):
            facts |= question.make(given, on)
    facts = {name: ExpressionWrapper(value, output_field=value.output_field) for name, value in facts.items()}
    row = made_up(asked, facts, pack.pk)
    return [Answer(told(r, row, lambda version, number: "", on, {})) for r in in_force(asked, row, on)]


def questions_for(who: str, found: Collection[Answer], given: Mapping[str, Any]) -> list[Question]:
    """What is asked: only what a scheme that isn't refused yet reads, and what was answered already."""
    read = {name for a in found if a.e.state != State.UNMET for name in a.e.facts}
    mine = [q for q in QUESTIONS if who in q.whom]
    asked = [q for q in mine if read & set(q.facts) or given.get(q.code) not in (None, "")]
    return asked[: MOST - 1]
