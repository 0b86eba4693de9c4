"""Passages of a text that resemble given words: proposals for a person, never findings (pure).

A passage is a sentence, a run of consecutive sentences or, where a sentence is far longer than the words asked for, the
part of it that resembles them most. Likeness is the mean of two shares, one of words regardless of case, one of
characters: twice what both sides have in common in the same order, divided by what they have together. So a changed
word costs little in a long sentence and much in a short one, and no change costs nothing.

The words of a text are indexed once per `Projection` and kept as long as it lives. A search looks up the rarest of the
words asked for and compares the passages around them; its work has a bound whatever the text.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import accumulate
from math import log
from weakref import WeakKeyDictionary

from rapidfuzz.distance.Indel import normalized_similarity, opcodes
from rapidfuzz.fuzz import partial_ratio_alignment

from platforms.plaintext import Projection

# Read off 446 sentences of 40 to 600 characters that 167 real changes of AI services' terms took away, each beside the
# passage of the next text that is most like it. From 0.65 on that was the same statement reworded, but for table rows
# beside a row much like them; from 0.60 to 0.65 in nearly all cases; from 0.50 to 0.60 in a third; below in a tenth.
LEAST = 0.6
MOST_PASSAGES = 5
FEWEST_WORDS = 3  # one or two words resemble half the text
OUT_OF_PLACE = 0.9  # what is left of the likeness of a passage that stands on the wrong side of the other words

# Scripts that write words without blanks between them: any two characters there may be a boundary.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_JOINED = re.compile(rf"[^\s{UNSPACED}]")  # belongs to the word beside it: a full stop, the rest of "$5,000.50"

_DIGITS = 9  # of a likeness: what is exactly the least is not below it, however the shares were worked out
_SLACK = 0.0001  # rapidfuzz takes what is exactly at its cut-off, or a hair above it, for less
_MOST_POSTINGS = 2_000  # sentences looked up under the rarest words of one search
_MOST_SEEDS = 30  # sentences around which passages are compared
_MOST_BEFORE = 30  # sentences before one of them at which a passage around it may begin


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of the plain text and its likeness to the words asked for, above 0 and at most 1."""

    score: float
    start: int
    end: int


def passages(
    words: str, text: Projection, *, near: tuple[int, int] | None = None, least: float = LEAST
) -> list[Passage]:
    """The passages that resemble plain words most, best first; none is below `least` or overlaps a better one.

    Of the likeness of those outside `near`, a slice of the plain text, a part is taken off (`OUT_OF_PLACE`).
    """
    index = _INDEXES.get(text)
    if index is None:
        index = _INDEXES[text] = _Index(text)
    found = index.search(words, text.plain, near or (0, len(text.plain)), least)
    return apart(sorted(found, key=lambda passage: (-passage.score, passage.start)))


def apart(found: Iterable[Passage]) -> list[Passage]:
    """The first passages of a sequence that do not overlap one another."""
    kept: list[Passage] = []
    for passage in found:
        if len(kept) < MOST_PASSAGES and not any(_overlap(passage, other) for other in kept):
            kept.append(passage)
    return kept


def together(options: Sequence[Sequence[Passage]], lengths: Sequence[int]) -> list[Passage]:
    """Passages that reach from the first to the last of several parts, given what each part may have become.

    The likeness is that of the parts, each counted by its length; a part that has become nothing counts 0.
    """
    first = next((number for number, of_part in enumerate(options) if of_part), len(options))
    found = []
    for start in options[first] if first < len(options) else ():
        chain, likeness = [start], start.score * lengths[first]
        for of_part, length in zip(options[first + 1 :], lengths[first + 1 :], strict=True):
            free = [_placed(option, chain[-1].end) for option in of_part if not any(_overlap(option, c) for c in chain)]
            if free:
                chain.append(min(free, key=lambda option: (-option.score, abs(option.start - chain[-1].end))))
                likeness += chain[-1].score * length
        edges = min(part.start for part in chain), max(part.end for part in chain)
        found.append(Passage(likeness / sum(lengths), *edges))
    return sorted(found, key=lambda passage: (-passage.score, passage.start))


def _placed(option: Passage, behind: int) -> Passage:
    return option if option.start >= behind else replace(option, score=option.score * OUT_OF_PLACE)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end


class _Index:
    """The words of a text's sentences.

    Each different word is written as one character, its letter: the likeness of two strings of letters is one of
    words, and a run of sentences is a slice of `letters`.
    """

    def __init__(self, text: Projection) -> None:
        self.sentences = text.sentences
        self.alphabet: dict[str, str] = {}
        self.postings: dict[str, array[int]] = {}  # of each letter: the sentences that hold it
        written: list[str] = []
        counts: list[int] = []
        for number, (start, end) in enumerate(self.sentences):
            letters = [self._letter(word.casefold()) for word in WORD.findall(text.plain, start, end)]
            for letter in set(letters):
                self.postings.setdefault(letter, array("I")).append(number)
            written += letters
            counts.append(len(letters))
        self.letters = "".join(written)
        self.firsts = list(accumulate(counts, initial=0))  # of each sentence: where its letters begin

    def search(self, words: str, plain: str, near: tuple[int, int], least: float) -> list[Passage]:
        letters = "".join(self.alphabet.get(word.casefold(), "\0") for word in WORD.findall(words))
        if len(letters) < FEWEST_WORDS:
            return []
        search = _Search(words, letters, plain, near, least)
        for seed in self._seeds(letters, near):
            best = 0.0
            for first, last in self._runs(seed, len(letters)):
                edges = self.sentences[first][0], self.sentences[last - 1][1]
                best = max(best, search.compare(self.letters[self.firsts[first] : self.firsts[last]], *edges))
            if best < least and self.firsts[seed + 1] - self.firsts[seed] > len(letters):
                for part in self._parts(letters, seed, plain, least):
                    search.compare(*part)
        return search.found()

    def _letter(self, word: str) -> str:
        """Words share letters only in a text with more than a million different ones."""
        return self.alphabet.setdefault(word, chr(len(self.alphabet) % 0x10FFFF + 1))

    def _seeds(self, letters: str, near: tuple[int, int]) -> list[int]:
        """The sentences that hold most of the rarest words, those at the right place first."""
        weights: dict[int, float] = defaultdict(float)
        looked_up = 0
        for held in sorted((self.postings[letter] for letter in set(letters) - {"\0"}), key=len):
            looked_up += len(held)
            if weights and looked_up > _MOST_POSTINGS:
                break
            weight = log(1 + len(self.sentences) / len(held))
            for number in held:
                weights[number] += weight
        first, behind = (bisect_left(self.sentences, (edge,)) for edge in near)
        if (first, behind) != (0, len(self.sentences)):
            for number in weights:
                weights[number] *= 1 if first <= number < behind else OUT_OF_PLACE
        return nlargest(_MOST_SEEDS, weights, key=weights.__getitem__)

    def _runs(self, seed: int, length: int) -> Iterator[tuple[int, int]]:
        """Sentences from the first to behind the last: one alone, and the runs around it of about so many words."""
        yield seed, seed + 1
        for first in range(seed, max(-1, seed - _MOST_BEFORE), -1):
            if self.firsts[seed] - self.firsts[first] > length:
                break
            nearest = bisect_left(self.firsts, self.firsts[first] + length, seed + 1)
            for last in (nearest - 1, nearest):
                if seed < last < len(self.firsts):
                    yield first, last

    def _parts(self, letters: str, sentence: int, plain: str, least: float) -> Iterator[tuple[str, int, int]]:
        """The letters and edges of the part of a sentence that is most like fewer words; none if it is hardly so.

        The part has as many words; then the same is given from the first to the last word that both have, for where
        words have come in between, those at the edges were pushed out.
        """
        first, behind = self.firsts[sentence : sentence + 2]
        held = self.letters[first:behind]
        alike = partial_ratio_alignment(letters, held, score_cutoff=100 * least)
        if alike is None or alike.dest_start == alike.dest_end:
            return
        reach = len(letters) // 3 + 1
        low = max(0, alike.dest_start - reach)
        blocks = opcodes(letters, held[low : alike.dest_end + reach])
        equal = [block for block in blocks if block.tag == "equal"]
        ranges = [(alike.dest_start, alike.dest_end)]
        if equal:
            ranges.append((low + equal[0].dest_start, low + equal[-1].dest_end))
        bounds = self.sentences[sentence]
        spans = [match.span() for match in WORD.finditer(plain, *bounds)]
        for start, end in ranges:
            yield held[start:end], *_widened(plain, spans[start][0], spans[end - 1][1], bounds)


def _widened(plain: str, start: int, end: int, bounds: tuple[int, int]) -> tuple[int, int]:
    """The slice with what is written onto its first and last word."""
    while start > bounds[0] and _JOINED.match(plain[start - 1]):
        start -= 1
    while end < bounds[1] and _JOINED.match(plain[end]):
        end += 1
    return start, end


class _Search:
    """Compares what is asked for with one passage after another; none is compared twice."""

    def __init__(self, words: str, letters: str, plain: str, near: tuple[int, int], least: float) -> None:
        self.words, self.letters, self.plain, self.near, self.least = words, letters, plain, near, least
        self.scores: dict[tuple[int, int], float] = {}

    def compare(self, letters: str, start: int, end: int) -> float:
        """The likeness of one passage; any number below the least where it is less than that."""
        known = self.scores.get((start, end))
        if known is not None:
            return known
        of_words = normalized_similarity(self.letters, letters, score_cutoff=max(0.0, 2 * self.least - 1 - _SLACK))
        enough = max(0.0, 2 * self.least - of_words - _SLACK)
        of_characters = (
            normalized_similarity(self.words, self.plain[start:end], score_cutoff=enough) if enough <= 1 else 0.0
        )
        score = round((of_words + of_characters) / 2, _DIGITS)
        if not (self.near[0] <= start and end <= self.near[1]):
            score *= OUT_OF_PLACE
        self.scores[start, end] = score
        return score

    def found(self) -> list[Passage]:
        return [Passage(score, *span) for span, score in self.scores.items() if score >= self.least]


# Kept with the text, not for longer; equal projections share theirs.
_INDEXES: WeakKeyDictionary[Projection, _Index] = WeakKeyDictionary()
