"""A figure as a department or a district types it."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext_lazy

from portal.forms import tidy
from portal.templatetags import numbers


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
