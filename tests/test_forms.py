"""The plain parts of forms are written as Django's own templates write them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from conductatlas.forms import QUICK, QuickTemplates

HOSTILE = "\"><script>alert('1')</script>&amp; 🦊\n"


class Everything(forms.Form):
    """Every kind of field that is written at once, with odd values and attributes."""

    text = forms.CharField(label="A <b>label</b>", max_length=9, widget=forms.TextInput(attrs={"data-x": '"', "a": 1}))
    number = forms.IntegerField(required=False, min_value=0)
    email = forms.EmailField(help_text="help", label=SafeString("<i>safe</i>"), disabled=True)
    hidden = forms.CharField(widget=forms.HiddenInput(attrs={"autocomplete": False, "readonly": True}))
    choice = forms.ChoiceField(choices=[("", "none"), ("a", HOSTILE), ("Group <b>", [("1", "one"), ("2", "two")])])
    several = forms.MultipleChoiceField(choices=[(1, "one"), (2, "two")], required=False)
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label="")


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {
            "text": HOSTILE,
            "number": "x",
            "email": HOSTILE,
            "hidden": "0",
            "words": HOSTILE,
            "choice": "1",
            "several": ["1"],
        },
    ],
    ids=["unbound", "empty", "hostile"],
)
@pytest.mark.parametrize("initial", [{}, {"text": 0, "number": 7, "words": SafeString("<u>"), "hidden": ""}])
def test_it_writes_what_django_writes(data, initial) -> None:
    ours, theirs = (Everything(data, initial=initial, renderer=kind()) for kind in (QuickTemplates, DjangoTemplates))
    for mine, django in zip(ours, theirs, strict=True):
        assert str(mine) == str(django)
        assert mine.label_tag() == django.label_tag()
        assert str(mine.errors) == str(django.errors)
    assert str(ours) == str(theirs)
    assert all(isinstance(str(bound), SafeString) for bound in ours)


def test_what_is_written_at_once_are_templates_that_django_has() -> None:
    assert all(DjangoTemplates().get_template(name) for name in QUICK)
