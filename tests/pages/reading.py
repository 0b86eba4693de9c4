"""How the page tests read a page: as a browser would parse it, and as a person would read it."""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse

BLOCKS = frozenset(
    {
        *("p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article", "figure"),
        *("figcaption", "blockquote", "th", "td", "tr", "pre", "summary", "label"),
    }
)


def page(response: HttpResponse) -> Element:
    """The parsed page; html5lib's strict parser raises where the HTML is not valid."""
    return parsed(response.content.decode())


@lru_cache(maxsize=20)
def parsed(html: str) -> Element:
    """A page is parsed once, however often it is looked at: nobody changes what was parsed."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def text_of(element: Element) -> str:
    """The words of an element, with white space as a browser shows it and blocks parted."""
    parts: list[str] = []

    def walk(node: Element) -> None:
        if not isinstance(node.tag, str) or node.tag in {"script", "style"}:
            parts.append(node.tail or "")
            return
        edge = "\n" if node.tag in BLOCKS else ""
        parts.append(edge + (node.text or ""))
        for child in node:
            walk(child)
            parts.append("")
        parts.append(edge + (node.tail or ""))

    walk(element)
    return re.sub(r"[^\S\n]+", " ", "".join(parts))


def main_text(response: HttpResponse) -> str:
    """The words of the page's main part."""
    return text_of(page(response).find(".//main"))


def find_all(response: HttpResponse, path: str) -> list[Element]:
    return page(response).findall(path)
