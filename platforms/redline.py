"""Two texts of a document side by side: the blocks that stay, come, go, change or move, and the words that do.

What stands between two blank lines and is the same to the character is paired first, without being read; it is read
when somebody asks for it. The blocks between are paired by their words, wherever they have moved to, then by their
likeness; the sentences and words of a pair are compared when its runs are asked for. So the cost follows the changes.

A reader sees the runs, which are plain words (`platforms.plaintext` says what those are; the cells of a table row are
parted by " | "). Each block carries its source as well, with all that parts it from its neighbours: from the blocks
alone both texts can be put together again, to the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import groupby, pairwise, takewhile

from platforms.alignment import Numbers, align
from platforms.blocks import BlockKind
from platforms.pairing import Bond, Part, Region, pair, parts_of
from platforms.wording import Run, RunKind, excerpt, runs_between

# Behind a blank line, a line that begins with a letter or digit is read the same whatever stands before it, unless
# that is a fence.
_FRESH = re.compile(r"\n(?:[ \t]*+\r?\n)++(?=\w)")
_FENCE = re.compile(r"```|~~~")
_CONTEXT = 2  # unchanged blocks left open beside a change
_FOLDED = 4  # fewer than these are not worth folding


class RedlineKind(StrEnum):
    EQUAL = "equal"
    INSERTED = "inserted"
    DELETED = "deleted"
    REPLACED = "replaced"
    MOVED = "moved"


@dataclass(frozen=True)
class RedlineBlock:
    """One block of a redline.

    `before` and `after` are its slices of the stored texts (start, end), with its own markup; None where it does not
    stand. `number` is its place in the list of changes, from 1; 0 if its words are unchanged. What has moved stands
    twice: where it was with `moved_to`, where it is now with `moved_from`, each the number of the other place.
    `markup_only`: its words are the same, its markup or white space is not. `level` is the rank of a heading
    (1 to 6), else how many lists it stands in; `rank` is the rank of a heading when none is left out: one below the
    heading above it, 0 for what is no heading, and known among all blocks only.
    """

    kind: RedlineKind
    block_kind: BlockKind
    level: int
    before: tuple[int, int] | None
    after: tuple[int, int] | None
    before_source: str
    after_source: str
    before_words: str
    after_words: str
    number: int = 0
    moved_from: int = 0
    moved_to: int = 0
    markup_only: bool = False
    rank: int = 0

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The words, in reading order. Where it was, what has moved is shown as it was, without what changed in it."""
        if self.kind is RedlineKind.REPLACED or self.moved_from:
            return runs_between(self.before_words, self.after_words)
        kinds = {RedlineKind.INSERTED: RunKind.INSERTED, RedlineKind.DELETED: RunKind.DELETED}
        words = self.after_words or self.before_words
        return (Run(kinds.get(self.kind, RunKind.EQUAL), words),) if words else ()

    @cached_property
    def excerpt(self) -> str:
        """One line for a list of changes: the first words that changed and some beside them."""
        return excerpt(self.runs)


@dataclass(frozen=True)
class Stretch:
    """Blocks that follow one another; `folded` if all are unchanged and far from any change."""

    blocks: tuple[RedlineBlock, ...]
    folded: bool

    @cached_property
    def count(self) -> int:
        """How many of the blocks hold words."""
        return sum(bool(block.runs) for block in self.blocks)


@dataclass(frozen=True)
class _Same:
    """A piece of both texts, the same to the character."""

    source: str
    before_start: int
    after_start: int

    def blocks(self) -> Iterator[RedlineBlock]:
        shift = self.before_start - self.after_start
        for part in parts_of(self.source, self.after_start):
            place = (part.start + shift, part.end + shift), (part.start, part.end)
            sides = (part.source, part.source, part.words, part.words)
            yield RedlineBlock(RedlineKind.EQUAL, part.kind, part.level, *place, *sides)


@dataclass(frozen=True)
class Redline:
    """What became of a text. Made by `redline`."""

    _pieces: tuple[_Same | tuple[RedlineBlock, ...], ...]

    @cached_property
    def blocks(self) -> tuple[RedlineBlock, ...]:
        """All blocks in the order of the text after; what is gone, or has moved away, where it stood."""
        return tuple(
            _ranked(
                block for piece in self._pieces for block in (piece.blocks() if isinstance(piece, _Same) else piece)
            )
        )

    @cached_property
    def changes(self) -> tuple[RedlineBlock, ...]:
        """The blocks that changed, as they are numbered."""
        return tuple(block for piece in self._pieces if not isinstance(piece, _Same) for block in piece if block.number)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The blocks in stretches, the long unchanged ones folded; the headings above a change stay open."""
        changed = [at for at, block in enumerate(self.blocks) if block.number]
        near = {at + beside for at in changed for beside in range(-_CONTEXT, _CONTEXT + 1)}
        above: list[int] = []
        for at, block in enumerate(self.blocks):
            if block.rank:
                above[block.rank - 1 :] = [at]
            if at in near:
                near.update(above)
        found: list[Stretch] = []
        for is_near, group in groupby(range(len(self.blocks)), key=near.__contains__):
            stretch = tuple(self.blocks[at] for at in group)
            folded = not is_near and len(stretch) >= _FOLDED
            if found and not folded and not found[-1].folded:
                stretch = found.pop().blocks + stretch
            found.append(Stretch(stretch, folded))
        return tuple(found)

    def rebuild_before(self) -> str:
        """The text before, put together from the blocks that stood in it."""
        stood = [(block.before, block.before_source) for block in self.blocks if block.before]
        return "".join(source for _, source in sorted(stood))

    def rebuild_after(self) -> str:
        """The text after, put together from the blocks that stand in it."""
        return "".join(block.after_source for block in self.blocks if block.after)


def _ranked(blocks: Iterable[RedlineBlock]) -> Iterator[RedlineBlock]:
    above: list[int] = []  # the levels of the headings above
    for block in blocks:
        if block.block_kind is BlockKind.HEADING and block.runs:
            above = [*takewhile(block.level.__gt__, above), block.level]
            yield replace(block, rank=len(above))
        else:
            yield block


def redline(before: str, after: str) -> Redline:
    """Compare two stored texts. Near linear, whatever they hold; never raises."""
    pieces = list(_pieces(before, after))
    pair([piece for piece in pieces if isinstance(piece, Region)])
    entries = [entry for piece in pieces if isinstance(piece, Region) for entry in _entries(piece)]
    numbers = _numbers(entries)
    return Redline(
        tuple(
            piece if isinstance(piece, _Same) else tuple(_block(*entry, numbers) for entry in _entries(piece))
            for piece in pieces
        )
    )


# What is the same to the character, and the regions between


def _pieces(before: str, after: str) -> Iterator[_Same | Region]:
    numbers = Numbers()
    cuts, other_cuts = _cuts(before), _cuts(after)
    one = numbers.of(before[a:b] for a, b in pairwise(cuts))
    other = numbers.of(after[a:b] for a, b in pairwise(other_cuts))
    i = j = 0
    for first, start, size in (*align(one, other), (len(one), len(other), 0)):
        if i < first or j < start:
            gone = before[cuts[i] : cuts[first]]
            come = after[other_cuts[j] : other_cuts[start]]
            yield Region(parts_of(gone, cuts[i]), parts_of(come, other_cuts[j]))
        i, j = first + size, start + size
        if size:
            yield _Same(before[cuts[first] : cuts[i]], cuts[first], other_cuts[start])


def _cuts(text: str) -> list[int]:
    """Where a text can be cut so that its pieces are read on their own as they are in it, its ends included."""
    found = [] if _FENCE.search(text) else [match.end() for match in _FRESH.finditer(text)]
    return [0, *found, len(text)] if text else [0]


# From pairs to blocks

_Entry = tuple[Part | None, Part | None]  # what stood and what stands at one place of the redline


def _entries(region: Region) -> Iterator[_Entry]:
    """The places of a region in the order of the text after; in each gap what is gone comes first."""
    i = j = 0
    for before, after in (*region.gaps(), (slice(len(region.before), None), slice(len(region.after), None))):
        yield from zip(region.before[i : before.start], region.after[j : after.start], strict=True)
        yield from ((part, None) for part in region.before[before])
        yield from ((None, part) for part in region.after[after])
        i, j = before.stop or 0, after.stop or 0


def _numbers(entries: Sequence[_Entry]) -> dict[int, int]:
    """The place of each changed part in the list of changes, by its identity."""
    numbers: dict[int, int] = {}
    for number, changed in enumerate((entry for entry in entries if _kind(*entry) is not RedlineKind.EQUAL), start=1):
        numbers.update((id(part), number) for part in changed if part)
    return numbers


def _kind(before: Part | None, after: Part | None) -> RedlineKind:
    part = after or before
    if part is None or not part.words or part.bond is Bond.SAME:
        return RedlineKind.EQUAL
    if part.bond is Bond.MOVED:
        return RedlineKind.MOVED
    if before and after:
        return RedlineKind.REPLACED
    return RedlineKind.INSERTED if after else RedlineKind.DELETED


def _block(before: Part | None, after: Part | None, numbers: dict[int, int]) -> RedlineBlock:
    kind, part = _kind(before, after), after or before
    assert part
    mate = numbers.get(id(part.mate), 0) if kind is RedlineKind.MOVED else 0
    old = part.mate if mate and after else before  # what has moved is shown beside what it was
    return RedlineBlock(
        kind,
        part.kind,
        part.level,
        (before.start, before.end) if before else None,
        (after.start, after.end) if after else None,
        before.source if before else "",
        after.source if after else "",
        old.words if old else "",
        after.words if after else "",
        number=numbers.get(id(part), 0),
        moved_from=mate if after else 0,
        moved_to=0 if after else mate,
        markup_only=kind is RedlineKind.EQUAL and _dressed_anew(before, after),
    )


def _dressed_anew(before: Part | None, after: Part | None) -> bool:
    """Whether words that are the same, or no words, stand in other markup."""
    if not before or not after:
        return True
    return (before.kind, before.level, before.markup) != (after.kind, after.level, after.markup)
