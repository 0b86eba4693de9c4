"""A selector for the part of a page that holds the document: only proposed, for a person to accept."""

from __future__ import annotations

import logging
import re

from bs4 import BeautifulSoup
from bs4.element import Tag

_LETTERS = re.compile(r"[\W_]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]*(?:\d{1,2})?")  # names with more digits are made by machines and change
_LONG_ENOUGH = 30  # letters; shorter lines stand anywhere
_HOLDS = 0.95  # of the lines: trafilatura writes some of them unlike the page

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports pages that it cannot read as errors


def propose_container(html: str) -> str:
    """A CSS selector of the smallest element that holds the text which trafilatura takes for the main one.

    "" where it finds none, or where nothing smaller than the whole page holds it.
    """
    import trafilatura  # here, because loading it takes longer than reading most pages

    try:
        found = trafilatura.extract(html, output_format="txt", favor_recall=True, include_comments=False) or ""
    except Exception:  # whatever it stumbles over, a proposal is not worth a capture
        return ""
    lines = [line for line in map(_letters, found.splitlines()) if len(line) >= _LONG_ENOUGH]
    page = BeautifulSoup(html, "lxml", huge_tree=True)
    if not lines or page.body is None:
        return ""
    at = page.body
    while below := next((one for one in at.find_all(True, recursive=False) if _holds(one, lines)), None):
        at = below
    if at is page.body:
        return ""
    selector = _selector(at)
    return selector if page.select(selector) == [at] else ""


def _letters(text: str) -> str:
    return _LETTERS.sub("", text)


def _holds(tag: Tag, lines: list[str]) -> bool:
    words = _letters(tag.get_text())
    return sum(line in words for line in lines) >= _HOLDS * len(lines)


def _selector(tag: Tag) -> str:
    """The shortest name by which an element is the only one on its page, else its path from the nearest such."""
    page = tag
    while page.parent is not None:
        page = page.parent
    names = [f"#{value}" for value in [str(tag.get("id") or "")] if _NAME.fullmatch(value)]
    names += [tag.name] if tag.name in {"main", "article"} else []
    names += [f"{tag.name}.{name}" for name in tag.get_attribute_list("class") if name and _NAME.fullmatch(name)]
    for name in names:
        if page.select(name) == [tag]:
            return name
    if tag.parent is None or tag.name == "body":
        return tag.name
    alike = tag.parent.find_all(tag.name, recursive=False)
    place = f":nth-of-type({next(n for n, one in enumerate(alike, 1) if one is tag)})" if len(alike) > 1 else ""
    return f"{_selector(tag.parent)} > {tag.name}{place}"
