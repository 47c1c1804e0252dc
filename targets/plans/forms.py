"""The border of plans: targets revised, shared out, and typed for a new plan."""

from django import forms
from django.db.models import Prefetch
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField
from portal.models import Clause, Document
from portal.words import localised
from targets.boards.drawing import number
from targets.models import Indicator, Plan
from targets.plans.actions import Basis, days_of_targets, share_of


def figure(label: str, initial=None, *, required: bool = False) -> forms.DecimalField:
    """A figure of a plan: not below 0, two decimals at most."""
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        initial=number(initial),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def clauses_of(pack, *, document: Document | None = None) -> list[tuple[str, list]]:
    """The clauses of the city's papers, as choices by paper; of one paper alone where it is named."""
    rows = Clause.objects.order_by("order", "pk")
    papers = (
        Document.objects.filter(pack=pack).order_by("-issued_on", "code").prefetch_related(Prefetch("clauses", rows))
    )
    papers = papers.filter(pk=document.pk) if document else papers
    return [(str(paper), [(c.pk, f"{c.number} {localised(c, 'summary')}"[:60]) for c in paper.clauses.all()])
            for paper in papers]  # fmt: skip


class ReviseForm(forms.Form):
    """The city's own targets, why they change, and what the change rests on."""

    reason = TidyField(label=gettext_lazy("调整原因"), max_length=300)
    clause = forms.ChoiceField(label=gettext_lazy("依据条款"), required=False)
    paper = TidyField(
        label=gettext_lazy("依据文件"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("不在政策依据里的文件或会议纪要，写文号或名称；条款和文件至少写一项"),
    )

    def __init__(self, *args, row: Indicator, targets, **kwargs):
        super().__init__(*args, **kwargs)
        self.targets = targets
        unit = localised(row, "unit")
        own = {
            f"n{t.pk}": figure(_("%(on)s 目标（%(unit)s）") % {"on": t.on, "unit": unit}, t.value, required=True)
            for t in targets
        }
        if row.plan_total is not None:
            own["total"] = figure(_("各年合计（%(unit)s）") % {"unit": unit}, row.plan_total, required=True)
        self.fields = {**own, **self.fields}
        choices = [("", _("不在政策依据里")), *clauses_of(row.pack)]
        self.fields["clause"] = forms.ChoiceField(label=_("依据条款"), required=False, choices=choices)

    def clean(self):
        data = super().clean()
        if not data.get("clause") and not data.get("paper") and "clause" not in self.errors:
            self.add_error("paper", _("请选依据条款，或写明依据的文件。"))
        return data

    def values(self) -> dict:
        return {t.on: self.cleaned_data[f"n{t.pk}"] for t in self.targets}

    def basis(self) -> Basis:
        chosen = self.cleaned_data["clause"]
        return Basis(Clause.objects.get(pk=chosen) if chosen else None, self.cleaned_data["paper"])


class SplitForm(forms.Form):
    """One figure per part (任务分解), why, and a word where the parts don't add up to the whole."""

    reason = TidyField(
        label=gettext_lazy("说明"), max_length=300, help_text=gettext_lazy("例如依据哪次会议分解；会记入变更记录")
    )
    differs = forms.BooleanField(label=gettext_lazy("合计与全市目标不同，确实如此"), required=False)

    def __init__(self, *args, row: Indicator, whole, parts, present, **kwargs):
        """`parts`: districts or names of departments; `present`: their figures by the key of the part."""
        super().__init__(*args, **kwargs)
        self.row, self.whole, self.parts = row, whole, parts
        self.said = share_of(row, whole.value, present.values())
        self.names = {f"d{key}": part for key, part in parts.items()}
        places = {f"d{key}": figure(label_of(part), present.get(key)) for key, part in parts.items()}
        self.fields = {**places, **self.fields}

    def clean(self):
        data = super().clean()
        if any(name in self.errors for name in self.names):
            return data
        self.said = share_of(self.row, self.whole.value, [data[name] for name in self.names])
        if self.said.differs and not data.get("differs"):
            self.add_error("differs", self.difference() + _("请核对；确实如此请勾选，并在说明里写明原因。"))
        return data

    def difference(self) -> str:
        """The parts against the whole, in words."""
        values = {"sum": number(self.said.parts), "whole": number(self.whole.value), "n": number(abs(self.said.more))}
        if self.said.more > 0:
            return _("合计 %(sum)s，比全市目标 %(whole)s 多 %(n)s。") % values
        return _("合计 %(sum)s，比全市目标 %(whole)s 少 %(n)s。") % values

    def values(self) -> dict:
        return {part: self.cleaned_data[name] for name, part in self.names.items()}


def label_of(part) -> str:
    return part if isinstance(part, str) else localised(part, "name")


class NewPlanForm(forms.ModelForm):
    """What a new plan is called, which paper announces it, from when to when."""

    since = DayField(label=gettext_lazy("起"))
    until = DayField(label=gettext_lazy("止"))

    class Meta:
        model = Plan
        fields = ("name", "name_en", "code", "document", "since", "until")
        help_texts = {
            "code": gettext_lazy("小写字母和数字，用在网址里，例如 bsq-2027"),
            "document": gettext_lazy("宣布这个计划的文件；没有列出的，先在规则包里登记"),
        }

    def __init__(self, *args, pack, **kwargs):
        super().__init__(*args, **kwargs)
        self.pack = self.instance.pack = pack
        papers = Document.objects.filter(pack=pack).order_by("-issued_on", "code")
        self.fields["document"].queryset = papers

    def clean_code(self):
        code = self.cleaned_data["code"]
        if Plan.every.filter(pack=self.pack, code=code).exists():
            raise forms.ValidationError(_("已有代码为 %(code)s 的计划，请换一个。") % {"code": code})
        taken = resolve(reverse("targets:plan", args=[code])).view_name != "targets:plan"
        if taken or resolve(reverse("targets:indicator", args=[code, "x"])).view_name != "targets:indicator":
            raise forms.ValidationError(_("代码 %(code)s 留给别的页面用，请换一个。") % {"code": code})
        return code


class DraftForm(forms.Form):
    """Every indicator of a draft: its name, its clause, its targets; and which are left out."""

    def __init__(self, *args, plan: Plan, **kwargs):
        super().__init__(*args, **kwargs)
        rows = plan.indicators.select_related("clause__document", "former", "plan__former", "plan__pack", "parent")
        self.rows = list(rows.order_by("order", "pk"))
        self.days = {row.pk: days_of_targets(row) for row in self.rows}
        choices = clauses_of(plan.pack, document=plan.document)
        for row in self.rows:
            known = dict(row.targets.filter(district=plan.pack.root_id).values_list("on", "value"))
            own = row.clause.document_id == plan.document_id
            other = [] if own else [(row.clause_id, _("沿用 %(clause)s") % {"clause": row.clause})]
            self.fields[f"t{row.pk}"] = TidyField(label=_("指标"), max_length=80, initial=row.name)
            self.fields[f"c{row.pk}"] = forms.TypedChoiceField(
                label=_("依据"), choices=[*other, *choices], initial=row.clause_id, coerce=int
            )
            for on in self.days[row.pk]:
                self.fields[f"n{row.pk}-{on}"] = figure(f"{row.name} {on}", known.get(on))
            self.fields[f"x{row.pk}"] = forms.BooleanField(label=_("不列入"), required=False)

    def lines(self) -> list[dict]:
        """The table: an indicator, its fields, and what the former plan asked for."""
        return [
            {
                "row": row,
                "name": self[f"t{row.pk}"],
                "clause": self[f"c{row.pk}"],
                "gone": self[f"x{row.pk}"],
                "nodes": [(on, self[f"n{row.pk}-{on}"]) for on in self.days[row.pk]],
                "before": former_targets(row),
            }
            for row in self.rows
        ]

    def gone(self) -> list[Indicator]:
        return [row for row in self.rows if self.cleaned_data[f"x{row.pk}"]]

    def values(self) -> list[tuple]:
        data = self.cleaned_data
        return [
            (
                row,
                {"name": data[f"t{row.pk}"], "clause_id": data[f"c{row.pk}"]},
                {on: data[f"n{row.pk}-{on}"] for on in self.days[row.pk]},
            )
            for row in self.rows
            if not data[f"x{row.pk}"]
        ]


def former_targets(row: Indicator) -> list:
    if row.former is None:
        return []
    rows = row.former.targets.filter(district=row.plan.pack.root_id).order_by("on")
    return [(t.on, t.value) for t in rows]
