"""A figure as a department or a district types it."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from portal.forms import TidyField, tidy
from portal.templatetags import numbers
from targets.plans.indicators import Kind
from targets.reported.checks import WORDS, Said, may_estimate


class FigureField(forms.DecimalField):
    """A figure of an indicator; commas are fine, more decimals than the indicator has are not. Below 0 only where a net
    figure may be."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": gettext_lazy("请填数字，例如 12 或 4.5。"),
        "whole": gettext_lazy("请填整数，例如 12。"),
        "decimals": ngettext_lazy("最多 %(n)s 位小数。", "最多 %(n)s 位小数。", "n"),
    }

    def __init__(self, *, decimals: int = 2, **kwargs):
        self.decimals = decimals
        super().__init__(max_digits=14, decimal_places=2, **{"min_value": Decimal(0), **kwargs})

    def to_python(self, value):
        if isinstance(value, str):
            value = re.sub(r"[,，\s]", "", tidy(value)).replace("．", ".").removesuffix("%").replace("−", "-")
        number = super().to_python(value)
        if number is not None and number.is_finite() and -number.normalize().as_tuple().exponent > self.decimals:
            if not self.decimals:
                raise ValidationError(self.error_messages["whole"], "whole")
            raise ValidationError(self.error_messages["decimals"] % {"n": self.decimals}, "decimals")
        return number

    def prepare_value(self, value):
        return numbers.num(value, self.decimals).replace(",", "") if isinstance(value, Decimal) else value


class ReadingForm(forms.Form):
    """One indicator of a period: its figure and what there is to say to it."""

    value = forms.Field()
    estimated = forms.BooleanField(label=gettext_lazy("预计数"), required=False)
    comment = TidyField(label=gettext_lazy("说明"), max_length=300, required=False)
    why = TidyField(label=gettext_lazy("滞后原因"), max_length=300, required=False)
    measures = TidyField(label=gettext_lazy("措施"), max_length=300, required=False)

    def __init__(self, *args, indicator, known, on, **kwargs):
        self.indicator, self.known, self.on = indicator, known, on
        self.before = known.last.get((indicator.pk, on))
        names = ("value", "estimated", "comment", "why", "measures")
        initial = {n: getattr(self.before, n) for n in names} if self.before else {}
        super().__init__(*args, prefix=indicator.code, initial=initial, **kwargs)
        self.fields["value"] = figure_field(indicator, label=_("本期数值"), required=False)
        if not may_estimate(indicator, known):
            del self.fields["estimated"]

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        words = {n: data[n] for n in WORDS}
        return Said(self.indicator, self.on, data.get("value"), bool(data.get("estimated")), **words)

    @property
    def news(self) -> bool:
        """Whether it says anything that wasn't said before."""
        said, before = self.said, self.before
        if before is None:
            return said.value is not None
        told = (before.value, before.estimated, before.comment, before.why, before.measures)
        return (said.value, said.estimated, said.comment, said.why, said.measures) != told

    @property
    def words(self) -> list:
        return [self[n] for n in WORDS]


class SourceForm(forms.Form):
    """Where all figures of a period come from, and the paper that shows it."""

    source = TidyField(
        label=gettext_lazy("数据来源"), max_length=160, help_text=gettext_lazy("例如 统计月报、系统导出、部门台账")
    )
    upload = forms.FileField(
        label=gettext_lazy("佐证材料"),
        required=False,
        help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 10 MB；附在这一次填的每个数上"),
    )


def figure_field(indicator, **values) -> FigureField:
    """A net figure of a year may be below 0, everything else may not."""
    least = {"min_value": None} if indicator.kind == Kind.FLOW else {}
    return FigureField(decimals=indicator.decimals, **least, **values)
