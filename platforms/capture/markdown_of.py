"""HTML to Markdown in the style of Open Terms Archive, plainly: every sentence, table cell and list number stays.

The tree is brought into a simpler form first (`_Arranged`): characters that Markdown would take for marks are
escaped, lists know their numbers, tables are even. What is left for markdownify are a dozen elements.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urljoin

from bs4.element import NavigableString, Tag
from markdownify import MarkdownConverter

from platforms.capture.elements import is_block, texts

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MARKS = re.compile(r"[\\*_`\[\]|]|~(?=~)|(?<=~)~|<(?=[A-Za-z/!?]|\Z)|&(?=#?\w{1,31};)|!\Z")
_LINE_MARKS = re.compile(r"\A(?:[-+=#](?=[-+=#\s]|\Z)|>|~)")
_LINE_NUMBER = re.compile(r"\A(\d{1,9})([.)])(?=\s|\Z)")
_AMOUNT = re.compile(r"^[$€£¥]?\d", re.MULTILINE)
_KEPT = re.compile("div|p|h[1-6r]|ul|ol|li|blockquote|table|t[rdh]|a|b|strong|em|i|del|s|sup|br")
_LETTERS = {"a": str.lower, "A": str.upper, "i": str.lower, "I": str.upper}
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_STYLES = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A"} | {
    "lower-roman": "i",
    "upper-roman": "I",
}
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.IGNORECASE)
_SPAN = 100  # cells that one cell may stand for; a page can claim any number
_LINK = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


def markdown_of(part: Tag, base: str) -> str:
    """The Markdown of a pruned element, without line end; `base` is the address that its links are relative to.

    The element is taken apart. Raises RecursionError when the page is nested too deeply.
    """
    _arrange(part, base)
    text = str(_Converter(escape_asterisks=False, escape_underscores=False, autolinks=False).convert_soup(part))
    text = re.sub(r"[ \t]+(?=\n[ \t]*(?:\n|\Z))", "", text)  # a break before the end of a block
    text = re.sub(r"^[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def escaped(words: str, *, line: bool) -> str:
    """Words with a backslash before all that Markdown would take for a mark; `line` says that they begin a line."""
    words = _MARKS.sub(r"\\\g<0>", words)
    if line:
        words = _LINE_NUMBER.sub(r"\1\\\2", _LINE_MARKS.sub(r"\\\g<0>", words))
    return words


# The tree in a simpler form


def _arrange(part: Tag, base: str) -> None:
    for tag in part.find_all("pre"):
        _break_lines(tag)
    for tag in part.find_all("table"):
        _arrange_table(tag)
    for tag in part.find_all("ol"):
        _number(tag)
    for tag in part.find_all("a"):
        tag["href"] = _link(str(tag.get("href") or ""), base)
    for tag in part.find_all("sup"):
        words = tag.get_text().strip()
        if words.isdecimal() and words.isascii():
            tag.string = words
        else:
            tag.unwrap()
    for tag in part.find_all(True):
        if not _KEPT.fullmatch(tag.name):
            tag.name = "div" if is_block(tag) else "span"
    for tag in part.find_all("span"):
        tag.unwrap()
    for tag in part.find_all("div"):
        below = [one for one in tag.children if isinstance(one, Tag) or str(one).strip()]
        if len(below) == 1 and isinstance(below[0], Tag) and below[0].name in {"div", "p"}:
            tag.unwrap()
    part.name = "div"
    part.smooth()
    for node in list(texts(part)):
        begins = _begins_line(node)
        words = _BLANKS.sub(" ", node)
        node.replace_with(NavigableString(escaped(words.lstrip(" ") if begins else words, line=begins)))


def _begins_line(node: NavigableString) -> bool:
    """Whether nothing that is seen stands before a text on its line."""
    at: NavigableString | Tag | None = node
    while at is not None:
        before = at.previous_sibling
        while before is not None and not (isinstance(before, Tag) and (before.name == "br" or is_block(before))):
            if before.get_text().strip():
                return False
            before = before.previous_sibling
        if before is not None or at.parent is None or is_block(at.parent):
            return True
        at = at.parent
    return True


def _break_lines(pre: Tag) -> None:
    """Line ends count inside `pre`; elsewhere they are blanks."""
    for node in list(texts(pre)):
        lines = str(node).split("\n")
        for number, line in enumerate(lines):
            if number:
                node.insert_before(Tag(name="br"))
            node.insert_before(NavigableString(line))
        node.extract()
    pre.name = "div"


def _number(ordered: Tag) -> None:
    """Note at each item of a list the number that a reader sees."""
    items = list(ordered.find_all("li", recursive=False))
    step = -1 if "reversed" in ordered.attrs else 1
    at = _whole(ordered.get("start"), len(items) if step < 0 else 1)
    style = _STYLE.search(str(ordered.get("style") or ""))
    kind = _STYLES.get(style[1].lower(), "1") if style else str(ordered.get("type") or "1")
    for item in items:
        at = _whole(item.get("value"), at)
        item["marker"] = f"{_written(at, str(item.get('type') or kind))}."
        at += step


def _whole(value: object, otherwise: int) -> int:
    match = re.match(r"\s*([+-]?\d{1,9})", str(value or ""))
    return int(match[1]) if match else otherwise


def _written(number: int, kind: str) -> str:
    """A number as a list shows it: digits, letters (27 is aa) or Roman numerals."""
    if kind not in _LETTERS or not 0 < number < 4_000:
        return str(number)
    written = ""
    if kind in "aA":
        while number:
            number, rest = divmod(number - 1, 26)
            written = chr(ord("a") + rest) + written
    else:
        for value, numeral in _ROMAN:
            written += numeral * (number // value)
            number %= value
    return _LETTERS[kind](written)


def _link(address: str, base: str) -> str:
    """The whole address of a link, in characters that end no link; "" where it leads nowhere."""
    try:
        whole = urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return ""
    return quote(whole, safe="%!#$&'*+,/:;=?@~._-") if _LINK.match(whole) else ""


def _arrange_table(table: Tag) -> None:
    """A table of data becomes even: every row with as many cells. One that only places things becomes blocks."""
    for caption in table.find_all("caption"):
        if caption.find_parent("table") is table:
            caption.name = "p"
            table.insert_before(caption.extract())
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    cells = [row.find_all(["td", "th"], recursive=False) for row in rows]
    layout = table.get("role") in {"presentation", "none"} or table.find("table") is not None
    if layout or max(map(len, cells), default=0) < 2:
        for tag in [table, *table.find_all(["thead", "tbody", "tfoot"]), *rows, *(one for row in cells for one in row)]:
            tag.name = "div"
        return
    down: dict[int, int] = {}  # of each column: how many more rows a cell above reaches
    for row, held in zip(rows, cells, strict=True):
        column = _fill(row, None, 0, down)
        for cell in held:
            across = max(1, min(_SPAN, _whole(cell.get("colspan"), 1)))
            rest = max(1, min(len(rows), _whole(cell.get("rowspan"), 1))) - 1
            down.update(dict.fromkeys(range(column, column + across), rest))
            for _ in range(across - 1):
                cell.insert_after(Tag(name="td"))
            column = _fill(row, cell, column + across, down)
    width = max(len(row.find_all(["td", "th"], recursive=False)) for row in rows)
    for row in rows:
        for _ in range(width - len(row.find_all(["td", "th"], recursive=False))):
            row.append(Tag(name="td"))


def _fill(row: Tag, after: Tag | None, column: int, down: dict[int, int]) -> int:
    """Empty cells where a cell of a row above reaches down; gives the next free column."""
    while down.get(column, 0) > 0:
        down[column] -= 1
        empty = Tag(name="td")
        last = row.find_all(["td", "th"], recursive=False)
        if after is None:
            row.insert(0, empty)
        else:
            at = last.index(after)
            last[min(at + _width(after) - 1, len(last) - 1)].insert_after(empty)
        column += 1
    return column


def _width(cell: Tag) -> int:
    return max(1, min(_SPAN, _whole(cell.get("colspan"), 1)))


class _Converter(MarkdownConverter):
    """Writes the Markdown of an arranged tree. Inside a table cell, blocks are lines; `td` makes `<br>` of them."""

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _marked(el, text, "**")

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _marked(el, text, "*")

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _marked(el, text, "~~")

    convert_strong, convert_i, convert_s = convert_b, convert_em, convert_del

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        before, words, behind = _parted(text)
        href = el.get("href")
        return f"{before}[{words}]({href}){behind}" if href and words and "\n\n" not in words else text

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"<sup>{text.strip()}</sup>"

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n" if _in_cell(parent_tags) else " " if "_inline" in parent_tags else "  \n"

    def convert_hr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n" if _in_cell(parent_tags) else "\n\n* * *\n\n"

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = text.strip(" \t\n") if text.strip() else ""
        if _in_cell(parent_tags):
            return f"\n{words}\n"
        if "_inline" in parent_tags:
            return f" {words} "
        return f"\n\n{words}\n\n" if words else ""

    convert_div = convert_ul = convert_ol = convert_p

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = " ".join(text.split("\n")).strip()
        if "_inline" in parent_tags:
            return self.convert_p(el, words, parent_tags)
        if not words:
            return ""
        words = re.sub(r"(?<!\\)#\Z", r"\\#", words)
        return str(super().convert_hN(n, el, words, parent_tags))  # type: ignore[misc]

    def convert_blockquote(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = text.strip()
        # "> 13" would be read as "more than 13": such a quotation is set as plain blocks.
        if "_inline" in parent_tags or not words or _AMOUNT.search(words):
            return self.convert_p(el, text, parent_tags)
        return "\n\n" + "\n".join(f"> {line}".rstrip(" ") for line in words.split("\n")) + "\n\n"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        marker, words = str(el.get("marker") or "*"), text.strip()
        if _in_cell(parent_tags) or "_inline" in parent_tags:
            return "\n" + (words if marker == "*" else f"{marker} {words}") + "\n"
        if not words:
            return "" if marker == "*" else f"{marker}\n"
        if not re.fullmatch(r"\d{1,9}\.", marker):  # Markdown knows no other numbers: they become words
            marker, words = "*", words if marker == "*" else f"{escaped(marker, line=True)} {words}"
        lead = "*   " if marker == "*" else f"{marker}  "
        lines = [" " * len(lead) + line if line.strip() else "" for line in words.split("\n")]
        return lead + "\n".join(lines)[len(lead) :] + "\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return " " + re.sub(r"\s*\n\s*", "<br>", text.strip()) + " |"

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"|{text}\n"

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        first = el.find("tr")
        if not isinstance(first, Tag):
            return self.convert_p(el, text, parent_tags)
        rows = [line for line in text.split("\n") if line.strip()]
        width = len(first.find_all(["td", "th"], recursive=False))
        headed = first.find("td") is None or first.find_parent("thead") is not None
        head = [rows[0]] if headed else ["|" + "     |" * width]
        return "\n\n" + "\n".join([*head, "|" + " --- |" * width, *rows[headed:]]) + "\n\n"


def _in_cell(parent_tags: set[str]) -> bool:
    return not parent_tags.isdisjoint({"td", "th"})


def _parted(text: str) -> tuple[str, str, str]:
    """The white space before words, the words, the white space behind them."""
    words = text.strip()
    at = text.find(words)
    return text[:at], words, text[at + len(words) :]


def _marked(el: Tag, text: str, mark: str) -> str:
    """Words between marks, unless these would be words themselves: inside a word, around several blocks or nothing."""
    before, words, behind = _parted(text)
    if not words or "\n\n" in words or _touches_word(el.previous_sibling, -1) or _touches_word(el.next_sibling, 0):
        return text
    return f"{before}{mark}{words}{mark}{behind}"


def _touches_word(beside: Any, at: int) -> bool:
    words = beside.get_text() if beside is not None else ""
    return bool(words) and (words[at].isalnum() or words[at] in "*_~\\")
