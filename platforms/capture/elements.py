"""What the elements of a page are to a reader: shown or not, a block of its own or part of a line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bs4.element import CData, NavigableString, PreformattedString, Tag

from platforms.capture.charsets import clean
from platforms.capture.responses import Fault, Stopped

_BLOCKS = re.compile(
    "address|article|aside|blockquote|body|caption|center|d[dlt]|details|dialog|dir|div|fieldset|figcaption|figure"
    "|footer|form|frameset|h[1-6r]|header|hgroup|html|legend|li|listing|main|menu|nav|ol|optgroup|option|p|plaintext"
    "|pre|search|section|summary|table|tbody|t[dhr]|tfoot|thead|ul|xmp"
)
_UNSHOWN = (
    "script, style, template, noscript, head, title, meta, link, base, svg, img, picture, source, video, audio, track,"
    " canvas, map, area, iframe, object, embed, applet, param, input, select, textarea, datalist, progress, meter,"
    " dialog:not([open])"
)
_UNDISPLAYED = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_SHOWN_AS_BLOCK = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
# Names that style sheets use for words that only a screen reader is to speak.
_SPOKEN_ONLY = re.compile(
    "(?:is-|u-)?visually-?hidden|sr-only|screen-?reader(?:-text|-only)?|a11y-hidden|show-for-sr|vh"
)
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"]
_CONTROLS = frozenset({"aria-expanded", "aria-controls", "data-target", "data-bs-target"})
_DEEPEST = 1_000
_MOST_BESIDE = 20_000
_BREAK = "\0"  # no text holds it: see `clean_texts`
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def check_shape(page: Tag, address: str) -> None:
    """Raises Stopped for a page so deep or so wide that taking it apart would take for ever."""
    depths = {id(page): 0}
    for tag in page.find_all(True):
        depth = depths[id(tag)] = depths[id(tag.parent)] + 1
        if depth > _DEEPEST:
            raise Stopped(Fault.TOO_DEEP, f"{address} nests its elements more than {_DEEPEST} deep.")
        if len(tag.contents) > _MOST_BESIDE:
            raise Stopped(Fault.TOO_LARGE, f"{address} has an element with more than {_MOST_BESIDE} parts.")


def clean_texts(part: Tag) -> None:
    """Take out of the texts what no text can hold. A page can write such characters as references ("&#127;"), which
    only the parser reads; one that went later, behind a mark was escaped, would leave words where Markdown has marks.
    """
    for node in list(texts(part)):
        if (words := clean(node)) != node:
            node.replace_with(NavigableString(words))


def texts(part: Tag) -> Iterator[NavigableString]:
    """The text nodes of an element; comments and declarations are none."""
    for node in part.descendants:
        if isinstance(node, NavigableString) and (not isinstance(node, PreformattedString) or isinstance(node, CData)):
            yield node


def is_block(tag: Tag) -> bool:
    """Whether an element begins a new line. One that HTML does not know does so unless it stands among words."""
    if _BLOCKS.fullmatch(tag.name) or _SHOWN_AS_BLOCK.search(str(tag.get("style") or "")):
        return True
    if "-" not in tag.name:
        return False
    beside = tag.parent.children if tag.parent else ()
    return not any(type(one) is NavigableString and one.strip() for one in beside)


def opened_by_a_control(page: Tag) -> frozenset[str]:
    """The ids of the parts that readers open themselves, as tabs and accordions: hidden at first, yet to be read."""
    found: set[str] = set()
    for name in sorted(_CONTROLS - {"aria-expanded"}):
        for tag in page.find_all(True, {name: True}):
            found.update(str(tag[name]).replace("#", " ").split())
    return frozenset(found)


def prune(part: Tag, opened: Collection[str]) -> None:
    """Take out what no reader sees and what is no text. `opened` are the ids that `opened_by_a_control` gave."""
    for tag in part.select(_UNSHOWN):
        tag.decompose()
    for tag in part.find_all(True):
        if not tag.decomposed and tag is not part and _is_hidden(tag, opened):
            tag.decompose()
    for tag in part.find_all("button"):
        if tag.find_parent(_HEADINGS) is not None:
            tag.unwrap()
        elif _CONTROLS.isdisjoint(tag.attrs):
            tag.decompose()
        else:  # its words name the part that it opens
            tag.name = "div"
    for tag in part.find_all("q"):
        tag.insert(0, NavigableString("“"))
        tag.append(NavigableString("”"))
        tag.unwrap()


def _is_hidden(tag: Tag, opened: Collection[str]) -> bool:
    if any(_SPOKEN_ONLY.fullmatch(name) for name in tag.get_attribute_list("class") if name):
        return True
    undisplayed = _UNDISPLAYED.search(str(tag.get("style") or "")) is not None
    if not undisplayed and ("hidden" not in tag.attrs or tag.get("hidden") == "until-found"):
        return False
    return tag.get("role") != "tabpanel" and tag.get("id") not in opened


def visible_text(part: Tag) -> str:
    """The words of a pruned element as they stand on the page, one block a line. Takes the element apart.

    A second way to the words beside the converter, and so simple that the two can be held against each other.
    """
    for node in list(texts(part)):
        words = str(node)
        if node.find_parent("sup") is not None and words.strip().isdecimal():
            words = words.translate(SUPERSCRIPT)
        node.replace_with(NavigableString(words.replace("\n", _BREAK) if node.find_parent("pre") else words))
    for tag in part.find_all(True):
        if tag.name == "br" or is_block(tag):
            tag.insert_before(NavigableString(_BREAK))
            tag.insert_after(NavigableString(_BREAK))
    lines = (" ".join(re.split(r"[ \t\n]+", line)).strip() for line in part.get_text().split(_BREAK))
    return "\n".join(line for line in lines if line)
