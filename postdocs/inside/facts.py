"""What can be said of an extension and a change that were asked for; and of a stay, its time abroad and its funds."""

from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.facts import Vocabulary
from portal.models import Evidence
from postdocs.inside.models import FOUNDATION, Abroad, Change, ChangeKind, Extension, Grant
from postdocs.stays.facts import days_between, reckoned, stay, whole
from postdocs.stays.models import RecruitType, Stay

CONSENT = "consent"  # the slot of the paper on which everybody agreed

extension = Vocabulary("extension", Extension)
change = Vocabulary("change", Change)
change.column("kind", _("变更什么"), choices=dict(ChangeKind.choices))


def unless(*missing: Q):
    """How many of these are missing."""
    total: Any = Value(0)
    for q in missing:
        total = total + Case(When(q, then=1), default=0)
    return ExpressionWrapper(total, IntegerField())


def no_paper() -> Q:
    return ~Q(Exists(Evidence.objects.filter(matter=OuterRef("matter"), slot=CONSENT, removed_at=None)))


@extension.fact(_("还缺的同意意见和材料"), IntegerField(), unit=_("项"))
def consents_missing(on):
    """The supervisor's and the unit's, the flow station's where it recruits jointly; and the paper that shows them."""
    joint = Q(stay__recruit_type=RecruitType.JOINT, flow_agreed_on=None)
    return unless(Q(supervisor_agreed_on=None), Q(unit_agreed_on=None), joint, no_paper())


@extension.fact(_("离约定出站日期"), IntegerField(null=True), unit=_("天"))
def days_left(on):
    """Days to the last agreed one; negative once it has passed."""
    if on is None:
        return Value(None, IntegerField(null=True))
    planned = Coalesce(F("planned_before"), F("stay__planned_until"))
    return days_between(Value(on, DateField()), planned)


def months_of(row: str):
    return whole("months", F("stay__entered_on"), F(row))


@extension.fact(_("延长后本站合计"), IntegerField(null=True), unit=_("个月"))
def months_then(on):
    return months_of("planned_until")


@extension.fact(_("延长后各站合计"), IntegerField(null=True), unit=_("个月"), veiled=True)
def months_in_all_then(on):
    """With every other stay of the same person; what was withdrawn counts too."""
    rows = Stay.objects.filter(person=OuterRef("stay__person"), entered_on__isnull=False).exclude(pk=OuterRef("stay"))
    months = whole("months", F("entered_on"), Coalesce("ended_on", "planned_until"))
    return ExpressionWrapper(
        months_of("planned_until") + reckoned(rows.order_by(), Sum(months)), IntegerField(null=True)
    )


def agreement_missing(on):
    return unless(Q(agreed_on=None), no_paper())


agreement_missing.__name__ = "consents_missing"
change.fact(_("还缺的同意意见和材料"), IntegerField(), unit=_("项"))(agreement_missing)


# --- of a stay -------------------------------------------------------------------------------------


@stay.fact(_("出国出境逾期未归"), IntegerField(), unit=_("天"))
def days_abroad_over(on):
    """Days beyond the agreed return of whoever isn't back by then; 0 for everybody else."""
    if on is None:
        return Value(0)
    rows = Abroad.objects.filter(stay=OuterRef("pk"), since__lte=on)
    rows = rows.filter(Q(returned_on=None) | Q(returned_on__gt=on)).order_by()
    return Greatest(reckoned(rows, Max(days_between(F("back_by"), Value(on, DateField())))), 0)


@stay.fact(_("还没结题的博士后科学基金"), IntegerField(), unit=_("项"))
def funds_open(on):
    rows = Grant.objects.filter(stay=OuterRef("pk"), programme__in=FOUNDATION, result=Grant.Result.WON)
    if on:
        rows = rows.filter(Q(closed_on=None) | Q(closed_on__gt=on), result_on__lte=on)
    else:
        rows = rows.filter(closed_on=None)
    return reckoned(rows.order_by(), Count("pk"))


@stay.fact(pgettext_lazy("博士后", "延期"), IntegerField(), unit=_("次"))
def extensions(on):
    rows = Extension.objects.filter(stay=OuterRef("pk"), filed_on__isnull=False)
    return reckoned((rows.filter(filed_on__lte=on) if on else rows).order_by(), Count("pk"))
