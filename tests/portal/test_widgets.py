"""What we write without templates reads as what Django's templates say, but for idle line ends."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from portal.widgets import Renderer

CHOICES = [
    ("", "—"),
    ("a", gettext_lazy("待办")),
    (3, "<b>"),
    ("组", [("x", mark_safe("<i>")), ("y", '"')]),
    (None, "无"),
]
ATTRS = [
    {},
    {"id": "id_x", "class": "form-select", "required": True, "disabled": False, "maxlength": 40, "title": '"&<'},
]
WIDGETS = [
    *(forms.Select, forms.SelectMultiple, forms.CheckboxSelectMultiple, forms.RadioSelect),
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.PasswordInput, forms.HiddenInput, forms.DateInput),
    *(forms.CheckboxInput, forms.Textarea, forms.ClearableFileInput, forms.NullBooleanSelect),
]


@pytest.mark.parametrize("attrs", ATTRS, ids=["bare", "attributes"])
@pytest.mark.parametrize("value", [None, "", "a", 3, '"<&', ("x", "3"), True])
@pytest.mark.parametrize("kind", WIDGETS)
def test_a_widget_reads_as_django_writes_it(kind, value, attrs):
    chooses = issubclass(kind, forms.widgets.ChoiceWidget) and kind is not forms.NullBooleanSelect
    widget = kind(choices=CHOICES) if chooses else kind()
    ours, theirs = (widget.render("name", value, dict(attrs), renderer=r()) for r in (Renderer, DjangoTemplates))
    assert parse_html(ours) == parse_html(theirs)


def test_one_box_of_several_reads_as_django_writes_it():
    class Form(forms.Form):
        some = forms.MultipleChoiceField(choices=CHOICES[1:3], widget=forms.CheckboxSelectMultiple)

    ours, theirs = (
        [parse_html(str(box)) for box in Form({"some": ["a"]}, renderer=r())["some"]]
        for r in (Renderer, DjangoTemplates)
    )
    assert ours == theirs
    assert len(ours) == 2
