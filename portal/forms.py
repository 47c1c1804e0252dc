"""The border: what people type is tidied, checked and shown back; nothing typed is lost."""

import re
import unicodedata
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TEN_THOUSAND = Decimal(10000)


HALF_WIDTH = {n: unicodedata.normalize("NFKC", chr(n)) for n in (*range(0xFF10, 0xFF5B), 0x3000)}


def tidy(text: str) -> str:
    """Full-width digits and letters as half-width, no stray spaces at the ends."""
    return (text if text.isascii() else text.translate(HALF_WIDTH)).strip()


class TidyField(forms.CharField):
    def to_python(self, value):
        value = super().to_python(value)
        return tidy(value) if isinstance(value, str) else value

    def clean(self, value):
        """As every field does it; at once where the usual rules can't be broken, because ledgers have many cells."""
        if isinstance(value, str):
            value = self.to_python(value)
            limits = 1 if self.max_length is None else 2  # no NUL, and not too long
            fits = limits == 1 or len(value) <= self.max_length
            if value and fits and len(self.validators) == limits and value.isprintable():
                return value
        return super().clean(value)


class CodeField(TidyField):
    """A code: no spaces or hyphens inside, capitals."""

    def to_python(self, value):
        value = super().to_python(value)
        return re.sub(r"[\s\-－—]", "", value).upper() if value else value


class PhoneField(TidyField):
    """A telephone number of China: a mobile of 11 digits, or area code and number."""

    default_error_messages = {
        "invalid": gettext_lazy("“%(value)s”不像电话号码。请填 11 位手机号，或区号加号码，如 0512-55550000。")
    }

    def to_python(self, value):
        value = super().to_python(value) or ""
        if re.fullmatch(r"1[0-9]{10}", value):
            return value
        value = re.sub(r"[\s－—()（）]", lambda m: "-" if m[0] in "－—" else "", value)
        if mobile := re.fullmatch(r"(?:\+?86|0086)?(1[0-9]{10})", value.replace("-", "")):
            return mobile[1]
        if value and not re.fullmatch(r"0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,5})?", value):
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": value})
        return value

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})


class YuanField(forms.DecimalField):
    """Money typed and kept in yuan, to the fen; commas and 元 are fine."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(max_digits=14, decimal_places=2, **{"min_value": Decimal("0.01"), **kwargs})

    def to_python(self, value):
        return super().to_python(re.sub(r"[,，\s元]", "", value) if isinstance(value, str) else value)


class WanField(forms.DecimalField):
    """Money typed and shown in 万元, kept in yuan. At most 4 decimals: to the yuan. A number that is no text, as a
    locked field has from its row, is yuan already."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(max_digits=14, decimal_places=4, **{"min_value": Decimal(0), **kwargs})

    def to_python(self, value):
        if value is not None and not isinstance(value, str):
            return Decimal(value)
        if isinstance(value, str):
            value = re.sub(r"[,，\s]|万元?$", "", tidy(value)).replace("．", ".")
        number = super().to_python(value)
        if number is None:
            return None
        if not number.is_finite() or abs(number.adjusted()) > 20:  # beyond that nobody means an amount
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return Decimal(f"{(number * TEN_THOUSAND).normalize():f}")  # 4 decimals of 万元 are none of yuan

    def validate(self, value):
        forms.Field.validate(self, value)

    def run_validators(self, value):
        super().run_validators(None if value is None else value / TEN_THOUSAND)

    def prepare_value(self, value):
        if isinstance(value, Decimal):
            return f"{(value / TEN_THOUSAND).normalize():f}"
        return value


class WholeField(forms.IntegerField):
    """A head count or a number of things."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {"invalid": gettext_lazy("请填整数，例如 12。")}

    def __init__(self, **kwargs):
        super().__init__(**{"min_value": 0, "max_value": 10_000_000, **kwargs})

    def to_python(self, value):
        return super().to_python(re.sub(r"[,，\s]", "", tidy(value)) if isinstance(value, str) else value)


class YesNoField(forms.NullBooleanField):
    """Yes, no, or not answered yet, as two radio buttons of which none may be set."""

    widget = forms.RadioSelect(choices=[("true", gettext_lazy("是")), ("false", gettext_lazy("否"))])

    def to_python(self, value):
        return {"true": True, "True": True, True: True, "false": False, "False": False, False: False}.get(value)

    def prepare_value(self, value):
        return {True: "true", False: "false"}.get(value, value)


class DayField(forms.DateField):
    """A date as people write it: 2026-11-20, 2026/1/2, 20261120, 2026年11月20日; nothing that could be two days."""

    WRITTEN = r"(\d{4})[年/.\-／．－](\d{1,2})[月/.\-／．－](\d{1,2})日?|(\d{4})(\d{2})(\d{2})"

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": gettext_lazy("“%(value)s”不是日期。请写成 2026-11-20 这样。")}

    input_formats = ("%Y-%m-%d",)

    def to_python(self, value):
        if isinstance(value, str):
            value = re.sub(r"\s", "", tidy(value))
            if found := re.fullmatch(self.WRITTEN, value):
                year, month, day = filter(None, found.groups())
                value = f"{year}-{month:0>2}-{day:0>2}"
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": value}) from error


# --- saving as one types -----------------------------------------------------------------------


def posted(data, key: str) -> list[str]:
    return sorted(one_end(value) for value in data.getlist(key) if value != "")


def one_end(text: str) -> str:
    """A text with one kind of line end: a form posts another than a script."""
    return text.replace("\r\n", "\n")


def shown(form, name: str) -> list[str]:
    """What the row says for a field, as a page would post it."""
    value = form.fields[name].prepare_value(form.initial.get(name))
    if isinstance(value, bool):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return sorted(map(str, value))
    return [] if value in (None, "") else [one_end(str(value))]


def in_words(form, name: str) -> str:
    """What the row says for a field, for people to read."""
    labels = {str(value): str(label) for value, label in getattr(form.fields[name], "choices", ())}
    return _("、").join(labels.get(value, value) for value in shown(form, name)) or _("（空）")


def autosave(form_class, instance, data, *, only=None) -> dict:
    """Save the posted fields of a draft, each for itself: one that is wrong doesn't keep the others from being saved.

    Every input is posted with `was-NAME`, the value the page was loaded with. Where the row says something else by
    now, and not what is posted, somebody else changed it: that field is not saved, and both values are shown.
    `only`: the names that may be edited (after a return). Gives {name as posted: {value | error | conflict}}; the
    conflict has the row's value as a page posts it and as people read it. `instance` holds what was saved. The caller
    has locked the row.
    """
    form = form_class(data, instance=instance)
    editable = set(form.fields) if only is None else set(form.fields) & set(only)
    keys = {n: form.add_prefix(n) for n in form.fields if n in editable}
    result: dict[str, dict] = {}
    tried = []
    for name in [n for n, key in keys.items() if key in data or f"was-{key}" in data]:
        now, was = shown(form, name), f"was-{keys[name]}"
        if was in data and posted(data, was) != now != posted(data, keys[name]):
            result[keys[name]] = {"conflict": {"value": now, "shown": in_words(form, name)}}
        else:
            tried.append(name)
    agreed = True
    while tried and agreed:  # what disagreed with the row may agree with what was saved after it
        agreed, disagreeing = False, []
        for name in tried:
            outcome, fits = saved_alone(form_class, instance, data, name)
            result[keys[name]] = outcome
            agreed |= "value" in outcome
            disagreeing += [] if fits else [name]
        tried = disagreeing
    return result


def saved_alone(form_class, instance, data, name: str) -> tuple[dict, bool]:
    """One field saved, or what is wrong with it; and whether it agrees with the other fields of the row."""
    single = form_class(data, instance=type(instance).objects.get(pk=instance.pk))
    single.fields = {name: single.fields[name]}
    if not single.is_valid():
        return {"error": " ".join(m for messages in single.errors.values() for m in messages)}, True
    before = getattr(instance, name)
    setattr(instance, name, single.cleaned_data[name])
    try:
        instance.validate_constraints()  # a field alone doesn't know the others it must agree with
    except ValidationError as error:
        setattr(instance, name, before)
        return {"error": " ".join(error.messages)}, False
    instance.save(update_fields=[name])
    return {"value": shown(form_class(instance=instance), name)}, True


# --- a page that is sent whole -----------------------------------------------------------------


def limited(form, only):
    """The form with all but `only` locked, on the page and when it is sent; None locks nothing."""
    for name, field in form.fields.items():
        field.disabled = field.disabled or (only is not None and name not in only)
    return form


def settled(form):
    """Bring a page that was sent whole into line with what others wrote since it was loaded.

    What was not touched on it stays as the row has it by now. What was changed here and elsewhere is an error that
    shows the other value; sent once more, it is meant so. `form.clashes` has those for a script. The caller has
    locked the row, and calls this before anything asks whether the form is valid.
    """
    data, form.clashes = form.data.copy(), {}
    for name in [n for n, field in form.fields.items() if not field.disabled]:
        key, now = form.add_prefix(name), shown(form, name)
        was, typed = posted(data, f"was-{key}"), posted(data, key)
        untouched = typed == was if f"was-{key}" in data else key not in data
        if untouched:
            data.setlist(key, now)
        elif f"was-{key}" in data and was != now != typed:
            form.clashes[name] = {"value": now, "shown": in_words(form, name)}
        else:
            continue
        data.setlist(f"was-{key}", now)
    form.data = data
    form.full_clean()
    for name, clash in form.clashes.items():
        text = _("刚才有人把它改成了“%(value)s”。要用您填的，请再保存一次。") % {"value": clash["shown"]}
        form.add_error(name, text)
    return form
