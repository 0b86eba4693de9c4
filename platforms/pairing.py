"""The blocks of two texts in pairs (pure): those that say the same, in place, flowed anew or moved, and those alike.

Texts come in regions: stretches of both that stand at the same place between what is the same to the character.
Pairs in place never cross one another; pairs that moved may, and may lie in different regions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from platforms.alignment import Numbers, align, pair_anywhere, pair_in_order
from platforms.blocks import BlockKind
from platforms.plaintext import Block, Projection, project

_ALIKE = 0.45  # of the words in common: below this two wordings side by side read worse than one after the other
_MOVED_ALIKE = 0.7  # elsewhere in the text, likeness has to make up for the place
_MOVED_WORDS = 8  # what is shorter and not the same word for word has not moved
_UNPARTED = 20  # characters to the word, and more: no language that parts its words has such words throughout
_TELLING = 20  # characters: what is shorter has moved only if it stands once before and once after


class Bond(StrEnum):
    """How two blocks belong together."""

    SAME = "same"
    ALIKE = "alike"
    MOVED = "moved"


@dataclass(slots=True, eq=False)
class Part:
    """A block on one side.

    `start:end` is its slice of the stored text with its markup, `markup` these characters; `source` also holds what
    parts it from the block before it, and, if it is the last of its region, all that follows. `plain` are its plain
    words and `words` those that a reader sees. `mate` is the block on the other side that it belongs to by `bond`.
    """

    kind: BlockKind
    level: int
    start: int
    end: int
    markup: str
    source: str
    plain: str
    words: str
    mate: Part | None = None
    bond: Bond | None = None
    numbers: list[int] = field(default_factory=list)

    @property
    def in_place(self) -> bool:
        return self.bond in (Bond.SAME, Bond.ALIKE)


@dataclass(frozen=True, slots=True)
class Region:
    before: list[Part]
    after: list[Part]

    def gaps(self) -> Iterator[tuple[slice, slice]]:
        """What stands between the pairs in place: the parts before and after, as slices of the two lists."""
        places = {id(part): at for at, part in enumerate(self.before)}
        i = j = 0
        for at, part in enumerate(self.after):
            if part.mate is not None and part.in_place:
                i_end = places[id(part.mate)]
                if i < i_end or j < at:
                    yield slice(i, i_end), slice(j, at)
                i, j = i_end + 1, at + 1
        if i < len(self.before) or j < len(self.after):
            yield slice(i, len(self.before)), slice(j, len(self.after))


def parts_of(text: str, offset: int) -> list[Part]:
    """The blocks of a piece of a text that begins at `offset` of it; their sources together are the piece."""
    held = project(text)
    if not held.blocks:
        return [_blank(text, offset)] if text else []
    parts, at = [], 0
    for block in held.blocks:
        stop = len(text) if block is held.blocks[-1] else block.end
        plain = held.plain[block.plain_start : block.plain_end]
        words = _cells(held, block) if block.kind is BlockKind.ROW else plain
        markup = text[block.start : block.end]
        place = (offset + block.start, offset + block.end)
        parts.append(Part(block.kind, block.level, *place, markup, text[at:stop], plain, words))
        at = stop
    return parts


def _blank(text: str, offset: int) -> Part:
    return Part(BlockKind.PARAGRAPH, 0, offset, offset + len(text), text, text, "", "")


def _cells(held: Projection, row: Block) -> str:
    """The plain words of a table row with a bar between its cells."""
    words, at = [], row.plain_start
    for blank in range(row.plain_start, row.plain_end):
        if held.plain[blank] == " " and "|" in held.text[slice(*held.source_span(blank, blank + 1))]:
            words.append(held.plain[at:blank])
            at = blank + 1
    return " | ".join([*words, held.plain[at : row.plain_end]])


def pair(regions: Sequence[Region]) -> None:
    """Give each part its mate, where it has one. Blocks without words have one only in place."""
    for region in regions:
        _pair_same(region)
        _pair_flowed(region)
    _pair_moved(_alone([part for region in regions for part in region.before]), _all_alone_after(regions))
    numbers = Numbers()
    for region in regions:
        for part in (*_alone(region.before), *_alone(region.after)):
            part.numbers = numbers.of(_roughly(part.words))
    for region in regions:
        for before, after in list(region.gaps()):
            _pair_alike(_alone(region.before[before]), _alone(region.after[after]))
    _pair_moved_alike(_alone([part for region in regions for part in region.before]), _all_alone_after(regions))


def _roughly(words: str) -> Sequence[str]:
    """The words for measuring likeness, parted at blanks; the characters of a script that is written without any."""
    found = words.split()
    return found if len(words) < _UNPARTED * len(found) else words


def _all_alone_after(regions: Sequence[Region]) -> list[Part]:
    return _alone([part for region in regions for part in region.after])


def _alone(parts: Sequence[Part]) -> list[Part]:
    """Those with words that have no mate yet."""
    return [part for part in parts if part.mate is None and part.words]


def _join(before: Part, after: Part, bond: Bond) -> None:
    before.mate, before.bond = after, bond
    after.mate, after.bond = before, bond


def _pair_same(region: Region) -> None:
    """The same words in place, whatever the markup."""
    numbers = Numbers()
    before = numbers.of(part.plain or (part.kind,) for part in region.before)
    after = numbers.of(part.plain or (part.kind,) for part in region.after)
    for i, j, size in align(before, after):
        for at in range(size):
            _join(region.before[i + at], region.after[j + at], Bond.SAME)


def _pair_flowed(region: Region) -> None:
    """The same words in other blocks (a paragraph parted in two, a list run together): the source before is cut where
    the blocks end now.
    """
    for before, after in reversed(list(region.gaps())):
        old, new = region.before[before], region.after[after]
        words = " ".join(part.plain for part in new if part.plain)
        if words and words == " ".join(part.plain for part in old if part.plain):
            cut = _cut_anew(old, new, words)
            if cut:
                region.before[before] = cut
                for one, other in zip(cut, (part for part in new if part.plain), strict=True):
                    _join(one, other, Bond.SAME)


def _cut_anew(old: Sequence[Part], new: Sequence[Part], words: str) -> list[Part]:
    """The source of `old` in as many parts as `new` has with words; none if, on its own, it reads otherwise."""
    source, offset = "".join(part.source for part in old), old[0].end - len(old[0].source)
    held = project(source)
    if held.plain != words:
        return []
    wordy = [part for part in new if part.plain]
    parts, at, plain_at = [], 0, 0
    for part in wordy:
        start, end = held.source_span(plain_at, plain_at + len(part.plain))
        stop = len(source) if part is wordy[-1] else end
        place = (offset + start, offset + end)
        parts.append(Part(part.kind, part.level, *place, source[start:end], source[at:stop], part.plain, part.words))
        at, plain_at = stop, plain_at + len(part.plain) + 1
    return parts


def _pair_moved(before: Sequence[Part], after: Sequence[Part]) -> None:
    """The same words elsewhere."""
    places: dict[str, list[Part]] = defaultdict(list)
    for part in reversed(after):
        places[part.plain].append(part)
    counts: dict[str, int] = defaultdict(int)
    for part in before:
        counts[part.plain] += 1
    for part in before:
        there = places[part.plain]
        if there and (len(part.plain) >= _TELLING or len(there) == counts[part.plain] == 1):
            _join(part, there.pop(), Bond.MOVED)


def _pair_alike(before: Sequence[Part], after: Sequence[Part]) -> None:
    """Other words in place of these."""
    pairs = pair_in_order([part.numbers for part in before], [part.numbers for part in after], least=_ALIKE)
    for i, j in pairs:
        _join(before[i], after[j], Bond.ALIKE)


def _pair_moved_alike(before: Sequence[Part], after: Sequence[Part]) -> None:
    """Nearly the same words elsewhere."""
    before = [part for part in before if len(part.numbers) >= _MOVED_WORDS]
    after = [part for part in after if len(part.numbers) >= _MOVED_WORDS]
    pairs = pair_anywhere([part.numbers for part in before], [part.numbers for part in after], least=_MOVED_ALIKE)
    for i, j in pairs:
        _join(before[i], after[j], Bond.MOVED)
