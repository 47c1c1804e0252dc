"""A look before the form: which conditions hold, which don't, which can't be told yet, and what to bring for each.

What a person ticks here is kept nowhere but in the address of the page: it can be sent to a colleague or printed. The
enterprise's own figures only fill in what they know; the officials judge later, by papers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.facts import Finding
from portal.words import localised
from stations.applications.cases import hints_of
from stations.models import ApplicationType, Condition, Enterprise, Slot

ANSWERS = {"yes": True, "no": False, "unknown": None}
NOT_CLASSIFIED = "not-classified"  # the one question that no pack has to ask


class CheckForm(forms.Form):
    """One question per condition; nothing ticked means that nobody can tell yet."""

    def __init__(self, *args, titles: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        for name, title in titles.items():
            self.fields[name] = forms.ChoiceField(
                label=title,
                required=False,
                choices=[
                    ("yes", gettext_lazy("符合")),
                    ("no", gettext_lazy("不符合")),
                    ("unknown", gettext_lazy("还说不准")),
                ],
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": gettext_lazy("请选“符合”“不符合”或“还说不准”。")},
            )


@dataclass
class Question:
    """One condition as it is asked: `met` is True, False or None (can't tell yet)."""

    code: str
    title: str
    summary: str
    basic: bool
    condition: Condition | None = None
    slots: Sequence[Slot] = ()
    hints: list[Finding] = field(default_factory=list)
    met: bool | None = None
    asked: forms.BoundField | None = None

    @property
    def known(self) -> bool | None:
        """What the enterprise's figures say by themselves: one that doesn't fit decides, one that is missing leaves
        it open."""
        found = [hint.met for hint in self.hints]
        return False if False in found else True if found and None not in found else None

    @property
    def doubtful(self) -> bool:
        """The answer says yes where the figures say no, or the other way round."""
        return self.met is not None and self.known is not None and self.met != self.known


@dataclass
class Outcome:
    """What the answers come to. `met` is None as long as an open question could still decide it."""

    met: bool | None
    said: str
    lacking: list[Question]
    open: list[Question]
    bring: list[tuple[Question, list[Slot]]]
    short: int  # recommended conditions still wanting


def questions_of(kind: ApplicationType, enterprise: Enterprise | None, *, on: date) -> list[Question]:
    """What is asked before an application of this kind, with what the enterprise's own figures say."""
    rows = list(kind.conditions.select_related("clause__document").prefetch_related("slots").order_by("order", "pk"))
    told = hints_of(enterprise, [row.pk for row in rows], on=on) if enterprise else {}
    first = Question(
        NOT_CLASSIFIED, _("材料不涉密"), _("涉密材料不得在网上填报和上传，请与区镇主管部门联系，走线下办理。"), True
    )
    return [first] + [
        Question(
            row.code,
            localised(row, "title"),
            localised(row, "summary"),
            row.group == Condition.Group.BASIC,
            row,
            sorted(row.slots.all(), key=lambda slot: (slot.order, slot.pk)),
            told.get(row.pk, []),
        )
        for row in rows
    ]


def answered(questions: Sequence[Question], form: CheckForm) -> None:
    """Put the answers of a valid form to their questions."""
    for question in questions:
        question.met = ANSWERS.get(form.cleaned_data.get(question.code, ""))


def initial(questions: Sequence[Question]) -> dict[str, str]:
    """What the enterprise's figures answer by themselves."""
    words = {met: name for name, met in ANSWERS.items()}
    return {q.code: words[q.known] for q in questions if q.known is not None}


def outcome_of(questions: Sequence[Question], needed: int) -> Outcome:
    """Every basic condition, and `needed` of the recommended ones; three-valued like the rules themselves."""
    basic = [q for q in questions if q.basic]
    some = [q for q in questions if not q.basic]
    have, could = sum(q.met is True for q in some), sum(q.met is not False for q in some)
    enough = True if have >= needed else None if could >= needed else False
    parts = [q.met for q in basic] + [enough]
    met = False if False in parts else None if None in parts else True
    lacking = [q for q in basic if q.met is False] + ([q for q in some if not q.met] if enough is False else [])
    opened = [q for q in basic if q.met is None] + ([q for q in some if q.met is None] if enough is None else [])
    bring = [(q, list(q.slots)) for q in questions if q.slots and (q.met is True or (q.basic and q.met is None))]
    said = {
        True: _("照这些回答，可以申报"),
        False: _("照这些回答，还不能申报"),
        None: _("还说不准：有几项要先弄清"),
    }[met]
    return Outcome(met, said, lacking, opened, bring, max(needed - have, 0))


def grouped(questions: Sequence[Question], form: CheckForm, needed: int) -> list[tuple[str, list[Question]]]:
    """The questions under their rules, each with the field that asks it."""
    for question in questions:
        question.asked = form[question.code]
    basic, some = [q for q in questions if q.basic], [q for q in questions if not q.basic]
    all_of = ngettext("%(n)s 项，都要符合", "%(n)s 项，都要符合", len(basic)) % {"n": len(basic)}
    some_of = ngettext("至少符合 %(n)s 项", "至少符合 %(n)s 项", needed) % {"n": needed}
    groups = [(_("基本条件：%(rule)s") % {"rule": all_of}, basic), (_("推荐条件：%(rule)s") % {"rule": some_of}, some)]
    return [(rule, rows) for rule, rows in groups if rows]
