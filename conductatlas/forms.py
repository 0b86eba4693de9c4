"""Writes the plain parts of forms at once. Django renders each input, label and list of errors by a template of its
own: six hundred on the form of an analysis, half of its time. What is written is the same, character for character.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Context = Mapping[str, Any]


def _attributes(attributes: Mapping[str, Any]) -> str:
    given = [(name, value) for name, value in attributes.items() if value is not False]
    written = "".join(" {}" if value is True else ' {}="{}"' for _, value in given)
    parts = [part for pair in given for part in pair if part is not True]
    return format_html(written, *parts) if parts else ""


def _input(context: Context) -> SafeString:
    widget = context["widget"]
    value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
    attributes = _attributes(widget["attrs"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes)


def _textarea(context: Context) -> SafeString:
    widget = context["widget"]
    attributes = _attributes(widget["attrs"])
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes, widget["value"] or "")


def _select(context: Context) -> SafeString:
    widget = context["widget"]
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _ in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget["attrs"]), groups)


def _group(name: str | None, options: Iterable[Context]) -> SafeString:
    written = format_html_join(
        "", "{}", ((_option(option["value"], _attributes(option["attrs"]), option["label"]),) for option in options)
    )
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, written) if name else written


@lru_cache(maxsize=4096, typed=True)  # by type: a safe text equals an unsafe one of the same letters
def _option(value: Any, attributes: str, label: Any) -> SafeString:
    """Of the same agencies and laws each row of a form offers all."""
    return format_html('\n  <option value="{}"{}>{}</option>\n', value, attributes, label)


def _label(context: Context) -> SafeString:
    if not context["use_tag"]:
        return format_html("{}", context["label"])
    tag, attributes = context["tag"], _attributes(context["attrs"] or {})
    return format_html("<{}{}>{}</{}>", tag, attributes, context["label"], tag)


QUICK: Mapping[str, Callable[[Context], SafeString]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in ("hidden", "text", "number", "email")},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/label.html": _label,
}
ERRORS = frozenset({"django/forms/errors/list/default.html", "django/forms/errors/list/ul.html"})


class QuickTemplates(DjangoTemplates):
    """Django's renderer, which leaves the plain parts to this module and has nothing to say of no errors."""

    def render(self, template_name: str, context: Context, request: Any = None) -> str:
        if template_name in ERRORS and not context["errors"]:
            return ""
        quick = QUICK.get(template_name)
        return quick(context) if quick else super().render(template_name, context, request)
