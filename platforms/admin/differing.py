"""What differs between two texts, on a page where a person decides: the changed parts with a little around them."""

from collections.abc import Iterator
from dataclasses import dataclass

from platforms.models import Text
from platforms.reading import cached_redline
from platforms.redline import Redline, RedlineBlock
from platforms.wording import RunKind

SHOWN = 40  # changed blocks
LARGEST = 400_000  # characters of both texts together; beyond, the differences have a page of their own


@dataclass(frozen=True)
class Differences:
    """Blocks that differ, with unchanged ones beside them: each stretch stands apart from the next. `left_out` changes
    are not shown; `too_large`: none was looked for. `withheld`: there is nothing to compare.
    """

    stretches: tuple[tuple[RedlineBlock, ...], ...] = ()
    count: int = 0
    left_out: int = 0
    too_large: bool = False
    withheld: bool = False
    address: str = ""

    @property
    def nothing(self) -> bool:
        return not (self.count or self.too_large or self.withheld)


def differing(before: Text, after: Text, address: str = "") -> Differences:
    """`address` is that of the page with the whole of both texts."""
    if before.is_withheld or after.is_withheld:
        return Differences(withheld=True, address=address)
    if len(before.content) + len(after.content) > LARGEST:
        return Differences(too_large=True, address=address)
    return of(cached_redline(before, after), address)


def of(redline: Redline, address: str = "") -> Differences:
    """The first SHOWN changes."""
    count = len(redline.changes)
    return Differences(tuple(_stretches(redline)), count, max(count - SHOWN, 0), address=address)


def _stretches(redline: Redline) -> Iterator[tuple[RedlineBlock, ...]]:
    left = SHOWN
    for stretch in redline.stretches:
        if stretch.folded or left <= 0:
            continue
        blocks = []
        for block in stretch.blocks:
            if left <= 0:
                break
            left -= bool(block.number)
            if block.runs:
                blocks.append(block)
        if any(run.kind is not RunKind.EQUAL or block.number for block in blocks for run in block.runs):
            yield tuple(blocks)
