"""The border of comparing: whose value stays, and why."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import TidyField
from postdocs.duplicates.pairs import Line


class NoteForm(forms.Form):
    note = TidyField(label=gettext_lazy("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ChoiceForm(NoteForm):
    """A choice for each line that differs; `sides` are the two codes. The versions that were seen come back."""

    versions = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, lines: Sequence[Line], sides: tuple[str, str], versions: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["versions"].initial = versions
        self.lines = lines
        for line in lines:
            if line.differs:
                words = [
                    (code, text or _("（空）")) for code, text in zip(sides, (line.first, line.second), strict=True)
                ]
                default = sides[1] if line.default == "gone" else sides[0]
                self.fields[f"take-{line.name}"] = forms.ChoiceField(
                    label=line.label, choices=words, initial=default, widget=forms.RadioSelect
                )

    def rows(self):
        """Each line of which anything is known, with its two radio buttons, or none where both say the same."""
        for line in (row for row in self.lines if row.first or row.second):
            name = f"take-{line.name}"
            yield line, list(self[name]) if name in self.fields else []

    def chosen(self) -> dict[str, str]:
        return {
            name.removeprefix("take-"): value for name, value in self.cleaned_data.items() if name.startswith("take-")
        }

    def seen(self) -> tuple[int, int]:
        kept, _point, gone = self.cleaned_data["versions"].partition(".")
        return (int(kept), int(gone)) if kept.isdecimal() and gone.isdecimal() else (-1, -1)
