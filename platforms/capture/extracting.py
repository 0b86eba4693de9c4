"""What an answer says: its words as Markdown, and once more, found another way, as plain visible text.

Nothing here asks the web. A page gives an `Extraction` or an `Unreadable` with a plain reason, never an exception.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.element import Tag
from soupsieve import SelectorSyntaxError

from platforms.capture import pdf
from platforms.capture.charsets import clean, decode
from platforms.capture.elements import check_shape, clean_texts, opened_by_a_control, prune, texts, visible_text
from platforms.capture.markdown_of import markdown_of
from platforms.capture.proposing import propose_container
from platforms.capture.responses import Fault, Response, Stopped

JOINT = "\n\n- - -\n\n"  # between parts that different selectors chose, as Open Terms Archive joins them
_FURNITURE = "nav, aside, [role=navigation], [role=banner], [role=contentinfo], [role=search], [role=complementary]"
_ENDS = "header:not(main *, article *, :has(h1)), footer:not(main *, article *)"
_ENOUGH = 200  # characters; with fewer and scripts besides, a page is put together in the browser
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|h1|p)\b", re.I | re.DOTALL)
_ASKS_FOR_SCRIPT = re.compile(r"(?:enable|activate|requires?|need|turn on)\W+(?:\w+\W+){0,4}java\s?script", re.I)


class Kind(StrEnum):
    HTML = "html"
    PDF = "pdf"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Extraction:
    """The words of an answer. `markdown` ends with a line end; `visible` has one block a line.

    `canonical` is the address that the page gives as its own, `proposal` a selector for the part that holds the
    document, for a person to accept; both may be "". `proposal` is sought only where no selector was given.
    """

    markdown: str
    visible: str
    title: str
    kind: Kind
    canonical: str = ""
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An answer without words to be had, with the reason in one plain line."""

    fault: Fault
    reason: str


def extract(response: Response, *, select: str = "", remove: str = "", language: str = "") -> Extraction | Unreadable:
    """The words of an answer with a body.

    `select` and `remove` hold CSS selectors, one a line: what is the document, and what is taken out of it. Each line
    of `select` has to match; what `remove` names may be absent, as banners come and go. Without `select` the whole
    page counts but for navigation, header and footer. `language` ("en") helps where a charset or a PDF's
    hyphens leave a doubt.
    """
    try:
        kind = _kind(response)
        if kind is Kind.PDF:
            found = pdf.read(response.body, language)
            return Extraction(clean(found.markdown) + "\n", clean(found.visible), clean(found.title), kind)
        text = decode(response.body, response.header("Content-Type"), language, markup=kind is Kind.HTML)
        if kind is Kind.HTML:
            return _extract_page(text, response.final, select, remove)
    except Stopped as stopped:
        return Unreadable(stopped.fault, stopped.reason)
    except RecursionError:
        return Unreadable(Fault.TOO_DEEP, f"{response.final} nests its elements too deeply to be read.")
    if not text.strip():
        return Unreadable(Fault.EMPTY, f"{response.final} holds no text.")
    return Extraction(text.rstrip("\n") + "\n", text.strip(), "", kind)


def _kind(response: Response) -> Kind:
    """What a body is: by its first bytes where these say so, else as declared. Raises Stopped."""
    body = response.body
    if b"%PDF-" in body[:1024]:
        return Kind.PDF
    declared = response.header("Content-Type").partition(";")[0].strip().lower()
    if _HTML.match(body.lstrip(b"\xef\xbb\xbf")[:4_096]) or declared in {"text/html", "application/xhtml+xml"}:
        return Kind.HTML
    if declared in {"text/plain", "text/markdown", "text/x-markdown"}:
        return Kind.TEXT
    shown = declared or "a type that is not named"
    raise Stopped(Fault.NOT_TEXT, f"{response.final} is {shown[:80]}, neither a page, a PDF nor plain text.")


def _extract_page(text: str, address: str, select: str, remove: str) -> Extraction:
    page = _parsed(text, "lxml")
    check_shape(page, address)
    base = _base(page, address)
    title, canonical = _title(page), _canonical(page, base)
    chosen = _chosen(page, address, select, remove)
    # The second way begins at the parser, too: one that drops words must not go unseen.
    second = _second(text, address, select, remove) or [[_again(part) for part in parts] for parts in chosen]
    visible = "\n".join(line for parts in second for part in parts if (line := visible_text(part)))
    markdown = JOINT.join("\n\n".join(filter(None, (markdown_of(part, base) for part in parts))) for parts in chosen)
    if not markdown.strip():
        raise Stopped(Fault.EMPTY, f"{address} holds no text" + (" where the selectors point." if select else "."))
    proposal = "" if select.strip() else propose_container(text)
    return Extraction(clean(markdown) + "\n", clean(visible), clean(title), Kind.HTML, clean(canonical), proposal)


def _parsed(text: str, parser: str) -> BeautifulSoup:
    # libxml2 would drop what is nested more than 256 deep.
    return BeautifulSoup(text, parser, huge_tree=True) if parser == "lxml" else BeautifulSoup(text, parser)


def _again(part: Tag) -> Tag:
    body = BeautifulSoup(str(part), "lxml").body
    return body if body is not None else part


def _chosen(page: BeautifulSoup, address: str, select: str, remove: str) -> list[list[Tag]]:
    """The parts that the selectors choose, pruned: a list for each line of `select`. Raises Stopped."""
    opened = opened_by_a_control(page)
    asks = any(_ASKS_FOR_SCRIPT.search(tag.get_text(" ")) for tag in page.find_all("noscript"))
    scripts = sum(len(tag.get_text()) + 1_000 * tag.has_attr("src") for tag in page.find_all("script"))
    for selector in _lines(remove):
        for tag in _matches(page, selector, address):
            tag.decompose()
    chosen = [_matches(page, selector, address) for selector in _lines(select)] or [_default(page)]
    prune(page, opened)
    clean_texts(page)
    words = sum(len("".join(node.split())) for node in texts(page))
    if words < _ENOUGH and (asks or scripts >= 1_000):
        raise Stopped(
            Fault.NEEDS_BROWSER,
            f"{address} shows its text only in a browser: without scripts the page is nearly empty.",
        )
    for selector, parts in zip(_lines(select), chosen, strict=False):
        if not parts:
            raise Stopped(Fault.SELECTOR, f"The selector {selector!r} matches nothing on {address}: look at the page.")
    return [[part for part in parts if not part.decomposed] for parts in chosen]


def _second(text: str, address: str, select: str, remove: str) -> list[list[Tag]]:
    """The same parts as another parser sees them; empty where it sees them elsewhere."""
    try:
        page = _parsed(text, "html.parser")
        check_shape(page, address)
        return _chosen(page, address, select, remove)
    except Stopped:
        return []


def _matches(page: BeautifulSoup, selector: str, address: str) -> list[Tag]:
    """What a selector matches, in the order of the page, without what lies in another match."""
    try:
        found = page.select(selector)
    except (SelectorSyntaxError, NotImplementedError, ValueError) as error:
        first = str(error).splitlines()[0].rstrip(".:") if str(error) else "unknown"
        raise Stopped(
            Fault.SELECTOR, f"The selector {selector!r} for {address} is no CSS selector: {first}."
        ) from error
    known = set(map(id, found))
    return [tag for tag in found if not any(id(parent) in known for parent in tag.parents)]


def _default(page: BeautifulSoup) -> list[Tag]:
    """The whole page, or its only main part if that holds some text, without what surrounds a document."""
    for tag in [*page.select(_FURNITURE), *page.select(_ENDS)]:
        if not tag.decomposed and tag.name not in {"main", "body", "html"}:
            tag.decompose()
    for selector in ("main, [role=main]", "article"):
        found = _matches(page, selector, "")
        if len(found) == 1 and len(found[0].get_text(" ", strip=True)) >= _ENOUGH:
            return found
    return [page.body or page]


def _lines(selectors: str) -> list[str]:
    return [line.strip() for line in selectors.splitlines() if line.strip()]


def _base(page: BeautifulSoup, address: str) -> str:
    tag = page.find("base", href=True)
    try:
        return urljoin(address, str(tag["href"]).strip()) if isinstance(tag, Tag) else address
    except ValueError:
        return address


def _title(page: BeautifulSoup) -> str:
    tag = page.find("title")
    return " ".join(tag.get_text().split()) if isinstance(tag, Tag) else ""


def _canonical(page: BeautifulSoup, base: str) -> str:
    tag = page.select_one("link[rel~=canonical][href]")
    try:
        found = urljoin(base, str(tag["href"]).strip()) if tag else ""
    except ValueError:
        return ""
    return found if found.startswith(("http://", "https://")) else ""
