"""The plain parts of forms are written as Django's own templates write them."""

import re
from pathlib import Path

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.widgets import AdminDateWidget, AdminURLFieldWidget, RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.forms.renderers import DjangoTemplates
from django.template import Context, engines
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from clauses.models import AppliedAgency
from conductatlas.forms import QUICK, QuickTemplates

HOSTILE = "\"><script>alert('1')</script>&amp; 🦊\n"


def tight(html: str) -> str:
    """Without white space around tags, and with single blanks."""
    return re.sub(r"\s*(<[^>]*?)\s*(>)\s*", r"\1\2", " ".join(str(html).split()))


class Everything(forms.Form):
    """Every kind of field that is written at once, with odd values and attributes."""

    text = forms.CharField(label="A <b>label</b>", max_length=9, widget=forms.TextInput(attrs={"data-x": '"', "a": 1}))
    number = forms.IntegerField(required=False, min_value=0)
    email = forms.EmailField(help_text="help", label=SafeString("<i>safe</i>"), disabled=True)
    hidden = forms.CharField(widget=forms.HiddenInput(attrs={"autocomplete": False, "readonly": True}))
    choice = forms.ChoiceField(choices=[("", "none"), ("a", HOSTILE), ("Group <b>", [("1", "one"), ("2", "two")])])
    several = forms.MultipleChoiceField(choices=[(1, "one"), (2, "two")], required=False)
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label="")
    radios = forms.ChoiceField(
        choices=[("", "none"), ("a", HOSTILE), ("Group <b>", [("1", "one")])],
        widget=forms.RadioSelect(attrs={"class": "x"}),
    )
    ticks = forms.MultipleChoiceField(choices=[(1, "one"), (2, HOSTILE)], widget=forms.CheckboxSelectMultiple)
    tick = forms.BooleanField(help_text="help")
    day = forms.DateField(widget=AdminDateWidget)
    address = forms.URLField(widget=AdminURLFieldWidget, assume_scheme="https")


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
            "radios": "a",
            "ticks": ["2", HOSTILE],
            "tick": "on",
            "day": HOSTILE,
            "address": HOSTILE,
        },
    ],
    ids=["unbound", "empty", "hostile"],
)
@pytest.mark.parametrize(
    "initial",
    [
        {},
        {"text": 0, "number": 7, "words": SafeString("<u>"), "hidden": "", "radios": "1", "ticks": [1], "tick": True},
        {"address": "https://example.org/?a=1&b=%22", "day": "2026-01-31"},
    ],
)
def test_it_writes_what_django_writes(data, initial) -> None:
    ours, theirs = (Everything(data, initial=initial, renderer=kind()) for kind in (QuickTemplates, DjangoTemplates))
    for mine, django in zip(ours, theirs, strict=True):
        assert tight(mine) == tight(django)
        assert mine.label_tag() == django.label_tag()
        assert str(mine.errors) == str(django.errors)
    assert tight(ours) == tight(theirs)
    assert all(isinstance(str(bound), SafeString) for bound in ours)


def test_what_is_written_at_once_are_templates_that_django_has() -> None:
    assert all(DjangoTemplates().get_template(name) for name in QUICK)


@pytest.mark.parametrize("may", [True, False])
@pytest.mark.parametrize("hidden", [True, False])
def test_the_links_beside_a_choice_of_records(may, hidden) -> None:
    rel = AppliedAgency._meta.get_field("agency").remote_field
    choice = (forms.HiddenInput if hidden else forms.Select)()
    widget = RelatedFieldWidgetWrapper(choice, rel, admin.site, may, may, may, may)
    widget.can_delete_related = may  # the wrapper offers it where nothing else would be deleted
    ours, theirs = (
        widget._render(widget.template_name, widget.get_context("set-0-agency", "", {"id": HOSTILE}), kind())
        for kind in (QuickTemplates, DjangoTemplates)
    )
    assert tight(ours) == tight(theirs)
    assert ours.count("<a ") == (4 if may and not hidden else 0)


class Person(forms.ModelForm):
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = User
        fields = ("username", "email", "first_name", "is_staff")
        labels = {"first_name": "A <b>{name}</b>", "last_login": "Seen {last}"}
        help_texts = {"username": "<i>{0} &amp; more</i>", "is_staff": "{", "last_login": "Of {it}"}


@pytest.mark.django_db
@pytest.mark.parametrize("data", [None, {"email": HOSTILE, "first_name": HOSTILE * 50}, {"username": "x" * 999}])
@pytest.mark.parametrize("named", [{"name": HOSTILE, "classes": ["collapse", "wide"]}, {"name": None}])
@pytest.mark.parametrize(
    "fields",
    [
        ["username", "is_staff", "hidden", "last_login"],
        [("username", "is_staff", "email"), ("hidden",), ("first_name", "date_joined", "hidden")],
        [],
    ],
)
def test_a_fieldset_is_that_of_the_stock_admin(data, named, fields) -> None:
    form = Person(data, instance=User(last_name=HOSTILE))
    options = {"fields": fields, "classes": named.get("classes", ())}
    shown = AdminForm(
        form, [(named["name"], options)], {}, ["last_login", "date_joined"], model_admin=admin.site._registry[User]
    )
    (fieldset,) = shown
    context = {"fieldset": fieldset, "prefix": "set", "id_prefix": 0, "id_suffix": 1, "heading_level": 4}
    stock = Path(admin.__file__).parent / "templates/admin/includes/fieldset.html"
    theirs = engines["django"].engine.from_string(stock.read_text(encoding="utf-8")).render(Context(context))
    assert tight(render_to_string("admin/includes/fieldset.html", context)) == tight(theirs)
