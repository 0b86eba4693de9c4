"""The words of a passage that stay, come and go between two wordings (pure).

Sentences that stand in both are paired first, then the words between them. Runs are made of whole words: of a
changed number or name nothing is left half. Joined, the runs that are not inserted are the first wording, and those
that are not deleted the second, to the character.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from platforms.alignment import Numbers, Stretch, align
from platforms.sentences import split

# Scripts written without blanks between words: there, every character counts as one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
_MARKS = r"!-/:-@\[-^`{-~\xa1-\xa9\xab-\xb1\xb4-\xb8\xbb-\xbf\u2010-\u205e\u3000-\u3004\u3008-\u303f"
_MARKS += r"\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_LETTERS = rf"[^\s{_UNSPACED}{_MARKS}]+"
WORD = re.compile(rf"{_LETTERS}(?:['&@-]{_LETTERS}|[.,:/](?<=\d.)(?=\d){_LETTERS})*|\S")
_SHORT_ISLAND = 4  # words
_CONTEXT = 40  # characters of an excerpt beside what changed
_LONGEST = 90  # characters of an excerpt of one kind


class RunKind(StrEnum):
    EQUAL = "equal"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Run:
    kind: RunKind
    text: str


class _Wording:
    """One wording: its words, as slices, and its sentences, as slices of the words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [match.span() for match in WORD.finditer(text)]
        starts = [start for start, _ in self.spans]
        cuts = [0, *(bisect_left(starts, start) for start, _ in split(text, 0, len(text))), len(starts)]
        self.sentences = [(first, last) for first, last in pairwise(cuts) if first < last]

    def words(self) -> list[str]:
        return [self.text[start:end] for start, end in self.spans]

    def words_of_sentences(self) -> list[str]:
        return [self.slice(first, last) for first, last in self.sentences]

    def word_at(self, sentence: int) -> int:
        """The first word of a sentence; behind the last one, how many words there are."""
        return self.sentences[sentence][0] if sentence < len(self.sentences) else len(self.spans)

    def slice(self, first: int, last: int) -> str:
        """The characters of some words, without the blanks around them."""
        return self.text[self.spans[first][0] : self.spans[last - 1][1]] if first < last else ""

    def width(self, first: int, last: int) -> int:
        """How many characters some words have."""
        return self.spans[last - 1][1] - self.spans[first][0] if first < last else 0


def runs_between(before: str, after: str) -> tuple[Run, ...]:
    """The words that stay, come and go, in reading order; what goes stands before what comes in its place."""
    if before == after:
        return (Run(RunKind.EQUAL, before),) if before else ()
    one, other = _Wording(before), _Wording(after)
    return tuple(_merged(_runs(one, other, _without_islands(_common_words(one, other), one, other))))


def excerpt(runs: Sequence[Run]) -> str:
    """One line: the first words that changed, with some before and after them; or the first words of all."""
    changed = [index for index, run in enumerate(runs) if run.kind is not RunKind.EQUAL and run.text.strip()]
    if not changed or len(runs) == 1:
        return _cut("".join(run.text for run in runs).strip(), _LONGEST)
    first = changed[0]
    last = first + 1 if first + 1 in changed else first
    lead = "".join(run.text for run in runs[:first])
    rest = "".join(run.text for run in runs[last + 1 :] if run.kind is not RunKind.DELETED)
    marks = {RunKind.DELETED: "removed", RunKind.INSERTED: "added"}
    shown = [f"({marks[run.kind]}: {_cut(run.text.strip(), _LONGEST)})" for run in runs[first : last + 1]]
    behind = _cut(rest.strip(), _CONTEXT)
    blank = " " if rest.startswith(" ") or runs[last].text.endswith(" ") else ""
    return " ".join(part for part in (_cut_before(lead.strip()), *shown) if part) + (blank + behind if behind else "")


def _cut(words: str, most: int) -> str:
    if len(words) <= most:
        return words
    whole = words[: most + 1].rpartition(" ")[0]
    return f"{whole or words[:most]} …"


def _cut_before(words: str) -> str:
    if len(words) <= _CONTEXT:
        return words
    whole = words[-_CONTEXT - 1 :].partition(" ")[2]
    return f"… {whole or words[-_CONTEXT:]}"


def _common_words(one: _Wording, other: _Wording) -> list[Stretch]:
    """Stretches of words: those of common sentences, then what the words between them have in common."""
    numbers = Numbers()
    sentences = align(numbers.of(one.words_of_sentences()), numbers.of(other.words_of_sentences()))
    words, other_words = numbers.of(one.words()), numbers.of(other.words())
    found: list[Stretch] = []
    i = j = 0
    for first, start, size in (*sentences, (len(one.sentences), len(other.sentences), 0)):
        i_end, j_end = one.word_at(first), other.word_at(start)
        found += ((i + a, j + b, count) for a, b, count in align(words[i:i_end], other_words[j:j_end]))
        i, j = one.word_at(first + size), other.word_at(start + size)
        found.append((i_end, j_end, i - i_end))
    return [stretch for stretch in found if stretch[2]]


def _without_islands(stretches: Sequence[Stretch], one: _Wording, other: _Wording) -> list[Stretch]:
    """Without the few words that two changes happen to have between them and that are far shorter than both changes:
    "of the" in a sentence written anew tells a reader nothing.
    """
    kept: list[Stretch] = []
    end = (len(one.spans), len(other.spans), 0)
    for at, stretch in enumerate(stretches):
        i, j, size = stretch
        last = kept[-1] if kept else (0, 0, 0)
        following = stretches[at + 1] if at + 1 < len(stretches) else end
        if size <= _SHORT_ISLAND:
            width = len(one.slice(i, i + size))
            before = max(one.width(last[0] + last[2], i), other.width(last[1] + last[2], j))
            behind = max(one.width(i + size, following[0]), other.width(j + size, following[1]))
            if 2 * width < min(before, behind):
                continue
        kept.append(stretch)
    return kept


def _runs(one: _Wording, other: _Wording, stretches: Sequence[Stretch]) -> Iterator[Run]:
    p = q = 0  # how far each text has been written
    for i, j, size in stretches:
        # Where only blanks differ between common words, they are changed alone.
        steps = [(i, j, size)]
        if one.slice(i, i + size) != other.slice(j, j + size):
            steps = [(i + at, j + at, 1) for at in range(size)]
        for first, start, count in steps:
            yield from _gap(one.text[p : one.spans[first][0]], other.text[q : other.spans[start][0]])
            words = one.slice(first, first + count)
            yield Run(RunKind.EQUAL, words)
            p, q = one.spans[first + count - 1][1], other.spans[start + count - 1][1]
    yield from _gap(one.text[p:], other.text[q:])


def _gap(gone: str, come: str) -> Iterator[Run]:
    """What stands between two common words; a blank at its beginning or end that both have is common too."""
    if gone == come:
        yield Run(RunKind.EQUAL, gone)
        return
    lead = " " if gone.startswith(" ") and come.startswith(" ") else ""
    gone, come = gone.removeprefix(lead), come.removeprefix(lead)
    tail = " " if gone.endswith(" ") and come.endswith(" ") else ""
    yield Run(RunKind.EQUAL, lead)
    yield Run(RunKind.DELETED, gone.removesuffix(tail))
    yield Run(RunKind.INSERTED, come.removesuffix(tail))
    yield Run(RunKind.EQUAL, tail)


def _merged(runs: Iterator[Run]) -> Iterator[Run]:
    """Without empty runs, neighbours of one kind as one."""
    held: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if held and held.kind is run.kind:
            held = Run(run.kind, held.text + run.text)
        else:
            if held:
                yield held
            held = run
    if held:
        yield held
