"""The texts of one document that count, in the order of their capture: what each did to the one before it, and which
changes still stand (pure).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from platforms.changes import SAME_WORDS, Kind, classify, essence
from platforms.outlines import Outlined
from platforms.plaintext import Projection
from platforms.stated import stated

METHOD = 1  # raised when `classify` or `project` can come to another result
FIRST = "first"
NOISE = frozenset({Kind.IDENTICAL, Kind.WHITESPACE, Kind.MARKUP, Kind.DATES, Kind.FURNITURE})

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Step:
    """What one text did to the one before it; `kind` is a kind of transition, or `first`.

    `fingerprint` is that of its plain words, `essence` that of its sentences that mean something. `removed` and
    `added` are sentences; `stated_before` and `stated_on` the dates that the two texts give for themselves. `outline`
    holds the words of the blocks that the lineage had not met before.
    """

    kind: str
    reason: str
    fingerprint: str
    essence: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    stated_before: date | None = None
    stated_on: date | None = None
    silent: bool = False
    outline: Outlined | None = None

    @property
    def is_change(self) -> bool:
        return self.kind == Kind.SUBSTANTIVE


class Lineage:
    """Takes the texts of a document one after the other; remembers the last one, and the marks of all before it."""

    def __init__(self, *, language: str = "") -> None:
        self.language = language or None
        self.last: Projection | None = None
        self._last_fingerprint = self._last_mark = ""
        self._known: dict[str, str] = {}  # fingerprint → essence, of all texts so far
        self._met: set[int] = set()  # the blocks, by their digests, of the texts that were added
        self._earlier: set[str] = set()  # the marks of all texts before the last one

    def add(self, text: Projection, *, technical: bool = False) -> Step:
        """The next text. The one before it must be at hand: added, or recalled with its projection."""
        outline = text.outlined(self._met)
        self._met |= outline.words.keys()
        if not self._last_mark:
            step = Step(FIRST, "", text.fingerprint, essence(text), stated_on=stated(text).day, outline=outline)
        elif self.last is None:
            raise ValueError("the text before this one was recalled without its words: give its projection")
        else:
            found = classify(self.last, text, earlier=self._earlier, language=self.language, technical=technical)
            step = Step(
                found.kind.value,
                found.reason,
                text.fingerprint,
                self._essence(text, found.kind),
                removed=found.removed,
                added=found.added,
                stated_before=found.stated_before,
                stated_on=found.stated_after,
                silent=found.silent,
                outline=outline,
            )
        self.recall(step.fingerprint, step.essence, text)
        return step

    def recall(self, fingerprint: str, mark: str, text: Projection | None = None) -> None:
        """Goes past a text whose step is known already."""
        if self._last_mark:
            self._earlier |= {self._last_fingerprint, self._last_mark}
        self._last_fingerprint, self._last_mark = fingerprint, mark
        self._known.setdefault(fingerprint, mark)
        self.last = text

    def begin_again(self) -> None:
        """None of the texts so far can be read any more: the next one follows nothing."""
        self._earlier |= {self._last_fingerprint, self._last_mark}
        self._last_fingerprint = self._last_mark = ""

    def _essence(self, text: Projection, kind: Kind) -> str:
        """Working it out reads every sentence: where a step left the meaning as it was, it is known."""
        if kind in NOISE:
            return self._known[self.last.fingerprint]
        return self._known.get(text.fingerprint) or essence(text)

    def fits(self, kind: str, reason: str, fingerprint: str, mark: str) -> bool:
        """Whether a step that was worked out from the last text would come out the same after the texts before that:
        they decide what is a return, and which mark a text has. Where that cannot be told from the step alone, no.
        """
        if kind == FIRST:
            return True
        if (kind in NOISE and mark != self._last_mark) or self._known.get(fingerprint, mark) != mark:
            return False
        if kind == Kind.BROKEN or fingerprint == self._last_fingerprint:
            return True
        if kind == Kind.RETURNED:
            return (fingerprint in self._earlier) == (reason == SAME_WORDS) and self._returns(fingerprint, mark)
        return not self._returns(fingerprint, "" if kind in NOISE else mark)

    def _returns(self, fingerprint: str, mark: str) -> bool:
        """Whether a text with one of these marks was there before the last one."""
        return not self._earlier.isdisjoint((fingerprint, mark))


@dataclass(frozen=True, slots=True)
class Seen(Generic[Key]):
    """A text as `fates` needs it: the mark of what it says, when it was seen, and the change it brought, if any."""

    mark: str
    at: datetime
    change: Key | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """When the document last went back to its words from before a change, and when it came to the new ones again."""

    withdrawn_at: datetime | None = None
    restored_at: datetime | None = None


def fates(history: Iterable[Seen[Key]]) -> dict[Key, Fate]:
    """What became of each change.

    Every text hangs below the one that it first followed. What lies on the way from the first text to the present one
    stands; a return to a text leaves all that is not on its way, and takes up again what is.
    """
    parent: dict[str, str | None] = {}
    brought: dict[str, Key | None] = {}
    found: dict[Key, Fate] = {}
    current: str | None = None
    for seen in history:
        if seen.mark not in parent:
            parent[seen.mark], brought[seen.mark] = current, seen.change
            if seen.change is not None:
                found[seen.change] = Fate()
        elif seen.mark != current:
            before, after = set(_way(current, parent)), set(_way(seen.mark, parent))
            for mark in before - after:
                if (change := brought[mark]) is not None:
                    found[change] = Fate(withdrawn_at=seen.at)
            for mark in after - before:
                if (change := brought[mark]) is not None:
                    found[change] = Fate(found[change].withdrawn_at, seen.at)
        current = seen.mark
    return found


def _way(mark: str | None, parent: dict[str, str | None]) -> Iterator[str]:
    while mark is not None:
        yield mark
        mark = parent[mark]
