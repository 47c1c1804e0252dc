"""The life of a return: filled in by the district, checked by the bureau, frozen."""

from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.facts import Criterion, Lookup
from portal.lifecycle import Lifecycle, Refused, Stage, Transition
from portal.models import Evidence, Role, Setting
from stations.roles import ALL_ANSWERED, DISTRICT, MAKERS
from targets.models import Frozen, QuarterlyReturn, ReturnStatus
from targets.returns import facts
from targets.returns.entries import definition_of, measured, said, sealed, taken

S = ReturnStatus


def snapshot(subject: QuarterlyReturn) -> dict:
    """All that is handed in: each figure with what the district says to it, its definition and its entries.

    Raises Refused where a figure has moved since the lines took it: then nothing is handed in that nobody saw.
    """
    quarter = subject.quarter
    plan, district = quarter.plan, subject.district
    values = Setting.objects.values_of(plan.pack)
    lines = subject.lines.select_related("indicator__clause__document").order_by("indicator__order", "indicator__pk")
    figures = []
    for line in lines:
        definition = definition_of(line.indicator, values)
        parts = taken(definition, district, quarter.until)
        if measured(definition, parts) != line.system:
            raise Refused(_("“%(name)s”的记录刚刚有变化，请看一下新的系统值再提交。") % {"name": line.indicator.name})
        figures.append(figure_of(line, definition, parts, values))
    cited = Evidence.objects.filter(matter=subject.matter_id, removed_at=None).select_related("file").order_by("pk")
    return {
        "plan": {"code": plan.code, "name": plan.name},
        "district": {"code": district.code, "name": district.name},
        "as_at": quarter.until.isoformat(),
        "figures": figures,
        "files": [{"name": e.file.name, "sha256": e.file.sha256} for e in cited],
    }


def figure_of(line, definition, parts, values) -> dict:
    indicator = line.indicator
    used = {*indicator.settings, indicator.baseline, indicator.opening} - {""}
    told = {n: said(getattr(line, n)) for n in ("system", "stated", "target", "pace", "state")}
    words = {n: getattr(line, n) for n in ("comment", "why", "measures")}
    return {
        "code": indicator.code,
        "name": indicator.name,
        "unit": indicator.unit,
        "clause": str(indicator.clause),
        "decimals": indicator.decimals,
        **told,
        **words,
        "definition": definition,
        "settings": {code: values.get(code) for code in sorted(used)},
        "parts": parts,
    }


def freeze(subject: QuarterlyReturn, *, by, on, details) -> None:
    """Seal what was handed in last, as the next version."""
    revision = subject.matter.revisions.select_related("event__by").latest("pk")
    version = (subject.versions.aggregate(last=Max("version"))["last"] or 0) + 1
    data = {
        "number": subject.matter.number,
        "version": version,
        "known_on": revision.event.on.isoformat(),
        "handed_in_by": str(revision.event.by),
        "confirmed_on": on.isoformat(),
        "confirmed_by": str(by),
        **revision.data,
    }
    text, digest = sealed(data)
    Frozen.objects.create(
        quarterly=subject, version=version, text=text, digest=digest, known_on=revision.event.on, on=on, by=by
    )
    details |= {"version": version, "digest": digest}


EXPLAINED = Criterion("unexplained", Lookup.AT_MOST, 0, _("与系统值不一致的要写差异说明"))
REASONED = Criterion("behind_unsaid", Lookup.AT_MOST, 0, _("滞后序时的要写原因和措施"))

quarterly = Lifecycle(
    "quarterly",
    _("季报"),
    url="targets:return",
    vocabulary=facts.quarterly,
    snapshot=snapshot,
    stages={
        S.FILLING: Stage(_("待填报"), Role.DISTRICT),
        S.CHECKING: Stage(_("待市级核对"), Role.BUREAU_HANDLER, days="days.bureau"),
        S.RETURNED: Stage(pgettext_lazy("状态", "退回补正"), Role.DISTRICT, days="days.correction"),
        S.CONFIRMED: Stage(_("已确认")),
    },
    transitions=[
        Transition("submit", S.FILLING, S.CHECKING, DISTRICT, _("提交季报"), (EXPLAINED, REASONED), files=True),
        Transition(
            "submit",
            S.RETURNED,
            S.CHECKING,
            DISTRICT,
            _("提交季报"),
            (ALL_ANSWERED, EXPLAINED, REASONED),
            files=True,
        ),
        Transition("return", S.CHECKING, S.RETURNED, MAKERS, _("退回补正"), returns=True),
        Transition("confirm", S.CHECKING, S.CONFIRMED, MAKERS, _("确认并定稿"), effect=freeze),
        Transition("correct", S.CONFIRMED, S.FILLING, MAKERS, _("重新填报"), note_needed=True),
    ],
)
