"""Composes the texts of one document, with the passages that are quoted in it (pure).

A text is Markdown: a title, the day of its last update, numbered sections of paragraphs and lists. Its later version is
the earlier one with sentences replaced, added and taken out, as its passages' fates ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from random import Random

from .prose import Writer, pick
from .topics import Topic

SHORTEST, USUAL, LONGEST = 10_000, 20_000, 80_000  # characters


class Fate(StrEnum):
    """What becomes of a passage between the first text that counts and the last one."""

    STANDS = "stands"
    INTRODUCED = "introduced"
    MARKED = "marked"  # the last text sets words of it in bold
    REWORDED = "reworded"
    GONE = "gone"
    TWICE = "twice"  # it stands in two places of the last text
    NOWHERE = "nowhere"


POSSIBLE = {  # by the number of texts
    0: (Fate.STANDS,),
    1: (Fate.STANDS, Fate.MARKED, Fate.TWICE, Fate.NOWHERE),
    2: tuple(Fate),
}
FREQUENCY = {
    Fate.STANDS: 82,
    Fate.INTRODUCED: 6,
    Fate.MARKED: 4,
    Fate.REWORDED: 4,
    Fate.GONE: 2,
    Fate.TWICE: 1,
    Fate.NOWHERE: 1,
}


@dataclass(frozen=True, slots=True)
class Passage:
    """What is quoted of a clause: segments of sentences. `between` stands between two segments, and is not quoted;
    `later` is the passage as the last text has it, where that differs.
    """

    fate: Fate
    segments: tuple[tuple[str, ...], ...]
    between: str = ""
    later: tuple[tuple[str, ...], ...] = ()

    def paragraph(self, *, last: bool) -> str:
        """As it stands in a text."""
        segments = self.later if last and self.later else self.segments
        pieces = [" ".join(segment) for segment in segments]
        return f" {self.between} ".join(pieces) if self.between else " ".join(pieces)


@dataclass(frozen=True, slots=True)
class Policy:
    """`texts` are the versions of a document, oldest first: two at most. One passage for each clause."""

    texts: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class _Draft:
    """A text in blocks; of the quoted ones, which passage stands there."""

    blocks: list[str] = field(default_factory=list)
    quoted: dict[int, int] = field(default_factory=dict)

    def add(self, block: str, passage: int | None = None) -> None:
        if passage is not None:
            self.quoted[len(self.blocks)] = passage
        self.blocks.append(block)


def compose(
    random: Random,
    writer: Writer,
    *,
    title: str,
    topics: Sequence[Topic],
    updated: Sequence[date],
) -> Policy:
    """The texts of a document, one for each day of `updated` (two at most), and a passage for each topic."""
    passages = tuple(_passage(random, writer, topic, versions=len(updated)) for topic in topics)
    if not updated:
        return Policy((), passages)
    first = _first(random, writer, title, passages, versions=len(updated))
    texts = [_text(first, updated[0])]
    if len(updated) > 1:
        texts.append(_text(_last(random, writer, first, passages), updated[1]))
    return Policy(tuple(texts), passages)


def _passage(random: Random, writer: Writer, topic: Topic, *, versions: int) -> Passage:
    fates = POSSIBLE[versions]
    fate = random.choices(fates, [FREQUENCY[fate] for fate in fates])[0]
    count = random.choices((1, 2, 3, 4), (15, 40, 30, 15))[0]
    sentences = tuple(writer.about(random, topic) for _ in range(count))
    cut = random.randrange(1, count) if count > 1 and random.random() < 0.15 else 0
    segments = (sentences[:cut], sentences[cut:]) if cut else (sentences,)
    between = writer.sentence(random) if cut else ""
    if fate is Fate.REWORDED:
        return Passage(fate, segments, between, later=_reworded(random, writer, segments))
    if fate is Fate.MARKED:
        return Passage(fate, segments, between, later=_marked(segments))
    return Passage(fate, segments, between)


def _reworded(random: Random, writer: Writer, segments: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """With a condition more at the end of its first sentence, and often another sentence."""
    first, *rest = segments
    changed = f"{first[0][:-1]}, {pick(random, writer.limits)}."
    more = (writer.sentence(random),) if random.random() < 0.5 else ()
    return ((changed, *first[1:], *more), *rest)


def _marked(segments: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """With its third and fourth words in bold."""
    first, *rest = segments
    words = first[0].split(" ")
    words[2], words[3] = f"**{words[2]}", f"{words[3]}**"
    return ((" ".join(words), *first[1:]), *rest)


def _first(random: Random, writer: Writer, title: str, passages: Sequence[Passage], *, versions: int) -> _Draft:
    """The first text; of a document with one text, its passages are as the last text has them."""
    length = min(LONGEST, max(SHORTEST, int(random.lognormvariate(0, 0.55) * USUAL)))
    waiting = [
        index
        for index, passage in enumerate(passages)
        if passage.fate is not Fate.NOWHERE and (versions == 1 or passage.fate is not Fate.INTRODUCED)
    ]
    draft, written, section = _Draft(), 0, 0
    draft.add(f"# {title}")
    draft.add(_paragraph(random, writer))
    share = length / (len(waiting) + 1)
    while written < length or waiting:
        section += 1
        draft.add(f"## {section}. {pick(random, writer.headings)}")
        start = len(draft.blocks)
        for _ in range(random.randint(2, 5)):
            draft.add(_list(random, writer) if random.random() < 0.15 else _paragraph(random, writer))
            if waiting and (written > share * (len(passages) - len(waiting)) or written >= length):
                _quote(random, writer, draft, passages, waiting.pop(0), last=versions == 1)
            written += len(draft.blocks[-1])
        written += sum(map(len, draft.blocks[start:-1]))
    draft.add("## Contact")
    draft.add(writer.sentence(random))
    return draft


def _quote(
    random: Random, writer: Writer, draft: _Draft, passages: Sequence[Passage], index: int, *, last: bool
) -> None:
    passage = passages[index]
    draft.add(passage.paragraph(last=last), index)
    if last and passage.fate is Fate.TWICE:
        draft.add(writer.sentence(random))
        draft.add(passage.paragraph(last=True), index)


def _paragraph(random: Random, writer: Writer) -> str:
    return " ".join(writer.sentence(random) for _ in range(random.randint(2, 6)))


def _list(random: Random, writer: Writer) -> str:
    return "\n".join(f"* {writer.sentence(random)}" for _ in range(random.randint(3, 7)))


def _last(random: Random, writer: Writer, first: _Draft, passages: Sequence[Passage]) -> _Draft:
    """The next text: passages as their fates say, a few paragraphs rewritten, sometimes one more."""
    draft = _Draft()
    rewritten = set(random.sample(range(len(first.blocks)), min(len(first.blocks), random.randint(1, 4))))
    new = [index for index, passage in enumerate(passages) if passage.fate is Fate.INTRODUCED]
    for place, block in enumerate(first.blocks):
        index = first.quoted.get(place)
        if index is not None:
            if passages[index].fate is not Fate.GONE:
                _quote(random, writer, draft, passages, index, last=True)
        elif place in rewritten and not block.startswith(("#", "*")):
            draft.add(f"{block} {writer.sentence(random)}")
        else:
            draft.add(block)
        if new and place > 2 and random.random() < 0.1:
            draft.add(passages[new[0]].paragraph(last=True), new.pop(0))
    for index in new:
        draft.add(passages[index].paragraph(last=True), index)
    return draft


def _text(draft: _Draft, updated: date) -> str:
    title, *rest = draft.blocks
    return "\n\n".join([title, f"Last updated: {updated:%B} {updated.day}, {updated.year}", *rest]) + "\n"
