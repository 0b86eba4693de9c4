"""Template filters: how dates, numbers and stored prose are shown. None of them asks the database."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from html import unescape
from typing import Any

from django import template
from django.conf.locale import LANG_INFO
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString

from conductatlas import markdown

register = template.Library()
# What `render_analysis` makes of the marks behind a sentence.
SUPPORT = re.compile(r'\s*<span class="(?:rests-on|inferred)">.*?</span>', re.DOTALL)


@register.filter
def stored(html: str | None) -> SafeString:
    """Prose that was rendered and cleaned when it was saved."""
    return markdown.stored(html or "")


@register.filter
def day(value: date | datetime | str | None) -> str:
    """`8 Jun 2026`; a string is read as ISO 8601, and a year or month alone stays one."""
    if not value:
        return ""
    if isinstance(value, str):
        if len(value) == 4:
            return value
        if len(value) == 7:
            return f"{date.fromisoformat(f'{value}-01'):%b %Y}"
        value = datetime.fromisoformat(value)
    return f"{value.day} {value:%b %Y}"


@register.filter
def moment(value: datetime | str | None) -> str:
    """`11 May 2026, 12:47 UTC`"""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value.day} {value:%b %Y, %H:%M} UTC"


@register.filter
def quantity(count: int, noun: str) -> str:
    """`{{ 3|quantity:"clause" }}` → `3 clauses`; an irregular plural stands behind a comma: "party,parties"."""
    one, _, many = noun.partition(",")
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@register.filter
def thousands(count: int) -> str:
    """`{{ 12345|thousands }}` → `12,345`"""
    return f"{count:,}"


@register.filter
def addressed(query: str, path: str) -> str:
    """`{{ "sort=newest"|addressed:"/clauses/" }}` → `/clauses/?sort=newest`; without a query the path alone."""
    return f"{path}?{query}" if query else path


@register.filter
def host(url: str) -> str:
    """The host of an address, as a short label for a link."""
    return url.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")


@register.filter
def without_marks(html: str | None) -> str:
    """The plain words of stored prose, for a line in a list: its marks lead to words that stand on another page."""
    return unescape(strip_tags(SUPPORT.sub("", html or ""))).strip()


@register.filter
def language_name(code: str) -> str:
    """`en-GB` → `English (en-GB)`; a code without a known name stays one."""
    known = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.lower().split("-")[0]) or {}
    name = known.get("name")
    return f"{name.split(' (')[0].split('/')[0]} ({code})" if name else code


@register.filter
def marked(runs: Sequence[Any]) -> str:
    """Runs of words, those that are marked in <mark>. A filter, because a page of results has a hundred of them."""
    texts = [run.text for run in runs]
    written = "".join("<mark>{}</mark>" if run.marked else "{}" for run in runs)
    return format_html(written, *texts) if texts else ""
