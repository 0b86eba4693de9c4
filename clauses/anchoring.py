"""Where quoted words stand in a stored text (pure).

Words are found or they are not: likeness takes no part in it. A segment is found where its very characters stand
(`exact`), or where its plain words do (`normalised`, see `platforms.plaintext` for what is left out of account), never
inside a longer word or number. A sentence that differs in a word, a letter's case or a number is not found.

Several segments are found as a chain: a place of the first, then of each following one the nearest place behind. Where
more than one chain exists, the context decides: prefix, suffix and heading, in their plain words. It decides for the
chain that satisfies all that any other satisfies, and more; else the state is ambiguous. Where there is only one
chain, context that has changed takes nothing away from words that are there.

Only where the words are not found, similar passages are looked for (`clauses.likeness`) and proposed to a person: the
state is `reworded` where there is one, else `absent`. Segments that all stand, but in another order, are proposed too.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from clauses.likeness import UNSPACED, Passage, apart, passages, together
from platforms.plaintext import Projection, project, without_number

# A segment with more places than this ("the") is ambiguous whatever its context: it bounds the work of one call.
MOST_PLACES = 2_000
_MOST_TURNED = 50  # places of a segment looked at where all segments stand in another order

# Characters that may be words in a segment and marks where it stands in a text, or the other way round.
_MARK = re.compile(r"[\\`*_\[\]<>&~|!]")

_UNSPACED = re.compile(f"[{UNSPACED}]")


class AnchorState(StrEnum):
    EXACT = "exact"
    NORMALISED = "normalised"
    AMBIGUOUS = "ambiguous"
    REWORDED = "reworded"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place with similar words, proposed to a person: likeness from 0 to 1 and a slice of the stored text.

    Where several segments are lost, the slice reaches from the first to the last of what they may have become.
    """

    score: float
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What became of the search.

    `spans` are slices of the stored text, one per segment; empty unless the state is exact or normalised. An exact
    span holds the segment character by character. A normalised one runs from the first to the last word; marks that
    touch its edges are taken in only where half of a pair would else be left (`Projection.balanced_span`).
    `candidates` are proposals, best first, at most five, none overlapping another; there are some if, and only if,
    the state is reworded.
    """

    state: AnchorState
    spans: tuple[tuple[int, int], ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """One place of one segment: its slice of the plain text, and of the stored text where it is exact."""

    start: int
    end: int
    exact: tuple[int, int] | None


_Chain = tuple[_Place, ...]


def anchor(
    segments: Sequence[str], text: str | Projection, *, prefix: str = "", suffix: str = "", heading: str = ""
) -> Anchor:
    """Find the segments, in this order, in a text; give its `Projection` where many quotations are looked up in it.

    Raises ValueError where there is no segment, or one without words.
    """
    plain_segments = _plain_segments(segments)
    held = project(text) if isinstance(text, str) else text
    context = _Context(held, prefix, suffix, heading)
    places = [_places(*pair, held) for pair in zip(segments, plain_segments, strict=True)]
    if all(places) and any(len(of_segment) > MOST_PLACES for of_segment in places):
        return Anchor(AnchorState.AMBIGUOUS)
    chains = list(_chains(places, context)) if all(places) else []
    if not chains:
        proposed = _proposed(plain_segments, places, context)
        return Anchor(AnchorState.REWORDED if proposed else AnchorState.ABSENT, candidates=proposed)
    chosen = context.choose(chains)
    if chosen is None:
        return Anchor(AnchorState.AMBIGUOUS)
    state = AnchorState.EXACT if all(place.exact for place in chosen) else AnchorState.NORMALISED
    return Anchor(state, tuple(place.exact or held.balanced_span(place.start, place.end) for place in chosen))


def _plain_segments(segments: Sequence[str]) -> list[str]:
    if isinstance(segments, str) or not segments:
        raise ValueError("a quotation needs a list of at least one segment of words")
    plain = []
    for number, segment in enumerate(segments, start=1):
        words = project(segment).plain
        if not any(map(_is_word, words)):
            raise ValueError(f"segment {number} holds no words ({segment[:40]!r}): quote some words or leave it out")
        plain.append(words)
    return plain


def _places(segment: str, plain_segment: str, text: Projection) -> list[_Place]:
    """All places of a segment, in order; of too many only some, and more than `MOST_PLACES`.

    One that is both exact and normalised is one place, and exact.
    """
    if len(segment) == len(plain_segment) and not _MARK.search(segment):
        # Its very characters can only stand where its plain words do: one search is enough.
        return sorted(_plain_places(plain_segment, text, verbatim=segment), key=_by_span)
    exact = {(place.start, place.end): place for place in islice(_exact_places(segment, text), MOST_PLACES + 1)}
    # Where the very characters stand, the text says what their plain words are; a slice alone may show half a mark.
    needles = {text.plain[start:end] for start, end in exact} or {plain_segment}
    found = {(place.start, place.end): place for needle in needles for place in _plain_places(needle, text)}
    if not found:  # copied from a page, where "_ga, _gid" and "[*]" are words and no marks
        literal = project(_MARK.sub(r"\\\g<0>", segment)).plain
        return sorted(_plain_places(literal, text), key=_by_span)
    return sorted((found | exact).values(), key=_by_span)


def _by_span(place: _Place) -> tuple[int, int]:
    return place.start, place.end


def _plain_places(needle: str, text: Projection, *, verbatim: str = "") -> Iterator[_Place]:
    """Where plain words stand; exact where `verbatim` is given and stands there too."""
    for start in islice(_whole_words(needle, text), MOST_PLACES + 1):
        end = start + len(needle)
        first, last = text.source_span(start, end)
        exact = bool(verbatim) and text.text[first:last] == verbatim
        yield _Place(start, end, (first, last) if exact else None)


def _whole_words(needle: str, text: Projection) -> Iterator[int]:
    for start in _occurrences(needle, text.plain):
        if not _inside_word(text, start) and not _inside_word(text, start + len(needle)):
            yield start


def _exact_places(segment: str, text: Projection) -> Iterator[_Place]:
    for start in _occurrences(segment, text.text):
        end = start + len(segment)
        first, last = text.plain_span(start, end)
        first += text.plain[first:last].startswith(" ")
        last -= text.plain[first:last].endswith(" ")
        cuts_letter = unicodedata.combining(text.text[end : end + 1] or " ")
        if first < last and not cuts_letter and not _inside_word(text, first) and not _inside_word(text, last):
            yield _Place(first, last, (start, end))


def _occurrences(needle: str, haystack: str) -> Iterator[int]:
    at = haystack.find(needle)
    while at >= 0:
        yield at
        at = haystack.find(needle, at + 1)


def _chains(places: Sequence[Sequence[_Place]], context: _Context) -> Iterator[_Chain]:
    """The chains from each place of the first segment.

    The last segment's nearest place may have a rival further on, which the suffix points to: a chain of its own.
    """
    starts = [[place.start for place in of_segment] for of_segment in places]
    before_suffix = [place for place in places[-1] if context.suffix and context.precedes_suffix(place)]
    suffix_starts = [place.start for place in before_suffix]
    for first in places[0]:
        chain = [first]
        for of_segment, segment_starts in zip(places[1:], starts[1:], strict=True):
            nearest = bisect_left(segment_starts, chain[-1].end)
            if nearest == len(of_segment):
                return  # no later place of the first segment can do better
            chain.append(of_segment[nearest])
        yield tuple(chain)
        if len(chain) > 1 and before_suffix:
            rival = bisect_left(suffix_starts, chain[-2].end)
            if rival < len(before_suffix) and before_suffix[rival] is not chain[-1]:
                yield (*chain[:-1], before_suffix[rival])


def _proposed(
    plain_segments: Sequence[str], places: Sequence[Sequence[_Place]], context: _Context
) -> tuple[Candidate, ...]:
    """Passages that reach from what the first lost segment may have become to what the last may have."""
    held = context.text
    lost = [number for number, of_segment in enumerate(places) if not of_segment]
    if lost:
        standing = [of_segment[0] for of_segment in places if len(of_segment) == 1]
        found = [passages(plain_segments[number], held, near=_between(places, number)) for number in lost]
        options = [[passage for passage in of_segment if _clear(passage, standing)] for of_segment in found]
    else:  # they stand in another order
        lost = list(range(len(places)))
        options = [[Passage(1.0, place.start, place.end) for place in of[:_MOST_TURNED]] for of in places]
    likely = together(options, [len(plain_segments[number]) for number in lost])
    best = apart(sorted(likely, key=lambda passage: (-passage.score, -context.met_by(passage))))
    return tuple(Candidate(passage.score, held.balanced_span(passage.start, passage.end)) for passage in best)


def _between(places: Sequence[Sequence[_Place]], number: int) -> tuple[int, int] | None:
    """The slice of the plain text between the segments that stand around one; None where there is no such order."""
    low = max((of_segment[0].end for of_segment in places[:number] if of_segment), default=0)
    high = min((of_segment[-1].start for of_segment in places[number + 1 :] if of_segment), default=sys.maxsize)
    return (low, high) if low < high else None


def _clear(passage: Passage, standing: Sequence[_Place]) -> bool:
    """Whether a passage holds nothing of the segments that stand in one place: those are quoted already."""
    return all(passage.end <= place.start or place.end <= passage.start for place in standing)


class _Context:
    """What stands around a quotation, in plain words; parts without words are not given."""

    def __init__(self, text: Projection, prefix: str, suffix: str, heading: str) -> None:
        self.text = text
        self.raw_prefix, self.raw_suffix = prefix, suffix
        self.prefix = project(prefix).plain
        self.suffix = project(suffix).plain
        self.heading = _plain_heading(heading)

    def choose(self, chains: Sequence[_Chain]) -> _Chain | None:
        """The one chain that satisfies more than every other; None if there is no such chain."""
        if len(chains) == 1:
            return chains[0]
        satisfied = [self._satisfied(chain) for chain in chains]
        best = max(range(len(chains)), key=lambda index: len(satisfied[index]))
        rivals = satisfied[:best] + satisfied[best + 1 :]
        return chains[best] if all(rival < satisfied[best] for rival in rivals) else None

    def met_by(self, passage: Passage) -> int:
        """How many parts of the context a passage satisfies."""
        return len(self._satisfied((_Place(passage.start, passage.end, None),)))

    def _satisfied(self, chain: _Chain) -> frozenset[str]:
        parts = {
            "prefix": bool(self.prefix) and self._follows_prefix(chain[0]),
            "suffix": bool(self.suffix) and self.precedes_suffix(chain[-1]),
            "heading": bool(self.heading) and self._under_heading(chain[0]),
        }
        return frozenset(name for name, met in parts.items() if met)

    def _follows_prefix(self, place: _Place) -> bool:
        end = place.start - self.text.plain[place.start - 1 : place.start].count(" ")
        if self.text.plain.endswith(self.prefix, 0, end):
            return True
        return place.exact is not None and self.text.text.endswith(self.raw_prefix, 0, place.exact[0])

    def precedes_suffix(self, place: _Place) -> bool:
        """Whether the suffix stands behind, in plain words or (it may begin inside a mark) in its very characters."""
        start = place.end + self.text.plain[place.end : place.end + 1].count(" ")
        if self.text.plain.startswith(self.suffix, start):
            return True
        return place.exact is not None and self.text.text.startswith(self.raw_suffix, place.exact[1])

    def _under_heading(self, place: _Place) -> bool:
        block = self.text.block_at(place.start)
        return block is not None and any(_plain_heading(above) == self.heading for above in block.headings)


def _plain_heading(heading: str) -> str:
    """A heading without its number, which may change, and regardless of case."""
    return without_number(project(heading).plain).casefold()


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _inside_word(text: Projection, at: int) -> bool:
    """Whether the place between two plain characters is inside a word or a number."""
    return inside_word(text.plain, at, is_dash=lambda mark: text.text[text.source_span(mark, mark + 1)[0]] in "–—―")


def inside_word(plain: str, at: int, *, is_dash: Callable[[int], bool] = lambda mark: False) -> bool:
    """The same of plain words alone, where `is_dash` tells a dash, which parts words, from a hyphen, which does not."""
    if not 0 < at < len(plain):
        return False
    before, after = plain[at - 1], plain[at]
    if unicodedata.category(after)[0] == "M":
        return True
    if _is_word(before) and _is_word(after):
        return not (_UNSPACED.match(before) or _UNSPACED.match(after))
    if _is_word(before):
        return _joins(plain, at, is_dash)
    return _is_word(after) and _joins(plain, at - 1, is_dash)


def _joins(plain: str, at: int, is_dash: Callable[[int], bool]) -> bool:
    """Whether the mark at `at` makes one word or number of what stands on both its sides."""
    if not 0 < at < len(plain) - 1:
        return False
    before, mark, after = plain[at - 1], plain[at], plain[at + 1]
    if not (_is_word(before) and _is_word(after)):
        return False
    if before.isdigit() and after.isdigit():
        return mark in ".,:/'-"
    if mark == ".":
        return before.islower() and after.islower()
    if mark == "-":
        return not is_dash(at)
    return mark in "'@&_"
