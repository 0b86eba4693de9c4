"""The blocks of a document's texts, named by their words: which of them each text holds, and in which runs of texts
each of them stands (pure).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Span = list[int | None]  # first and last version number; None: the run reaches to the newest


@dataclass(frozen=True, slots=True)
class Outlined:
    """The blocks of a text that hold words, in reading order.

    `digests` name their words (`platforms.passages.digest_of`); `levels` are the ranks of headings, 0 for all else;
    `words` are those of some of them by their digests.
    """

    digests: array[int]
    levels: bytes
    words: dict[int, str] = field(default_factory=dict, compare=False)


class Course(NamedTuple):
    """What became of a block over the texts of a document: `spans` as in `platforms.models.Passage`; `heading` is the
    digest of the innermost heading above it in the newest text that holds it, 0 where there is none.
    """

    spans: list[Span]
    heading: int

    @property
    def stands(self) -> bool:
        """Whether it is in the newest text."""
        return self.spans[-1][1] is None


def courses(texts: Sequence[tuple[int, Outlined]]) -> dict[int, Course]:
    """What became of each block, by its digest. `texts` are version numbers with their outlines, oldest first."""
    runs: dict[int, list[Span]] = {}
    before: set[int] = set()
    last = 0
    for number, outline in texts:
        now = set(outline.digests)
        for digest in before - now:
            runs[digest][-1][1] = last
        for digest in now - before:
            runs.setdefault(digest, []).append([number, None])
        before, last = now, number
    headings = _headings(outline for _, outline in reversed(texts))
    return {digest: Course(spans, headings[digest]) for digest, spans in runs.items()}


def _headings(newest_first: Iterable[Outlined]) -> dict[int, int]:
    """Of each block: the heading above it in the first outline that holds it, where it stands there first."""
    found: dict[int, int] = {}
    for outline in newest_first:
        if found.keys() >= set(outline.digests):
            continue
        above: list[tuple[int, int]] = []
        fresh: dict[int, int] = {}
        for digest, level in zip(outline.digests, outline.levels, strict=True):
            while level and above and above[-1][0] >= level:
                above.pop()
            fresh.setdefault(digest, above[-1][1] if above else 0)
            if level:
                above.append((level, digest))
        found = fresh | found
    return found
