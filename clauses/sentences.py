"""The sentences of an analysis, and the marks that say what each of them rests on (pure).

An analysis is Markdown in which every sentence ends with a mark: `[1]` or `[2,3]`, the numbers of the quoted
sentences it rests on, or `[~]` for our own inference. The mark stands behind the full stop; before it is accepted too.
Offsets are code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from platforms.sentences import CLOSERS, paragraphs, split

_WORD = re.compile(r"[^\W_]")

# A bracket that is not the words of a link.
_BRACKET = r"\[(?P<inside>[^\[\]\n]{0,40})\](?![(:])"
_GOOD_MARK = re.compile(r"\s*(?:~|[1-9]\d{0,3}(?:\s*,\s*[1-9]\d{0,3})*)\s*")
_MARK_LIKE = re.compile(r"(?!.*[^\W\d_]{3}).{0,12}")  # no word in it
_MARKS = re.compile(rf"[ \t]*(?:\n[ \t]*)?{_BRACKET}")
_STOP_BEHIND = re.compile(rf"[.!?…。！？]+[{CLOSERS}]*(?=\s|\Z)|[。！？]+[{CLOSERS}]*")


class Basis(StrEnum):
    STATED = "stated"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence of an analysis.

    `prose[start:end]` is the sentence with its marks, `prose[mark_start:mark_end]` the marks with the blank before
    them (empty at the end of the sentence where there is none), `text` the sentence without. `malformed` is a mark
    that cannot be read, as it was written.
    """

    text: str
    start: int
    end: int
    mark_start: int
    mark_end: int
    rests_on: tuple[int, ...] = ()
    inferred: bool = False
    malformed: str = ""


def parse(prose: str) -> tuple[MarkedSentence, ...]:
    """The sentences of an analysis with their marks. Never raises; see `problems` for what is wrong with them."""
    return tuple(sentence for start, end in paragraphs(prose) for sentence in _marked_sentences(prose, start, end))


def problems(prose: str, *, sentences: int, field: str) -> list[str]:
    """One line for each thing that keeps an analysis from resting on its quotation of so many sentences."""
    marked = parse(prose)
    if not marked:
        return [f"{field}: there is no sentence; write at least one"]
    found = []
    for number, sentence in enumerate(marked, start=1):
        where = f"{field}: sentence {number} ({_short(sentence.text)})"
        inner = _inner_mark(sentence.text)
        if not _WORD.search(sentence.text):
            mark = prose[sentence.mark_start : sentence.mark_end].strip()
            found.append(f"{field}: the mark {mark} stands behind no sentence; put it at the end of one")
            continue
        if inner:
            found.append(f"{where} has the mark {inner} in its middle; move it to the end")
        if sentence.malformed:
            found.append(f"{where} has the mark {sentence.malformed}; write [1], [2,3] or [~] at its end")
        elif not sentence.rests_on and not sentence.inferred:
            found.append(f"{where} rests on nothing; end it with the numbers of quoted sentences, as [1], or with [~]")
        for rest in sentence.rests_on:
            if rest > sentences:
                held = f"the quotation has {sentences}" if sentences else "there is no quotation"
                found.append(f"{where} rests on sentence {rest}, but {held}")
    return found


def basis(what_it_is: str, why_it_matters: str, what_this_means: str) -> Basis:
    """Stated, if the first field rests on quoted sentences throughout and at least half of all sentences do."""
    first = parse(what_it_is)
    everything = (*first, *parse(why_it_matters), *parse(what_this_means))
    resting = sum(bool(sentence.rests_on) for sentence in everything)
    stated = bool(first) and all(sentence.rests_on for sentence in first) and 2 * resting >= len(everything)
    return Basis.STATED if stated else Basis.INFERRED


def _inner_mark(text: str) -> str:
    marks = (mark for mark in _MARKS.finditer(text) if _GOOD_MARK.fullmatch(mark["inside"]))
    return next((mark[0].strip() for mark in marks), "")


def _short(words: str) -> str:
    words = " ".join(words.split())
    return f"“{words}”" if len(words) <= 50 else f"“{words[:49].rstrip()}…”"


def _marked_sentences(prose: str, start: int, end: int) -> Iterator[MarkedSentence]:
    """Part a paragraph behind each mark; what stands between two marks is all unmarked but for its last sentence."""
    at = start
    while group := _next_marks(prose, at, end):
        mark_start, mark_end, insides = group
        behind = _STOP_BEHIND.match(prose, mark_end, end)
        stop = behind.end() if behind else mark_end
        spans = list(split(prose, at, mark_start)) or [(mark_start, mark_start)]
        yield from (_unmarked(prose, *span) for span in spans[:-1])
        yield _marked(prose, spans[-1][0], stop, mark_start, mark_end, insides)
        at = stop
    yield from (_unmarked(prose, *span) for span in split(prose, at, end))


def _next_marks(prose: str, at: int, end: int) -> tuple[int, int, list[str]] | None:
    """The next marks that end a sentence: where they begin and end, and what is in their brackets."""
    while first := _MARKS.search(prose, at, end):
        insides, stop = [first["inside"]], first.end()
        while more := _MARKS.match(prose, stop, end):
            insides.append(more["inside"])
            stop = more.end()
        if all(_MARK_LIKE.fullmatch(inside) for inside in insides) and _closes(prose, first.start(), stop, end):
            return first.start(), stop, insides
        at = first.end()
    return None


def _closes(prose: str, start: int, stop: int, end: int) -> bool:
    """Whether marks stand at the end of a sentence: behind its full stop, before it, or last in the paragraph."""
    before = prose[max(0, start - 8) : start].rstrip().rstrip("\"'”’»)*_`」』）")
    return (
        before[-1:] in tuple(".!?…。！？:;")
        or not prose[stop:end].strip()
        or bool(_STOP_BEHIND.match(prose, stop, end))
    )


def _marked(prose: str, start: int, end: int, mark_start: int, mark_end: int, insides: list[str]) -> MarkedSentence:
    text = prose[start:mark_start] + prose[mark_end:end]
    bad = next((inside for inside in insides if not _GOOD_MARK.fullmatch(inside)), None)
    malformed = "" if bad is None else f"[{bad}]"
    numbers = (
        () if malformed else tuple(dict.fromkeys(int(n) for inside in insides for n in re.findall(r"\d+", inside)))
    )
    inferred = not malformed and any("~" in inside for inside in insides)
    return MarkedSentence(text, start, end, mark_start, mark_end, numbers, inferred, malformed)


def _unmarked(prose: str, start: int, end: int) -> MarkedSentence:
    return MarkedSentence(prose[start:end], start, end, end, end)
