"""The border of evaluation: a new round, the figures of a sheet, the grades of a round."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField, settled, tidy
from portal.words import localised
from stations.evaluation.scoring import Place, Row, plain
from stations.models import Evaluation, EvaluationScheme, Line, SchemeGrade, SchemeItem


class SchemeChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return localised(row, "title")


class RoundForm(forms.ModelForm):
    """A new round. `until` is asked as the last day of the period, and kept as the day after it."""

    scheme = SchemeChoice(label=gettext_lazy("评估办法"), queryset=EvaluationScheme.objects.none(), empty_label=None)
    name = TidyField(
        label=gettext_lazy("评估名称"), max_length=60, help_text=gettext_lazy("例如 2026年度优秀博士后工作站评估")
    )
    name_en = TidyField(label=gettext_lazy("英文名称"), max_length=100, required=False)
    since = DayField(label=gettext_lazy("评估期第一天"))
    until = DayField(label=gettext_lazy("评估期最后一天"))
    cut_off = DayField(
        label=gettext_lazy("截止日"), help_text=gettext_lazy("按这一天的数据确定哪些站参评、平台记录取多少")
    )
    report_by = DayField(label=gettext_lazy("自评截止日期"))

    class Meta:
        model = Evaluation
        fields = ("scheme", "name", "name_en", "since", "until", "cut_off", "report_by")

    def __init__(self, *args, pack, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        rows = EvaluationScheme.objects.in_force(on).filter(pack=pack).order_by("order", "pk")
        self.fields["scheme"].queryset = rows  # type: ignore[attr-defined]

    def clean(self):
        data = super().clean()
        if data.get("since") and data.get("until"):
            if data["until"] < data["since"]:
                self.add_error("until", _("评估期最后一天早于第一天，请核对。"))
            else:
                data["until"] += timedelta(1)
        if data.get("cut_off") and data.get("since") and data["cut_off"] < data["since"]:
            self.add_error("cut_off", _("截止日早于评估期第一天，请核对。"))
        if data.get("report_by") and data["report_by"] < self.on:
            self.add_error("report_by", _("自评截止日期已经过去，请改为今天或以后。"))
        return data


class FigureField(forms.DecimalField):
    """A figure of a sheet: a number with at most two decimals, not below 0."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(
            **{"min_value": Decimal(0), "max_digits": 14, "decimal_places": 2, "required": False, **kwargs}
        )

    def to_python(self, value):
        return super().to_python(tidy(value).replace(",", "").replace("，", "") if isinstance(value, str) else value)

    def prepare_value(self, value):
        return plain(value) if isinstance(value, Decimal) else value


NOTES = {"claimed": "statement", "checked": "check_note", "settled": "settle_note"}
CORRECTED = (gettext_lazy("更正为"), gettext_lazy("更正理由"))
LABELS = {
    "claimed": (gettext_lazy("数值"), gettext_lazy("说明")),
    "checked": (gettext_lazy("核定为"), gettext_lazy("核定理由")),
    "settled": (gettext_lazy("评定为"), gettext_lazy("评定理由")),
}


class LineForm(forms.ModelForm):
    """What one level writes on a line, posted as CODE and CODE-note: a figure where it isn't known, and why."""

    autosave = True  # each field carries the value it was loaded with

    claimed = checked = settled = FigureField()
    statement = TidyField(max_length=500, required=False)
    check_note = settle_note = TidyField(max_length=200, required=False)

    class Meta:
        model = Line
        fields = ("claimed", "checked", "settled", "statement", "check_note", "settle_note")

    def __init__(self, data=None, *, instance: Line, pen: str):
        self.pen, self.note, self.item = pen, NOTES[pen], instance.item
        super().__init__(data, instance=instance)
        self.fields = {name: self.fields[name] for name in self.written()}
        labels = CORRECTED if self.corrects_records else LABELS[pen]
        for name, label in zip((pen, self.note), labels, strict=True):
            if name in self.fields:
                self.fields[name].label = label
        if self.item.judged and pen in self.fields:
            self.fields[pen] = FigureField(label=_("得分"), max_value=self.item.points)

    def written(self) -> list[str]:
        """The fields that this level has on this line."""
        if self.pen == "checked" and self.item.judged:
            return []
        given = self.item.judged or (self.instance.record is not None and not self.corrects_records)
        return [self.note] if self.pen == "claimed" and given else [self.pen, self.note]

    @property
    def corrects_records(self) -> bool:
        """Whether this is the station's word against rows that were counted."""
        counted = self.item.source == SchemeItem.Source.COUNTED
        return self.pen == "claimed" and counted and self.instance.record is not None

    def add_prefix(self, name: str) -> str:
        return self.item.code if name == self.pen else f"{self.item.code}-note"

    def clean(self):
        data = super().clean()
        if self.corrects_records and data.get(self.pen) == self.instance.record:
            data[self.pen] = None
        corrects = self.corrects_records or self.pen == "checked" or (self.pen == "settled" and not self.item.judged)
        if corrects and {self.pen, self.note} <= set(data) and data[self.pen] is not None and not data[self.note]:
            self.add_error(self.note, _("改动了“%(item)s”的数值，请写明理由。") % {"item": self.item})
        return data


class Lines:
    """The lines of a sheet that one level may write now, a form each; sent whole, or saved as one types."""

    def __init__(self, data=None, *, rows: Iterable[Row], pen: str):
        self.forms, self.wrong = [], ErrorList()
        for row in rows:
            form = LineForm(data, instance=row.line, pen=pen)
            if row.open and form.fields:
                row.fields = tuple(form)
                self.forms.append(form)

    def __iter__(self):
        return (bound for form in self.forms for bound in form)

    def settle(self) -> "Lines":
        """Brought into line with what others wrote since the page was loaded. The caller has locked the sheet."""
        for form in self.forms:
            settled(form)
        return self

    @property
    def errors(self) -> bool:
        return bool(self.wrong) or any(form.errors for form in self.forms)

    def non_field_errors(self) -> list[str]:
        return [*self.wrong, *(text for form in self.forms for text in form.non_field_errors())]

    def figures(self) -> dict[str, tuple[Decimal | None, str]]:
        """Figure and note by item code."""
        return {form.item.code: (form.cleaned_data.get(form.pen), form.cleaned_data[form.note]) for form in self.forms}


class GradesForm(forms.Form):
    """The grade of each scored sheet of a page, with the reason where it isn't the one proposed."""

    def __init__(self, *args, places: list[Place], grades: list[SchemeGrade], **kwargs):
        super().__init__(*args, **kwargs)
        self.places, self.grades = places, {grade.code: grade for grade in grades}
        choices = [("", _("未定")), *((g.code, str(g)) for g in grades)]
        for place in places:
            row = place.sheet
            self.fields[f"g{row.pk}"] = forms.ChoiceField(
                label=_("等次"), choices=choices, required=False, initial=row.grade.code if row.grade else ""
            )
            self.fields[f"n{row.pk}"] = TidyField(
                label=_("与建议不同的理由"), max_length=200, required=False, initial=row.grade_note
            )

    def clean(self):
        data = super().clean()
        for place in self.places:
            pk = place.sheet.pk
            chosen = self.grades.get(data.get(f"g{pk}", ""))
            if chosen is not None and chosen != place.proposed and not data.get(f"n{pk}"):
                text = _("%(unit)s的等次与建议不同，请写明理由。")
                self.add_error(f"n{pk}", ValidationError(text % {"unit": place.sheet.station.enterprise}))
        return data

    def chosen(self) -> dict[int, tuple[SchemeGrade | None, str]]:
        data = self.cleaned_data
        return {
            place.sheet.pk: (self.grades.get(data[f"g{place.sheet.pk}"]), data[f"n{place.sheet.pk}"])
            for place in self.places
        }
