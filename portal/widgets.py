"""Drop-downs, boxes and inputs, written without templates: Django renders two for every option of every drop-down, which
for a list with six filters was a fifth of the page. They read exactly as Django's own (tests/portal/test_widgets.py)."""

from collections.abc import Mapping

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WHERE = "django/forms/widgets/"
INPUTS = frozenset(
    f"{WHERE}{name}.html"
    for name in ("checkbox", "date", "email", "hidden", "input", "number", "password", "search", "tel", "text", "url")
)
OPTIONS = frozenset(f"{WHERE}{name}.html" for name in ("checkbox_option", "input_option", "radio_option"))


class Renderer(DjangoTemplates):
    def render(self, template_name, context, request=None):
        widget = context.get("widget")
        if template_name in INPUTS:
            return control(widget)
        if template_name in OPTIONS:
            return labelled(widget)
        if template_name == f"{WHERE}select.html":
            return select(widget)
        return super().render(template_name, context, request)


def attributes(attrs: Mapping) -> SafeString:
    """True is an attribute without a value, False is none."""
    told = (
        f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(value)}"')
        for name, value in attrs.items()
        if value is not False
    )
    return mark_safe("".join(told))


def control(widget: Mapping) -> SafeString:
    value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes(widget["attrs"])
    )


def labelled(widget: Mapping) -> SafeString:
    """One of several boxes or circles, in its label."""
    if not widget.get("wrap_label"):
        return control(widget)
    to = format_html(' for="{}"', widget["attrs"]["id"]) if widget["attrs"].get("id") else ""
    return format_html("<label{}>{} {}</label>", to, control(widget), widget["label"])


def option(widget: Mapping) -> SafeString:
    return format_html(
        '\n  <option value="{}"{}>{}</option>', str(widget["value"]), attributes(widget["attrs"]), widget["label"]
    )


def group(name, options) -> SafeString:
    inside = format_html_join("", "{}", ((option(one),) for one in options))
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, inside) if name else inside


def select(widget: Mapping) -> SafeString:
    groups = format_html_join("", "{}", ((group(name, options),) for name, options, _n in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], attributes(widget["attrs"]), groups)
