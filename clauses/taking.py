"""Words taken from a stored text for a new clause: which slices, how they are told apart from the same words elsewhere,
and where words that were pasted stand (pure).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from clauses.anchoring import Anchor, AnchorState, anchor, inside_word
from clauses.quoting import problems
from clauses.words import Sentence, numbered, sentence_ends_of
from platforms.plaintext import Projection, project

Span = tuple[int, int]  # a slice of the stored text, in code points

AROUND = 90  # plain characters shown before and behind
MOST_PLACES = 12  # of words that stand in several places
_WORDS_OF_CONTEXT = (4, 10, 25)  # tried in this order until the place is the only one


@dataclass(frozen=True, slots=True)
class Taken:
    """Words as they will be quoted.

    `segments` are the exact slices `spans` of the stored text, `sentences` their sentences by number. `heading`,
    `prefix` and `suffix` are filled where the words alone do not tell their place. `state` is what `anchor` says of
    all that; `unique` whether it points to these very slices. `problems` keep the words from being a quotation.
    """

    spans: tuple[Span, ...]
    segments: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    before: str
    behind: str
    under: tuple[str, ...]
    heading: str
    prefix: str
    suffix: str
    state: AnchorState
    unique: bool
    problems: tuple[str, ...]


def whole_words(text: Projection, start: int, end: int) -> Span | None:
    """The slice of the stored text that holds what was selected, from the first whole word to the last; None where no
    word is in it.
    """
    if not 0 <= start < end <= len(text.text):
        return None
    first, last = text.plain_span(start, end)
    while first < last and not text.plain[first].isalnum() and text.plain[first].isspace():
        first += 1
    while first < last and text.plain[last - 1].isspace():
        last -= 1
    if first >= last or not any(map(str.isalnum, text.plain[first:last])):
        return None
    while first and inside_word(text.plain, first):
        first -= 1
    while last < len(text.plain) and inside_word(text.plain, last):
        last += 1
    return text.balanced_span(first, last)


def in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Slices in the order of the text; those that overlap become one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def sentences_between(text: Projection, first: int, last: int) -> Span | None:
    """The slice from one sentence to another, by their numbers from 1; None where there are no such sentences."""
    first, last = sorted((first, last))
    if not 1 <= first <= last <= len(text.sentences):
        return None
    return text.balanced_span(text.sentences[first - 1][0], text.sentences[last - 1][1])


def take(text: Projection, spans: Sequence[Span]) -> Taken:
    """The words of these slices, with as much context as it takes to tell them from the same words elsewhere."""
    segments = tuple(text.text[start:end] for start, end in spans)
    wrong = tuple(problems(segments))
    first, last = spans[0][0], spans[-1][1]
    plain_first = text.plain_span(first, last)[0]
    block = text.block_at(plain_first)
    under = block.headings if block else ()
    context, state, unique = {"heading": "", "prefix": "", "suffix": ""}, AnchorState.ABSENT, False
    if not wrong:
        for context in _contexts(text, first, last, under):
            found = anchor(segments, text, **context)
            state, unique = found.state, found.spans == tuple(spans)
            if unique:
                break
    return Taken(
        spans=tuple(spans),
        segments=segments,
        sentences=numbered(segments, [sentence_ends_of(segment) for segment in segments]),
        **_around(text, first, last),
        under=under,
        state=state,
        unique=unique,
        problems=wrong,
        **context,
    )


def _around(text: Projection, start: int, end: int) -> dict[str, str]:
    """Some whole words `before` and `behind` a slice of the stored text, as they are read."""
    first, last = text.plain_span(start, end)
    before = text.plain[max(0, first - AROUND) : first]
    behind = text.plain[last : last + AROUND]
    return {
        "before": before.partition(" ")[2] if first > AROUND else before,
        "behind": behind.rpartition(" ")[0] if last + AROUND < len(text.plain) else behind,
    }


def _contexts(text: Projection, first: int, last: int, under: Sequence[str]) -> Iterator[dict[str, str]]:
    """What may be said of a place besides its words, from nothing to much."""
    heading = under[-1] if under else ""
    yield {"heading": "", "prefix": "", "suffix": ""}
    if heading:
        yield {"heading": heading, "prefix": "", "suffix": ""}
    before, behind = (text.plain[: text.plain_span(first, last)[0]], text.plain[text.plain_span(first, last)[1] :])
    for count in _WORDS_OF_CONTEXT:
        prefix = " ".join(before[-2_000:].split()[-count:])
        suffix = " ".join(behind[:2_000].split()[:count])
        yield {"heading": heading, "prefix": prefix, "suffix": ""}
        yield {"heading": heading, "prefix": prefix, "suffix": suffix}


@dataclass(frozen=True, slots=True)
class Place:
    """A place that may be meant: likeness in per cent (100 where the words stand there), its slice, what is around."""

    likeness: int
    span: Span
    before: str
    words: str
    behind: str


@dataclass(frozen=True, slots=True)
class Search:
    """Where pasted words stand: `found` says what `anchor` found, `places` what to choose from if it is not one."""

    found: Anchor
    places: tuple[Place, ...]


def search(text: Projection, segments: Sequence[str]) -> Search:
    """Looks for pasted words. Raises ValueError where there are none."""
    found = anchor(segments, text)
    if found.state is AnchorState.AMBIGUOUS:
        return Search(found, tuple(islice(_places(text, project(segments[0]).plain), MOST_PLACES)))
    places = (_place(text, round(100 * one.score), one.span) for one in found.candidates)
    return Search(found, tuple(places))


def _places(text: Projection, words: str) -> Iterator[Place]:
    at = text.plain.find(words)
    while at >= 0:
        end = at + len(words)
        if not inside_word(text.plain, at) and not inside_word(text.plain, end):
            yield _place(text, 100, text.balanced_span(at, end))
        at = text.plain.find(words, at + 1)


def _place(text: Projection, likeness: int, span: Span) -> Place:
    start, end = span
    return Place(
        likeness=likeness,
        span=span,
        words=text.text[start:end],
        **_around(text, start, end),
    )
