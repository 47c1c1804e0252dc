"""The parts every page is composed of. Texts come in translated; docs/ui.md lists each tag with its arguments."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import PurePath

from django import forms, template
from django.db.models.fields import BLANK_CHOICE_DASH
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.links import Link, links_of, rows_of
from portal.routes import may_open
from portal.templatetags import marks, numbers
from portal.templatetags.questions import cards_shape, control_kind, loaded
from portal.templatetags.texts import script_texts

register = template.Library()
for written in (
    numbers.num,
    numbers.signed,
    numbers.wan,
    numbers.pct,
    numbers.filesize_zh,
    numbers.day,
    numbers.whole_day,
    numbers.weekday_day,
):
    register.filter(written)
register.filter(loaded)

numbered = count(1)  # for ids within a page; they mean nothing and are never stored


def draw(name: str, /, **values) -> SafeString:
    return render_to_string(f"ui/{name}.html", values)


# --- words with a shape ------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "", css: str = "i") -> SafeString:
    """A line icon of the sprite; silent unless it has a label."""
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


@register.simple_tag
def status(kind: str, text: str) -> SafeString:
    return format_html('<span class="st st-{}">{}{}</span>', kind, icon(f"st-{kind}", css="shape"), text)


@register.simple_tag
def state(kind: str, text: str = "") -> SafeString:
    """Where a figure stands against the plan of the day."""
    words = {
        "ahead": _("超序时"),
        "level": _("正常"),
        "behind": _("滞后序时"),
        "none": _("暂无数据"),
        "untargeted": _("未定任务"),
        "not_due": _("未到节点"),
        "ended": _("已结束"),
    }
    return status("none" if kind in ("untargeted", "not_due") else kind, text or words[kind])


@register.simple_tag
def tag(text: str, tone: str = "") -> SafeString:
    return format_html('<span class="label{}">{}</span>', f" label-{tone}" if tone else "", text)


@register.simple_tag
def phone(number: str) -> SafeString:
    return format_html('<a class="tel" href="tel:{}">{}</a>', "".join(c for c in number if c in "+0123456789"), number)


@register.simple_tag
def diff(old, new) -> SafeString:
    return draw("diff", old=old, new=new)


@register.simple_tag
def due(on: date | None, today: date | None = None) -> SafeString:
    """The date block of a list: the word first, then the date; of another year, the year below the day."""
    today = numbers.as_date(today) or localdate()
    on = numbers.as_date(on)
    word = numbers.day_word(on, today) if on else numbers.NOTHING
    beside = numbers.weekday(on) if on and word[:1].isdigit() else ""
    if on and beside and on.year != today.year:  # the column is as wide as a day and a month
        word, beside = f"{on:%m-%d}", str(on.year)
    return draw("due", on=on, word=word, beside=beside, urgent=bool(on and on <= today))


# --- sheets and pages --------------------------------------------------------------------------
@register.simple_block_tag
def card(content, title="", note="", more="", more_url="", id="", tools="", foot="", flush=False, css="", level=2):
    """A sheet with a header. `flush` for tables and lists, which bring their own margins."""
    return draw("card", **locals(), head_id=f"h{next(numbered)}")


@register.simple_block_tag
def page_head(content, title="", meta=(), kicker=""):
    """The page's title; `meta` is a text or a list of facts; the content stands at the right (buttons)."""
    return draw("page_head", **{**locals(), "meta": meta if isinstance(meta, list | tuple) else [meta] if meta else []})


@register.simple_tag(takes_context=True)
def more(context, row) -> SafeString:
    """Buttons to what other apps add to the page of this row."""
    user = context["request"].user
    found = links_of(row, user) if row and user.is_authenticated else []
    return format_html_join("", "{}", ((button(link.label, kind="secondary", href=link.url),) for link in found))


@register.simple_tag(takes_context=True)
def way(context, address: str, text, of="", bare=True) -> SafeString:
    """A link where the reader's roles let them into that page, else its text alone, or nothing with `bare=False`;
    `of`: what it is the way to, for who hears the page."""
    if not may_open(context["request"].user, address):
        return format_html("{}", text if bare else "")
    hidden = format_html('<span class="visually-hidden"> {}</span>', of) if of else ""
    return format_html('<a href="{}">{}{}</a>', address, text, hidden)


@register.simple_tag(takes_context=True)
def rows_beside(context, row) -> list[Link]:
    """What other apps keep that belongs to this row, as far as the reader may see it."""
    return rows_of(row, context["request"].user)


@register.simple_block_tag
def note(content, tone="blue", icon="", title="", id=""):
    """A panel: blue tells, warm means somebody must act now, plain explains, error is wrong data."""
    return draw("note", **locals())


@register.simple_block_tag(takes_context=True)
def dialog(context, content, id, title, wide=False):
    return draw("dialog", content=content, id=id, title=title, wide=wide)


@register.simple_block_tag
def dock(content, saved_at="", note="", autosave=False):
    """The sticky foot of a form: what is saved at the left, at the right the content with the one primary button."""
    return draw("dock", **locals())


@register.simple_tag
def crumbs(*pairs) -> SafeString:
    """Label and address in turn; the last label has no address and is where we are."""
    steps = [(pairs[i], pairs[i + 1] if i + 1 < len(pairs) else "") for i in range(0, len(pairs), 2)]
    return draw("crumbs", steps=steps)


@register.simple_tag
def tabs(items: Sequence[Mapping], label: str = "") -> SafeString:
    return draw("tabs", items=items, label=label)


@register.simple_tag
def seg(items: Sequence[Mapping], label: str = "") -> SafeString:
    return draw("seg", items=items, label=label)


@register.simple_tag
def empty(text: str, action: str = "", url: str = "", why: str = "") -> SafeString:
    return draw("empty", text=text, action=action, url=url, why=why)


@register.simple_tag
def dl(rows, css: str = "") -> SafeString:
    """Rows are (term, value) or {label, value, url, note}."""
    return draw("dl", css=css, rows=[r if isinstance(r, Mapping) else {"label": r[0], "value": r[1]} for r in rows])


@register.simple_tag(takes_context=True)
def pager(context, page, unit: str = "") -> SafeString:
    query = context["request"].GET.copy() if "request" in context else None
    links = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if isinstance(number, int) and query is not None:
            query["page"] = number
        address = f"?{query.urlencode()}" if query is not None else f"?page={number}"
        links.append(
            {"label": number, "url": address if isinstance(number, int) else "", "here": number == page.number}
        )
    return draw("pager", page=page, links=links if page.paginator.num_pages > 1 else [], unit=unit or _("条"))


@register.simple_tag(takes_context=True)
def messages_box(context) -> SafeString:
    return draw("messages", messages=context.get("messages") or [])


@register.simple_tag
def ui_texts() -> SafeString:
    """What the scripts say, in the language of the page, as a data block."""
    return draw("texts", texts=script_texts())


@register.simple_tag(takes_context=True)
def views(context) -> SafeString:
    """The saved views of the list around it, and where the filters of now can be kept; nothing for who isn't signed in."""
    menu, chosen = context["saved"], context.get("filter")
    keeps = menu.may_keep and menu.query and not menu.current and not (chosen and chosen.form.errors)
    keep_url = menu.keep_url(words_of(chosen.form) if chosen else "") if keeps else ""
    return draw("views", menu=menu, keep_url=keep_url)


def words_of(form) -> str:
    """What is chosen in the filters of a list, in words."""
    words = []
    for bound in form:
        given = bound.value() or []
        given = {str(value) for value in (given if isinstance(given, list) else [given])}
        choices = getattr(bound.field, "choices", None)
        words += [str(label) for value, label in choices if str(value) in given] if choices else sorted(given)
    return " · ".join(words)


# --- forms -------------------------------------------------------------------------------------
@register.simple_tag
def button(
    text,
    kind="primary",
    href="",
    name="",
    value="",
    key="",
    disabled_reason="",
    icon="",
    dialog="",
    type="submit",
    form="",
    formaction="",
    id="",
    copy="",
) -> SafeString:
    css = {"primary": "btn btn-primary", "secondary": "btn btn-plain", "danger": "btn btn-warn", "link": "btn btn-text"}
    return draw("button", **{**locals(), "css": css[kind], "why_id": f"why{next(numbered)}"})


def ask_to_choose(question: forms.Field) -> None:
    """Django's dashes say nothing: an empty choice asks to choose."""
    dashes = BLANK_CHOICE_DASH[0]
    if isinstance(question, forms.ModelChoiceField):
        if question.empty_label == dashes[1]:
            question.empty_label = _("请选择")
    elif isinstance(question, forms.ChoiceField) and (given := list(question.choices))[:1] == [dashes]:
        question.choices = [("", _("请选择")), *given[1:]]


@register.simple_tag
def field(bound, unit="", hint="", optional=False, label="", was=None, narrow=False, hide_label=False) -> SafeString:
    """One question: label, why it is asked, control, error; beside it the value of before when the field has `.was`."""
    widget, name = bound.field.widget, bound.auto_id or bound.html_name
    was = getattr(bound.field, "was", None) if was is None else was
    hint = hint or bound.help_text
    described = [f"{name}_{part}" for part, there in (("helptext", hint), ("was", was is not None)) if there]
    attrs = {"aria-describedby": " ".join([*described, f"{name}_error"])}
    kind = control_kind(widget)
    if kind == "control":
        ask_to_choose(bound.field)
        base = "form-select" if isinstance(widget, forms.Select) else "form-control"
        figures = bool(unit) or "inputmode" in widget.attrs or isinstance(widget, forms.NumberInput | forms.DateInput)
        narrow = narrow or figures
        attrs["class"] = f"{widget.attrs.get('class', '')} {base}{' num' if figures else ''}".strip()
        if unit:
            attrs["inputmode"] = "decimal"
    elif kind == "check":
        attrs["class"] = "form-check-input"
    hints = getattr(bound.field, "choice_hints", {})
    choices = [(o, hints.get(o.data["value"])) for o in bound if o.data["value"] != ""] if kind == "choices" else []
    return draw(
        "field",
        field=bound,
        name=name,
        kind=kind,
        control=None if kind == "choices" else bound.as_widget(attrs=attrs),
        choices=choices,
        shape=cards_shape(choices),
        unit=unit,
        hint=hint,
        optional=optional,
        label=label or bound.label,
        hide_label=hide_label,
        was=was,
        narrow=narrow,
        track=loaded(bound) if getattr(bound.form, "autosave", False) else [],
        described=" ".join(described),
    )


@register.simple_tag
def error_summary(*given) -> SafeString:
    """All errors of the forms (each one, or a list of them) at the top of the page, each a link to its field."""
    found = []
    for form in (one for each in given for one in (each if isinstance(each, list) else [each])):
        found += [{"text": text, "to": ""} for text in form.non_field_errors()]
        for bound in form:
            first = "_0" if control_kind(bound.field.widget) == "choices" else ""
            found += [{"text": text, "to": f"{bound.auto_id}{first}", "label": bound.label} for text in bound.errors]
    return draw("error_summary", errors=found)


@register.simple_tag(takes_context=True)
def file_slot(
    context,
    title,
    name="file",
    file=None,
    action="",
    formats="PDF JPG PNG",
    max_mb=10,
    hint="",
    verb="",
    locked=False,
    multiple=False,
    camera=False,
    sample_url="",
    blank_url="",
    id="",
    error="",
) -> SafeString:
    """A paper's place: filled, or a dashed gap that says what to bring. With `action` it is a form of its own."""
    id = id or f"slot-{name}"
    endings = [f".{k.lower()}" for k in formats.split()] + ([".jpeg"] if "JPG" in formats else [])
    kind = badge(file) if file else ""
    token = context.get("csrf_token", "")
    return draw(
        "file_slot",
        **{k: v for k, v in locals().items() if k != "context"},
        accept=",".join(endings),
        kinds=pgettext("并列", "、").join(formats.split()),
    )


def badge(file) -> str:
    def of(key):
        return file.get(key) if isinstance(file, Mapping) else getattr(file, key, "")

    return of("kind") or PurePath(str(of("name"))).suffix.lstrip(".").upper()[:4] or "—"


# --- progress ----------------------------------------------------------------------------------
@register.simple_tag
def timeline(items: Sequence[Mapping]) -> SafeString:
    return draw("timeline", items=items)


@register.simple_tag
def task(
    number="", title="", note="", status_kind="", status_text="", href="", locked_reason="", opened=False, id=""
) -> SafeString:
    return draw("task", **locals())


@register.simple_tag
def segments(done, total=None, current=None, label: str = "", small: bool = False) -> SafeString:
    """One piece a part. `done` is a number, or the state of each part in order: "done", "half" or ""."""
    if isinstance(done, int):
        parts = ["done" if i <= done else "half" if i == current else "" for i in range(1, (total or done) + 1)]
    else:
        parts = list(done)
    shown = format_html_join("", "<i{}></i>", ((format_html(' class="is-{}"', p) if p else "",) for p in parts))
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<span class="pieces{}" {}>{}</span>', " pieces-small" if small else "", said, shown)


@register.simple_tag
def pace_bar(actual, target, pace=None, extra=None, scale: int = 140, label: str = "") -> SafeString:
    known = [(_("实际"), actual), (_("目标"), target), (_("序时"), pace), (_("另有"), extra)]
    facts = [f"{word} {numbers.num(value)}" for word, value in known if value is not None]
    said = pgettext("连接", "，").join(facts if actual is not None else [_("暂无数据"), *facts])
    said = _("{label}：{said}").format(label=label, said=said) if label else said
    return draw("pace_bar", bar=marks.pace_bar(actual, target, pace, extra, scale), said=said)


@register.simple_tag
def trend(points, target=None, pace_points=(), today=1.0, base=0) -> SafeString:
    return draw("trend", **marks.trend(points, target, pace_points, today, base))


@register.simple_tag
def plan_clock(since: date, until: date, on: date, label: str = "") -> SafeString:
    """How much of the plan's time is gone; `until` is its last day."""
    return draw("plan_clock", **marks.plan_clock(since, until, on), label=label or _("计划期已过"))


@register.simple_tag
def lanes(data: Mapping, title: str = "", legend: bool = True) -> SafeString:
    """A life as lanes over months: what was, what is open, what is next. See `marks.lanes`; a table says the same."""
    drawn = marks.lanes(data["since"], data["until"], data["on"], data["rows"])
    return draw("lanes", **drawn, title=title, legend=legend)


@register.simple_tag
def remain(days: int, of: int = 10, text: str = "") -> SafeString:
    """Working days left: the number and a small bar, `of` days filling it; below 0 it is overdue."""
    return draw("remain", days=days, over=-days, width=marks.percent(days / of * 100), text=text)


@register.simple_block_tag
def chart(content, kind, data, title, note="", id="", tools="", css="", base=None, excel=""):
    """A figure and, as its content, the table behind it; `kind` may name two figures of the same data, `excel` is the
    address of the same as a workbook."""
    id = id or f"chart{next(numbered)}"
    return draw("chart", **locals(), kinds=kind.split(), code=static("charts.js"), data_id=f"{id}-data")


@register.simple_tag
def job(job, url: str = "") -> SafeString:
    """Long work: {title, done, total, unit, steps: [(kind, text)], meta: [], finished, failed, cancel_url, result_url}."""
    return draw("job", job=job, url=url)


# --- dashboards --------------------------------------------------------------------------------
@register.simple_tag
def strip(items: Sequence[Mapping], label: str = "") -> SafeString:
    """The headline targets side by side.

    {label, url, state, actual, target, unit, pace, ahead, gap, source}; for the trend: points, pace_points, today, base.
    """
    return draw("strip", items=items, label=label or _("主要目标"))


@register.simple_tag
def agenda(items: Sequence[Mapping], today: date | None = None) -> SafeString:
    """What is due: {on, title, url, phone, text: [], end, end_note}."""
    return draw("agenda", items=items, today=today)


@register.simple_tag
def matrix(heads: Sequence[Mapping], rows: Sequence[Mapping], caption: str) -> SafeString:
    """Heads {label, hole}; rows {label, cells: [{value, url, hole}], total, rule}. Tints are thirds of the greatest value."""
    most = max([cell["value"] or 0 for row in rows for cell in row["cells"]] or [0]) or 1

    def css(cell) -> str:
        share = (cell["value"] or 0) / most
        return (
            "hole"
            if cell.get("hole")
            else f"tint-{0 if not share else 1 if share <= 0.25 else 2 if share <= 0.6 else 3}"
        )

    shown = [{**row, "cells": [{**cell, "css": css(cell)} for cell in row["cells"]]} for row in rows]
    return draw("matrix", heads=heads, rows=shown, caption=caption)
