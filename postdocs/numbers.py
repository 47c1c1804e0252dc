"""Numbers of identity papers where people type or import them without saying which paper it is."""

import re

from django import forms
from django.utils.translation import gettext_lazy

from portal.forms import TidyField, tidy
from postdocs.people import papers
from postdocs.people.models import PaperKind


def kind_of(text: str) -> str:
    """The paper that a number looks like: 15 or 18 characters that begin as an identity card does, else a passport."""
    bare = re.sub(r"[\s\-－—·]", "", tidy(text))
    return PaperKind.ID_CARD if re.match(r"\d{15}", bare) else PaperKind.PASSPORT


class PaperNumber(TidyField):
    """A number of an identity paper in its one form; what is wrong with it is told."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "data-private": True})

    def __init__(self, **kwargs):
        about = {"label": gettext_lazy("证件号码"), "max_length": 30}
        super().__init__(**about | kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return papers.normal(kind_of(text), text) if text else ""
