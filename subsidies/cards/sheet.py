"""The card as a paper: the same content for the PDF file."""

from django.utils.translation import gettext as _

from portal.models import Organisation
from portal.papers import Paper, Rows, Table
from portal.words import localised
from subsidies.cards.card import Card, plain
from subsidies.cards.why import Why

LINES, REASONS, DAYS = (40, 18, 24, 60), (30, 50, 30, 18, 42), (20, 60, 40)


def paper_of(card: Card, office: Organisation | None) -> Paper:
    had, under_way, possible = (_("%(amount)s 元") % {"amount": plain(total)} for total in card.totals)
    blocks: list = [
        Rows(card.about, pairs=True),
        Rows([(_("已到账"), had), (_("正在办"), under_way), (_("以后最高"), possible)]),
    ]
    if card.days:
        rows = [(f"{d.on:%Y-%m-%d}", d.title, d.note) for d in card.days]
        blocks.append(Table([_("日期"), _("什么事"), _("说明")], rows, DAYS, _("日期")))
    if card.todos:
        blocks.append(Rows([(todo.title, todo.text) for todo in card.todos], _("现在要做")))
    for title, lines in card.groups:
        given = [(line.title, money(line.amount), line.when, f"{line.clause}　{line.note}") for line in lines]
        blocks.append(Table([_("项目"), _("金额（元）"), _("什么时候"), _("依据和算法")], given, LINES, title))
    blocks += [reasons(why) for why in card.told]
    if card.brief:
        blocks.append(Rows([(str(w.e.version.scheme), w.short) for w in card.brief], _("还没有发生的")))
    if card.others:
        blocks.append(Rows([(str(scheme), text) for scheme, text in card.others], _("不适用的")))
    if card.reckoning:
        blocks.append(Rows(card.reckoning, _("合计怎么算")))
    return Paper(card.title, blocks, number=f"{card.on:%Y-%m-%d}", foot=foot(card, office))


def reasons(why: Why) -> Table:
    heads = [_("条件"), _("情况"), _("要求"), _("结论"), _("下一步")]
    rows = [(r.title, r.found, r.wanted, r.state, r.next) for r in why.rows]
    title = _("%(scheme)s：%(state)s（%(clause)s）") % {
        "scheme": why.e.version.scheme,
        "state": why.e.state.label,
        "clause": why.e.version.clause,
    }
    return Table(heads, rows, REASONS, title)


def foot(card: Card, office: Organisation | None) -> str:
    said = _("测算供参考，以审批为准。")
    return f"{said}　{localised(office, 'name')} {office.phone}" if office else said


def money(amount) -> str:
    return plain(amount) if amount is not None else _("待核定")
