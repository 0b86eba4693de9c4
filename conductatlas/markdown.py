"""The one renderer of Markdown and the only place that declares HTML safe.

Render first, clean last: Python-Markdown makes the HTML (raw HTML in the source is shown, not interpreted), bleach
then lets only the
listed elements, attributes and protocols through. Analysts' prose is rendered when it is saved, stored texts when
they are shown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

import bleach
import markdown
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from conductatlas.brackets import held, released

TAGS = frozenset(
    [
        "a",
        "abbr",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = {
    "a": ["href", "title", "class", "rel"],
    "mark": ["class", "id"],
    "span": ["class"],
    "ol": ["start"],
    "abbr": ["title"],
}
PROTOCOLS = frozenset({"http", "https", "mailto"})
SCHEME = re.compile(r"[^/?#]*:")
ALLOWED_SCHEME = re.compile(r"(https?|mailto):", re.IGNORECASE)
EXTENSIONS = ("tables", "sane_lists")

MARK = r"\[\s*(~|\d+(?:\s*,\s*\d+)*)\s*\](?!\()"
# Private-use characters that bracket the number of a marked span while Markdown works on the text around it.
OPEN, CLOSE = "\ue000", "\ue001"
SENTINEL = re.compile(f"{OPEN}(/?)([0-9]+){CLOSE}")
# What makes a line a list item, a heading, a quotation or a row of a table.
BLOCK = re.compile(r"[ \t]*(?:(?:[*+-]|\d+\.)[ \t]+|#{1,6}[ \t]*|>[ \t]*|\|[ \t]*)+")


@dataclass(frozen=True)
class Marked:
    """A span of a stored text to be marked: offsets in code points, the id of the mark, and the link that stands
    behind it.
    """

    start: int
    end: int
    id: str
    label: str
    url: str


class _Marks(InlineProcessor):
    """`[1,2]` becomes links to the quoted sentences, `[~]` the words "our inference"."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:
        span = ElementTree.Element("span")
        if m[1] == "~":
            span.set("class", "inferred")
            span.text = "our inference"
            return span, m.start(0), m.end(0)
        span.set("class", "rests-on")
        for number in m[1].split(","):
            link = ElementTree.SubElement(span, "a", {"href": f"#sentence-{int(number)}", "class": "sentence-link"})
            link.text = str(int(number))
        return span, m.start(0), m.end(0)


class _Tidy(Treeprocessor):
    """Headings go below the page's own, pictures become their words (no request leaves this site), links leave no
    trace behind.
    """

    def __init__(self, md: markdown.Markdown, shift: int) -> None:
        super().__init__(md)
        self.shift = shift

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            if len(element.tag) == 2 and element.tag[0] == "h" and element.tag[1].isdigit():
                element.tag = f"h{min(6, int(element.tag[1]) + self.shift)}"
            elif element.tag == "img":
                element.tag, alt = "span", element.get("alt", "")
                element.attrib.clear()
                element.set("class", "picture")
                element.text = f"[picture: {alt}]" if alt else "[picture]"
            elif element.tag == "a" and not (element.get("href") or "").startswith("#"):
                element.set("rel", "nofollow noreferrer")
                # bleach takes "javascript:1" for a host and a port.
                if SCHEME.match(element.get("href") or "") and not ALLOWED_SCHEME.match(element.get("href") or ""):
                    del element.attrib["href"]


class _Highlight(Treeprocessor):
    """Turns the sentinels in the finished tree into `<mark>` elements: one for each run of text, so that they always
    nest.
    """

    def __init__(self, md: markdown.Markdown, spans: Sequence[Marked]) -> None:
        super().__init__(md)
        self.spans = spans
        self.open: list[int] = []
        self.begun: set[int] = set()
        self.depth = 0  # of links around this place
        self.waiting: list[ElementTree.Element] = []

    def run(self, root: ElementTree.Element) -> None:
        words = "".join(root.itertext())
        found = {(bool(m[1]), int(m[2])) for m in SENTINEL.finditer(words)}
        # A bracket that Markdown swallowed (inside an address, say) must not leave the rest of the page marked.
        self.whole = {index for index in range(len(self.spans)) if (False, index) in found and (True, index) in found}
        self._walk(root)

    def _walk(self, element: ElementTree.Element) -> None:
        children = list(element)
        pieces = self._pieces(element.text)
        element.text = None
        position = self._insert(element, 0, pieces)
        for child in children:
            position = list(element).index(child) + 1
            self.depth += child.tag == "a"
            self._walk(child)
            self.depth -= child.tag == "a"
            if not self.depth:
                # A link cannot stand in another one: those that came up inside follow behind it.
                pieces, self.waiting = [*self.waiting, *self._pieces(child.tail)], []
            else:
                pieces = self._pieces(child.tail)
            child.tail = None
            position = self._insert(element, position, pieces)

    def _insert(self, parent: ElementTree.Element, position: int, pieces: Iterable[str | ElementTree.Element]) -> int:
        for piece in pieces:
            if isinstance(piece, ElementTree.Element):
                parent.insert(position, piece)
                position += 1
            elif position == 0:
                parent.text = (parent.text or "") + piece
            else:
                before = parent[position - 1]
                before.tail = (before.tail or "") + piece
        return position

    def _pieces(self, text: str | None) -> list[str | ElementTree.Element]:
        if not text:
            return []
        pieces: list[str | ElementTree.Element] = []
        position = 0
        for match in SENTINEL.finditer(text):
            self._words(pieces, text[position : match.start()])
            position = match.end()
            self._turn(pieces, closing=bool(match[1]), index=int(match[2]))
        self._words(pieces, text[position:])
        return pieces

    def _words(self, pieces: list[str | ElementTree.Element], words: str) -> None:
        if not words:
            return
        if not self.open or not words.strip():
            pieces.append(words)
            return
        index = self.open[-1]
        mark = ElementTree.Element("mark", {"class": "clause-mark"})
        if index not in self.begun:
            self.begun.add(index)
            mark.set("id", self.spans[index].id)
        mark.text = words
        pieces.append(mark)

    def _turn(self, pieces: list[str | ElementTree.Element], *, closing: bool, index: int) -> None:
        if index not in self.whole:
            return
        if not closing:
            self.open.append(index)
        elif index in self.open:
            self.open.remove(index)
            span = self.spans[index]
            if span.url:
                link = ElementTree.Element("a", {"class": "clause-link", "href": span.url})
                link.text = span.label
                (self.waiting if self.depth else pieces).append(link)


class _Conduct(Extension):
    """Our rules for Markdown; `marks` reads the marks of analyses, `spans` highlights parts of a stored text."""

    def __init__(self, *, marks: bool = False, shift: int = 0, spans: Sequence[Marked] = ()) -> None:
        super().__init__()
        self.marks, self.shift, self.spans = marks, shift, spans

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        if self.marks:
            md.inlinePatterns.register(_Marks(MARK, md), "marks", 175)
        md.treeprocessors.register(_Tidy(md, self.shift), "tidy", 16)
        if self.spans:
            md.treeprocessors.register(_Highlight(md, self.spans), "highlight", 15)


def _render(source: str, extension: _Conduct) -> str:
    cleaner = bleach.Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=False)
    try:
        html = markdown.markdown(held(source), extensions=[*EXTENSIONS, extension], output_format="html")
        return released(cleaner.clean(html))
    except RecursionError:
        # Nested a thousand deep: nobody's list, but somebody's attempt. It is shown as it was written.
        return f"<pre>{escape(source)}</pre>"


def render_analysis(source: str) -> str:
    """Analysts' prose as cleaned HTML, its marks as links to the quoted sentences. Stored beside the source when it
    is saved.
    """
    return _render(source, _Conduct(marks=True, shift=3))


def render_note(source: str) -> str:
    """The prose of a research note as cleaned HTML: its highest headings stand below that of the page."""
    return _render(source, _Conduct(shift=1))


def _bracketed(content: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and line marks at its ends: a bracket there would undo a list or a heading."""
    while start < end and content[start].isspace():
        start += 1
    mark = BLOCK.match(content, content.rfind("\n", 0, start) + 1)
    start = max(start, mark.end()) if mark else start
    while start < end:
        line = content.rfind("\n", 0, end) + 1
        mark = BLOCK.match(content, line)
        if content[end - 1].isspace() or content[end - 1] == "|":
            end -= 1
        elif mark and start < line and end <= mark.end():
            end = line
        else:
            break
    return start, max(start, end)


def render_text(content: str, spans: Sequence[Marked] = ()) -> SafeString:
    """A stored text as cleaned HTML, with the given spans marked. Its headings begin at h3."""
    shown = content.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd")
    brackets = []
    for index, span in enumerate(spans):
        start, end = _bracketed(content, span.start, span.end)
        if start < end:
            brackets += [(start, 1, f"{OPEN}{index}{CLOSE}"), (end, 0, f"{OPEN}/{index}{CLOSE}")]
    brackets.sort(reverse=True)
    for offset, _, bracket in brackets:
        shown = shown[:offset] + bracket + shown[offset:]
    return mark_safe(SENTINEL.sub("", _render(shown, _Conduct(shift=2, spans=spans))))


def stored(html: str) -> SafeString:
    """HTML that `render_analysis` or `render_note` made and the database kept."""
    return mark_safe(html)
