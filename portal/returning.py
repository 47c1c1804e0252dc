"""Workbooks that go out, are edited and come back: each row carries the key of ours and what it said when it left.

Nobody keeps a list of what was taken out: the mark in the row does, signed. When it comes back, what nobody touched in it
follows what is here by now, and what was changed on both sides is shown three ways and written by nobody.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from portal.imports import Column, ImportKind, Row

ROW = "row"  # the column of the marks
NOTHING = (None, "", [])


@dataclass(frozen=True)
class Mark:
    """Which row of ours, and what it said by column name when it went out."""

    target: str
    said: dict[str, Any]


class MarkField(forms.Field):
    """A mark as `mark()` made it for this kind."""

    def __init__(self, kind: "ImportKind", **kwargs):
        super().__init__(label=gettext_lazy("登记号（勿改）"), required=False, **kwargs)
        self.kind = kind

    def to_python(self, value):
        if not value:
            return None
        try:
            target, said = signer(self.kind).unsign_object(value)
        except (signing.BadSignature, ValueError) as error:
            raise ValidationError(_("登记号不完整或被改过。请从导出的表里拷回这一格；没有就清空它。")) from error
        return Mark(target, said)


def signer(kind: "ImportKind") -> signing.Signer:
    return signing.Signer(salt=f"portal.returning:{kind.code}")


def mark(kind: "ImportKind", one, columns: "list[Column]") -> str:
    """What a row that goes out carries with it."""
    from portal.imports import noted

    told = kind.said(one)
    said = {c.name: noted(c, told[c.name]) for c in columns if told.get(c.name) not in NOTHING}
    return signer(kind).sign_object([str(one.pk), said], compress=True)


def mark_column(kind: "ImportKind") -> "Column":
    from portal.imports import Column

    hint = gettext_lazy("导出的表里才有：认得是哪一条登记，不要改；新增的行空着")
    return Column(ROW, MarkField(kind), "", ("登记号",), hint)


def rebase(kind: "ImportKind", row: "Row", columns: "list[Column]") -> None:
    """Bring a row that came back into line with what is here by now; what both sides changed is a conflict."""
    from portal.imports import in_words, noted

    said, now_said = row.values[ROW].said, kind.said(row.found)
    for column in columns:
        name = column.name
        if name not in now_said or name not in row.values:
            continue
        was, given, is_now = said.get(name, ""), noted(column, row.values[name]), noted(column, now_said[name])
        if given in (was, "", None):
            row.values[name] = now_said[name]
        elif is_now not in (was, None) and is_now != given and (is_now or was):
            row.conflicts[name] = [
                in_words(column, was),
                in_words(column, row.values[name]),
                in_words(column, now_said[name]),
            ]
