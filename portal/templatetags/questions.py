"""What a form field is on the page: how its control is drawn, and what the page was loaded with."""

from django import forms


def control_kind(widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "control"


def loaded(bound) -> list[str]:
    """What the page was loaded with, as the form will post it: by it the server sees whether somebody else wrote meanwhile."""
    if isinstance(bound.field.widget, forms.FileInput):
        return []
    key = f"was-{bound.html_name}"
    if bound.form.is_bound and key in bound.form.data:
        return bound.form.data.getlist(key)
    value = bound.value()
    if isinstance(value, bool):
        return ["on" if value else ""]
    values = value if isinstance(value, list | tuple) else [value]
    return ["" if one is None else str(one) for one in values] or [""]


def cards_shape(choices) -> str:
    """Short answers stand side by side, many in columns, long ones or explained ones below each other."""
    longest = max((len(str(option.choice_label)) for option, _hint in choices), default=0)
    if any(hint for _option, hint in choices) or longest > 16:
        return ""
    return "picks-row" if len(choices) < 4 and longest <= 8 else "picks-columns"
