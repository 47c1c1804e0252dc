"""The border of careers: months as people write them, and what belongs to which kind of row."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import TidyField, tidy
from postdocs.careers.models import CareerKind, CareerRow, after, before, month


class MonthField(forms.DateField):
    """A month as people write it: 2019-09, 2019.9, 201909, 2019年9月; kept as its first day."""

    WRITTEN = r"(\d{4})[年/.\-／．－](\d{1,2})月?|(\d{4})(\d{2})"

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "2019-09", "size": 9})
    default_error_messages = {"invalid": gettext_lazy("“%(value)s”不是年月。请只用数字，写成 2019-09 这样。")}

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return value or None
        text = re.sub(r"\s", "", tidy(value))
        if text in ("至今", "现在", "今"):
            raise ValidationError(_("请填年月，不写“%(text)s”；还在继续的这一段空着不填。") % {"text": text})
        found = re.fullmatch(self.WRITTEN, text)
        try:
            year, number = (int(part) for part in filter(None, found.groups())) if found else (0, 0)
            day = date(year, number, 1)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": value}) from error
        if day.year < 1950:
            raise ValidationError(_("%(month)s 太早，请核对年份。") % {"month": month(day)})
        return day

    def prepare_value(self, value):
        return month(value) if isinstance(value, date) else value


class LastMonthField(MonthField):
    """The last month that something is so, as papers say it; kept as the month after it."""

    def to_python(self, value):
        day = super().to_python(value)
        return after(day) if day and not isinstance(value, date) else day

    def prepare_value(self, value):
        return month(before(value)) if isinstance(value, date) else value


class CareerForm(forms.ModelForm):
    """One row. What doesn't belong to its kind is dropped, so that changing the kind needs no emptying of boxes."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=CareerKind.choices, widget=forms.RadioSelect)
    since = MonthField(label=gettext_lazy("起（年月）"))
    until = LastMonthField(label=gettext_lazy("止（年月）"), required=False, help_text=gettext_lazy("还在继续的空着"))
    place = TidyField(
        label=gettext_lazy("学校、单位或说明"),
        max_length=100,
        help_text=gettext_lazy("说明空档的写清在做什么，例如待业、病休"),
    )
    post = TidyField(label=gettext_lazy("职务"), max_length=60, required=False)
    country = TidyField(label=gettext_lazy("国别（地区）"), max_length=40, required=False)

    class Meta:
        model = CareerRow
        fields = ("kind", "since", "until", "place", "level", "discipline", "standing", "post", "country", "beside")

    KINDS = {"study": ("level", "discipline"), "work": ("standing", "post"), "break": ()}
    SHARED = ("country", "beside")

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        for name, empty in (("level", _("学习经历须选")), ("standing", _("工作经历须选"))):
            self.fields[name].choices = [("", empty), *[c for c in self.fields[name].choices if c[0]]]  # type: ignore
        self.initial["kind"] = (
            self.initial.get("kind") or CareerKind.STUDY
        )  # the blank row would win over the field's own

    def clean(self):
        data = super().clean()
        kind, since, until = data.get("kind"), data.get("since"), data.get("until")
        own = self.KINDS.get(kind, ())
        for name in {n for names in self.KINDS.values() for n in names} - set(own):
            data[name] = ""
        if kind == CareerKind.BREAK:
            data["beside"], data["country"] = False, ""
        for name in {"level", "standing"} & set(own):
            if not data.get(name):
                self.add_error(name, _("请选择。"))
        if since and since > self.today:
            self.add_error("since", _("%(month)s 还没有到，请核对。") % {"month": month(since)})
        if since and until and until <= since:
            self.add_error("until", _("止不能早于起。"))
        if until and before(until) > self.today:
            self.add_error("until", _("%(month)s 还没有到；还在继续的空着不填。") % {"month": month(before(until))})
        return data

    def _post_clean(self):
        """The action checks the row: one message for one mistake."""
        forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
