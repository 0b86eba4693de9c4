"""What a quotation may be, and how pasted words become its segments (pure).

Lengths are counted in letters and digits, because Chinese has no blanks between its words; a character that writes a
syllable or a word (Chinese, Japanese, Korean) counts as three. So four Chinese characters carry what twelve Latin
letters do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from platforms.inline import Inline
from platforms.plaintext import project

FEWEST = 10  # "We may share": less stands in any text and says nothing
FEWEST_OF_SEGMENT = 5  # "We may": less only adds places where a quotation might begin
MOST = 1_250  # some 250 English words, 1,500 characters with their blanks; a good quotation has at most 80 words

_DENSE = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WEIGHT_OF_DENSE = 3

# Words left out: three dots, with or without blanks between them, in square or round brackets, escaped or not.
_LEFT_OUT = re.compile(r"\\?[\[(（［【]\s*(?:…{1,2}|⋯{1,2}|\.\s?\.\s?\.)\s*\\?[\])）］】]")
_UNSEEN = re.compile(r"<(script|style|template)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BLANKS = re.compile(r"[ \t]{2,}")
_KEPT_ENTITIES = {"<", ">"}  # as characters they could make a tag of words


def split_segments(pasted: str) -> list[str]:
    """The segments of words copied from a page or a text, parted where "[…]" says that words are left out.

    HTML is reduced to the words that it shows. Markdown is kept, for words copied from a stored text are then found
    character by character. Gives no segment without words.
    """
    parts = (part.strip() for part in _LEFT_OUT.split(_without_html(pasted)))
    return [part for part in parts if length(part)]


def length(words: str) -> int:
    """The letters and digits of words as they are read, without markup; a Chinese character counts as three."""
    visible = [character for character in project(words).plain if character.isalnum()]
    return sum(_WEIGHT_OF_DENSE if _DENSE.match(character) else 1 for character in visible)


def problems(segments: Sequence[str]) -> list[str]:
    """One line for each thing that keeps words from being a quotation; empty when they are one."""
    if isinstance(segments, str) or not segments:
        return ["the quotation has no words; quote at least one sentence"]
    lengths = [length(segment) for segment in segments]
    said = " […] ".join(segments)
    found = []
    for number, (segment, held) in enumerate(zip(segments, lengths, strict=True), start=1):
        where = f"segment {number} ({_short(segment)})"
        if not held:
            found.append(f"{where} holds no words; quote some or leave the segment out")
        elif held < FEWEST_OF_SEGMENT <= FEWEST <= sum(lengths):
            found.append(
                f"{where} has {_counted(held, segment)}, too few to be found again; quote more of its sentence"
            )
        if held > MOST:
            found.append(
                f"{where} has {_counted(held, segment)}, more than {MOST:,}; quote only the sentences that matter"
            )
    if all(lengths) and sum(lengths) < FEWEST:
        found.append(
            f"the quotation ({_short(said)}) has {_counted(sum(lengths), said)}, too few to mean anything; quote more"
        )
    if sum(lengths) > MOST and max(lengths) <= MOST:
        found.append(
            f"the quotation has {_counted(sum(lengths), said)} in {len(segments)} segments, more than {MOST:,};"
            " leave out segments, or make two clauses of it"
        )
    return found


def _counted(held: int, words: str) -> str:
    remark = f" (a character like “{dense[0]}” counts as {_WEIGHT_OF_DENSE})" if (dense := _DENSE.search(words)) else ""
    return f"{held:,} {'letter or digit' if held == 1 else 'letters and digits'}{remark}"


def _short(words: str) -> str:
    words = " ".join(words.split())
    return f"“{words}”" if len(words) <= 50 else f"“{words[:49].rstrip()}…”"


def _without_html(pasted: str) -> str:
    """The words without tags, comments and entities; Markdown and words in angle brackets are left alone."""
    shown = _UNSEEN.sub(" ", pasted)
    written: list[str] = []
    at = 0
    for token in Inline(shown, 0, len(shown)).tokens:
        if shown[token.start] in "<&" and token.words is not None and token.words not in _KEPT_ENTITIES:
            written += (shown[at : token.start], token.words)
            at = token.end
    if not written and shown == pasted:
        return pasted
    return _BLANKS.sub(" ", "".join((*written, shown[at:])))
