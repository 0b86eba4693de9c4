"""The markup inside a block of a Markdown text: which characters are marks, and what words they leave.

Made for the Markdown that Open Terms Archive stores, and lenient: marks that cannot be words (`**`, the closing half
of a link) are marks even where their other half is missing, as in a slice of a text. A single `*` or `_`, `~~` or `[`
that pairs with nothing is words.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

_NO_WIDTH = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
DROPPED = re.compile(f"[{_NO_WIDTH}]+")
WIDER = {"…": "...", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Tags that may stand inside a word; every other known tag parts words. A tag that is not known is words.
_INLINE_TAGS = re.compile(
    "a|abbr|b|bd[io]|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|su[bp]|u|var|wbr"
)
_PARTING_TAGS = re.compile(
    "address|article|aside|blockquote|body|br|button|caption|center|col|colgroup|d[dlt]|details|div|fieldset|figcaption"
    "|figure|footer|form|h[1-6r]|head|header|html|iframe|img|input|label|legend|li|main|nav|ol|option|p|pre|script"
    "|section|select|style|summary|svg|table|tbody|t[dhr]|textarea|tfoot|thead|title|ul"
)
_ADDRESS = r"""[ \t]*+(?:<[^<>\n]*+>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+)(?:\s++(?:"[^"]*+"|'[^']*+'))?\s*+\)"""
_PLACE = re.compile(r"\][(][ \t]*(?:<|[a-z][a-z0-9+.-]*:|[/#.?]|www\.)", re.IGNORECASE)
_BARE = rf"\s{{2,}}|[^\S ]|{DROPPED.pattern}|[{''.join(WIDER)}]"
BARE_TOKEN = re.compile(_BARE)
# Characters with which no token begins. Skipping them first is many times as fast as trying every token at each.
_PLAIN = re.compile(rf"(?:[^\s\\`*_~!\[\]<&{_NO_WIDTH}{''.join(WIDER)}]++| (?!\s))*+")
_TOKEN = re.compile(
    rf"(?P<bare>{_BARE})"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])|(?P<hard>\\(?=[\r\n]))|(?P<ticks>`+)|(?P<delimiter>\*+|_+|~~+)"
    rf"|(?P<image>!\[(?:[^\[\]\\]|\\.)*+\]\({_ADDRESS})|(?P<open>\[)|(?P<link>\]\({_ADDRESS})|(?P<close>\])"
    r"|<sup>(?P<sup>[0-9]+)</sup>|(?P<comment><!--[^<]{0,2000}?-->)|(?P<auto><(?:https?://|mailto:)[^\s<>]*+>)"
    r"|(?P<tag></?(?P<name>[A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*+)?/?>)|(?P<entity>&\#?\w{1,31};)"
)


@dataclass(slots=True)
class Token:
    """Characters of the text that do not simply stand for themselves.

    `words` is what `text[start:end]` leaves, None where it is words after all. `code` is the width of the marks on
    both sides of a code span, whose inside is left as it is; 0 for every other token.
    """

    start: int
    end: int
    words: str | None
    code: int = 0


class Inline:
    """Reads `text[start:end]`: `tokens` in order, and `pairs` of marks as (start, end, start, end)."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.tokens: list[Token] = []
        self.pairs: list[tuple[int, int, int, int]] = []
        self._open: dict[str, list[Token]] = defaultdict(list)  # by delimiter; "[" for links
        self._ticks: dict[int, list[int]] | None = None
        self._read()

    def _read(self) -> None:
        at = self.start
        while at < self.end:
            if plain := _PLAIN.match(self.text, at, self.end):
                at = plain.end()
            if match := _TOKEN.match(self.text, at, self.end):
                token = self._token(match)
                self.tokens.append(token)
                at = token.end
            else:
                at += 1

    def _token(self, match: re.Match[str]) -> Token:
        start, end = match.span()
        match match.lastgroup:
            case "bare" | "escape":
                return Token(start, end, match[0].removeprefix("\\"))
            case "delimiter":
                return self._delimiter(start, end)
            case "open":
                return self._opened("[", start, end)
            case "link":
                return self._link(start, end)
            case "close":
                if self._open["["]:
                    self._open["["].pop()
                return Token(start, end, None)
            case "ticks":
                return self._code(start, end)
            case "sup":
                return Token(start, end, match["sup"].translate(_SUPERSCRIPT))
            case "tag" | "name":
                return self._tag(match)
            case "entity":
                words = html.unescape(match[0])
                return Token(start, end, words if words != match[0] else None)
            case "auto":
                return Token(start, end, match[0][1:-1])
            case "image":
                return Token(start, end, " ")  # a picture parts words; what it is called is not among them
            case _:
                return Token(start, end, "")

    def _opened(self, mark: str, start: int, end: int, words: str | None = None) -> Token:
        token = Token(start, end, words)
        self._open[mark].append(token)
        return token

    def _link(self, start: int, end: int) -> Token:
        if self._open["["]:
            return self._closed("[", start, end)
        # The first half of the link lies outside: still no words, if this can be nothing but an address.
        if _PLACE.match(self.text, start, end):
            return Token(start, end, "")
        return Token(start, start + 1, None)

    def _closed(self, mark: str, start: int, end: int) -> Token:
        opened = self._open[mark].pop()
        opened.words = ""
        self.pairs.append((opened.start, opened.end, start, end))
        return Token(start, end, "")

    def _delimiter(self, start: int, end: int) -> Token:
        """Emphasis opens before a visible character and closes behind one; a mark between two blanks is words."""
        mark = self.text[start:end]
        before = self.text[start - 1] if start > self.start else " "
        after = self.text[end] if end < self.end else " "
        strong = len(mark) > 1 and mark[0] == "*"
        inside = before.isdigit() and after.isdigit() if strong else before.isalnum() and after.isalnum()
        if inside or (before.isspace() and after.isspace()) or (mark[0] == "_" and len(mark) > 3):
            return Token(start, end, None)
        if self._open[mark] and not before.isspace() and not (mark[0] == "_" and after.isalnum()):
            return self._closed(mark, start, end)
        words = "" if strong else None
        if not after.isspace() and not (mark[0] == "_" and before.isalnum()):
            return self._opened(mark, start, end, words)
        return Token(start, end, words)

    def _code(self, start: int, end: int) -> Token:
        """A code span, to the next run of as many ticks."""
        if self._ticks is None:
            self._ticks = defaultdict(list)
            for run in re.compile("`+").finditer(self.text, start, self.end):
                self._ticks[len(run[0])].append(run.start())
        width = end - start
        closings = self._ticks[width]
        index = bisect_right(closings, start)
        if index == len(closings):
            return Token(start, end, None)
        self.pairs.append((start, end, closings[index], closings[index] + width))
        return Token(start, closings[index] + width, "", width)

    def _tag(self, match: re.Match[str]) -> Token:
        name = match["name"].lower()
        words = "" if _INLINE_TAGS.fullmatch(name) else " " if _PARTING_TAGS.fullmatch(name) else None
        return Token(match.start(), match.end() if words is not None else match.start() + 1, words)
