"""What the work list can be narrowed by."""

from datetime import timedelta

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Document, Organisation
from portal.site import pack_of, remembered
from portal.words import localised
from stations.filters import LocalisedFilter, StatusFilter
from targets.duties.actions import near_of
from targets.duties.models import OPEN, Duty, Occurrence, OccurrenceStatus, Recurrence

S = OccurrenceStatus
STATES = (
    ("late", _("逾期")),
    ("near", _("临期")),
    ("open", _("在办")),
    ("waiting", _("待确认")),
    ("later", _("未到时间")),
    ("done", _("已确认")),
)


def in_state(state: str, on, near: int) -> Q:
    """The rows of which a list says so on a day."""
    soon = on + timedelta(near)
    begun = Q(status__in=OPEN) & (Q(since__lte=on) | ~Q(status=S.PENDING))
    return {
        "late": Q(status__in=OPEN, due_on__lt=on),
        "near": Q(status__in=OPEN, due_on__gte=on, due_on__lte=soon),
        "open": begun & (Q(due_on=None) | Q(due_on__gt=soon)),
        "waiting": Q(status=S.REPORTED),
        "later": Q(status=S.PENDING, since__gt=on) & (Q(due_on=None) | Q(due_on__gt=soon)),
        "done": Q(status=S.CONFIRMED),
    }[state]


class DutyFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("任务、编号"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("任务、编号")}),
    )
    document = LocalisedFilter(
        label=_("哪份文件"),
        queryset=Document.objects.none(),
        field_name="duty__clause__document",
        empty_label=_("全部文件"),
    )
    group = filters.ChoiceFilter(label=_("分类"), field_name="duty__group", empty_label=_("全部分类"), choices=[])
    lead = LocalisedFilter(label=_("牵头单位"), queryset=Organisation.objects.none(), empty_label=_("全部牵头单位"))
    recurrence = filters.ChoiceFilter(
        label=_("频次"), field_name="duty__recurrence", choices=Recurrence.choices, empty_label=_("不论频次")
    )
    year = filters.NumberFilter(
        label=_("到期年份"), field_name="due_on__year", min_value=2000, max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": _("到期年份"), "size": 9}),
    )  # fmt: skip
    status = StatusFilter(label=pgettext_lazy("任务", "环节"), choices=S.choices)
    state = filters.ChoiceFilter(label=_("时限"), choices=STATES, method="stated", empty_label=_("不论时限"))

    class Meta:
        model = Occurrence
        fields = ("q", "document", "group", "lead", "recurrence", "year", "status", "state")

    def __init__(self, data=None, queryset=None, *, request=None, **kwargs):
        super().__init__(data, queryset, request=request, **kwargs)
        self.pack = pack_of(request.user) if request else None
        mine = Duty.objects.filter(pack=self.pack)
        papers = Document.objects.filter(pk__in=mine.values("clause__document"))
        self.filters["document"].queryset = papers.order_by("pk")
        self.filters["lead"].queryset = Organisation.objects.filter(pk__in=mine.values("lead")).order_by("name")
        self.filters["group"].extra["choices"] = self.groups()

    def groups(self) -> list[tuple[str, str]]:
        rows = remembered(
            f"duty-groups:{self.pack.pk if self.pack else 0}",
            lambda: list(Duty.objects.filter(pack=self.pack).order_by("order", "pk")),
        )
        return list({row.group: localised(row, "group") for row in rows}.items())

    def search(self, rows, name, value):
        return rows.filter(
            Q(duty__title__icontains=value) | Q(duty__summary__icontains=value) | Q(matter__number__icontains=value)
            | Q(duty__title_en__icontains=value)
        )  # fmt: skip

    def stated(self, rows, name, value):
        return rows.filter(in_state(value, localdate(), near_of(self.pack)))
