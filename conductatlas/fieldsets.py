"""Writes the lines of a fieldset of the admin at once. Django goes through thirty nodes of a template for each field,
and asks another template for each label: half of the time of a long form. What is written is the same, but for the
white space between its tags.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.helpers import Fieldline, Fieldset
from django.forms import BoundField
from django.utils.safestring import SafeString

from conductatlas.forms import Piece, as_format, together


def lines_of(fieldset: Fieldset) -> SafeString:
    """What `admin/includes/fieldset.html` of Django shows of a fieldset between its heading and its end."""
    return together(piece for line in fieldset for piece in _line(line))


def _line(line: Fieldline) -> Iterator[Piece]:
    fields, alone = list(line), len(line.fields) == 1
    names = [field.field["name"] if field.is_readonly else field.field.name for field in fields]
    errors = line.errors() if line.form.errors else ""
    classes = [
        *(["errors"] if alone and errors else []),
        *([] if line.has_visible_field else ["hidden"]),
        *(f"field-{name}" for name in names if name),
    ]
    yield '\n<div class="form-row{}">', ("".join(f" {name}" for name in classes),)
    yield ("{}", (errors,)) if alone else ('<div class="flex-container form-multiline">', ())
    for name, field in zip(names, fields, strict=True):
        yield from _field(field, name, alone=alone)
    yield "</div>" if alone else "</div></div>", ()


def _field(field: Any, name: str, *, alone: bool) -> Iterator[Piece]:
    about = field.field  # a bound field, or what stands for one where nothing can be typed
    hidden = about["is_hidden"] if field.is_readonly else about.is_hidden
    errors = "" if alone or field.is_readonly or not about.form.errors else field.errors()
    beside = [] if alone else ["fieldBox", *([f"field-{name}"] if name else [])]
    if not alone:
        beside += ["errors"] * bool(errors) + ["hidden"] * bool(hidden)
    beside += ["checkbox-row"] * field.is_checkbox
    yield '<div>{}<div class="flex-container{}">', (errors, "".join(f" {one}" for one in beside))
    if field.is_readonly:
        yield '{}<div class="readonly">{}</div></div>', (field.label_tag(), field.contents())
    else:
        yield "{}{}</div>", (about, field.label_tag()) if field.is_checkbox else (field.label_tag(), about)
    yield from _help(about, hidden=hidden)
    yield "</div>", ()


def _help(about: Any, *, hidden: bool) -> Iterator[Piece]:
    text, target = (about["help_text"], "") if isinstance(about, dict) else (about.help_text, about.id_for_label)
    if text:
        named = ' id="{}_helptext"' if target else ""
        # The code writes help texts, as HTML: they are part of the format, not of what stands in it.
        written = f'<div class="help{" hidden" if hidden else ""}"{named}><div>{as_format(str(text))}</div></div>'
        yield written, (target,) * bool(target)


def inside(field: Any) -> SafeString:
    """A field with its help above it, and choices that are all to be seen as a group with a legend: the shape of the
    form of an analysis.
    """
    return together(_inside(field))


def _inside(field: Any) -> Iterator[Piece]:
    if field.is_readonly:
        shown = field.label_tag(), field.contents()
        yield '<div class="flex-container">{} <div class="readonly">{}</div></div>', shown
        return
    about: BoundField = field.field
    yield "{}", (field.errors() if about.form.errors else "",)
    grouped, said = about.use_fieldset, about.help_text
    target = f"help-{about.name}" if grouped else f"{about.id_for_label}_helptext"
    told: Piece = ('<div class="help" id="{}">{}</div>', (target, said)) if said else ("", ())
    if grouped:
        yield (
            ('<fieldset class="choice" aria-describedby="{}">', (target,))
            if said
            else ('<fieldset class="choice">', ())
        )
        yield "<legend>{}</legend>", (about.label,)
        yield told
        yield "{}</fieldset>", (about,)
        return
    yield "{} ", (field.label_tag(),)
    yield told
    yield "{}", (about,)
