"""Writes the plain parts of forms at once. Django renders each input, label and list of errors by a template of its
own: six hundred on the form of an analysis, half of its time. What is written is the same, but for white space between
tags.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

Context = Mapping[str, Any]
Piece = tuple[str, tuple[Any, ...]]  # a format and what stands in it, which is escaped when all is put together


def together(pieces: Iterable[Piece]) -> SafeString:
    formats: list[str] = []
    values: list[Any] = []
    for written, standing in pieces:
        formats.append(written)
        values += standing
    return format_html("".join(formats), *values) if formats else ""


def as_format(html: str) -> str:
    """What the code itself writes, as a part of a format."""
    return html.replace("{", "{{").replace("}", "}}")


@lru_cache(maxsize=1024)
def _attribute(name: str, *, alone: bool) -> str:
    """Of the same few names all fields have some."""
    return f" {as_format(escape(name))}" + ("" if alone else '="{}"')


def _attributes(attributes: Mapping[str, Any]) -> Piece:
    given = [(name, value) for name, value in attributes.items() if value is not False]
    written = "".join([_attribute(name, alone=value is True) for name, value in given])
    return written, tuple([value for _, value in given if value is not True])


def _input_piece(widget: Context) -> Piece:
    filled = () if widget["value"] is None else (str(widget["value"]),)
    written, values = _attributes(widget["attrs"])
    value = ' value="{}"' if filled else ""
    return f'<input type="{{}}" name="{{}}"{value}{written}>', (widget["type"], widget["name"], *filled, *values)


def _input(context: Context) -> SafeString:
    return together([_input_piece(context["widget"])])


def _date(context: Context) -> SafeString:
    return together([('<p class="date">', ()), _input_piece(context["widget"]), ("</p>", ())])


def _address(context: Context) -> SafeString:
    widget = context["widget"]
    if not context["url_valid"]:
        return _input(context)
    now = context["current_label"], widget["href"], widget["value"], context["change_label"]
    return together([('<p class="url">{} <a href="{}">{}</a><br>{} ', now), _input_piece(widget), ("</p>", ())])


def _textarea(context: Context) -> SafeString:
    widget = context["widget"]
    written, values = _attributes(widget["attrs"])
    return format_html(
        f'<textarea name="{{}}"{written}>\n{{}}</textarea>', widget["name"], *values, widget["value"] or ""
    )


def _select(context: Context) -> SafeString:
    widget = context["widget"]
    written, values = _attributes(widget["attrs"])
    groups = (piece for name, options, _ in widget["optgroups"] for piece in _group(name, options))
    return together([(f'<select name="{{}}"{written}>', (widget["name"], *values)), *groups, ("\n</select>", ())])


def _group(name: str | None, options: Iterable[Context]) -> Iterator[Piece]:
    if name:
        yield '\n  <optgroup label="{}">', (name,)
    for option in options:
        written, values = _attributes(option["attrs"])
        yield f'\n  <option value="{{}}"{written}>{{}}</option>\n', (str(option["value"]), *values, option["label"])
    if name:
        yield "\n  </optgroup>", ()


def _choices(context: Context) -> SafeString:
    """Choices that are all to be seen."""
    widget = context["widget"]
    around = {name: widget["attrs"][name] for name in ("id", "class") if widget["attrs"].get(name)}
    written, values = _attributes(around)
    options = (piece for name, options, _ in widget["optgroups"] for piece in _seen(name, options))
    return together([(f"<div{written}>", values), *options, ("</div>", ())])


def _seen(name: str | None, options: Iterable[Context]) -> Iterator[Piece]:
    if name:
        yield "<div><label>{}</label>", (name,)
    for option in options:
        target = option["attrs"].get("id")
        yield ('<div><label for="{}">', (target,)) if target else ("<div><label>", ())
        yield _input_piece(option)
        yield " {}</label></div>", (option["label"],)
    if name:
        yield "</div>", ()


def _label(context: Context) -> SafeString:
    if not context["use_tag"]:
        return format_html("{}", context["label"])
    tag = context["tag"]
    written, values = _attributes(context["attrs"] or {})
    return format_html(f"<{tag}{written}>{{}}</{tag}>", *values, context["label"])


def _with_links(context: Context) -> SafeString:
    """A choice among records with the links that change, add or show one."""
    limited = context["model_has_limit_choices_to"]
    shown = [] if context["is_hidden"] else [link for link in LINKS if context[f"can_{link}_related"]]
    links = (_link(link, context) for link in shown)
    begin = ('<div class="related-widget-wrapper" data-model-ref="{}">', (context["model_name"],))
    begin = ('<div class="related-widget-wrapper" >', ()) if limited else begin
    return together([begin, ("{}", (context["rendered_widget"],)), *links, ("</div>", ())])


# What a link does → the picture it shows, its title, where its address stands, and what the address goes on with.
LINKS = {
    "change": ("changelink", "Change selected %(model)s", "change_related_template_url", "url_params"),
    "add": ("addlink", "Add another %(model)s", "add_related_url", "url_params"),
    "delete": ("deletelink", "Delete selected %(model)s", "delete_related_template_url", "url_params"),
    "view": ("viewlink", "View selected %(model)s", "change_related_template_url", "view_related_url_params"),
}


def _link(kind: str, context: Context) -> Piece:
    picture, title, address, query = LINKS[kind]
    leading = {
        "add": ' data-popup="yes" href="{}?{}"',
        "view": ' data-href-template="{}?{}"',
    }.get(kind, ' data-href-template="{}?{}" data-popup="yes"')
    written = (
        f'<a class="related-widget-wrapper-link {kind}-related" id="{kind}_id_{{}}"{leading}'
        ' title="{}"><img src="{}" alt="" width="24" height="24"></a>'
    )
    told = gettext(title) % {"model": context["model"]}
    return written, (context["name"], context[address], context[query], told, static(f"admin/img/icon-{picture}.svg"))


QUICK: Mapping[str, Callable[[Context], SafeString]] = {
    **{
        f"django/forms/widgets/{kind}.html": _input
        for kind in ("hidden", "text", "number", "email", "url", "date", "checkbox")
    },
    **{f"django/forms/widgets/{kind}.html": _choices for kind in ("radio", "checkbox_select")},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/label.html": _label,
    "admin/widgets/date.html": _date,
    "admin/widgets/url.html": _address,
    "admin/widgets/related_widget_wrapper.html": _with_links,
}
ERRORS = frozenset({"django/forms/errors/list/default.html", "django/forms/errors/list/ul.html"})


class QuickTemplates(DjangoTemplates):
    """Django's renderer, which leaves the plain parts to this module and has nothing to say of no errors."""

    def render(self, template_name: str, context: Context, request: Any = None) -> str:
        if template_name in ERRORS and not context["errors"]:
            return ""
        quick = QUICK.get(template_name)
        return quick(context) if quick else super().render(template_name, context, request)
