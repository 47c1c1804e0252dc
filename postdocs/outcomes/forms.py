"""The border of outcomes: a form made of a kind's declaration, its owners, lines of many, steps."""

from datetime import date
from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import CodeField, DayField, TidyField, WanField, WholeField, YesNoField
from portal.lifecycle import Transition
from postdocs.outcomes.actions import COMMON, Owners, stays_of
from postdocs.outcomes.kinds import KINDS, Detail, OutcomeKind
from postdocs.outcomes.models import Outcome
from postdocs.stays.models import Stay
from stations.forms import MoveForm

OWNERS = 4  # lines of owners on a page; more are added one by one on the outcome's page
CHOOSE = gettext_lazy("请选择")


class StayChoice(forms.ModelChoiceField):
    """A postdoc by name and the day they entered: two may share a name."""

    def label_from_instance(self, row):
        return f"{row.person} {row.entered_on}"


def field_of(detail: Detail, *, short: bool = False) -> forms.Field:
    """The field that asks for a detail."""
    about = {"label": detail.label, "required": detail.required, "help_text": "" if short else detail.hint}
    if detail.sort == "choice":
        return forms.ChoiceField(choices=[("", CHOOSE), *detail.choices], **about)
    if detail.sort == "yes":
        return YesNoField(**about)
    if detail.sort == "wan":
        return WanField(**(about | {"label": format_lazy("{}{}", detail.label, gettext_lazy("（万元）"))}))
    if detail.sort == "whole":
        return WholeField(**about)
    if detail.sort == "long" and not short:
        return TidyField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}), **about)
    if detail.sort == "number":
        return TidyField(max_length=80, **about)
    return TidyField(max_length=500 if detail.sort == "long" else 160, **about)


class OutcomeForm(forms.Form):
    """One outcome of a kind. `short`: as a line among many, with what must be told and one owner."""

    def __init__(self, *args, kind: str, stays, on: date, outcome: Outcome | None = None, short=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.declared, self.on = kind, KINDS[kind], on
        self.outcome, self.short = outcome, short
        details = self.declared.brief if short else self.declared.details
        self.fields["title"] = TidyField(label=_("名称"), max_length=200)
        self.fields["done_on"] = DayField(label=self.declared.day)
        for detail in details:
            self.fields[detail.name] = field_of(detail, short=short)
        if not short:
            self.more_fields()
        self.owner_fields(stays)
        if outcome:
            self.initial.update({n: getattr(outcome, n) for n in COMMON} | self.kept(outcome))

    def more_fields(self) -> None:
        self.fields["first_unit"] = YesNoField(label=_("本单位为第一完成单位"), required=False)
        if self.kind == OutcomeKind.PATENT:
            about = {"required": False, "help_text": _("已授权的填写")}
            self.fields["grant_number"] = CodeField(label=_("授权号"), max_length=60, **about)
            self.fields["granted_on"] = DayField(label=_("授权日期"), **about)

    def kept(self, outcome: Outcome) -> dict:
        known = self.declared.by_name
        money = {n for n, d in known.items() if d.sort == "wan"}
        return {n: Decimal(v) if n in money else v for n, v in outcome.details.items()}

    def owner_fields(self, stays) -> None:
        held = []
        if self.outcome:
            mine = self.outcome.owners.filter(stay__station__enterprise=self.outcome.enterprise_id)
            held = list(mine.order_by("rank", "pk").values_list("stay", "rank"))
        self.lines = 1 if self.short else max(OWNERS, len(held))
        if not self.short and self.outcome is None and stays.count() == 1:
            self.lines, held = 1, [(stays.get().pk, 1)]
        choices = stays.order_by("person__name", "pk")
        for n in range(1, self.lines + 1):
            label = _("完成人") if n == 1 else _("共有人 %(n)s") % {"n": n - 1}
            self.fields[f"owner-{n}"] = StayChoice(choices, label=label, required=n == 1, empty_label=CHOOSE)
            needed = n == 1 and not self.short
            rank = WholeField(
                label=_("排名"), required=needed, initial=1 if needed else None, min_value=1, max_value=99
            )
            self.fields[f"rank-{n}"] = rank
        for n, (stay, place) in enumerate(held, 1):
            self.initial.update({f"owner-{n}": stay, f"rank-{n}": place})

    @property
    def told(self):
        """The bound fields of the outcome itself, without its owners."""
        return [field for field in self if not field.name.startswith(("owner-", "rank-"))]

    @property
    def owner_lines(self):
        return [(self[f"owner-{n}"], self[f"rank-{n}"]) for n in range(1, self.lines + 1)]

    def clean(self):
        data = super().clean()
        if data.get("done_on") and data["done_on"] > self.on:
            self.add_error("done_on", _("%(day)s 还没有到，请核对。") % {"day": data["done_on"]})
        if data.get("granted_on") and data.get("done_on") and data["granted_on"] < data["done_on"]:
            self.add_error("granted_on", _("授权日期早于申请日期，请核对。"))
        for n in range(2, self.lines + 1):
            if data.get(f"owner-{n}") and not data.get(f"rank-{n}"):
                self.add_error(f"rank-{n}", _("请填写排名。"))
        return data

    @property
    def values(self) -> dict:
        values = {n: self.cleaned_data[n] for n in COMMON if n in self.cleaned_data}
        return values | ({"grant_number": values["grant_number"] or ""} if "grant_number" in values else {})

    @property
    def details(self) -> dict:
        return {n: self.cleaned_data[n] for n in self.declared.by_name if n in self.cleaned_data}

    @property
    def owners(self) -> Owners:
        data = self.cleaned_data
        pairs = [(data.get(f"owner-{n}"), data.get(f"rank-{n}")) for n in range(1, self.lines + 1)]
        return [(stay, rank or 1) for stay, rank in pairs if stay]


class JoinForm(forms.Form):
    """One more owner of the same unit."""

    stay = StayChoice(Stay.objects.none(), label=gettext_lazy("共有人"), empty_label=CHOOSE)
    rank = WholeField(label=gettext_lazy("排名"), min_value=1, max_value=99)

    def __init__(self, *args, outcome: Outcome, user, **kwargs):
        super().__init__(*args, **kwargs)
        there = outcome.owners.values("stay__person")
        rows = stays_of(user).filter(station__enterprise=outcome.enterprise_id)
        self.fields["stay"].queryset = rows.filter(~Q(person__in=there)).order_by("person__name", "pk")  # type: ignore[attr-defined]


class OutcomeMoveForm(MoveForm):
    """What a step asks for: which record it is the same as, or the grant with its certificate."""

    ASKED = ("same_as", "granted_on", "grant_number")

    same_as = TidyField(
        label=gettext_lazy("并入哪一项（编号）"),
        max_length=40,
        help_text=gettext_lazy("完成人并到那一项，这一项作废；一项成果只计一次"),
    )
    granted_on = DayField(label=gettext_lazy("授权日期"))
    grant_number = CodeField(label=gettext_lazy("授权号"), max_length=60)
    upload = forms.FileField(label=gettext_lazy("专利证书"), help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 10 MB"))

    field_order = (*ASKED, "upload", "note")

    def __init__(self, *args, step: Transition, **kwargs):
        super().__init__(*args, step=step, **kwargs)
        needed = {name for name, _label in step.needs}
        for name in set(self.ASKED) - needed:
            del self.fields[name]
        if "grant_number" not in needed:
            del self.fields["upload"]

    def details(self) -> dict:
        return super().details() | {n: str(self.cleaned_data[n]) for n in self.ASKED if n in self.cleaned_data}
