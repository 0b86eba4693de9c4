"""The words of a quotation, sentence by sentence (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from platforms.plaintext import project
from platforms.sentences import boundaries

# What may be markup of a stored text. Words without any of it are shown as they are, quote marks and all.
_MARKUP = re.compile(r"[*_`#|\\<\[\]&]|^\s*[-+>]\s|^\s*\d+[.)]\s", re.MULTILINE)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a quotation: its number from 1, the index of its segment, its words with the white space that
    follows them.
    """

    number: int
    segment: int
    words: str


def numbered(segments: Sequence[str], sentence_ends: Sequence[Sequence[int]]) -> tuple[Sentence, ...]:
    """The sentences of the segments, numbered across them. ValueError says which boundary cannot be."""
    if not segments or any(not isinstance(segment, str) or not segment.strip() for segment in segments):
        raise ValueError("A quotation needs words: leave no segment empty.")
    if len(segments) != len(sentence_ends):
        raise ValueError(f"{len(segments)} segments need as many lists of sentence ends, not {len(sentence_ends)}.")
    sentences: list[Sentence] = []
    for index, (segment, ends) in enumerate(zip(segments, sentence_ends, strict=True)):
        edges = [0, *ends]
        if edges[-1] != len(segment) or any(b <= a for a, b in pairwise(edges)):
            raise ValueError(
                f"Segment {index + 1} has {len(segment)} characters: its sentence ends rise to that, not {[*ends]}."
            )
        for start, end in pairwise(edges):
            if not segment[start:end].strip():
                raise ValueError(f"Segment {index + 1} has a sentence without words at {start}–{end}.")
            sentences.append(Sentence(len(sentences) + 1, index, segment[start:end]))
    return tuple(sentences)


def sentence_ends_of(segment: str) -> list[int]:
    """The offsets at which the sentences of a segment end; white space belongs to the sentence before it."""
    starts = [start for start, _ in boundaries(segment)]
    return [*starts[1:], len(segment)]


def joined(segment: Sequence[str]) -> tuple[str, list[int]]:
    """A segment and its sentence ends from a list of sentences: one blank joins them unless a sentence brings its
    own white space.
    """
    text, ends = "", []
    for index, sentence in enumerate(segment):
        last = index == len(segment) - 1
        text += sentence if last or sentence[-1:].isspace() else f"{sentence} "
        ends.append(len(text))
    return text, ends


def listed(segments: Sequence[str], sentence_ends: Sequence[Sequence[int]]) -> list[list[str]]:
    """The inverse of `joined`, for all segments: a single blank between two sentences is left out."""
    lists: list[list[str]] = [[] for _ in segments]
    sentences = numbered(segments, sentence_ends)
    for position, sentence in enumerate(sentences):
        words = sentence.words
        follows = position + 1 < len(sentences) and sentences[position + 1].segment == sentence.segment
        if follows and words.endswith(" ") and not words[:-1][-1:].isspace():
            words = words[:-1]
        lists[sentence.segment].append(words)
    return lists


def readable(words: str) -> str:
    """Words of a stored text as people read them, without its markup; white space behind them stays."""
    if not _MARKUP.search(words):
        return words
    return project(words).plain + words[len(words.rstrip()) :]
