"""Words of rows in templates."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.facts import OF_DAYS, AtLeast, Finding, Lookup
from portal.words import factor, localised, localised_value

register = template.Library()


@register.filter
def brief(district) -> str:
    """A district as lists name it: by its short name, where it has one in the reader's language."""
    name = localised(district, "name")
    return district.short if name == district.name else district.short_name_en or name


register.filter(factor)


@register.simple_tag
def gap() -> str:
    """What stands between two sentences that are translated one by one: a space, where the language wants it."""
    return " " if get_language() == "en" else ""


@register.filter
def said(row, name: str = "name") -> str:
    return localised(row, name) if row else ""


@register.filter
def say(words, name: str = "name") -> str:
    """The same of words that are data: {name, name_en}."""
    return localised_value(words, name)


@register.simple_tag(takes_context=True)
def clause(context, clause) -> SafeString:
    """A clause as every page names it: its document and number, leading to its place in the page of the document.
    Of another city's it only says the name: those pages aren't the reader's."""
    if not clause:
        return SafeString("")
    document, pack = clause.document, context.get("pack")
    text = f"{document.number or localised(document, 'title')} {clause.number}"
    if pack is None or document.pack_id != pack.pk:
        return format_html("{}", text)
    return format_html('<a class="clause-link" href="{}">{}</a>', clause.get_absolute_url(), text)


@register.filter
def without(text: str, clause) -> str:
    """A sentence of a rule without its clause, where that stands beside it as a link."""
    return re.sub(rf"\s*[（(]{re.escape(str(clause))}[）)]", "", text)


DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@register.filter
def whole_days(text: str) -> SafeString:
    """A sentence whose days don't break at the end of a line."""
    return mark_safe(DAY.sub(r'<span class="nb">\g<0></span>', conditional_escape(text)))


@register.filter
def shortly(finding: Finding) -> str:
    """A finding without its clause, which stands beside; what is wanted only where it is not so, and not that it is 0."""
    text = finding.text
    for criterion in finding.question.criteria:
        text = without(text, criterion.clause)
    if isinstance(finding.question, AtLeast) or not (finding.met or finding.question.value == 0):
        return text
    wanted = "|".join(re.escape(str(label)) for label in (*Lookup.labels, *OF_DAYS.values()))
    return re.sub(rf"[，,；;]\s*({wanted})\s.*$", "", text)
