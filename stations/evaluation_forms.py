"""The border of evaluation: a new round, the figures of a sheet, the grades of a round."""

from datetime import timedelta
from decimal import Decimal

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField, tidy
from portal.words import localised
from stations.filters import CaseFilter
from stations.models import Evaluation, EvaluationScheme, SchemeGrade, Sheet, SheetStatus
from stations.scoring import Place, Row, plain


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
LABELS = {
    "claimed": (gettext_lazy("数值"), gettext_lazy("说明")),
    "checked": (gettext_lazy("核定为"), gettext_lazy("核定理由")),
    "settled": (gettext_lazy("评定为"), gettext_lazy("评定理由")),
}


class LinesForm(forms.Form):
    """The figures that one level may write, two fields a line: CODE and CODE-note. A correction says why."""

    def __init__(self, *args, rows: list[Row], pen: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows, self.pen = [row for row in rows if row.open], pen
        figure, note = LABELS[pen]
        for row in self.rows:
            item, line = row.line.item, row.line
            most = {"max_value": item.points} if item.judged else {}
            label = _("得分") if item.judged else figure
            known = pen == "claimed" and line.record is not None
            if not known and (pen == "settled" or not item.judged):
                self.fields[item.code] = FigureField(label=label, initial=getattr(line, pen), **most)
            if pen == "checked" and item.judged:
                continue
            self.fields[f"{item.code}-note"] = TidyField(
                label=note, max_length=500 if pen == "claimed" else 200, required=False,
                initial=getattr(line, NOTES[pen]),
            )  # fmt: skip
        for row in self.rows:
            code = row.line.item.code
            row.fields = tuple(self[name] for name in (code, f"{code}-note") if name in self.fields)

    def clean(self):
        data = super().clean()
        for row in self.rows:
            code, item = row.line.item.code, row.line.item
            corrects = self.pen == "checked" or (self.pen == "settled" and not item.judged)
            if corrects and data.get(code) is not None and not data.get(f"{code}-note"):
                self.add_error(f"{code}-note", _("改动了“%(item)s”的数值，请写明理由。") % {"item": item})
        return data

    def figures(self) -> dict[str, tuple[Decimal | None, str]]:
        data = self.cleaned_data
        codes = [row.line.item.code for row in self.rows if row.fields]
        return {code: (data.get(code), data[f"{code}-note"]) for code in codes}


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


class SheetFilter(CaseFilter):
    status = filters.ChoiceFilter(
        label=gettext_lazy("环节"), choices=SheetStatus.choices, empty_label=gettext_lazy("全部环节")
    )

    class Meta:
        model = Sheet
        fields = ("q", "district", "status")
